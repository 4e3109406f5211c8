// SPDX-License-Identifier: GPL-2.0
/* Syncs, seen at the functions of the virtual file system and of ext4. */

/* What vfs_fsync_range was called for. A whole file is fsync or fdatasync; a range is msync, or the tail of an
 * O_SYNC write that came without a call of its own (io_uring). */
static __always_inline u32 range_kind(struct file *file, s64 first, s64 last, int data_only)
{
	if (first == 0 && last == (s64)(~0ULL >> 1))
		return data_only ? KIND_FDATASYNC : KIND_FSYNC;
	return FIELD(file, f_flags) & O_DSYNC ? KIND_OSYNC : KIND_MSYNC;
}

static __always_inline int range_enter(u64 position, struct file *address, s64 first, s64 last, int data_only)
{
	struct file *file = KERNEL_POINTER(struct file, address);

	sync_enter(position, file, range_kind(file, first, last, data_only));
	return 0;
}

SEC("fentry/vfs_fsync_range")
int BPF_PROG(fsync_range_fentry, struct file *file, s64 first, s64 last, int data_only)
{
	return range_enter(POSITION_OF_OTHER(ctx), file, first, last, data_only);
}

SEC("fexit/vfs_fsync_range")
int BPF_PROG(fsync_range_fexit, struct file *file, s64 first, s64 last, int data_only, int result)
{
	sync_exit(NO_EXIT_POSITION, result);
	return 0;
}

SEC("kprobe/vfs_fsync_range")
int BPF_KPROBE(fsync_range_kprobe, struct file *file, s64 first, s64 last, int data_only)
{
	return range_enter(POSITION_OF_KPROBE(ctx), file, first, last, data_only);
}

SEC("kretprobe/vfs_fsync_range")
int BPF_KRETPROBE(fsync_range_kretprobe, int result)
{
	sync_exit(POSITION_OF_KPROBE(ctx), result);
	return 0;
}

static __always_inline int other_enter(struct file *file, u32 kind, s64 offset, u64 bytes);
static __always_inline int other_exit(u32 kind, s64 result);

/* fsync, fdatasync and syncfs at the calls themselves: compilers inline vfs_fsync_range into its caller in
 * fs/sync.c (seen in 7.2), where its hook then sees only the other callers. */
static __always_inline int sync_call_enter_by(u64 descriptor, u32 kind)
{
	struct file *file = file_of(current_task(), descriptor);

	return file ? other_enter(file, kind, -1, 0) : 0; /* EBADF: nothing is synced */
}

#define REGISTER(regs, name) FIELD(KERNEL_POINTER(struct pt_regs, regs), name)

