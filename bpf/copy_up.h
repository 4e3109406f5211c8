/* SPDX-License-Identifier: GPL-2.0 */
/* Overlay copies a file up when it is opened for writing, and syncs the copy; nothing else syncs within an open. So each
 * such open is an operation that counts only if a sync of ext4 was seen in it. Not so for other file systems below, for
 * mounts with the option volatile, and for truncate. Only with trace_waits. */
#pragma once

enum open_call { OPEN_NONE, OPEN, OPENAT, OPENAT2 };

static __always_inline enum open_call open_call_of(u64 number)
{
#if defined(__TARGET_ARCH_x86)
	return number == 257 ? OPENAT : number == 2 ? OPEN : number == 437 ? OPENAT2 : OPEN_NONE;
#elif defined(__TARGET_ARCH_arm64)
	return number == 56 ? OPENAT : number == 437 ? OPENAT2 : OPEN_NONE;
#endif
}

static __always_inline bool is_traced_open(u64 number)
{
	return trace_waits && trace_write && open_call_of(number) != OPEN_NONE;
}

static __always_inline void open_enter(struct pt_regs *regs, u64 number)
{
	struct task_struct *task = current_task();
	u64 cgroup, flags, first_of_how = 0;
	struct arguments arguments;
	struct frames *frames;
	struct frame *frame;

	if (is_compat(task))
		return;
	arguments_of(regs, false, &arguments);
	flags = open_call_of(number) == OPEN ? arguments.second : arguments.third;
	if (open_call_of(number) == OPENAT2) {
		bpf_probe_read_user(&first_of_how, sizeof(first_of_how), (void *)arguments.third);
		flags = first_of_how;
	}
	if (!(flags & O_ACCMODE))
		return;
	cgroup = cgroup_of(task);
	if (!selected(TASK_SPACE, cgroup))
		return;
	frames = make_frames(task);
	if (!frames)
		return;
	restart(frames);
	frame = begin(frames, cgroup, KIND_COPY_UP);
	if (!frame)
		return;
	*stack_mark(regs) = 1;
	frame->start = bpf_ktime_get_ns();
}

/* The sync has made its file that of the frame. False: there was none. */
static __always_inline bool open_exit(struct task_struct *task, struct frame *frame, s64 result)
{
	struct file *file = frame->file && result >= 0 ? file_of(task, result) : NULL;

	if (!file)
		return false;
	set_real(frame, KERNEL_POINTER(struct inode, frame->inode));
	set_file(frame, file);
	frame->bytes = FIELD(KERNEL_POINTER(struct inode, frame->inode), i_size);
	return frame->place.magic == OVERLAY_MAGIC;
}
