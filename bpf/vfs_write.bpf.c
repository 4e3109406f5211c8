// SPDX-License-Identifier: GPL-2.0
/* Writes to regular files, seen at the functions of the virtual file system. */

static __always_inline int vfs_enter(u64 position, struct file *address, u32 asked_flags, bool outermost)
{
	struct file *file = KERNEL_POINTER(struct file, address);
	struct inode *inode = KERNEL_POINTER(struct inode, FIELD(file, f_inode));
	struct task_struct *task;
	struct frames *frames;
	struct frame *frame;
	u64 cgroup;
	u32 kind;

	if ((FIELD(inode, i_mode) & S_IFMT) != S_IFREG)
		return 0;
	task = current_task();
	frames = frames_of(task);
	frame = frames ? top(frames) : NULL;
	if (frame && !outermost && is_left_over(frame, position)) {
		drop(frames);
		frame = top(frames);
	}
	if (frame && !outermost) {
		enter_nested(frame, (u64)inode);
		return 0;
	}
	cgroup = cgroup_of(task);
	if (!selected(TASK_SPACE, cgroup))
		return 0;
	kind = write_kind(file, inode, asked_flags & (RWF_DSYNC | RWF_SYNC));
	if (!frames)
		frames = make_frames(task);
	if (!frames) {
		lose(kind);
		return 0;
	}
	restart(frames);
	frame = begin(frames, cgroup, kind);
	if (!frame)
		return 0;
	frame->position = position;
	frame->file = (u64)file;
	frame->inode = (u64)inode;
	place_of(file, inode, &frame->place);
	frame->offset = FIELD(file, f_pos);
	frame->start = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int vfs_exit(u64 position, s64 result)
{
	struct frames *frames = frames_of(current_task());
	struct frame *frame = frames ? top(frames) : NULL;

	if (!frame || !is_write(frame->kind))
		return 0;
	if (!is_own_exit(frame, position)) {
		exit_nested(frame);
		return 0;
	}
	end(frames, frame, result);
	return 0;
}

SEC("fentry/vfs_write")
int BPF_PROG(write_fentry, struct file *file)
{
	return vfs_enter(NO_POSITION, file, 0, true);
}

SEC("fexit/vfs_write")
int BPF_PROG(write_fexit, struct file *file, const char *data, u64 count, s64 *position, s64 result)
{
	return vfs_exit(NO_EXIT_POSITION, result);
}

SEC("kprobe/vfs_write")
int BPF_KPROBE(write_kprobe, struct file *file)
{
	return vfs_enter(POSITION_OF_KPROBE(ctx), file, 0, true);
}

SEC("kretprobe/vfs_write")
int BPF_KRETPROBE(write_kretprobe, s64 result)
{
	return vfs_exit(POSITION_OF_KPROBE(ctx), result);
}

SEC("fentry/vfs_writev")
int BPF_PROG(writev_fentry, struct file *file, const void *vector, u64 length, s64 *position, u32 flags)
{
	return vfs_enter(NO_POSITION, file, flags, true);
}

SEC("fexit/vfs_writev")
int BPF_PROG(writev_fexit, struct file *file, const void *vector, u64 length, s64 *position, u32 flags, s64 result)
{
	return vfs_exit(NO_EXIT_POSITION, result);
}

SEC("kprobe/vfs_writev")
int BPF_KPROBE(writev_kprobe, struct file *file, const void *vector, u64 length, s64 *position, u32 flags)
{
	return vfs_enter(POSITION_OF_KPROBE(ctx), file, flags, true);
}

SEC("kretprobe/vfs_writev")
int BPF_KRETPROBE(writev_kretprobe, s64 result)
{
	return vfs_exit(POSITION_OF_KPROBE(ctx), result);
}

/* Overlay's way to the real file, and the way of the loop driver and the NFS server. */
SEC("fentry/vfs_iter_write")
int BPF_PROG(iter_write_fentry, struct file *file, void *iterator, s64 *position, u32 flags)
{
	return vfs_enter(POSITION_OF_OTHER(ctx), file, flags, false);
}

SEC("fexit/vfs_iter_write")
int BPF_PROG(iter_write_fexit, struct file *file, void *iterator, s64 *position, u32 flags, s64 result)
{
	return vfs_exit(NO_EXIT_POSITION, result);
}

SEC("kprobe/vfs_iter_write")
int BPF_KPROBE(iter_write_kprobe, struct file *file, void *iterator, s64 *position, u32 flags)
{
	return vfs_enter(POSITION_OF_KPROBE(ctx), file, flags, false);
}

SEC("kretprobe/vfs_iter_write")
int BPF_KRETPROBE(iter_write_kretprobe, s64 result)
{
	return vfs_exit(POSITION_OF_KPROBE(ctx), result);
}