#define SYNC_CALL(program, function, argument, kind)                                                                   \
	SEC("fentry/" function)                                                                                        \
	int BPF_PROG(program##_fentry, struct pt_regs *regs)                                                           \
	{                                                                                                              \
		return sync_call_enter_by(REGISTER(regs, argument), kind);                                             \
	}                                                                                                              \
	SEC("fexit/" function)                                                                                         \
	int BPF_PROG(program##_fexit, struct pt_regs *regs, long result)                                               \
	{                                                                                                              \
		return other_exit(kind, result);                                                                       \
	}                                                                                                              \
	SEC("kprobe/" function)                                                                                        \
	int BPF_KPROBE(program##_kprobe, struct pt_regs *regs)                                                         \
	{                                                                                                              \
		return sync_call_enter_by(REGISTER(regs, argument), kind);                                             \
	}                                                                                                              \
	SEC("kretprobe/" function)                                                                                     \
	int BPF_KRETPROBE(program##_kretprobe, long result)                                                            \
	{                                                                                                              \
		return other_exit(kind, result);                                                                       \
	}

/* sync_filesystem calls itself on overlay, and knows no mount: hence syncfs. */
#if defined(__TARGET_ARCH_x86)
SYNC_CALL(sys_fsync, "__x64_sys_fsync", di, KIND_FSYNC)
SYNC_CALL(sys_fdatasync, "__x64_sys_fdatasync", di, KIND_FDATASYNC)
SYNC_CALL(sys_syncfs, "__x64_sys_syncfs", di, KIND_SYNCFS)
/* Calls of 32-bit programs have functions of their own, which do not call those above. */
SYNC_CALL(sys32_fsync, "__ia32_sys_fsync", bx, KIND_FSYNC)
SYNC_CALL(sys32_fdatasync, "__ia32_sys_fdatasync", bx, KIND_FDATASYNC)
SYNC_CALL(sys32_syncfs, "__ia32_sys_syncfs", bx, KIND_SYNCFS)
#elif defined(__TARGET_ARCH_arm64)
/* For 32-bit programs too. */
SYNC_CALL(sys_fsync, "__arm64_sys_fsync", regs[0], KIND_FSYNC)
SYNC_CALL(sys_fdatasync, "__arm64_sys_fdatasync", regs[0], KIND_FDATASYNC)
SYNC_CALL(sys_syncfs, "__arm64_sys_syncfs", regs[0], KIND_SYNCFS)
#endif

/* The calls that never reach vfs_fsync_range have functions of their own. */
static __always_inline int other_enter(struct file *file, u32 kind, s64 offset, u64 bytes)
{
	struct task_struct *task = current_task();
	u64 cgroup = cgroup_of(task);
	struct frames *frames;
	struct frame *frame;

	if (!selected(TASK_SPACE, cgroup))
		return 0;
	frames = make_frames(task);
	if (!frames) {
		lose(kind);
		return 0;
	}
	restart(frames);
	frame = begin(frames, cgroup, kind);
	if (!frame)
		return 0;
	frame->offset = offset;
	frame->bytes = bytes;
	if (file)
		set_file(frame, KERNEL_POINTER(struct file, file));
	frame->start = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int other_exit(u32 kind, s64 result)
{
	struct frames *frames = frames_of(current_task());
	struct frame *frame = frames ? top(frames) : NULL;

	if (frame && frame->kind == kind)
		end(frames, frame, result);
	return 0;
}

SEC("fentry/sync_file_range")
int BPF_PROG(sync_file_range_fentry, struct file *file, s64 offset, s64 bytes)
{
	return other_enter(file, KIND_SYNC_FILE_RANGE, offset, bytes);
}

SEC("fexit/sync_file_range")
int BPF_PROG(sync_file_range_fexit, struct file *file, s64 offset, s64 bytes, u32 flags, int result)
{
	return other_exit(KIND_SYNC_FILE_RANGE, result);
}

SEC("kprobe/sync_file_range")
int BPF_KPROBE(sync_file_range_kprobe, struct file *file, s64 offset, s64 bytes)
{
	return other_enter(file, KIND_SYNC_FILE_RANGE, offset, bytes);
}

SEC("kretprobe/sync_file_range")
int BPF_KRETPROBE(sync_file_range_kretprobe, int result)
{
	return other_exit(KIND_SYNC_FILE_RANGE, result);
}

SEC("fentry/ksys_sync")
int BPF_PROG(sync_fentry)
{
	return other_enter(NULL, KIND_SYNC, -1, 0);
}

SEC("fexit/ksys_sync")
int BPF_PROG(sync_fexit)
{
	return other_exit(KIND_SYNC, 0);
}

SEC("kprobe/ksys_sync")
int BPF_KPROBE(sync_kprobe)
{
	return other_enter(NULL, KIND_SYNC, -1, 0);
}

SEC("kretprobe/ksys_sync")
int BPF_KRETPROBE(sync_kretprobe)
{
	return other_exit(KIND_SYNC, 0);
}

/* ext4's own tracepoints, beside the system calls: they show the sync part of O_SYNC writes, the real file's part below
 * overlay, and the syncs of io_uring and of the kernel itself. */
static __always_inline int ext4_enter(u64 position, struct file *file, int data_only)
{
	u32 kind = data_only ? KIND_FDATASYNC : KIND_FSYNC;

	sync_enter(position, file, FIELD(file, f_flags) & O_DSYNC ? KIND_OSYNC : kind);
	return 0;
}

SEC("tp_btf/ext4_sync_file_enter")
int BPF_PROG(ext4_enter_btf, struct file *file, int data_only)
{
	return ext4_enter(POSITION_OF_OTHER(ctx), file, data_only);
}

SEC("tp_btf/ext4_sync_file_exit")
int BPF_PROG(ext4_exit_btf, struct inode *inode, int result)
{
	sync_exit(NO_EXIT_POSITION, result);
	return 0;
}

SEC("raw_tp/ext4_sync_file_enter")
int BPF_PROG(ext4_enter_raw, struct file *file, int data_only)
{
	return ext4_enter(POSITION_OF_OTHER(ctx), KERNEL_POINTER(struct file, file), data_only);
}

SEC("raw_tp/ext4_sync_file_exit")
int BPF_PROG(ext4_exit_raw, struct inode *inode, int result)
{
	sync_exit(NO_EXIT_POSITION, result);
	return 0;
}
