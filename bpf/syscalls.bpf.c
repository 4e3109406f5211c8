// SPDX-License-Identifier: GPL-2.0
/* fsync and write through their system calls: for kernels where neither fentry nor kprobes may be used. Cannot see
 * what reaches a file without a call of its own: io_uring, sendfile, splice, the kernel itself. */

enum call {
	CALL_NONE,
	CALL_WRITE,
	CALL_PWRITE,
	CALL_PWRITEV2,
	CALL_FSYNC,
	CALL_FDATASYNC,
	CALL_SYNC_FILE_RANGE,
	CALL_SYNCFS,
	CALL_SYNC,
	CALL_MSYNC,
};

/* By number: the call in the low half, the 32-bit call of that number in the high half. One load tells that a call is
 * none of ours, which is what nearly all of them pay. */
#define CALL_NUMBERS 512
#define NATIVE(number, call) [number] = call
#define COMPAT(number, call) [number] = call << 4

#if defined(__TARGET_ARCH_x86)
#define TS_COMPAT 2 /* thread_info.status during a 32-bit call */

static const u8 calls[CALL_NUMBERS] = {
	NATIVE(1, CALL_WRITE), NATIVE(18, CALL_PWRITE), NATIVE(20, CALL_WRITE), NATIVE(296, CALL_PWRITE),
	NATIVE(328, CALL_PWRITEV2), NATIVE(74, CALL_FSYNC), NATIVE(75, CALL_FDATASYNC),
	NATIVE(277, CALL_SYNC_FILE_RANGE), NATIVE(306, CALL_SYNCFS), NATIVE(162, CALL_SYNC), NATIVE(26, CALL_MSYNC),
	COMPAT(4, CALL_WRITE), COMPAT(181, CALL_PWRITE), COMPAT(146, CALL_WRITE), COMPAT(334, CALL_PWRITE),
	COMPAT(379, CALL_PWRITEV2), COMPAT(118, CALL_FSYNC), COMPAT(148, CALL_FDATASYNC),
	COMPAT(314, CALL_SYNC_FILE_RANGE), COMPAT(344, CALL_SYNCFS), COMPAT(36, CALL_SYNC), COMPAT(144, CALL_MSYNC),
};

static __always_inline bool is_compat(struct task_struct *task)
{
	return FIELD(task, thread_info.status) & TS_COMPAT;
}
#elif defined(__TARGET_ARCH_arm64)
#define TIF_32BIT 22 /* thread_info.flags */

static const u8 calls[CALL_NUMBERS] = {
	NATIVE(64, CALL_WRITE), NATIVE(68, CALL_PWRITE), NATIVE(66, CALL_WRITE), NATIVE(70, CALL_PWRITE),
	NATIVE(287, CALL_PWRITEV2), NATIVE(82, CALL_FSYNC), NATIVE(83, CALL_FDATASYNC),
	NATIVE(84, CALL_SYNC_FILE_RANGE), NATIVE(267, CALL_SYNCFS), NATIVE(81, CALL_SYNC), NATIVE(227, CALL_MSYNC),
	COMPAT(4, CALL_WRITE), COMPAT(181, CALL_PWRITE), COMPAT(146, CALL_WRITE), COMPAT(362, CALL_PWRITE),
	COMPAT(393, CALL_PWRITEV2), COMPAT(118, CALL_FSYNC), COMPAT(148, CALL_FDATASYNC),
	COMPAT(341, CALL_SYNC_FILE_RANGE), COMPAT(373, CALL_SYNCFS), COMPAT(36, CALL_SYNC), COMPAT(144, CALL_MSYNC),
};

static __always_inline bool is_compat(struct task_struct *task)
{
	return FIELD(task, thread_info.flags) >> TIF_32BIT & 1;
}
#endif

/* Both calls of that number, as in the table; 0: neither is one of ours. */
static __always_inline u8 calls_of(u64 number)
{
	return number < CALL_NUMBERS ? calls[number] : 0;
}

static __always_inline bool traced(enum call call)
{
	return call != CALL_NONE && (call <= CALL_PWRITEV2 ? trace_write : trace_fsync);
}

/* Kernel stacks from which a call of ours was made, by a hash of their address: the exit of anybody else's write needs
 * no more than a look here. A stack stays marked; sharing a place costs a look at the thread. */
#define STACK_MARKS 4096
#define STACK_SHIFT 14 /* THREAD_SIZE on both architectures, at least */
static u8 stack_marks[STACK_MARKS];

/* The registers of the caller lie at the top of its stack. The verifier lets pointers be subtracted, not shifted. */
static __always_inline u8 *stack_mark(struct pt_regs *regs)
{
	u64 distance = (void *)regs - (void *)stack_marks;

	return &stack_marks[distance >> STACK_SHIFT & (STACK_MARKS - 1)];
}

/* The arguments of a call, wherever the hook keeps them. */
struct arguments {
	u64 first, second, third, fourth, sixth;
	bool split; /* a 32-bit call: 64-bit values come in halves, which are left out */
};

static __always_inline void write_enter(struct task_struct *task, u64 cgroup, enum call call,
					const struct arguments *arguments)
{
	struct file *file = file_of(task, arguments->first);
	struct frames *frames;
	struct inode *inode;
	struct frame *frame;
	u32 kind;

	if (!file)
		return;
	inode = KERNEL_POINTER(struct inode, FIELD(file, f_inode));
	if ((FIELD(inode, i_mode) & S_IFMT) != S_IFREG)
		return;
	kind = write_kind(file, inode, call == CALL_PWRITEV2 && arguments->sixth & (RWF_DSYNC | RWF_SYNC));
	frames = make_frames(task);
	if (!frames) {
		lose(kind);
		return;
	}
	restart(frames);
	frame = begin(frames, cgroup, kind);
	if (!frame)
		return;
	frame->file = (u64)file;
	frame->inode = (u64)inode;
	place_of(file, inode, &frame->place);
	if (call == CALL_WRITE)
		frame->offset = FIELD(file, f_pos);
	else if (!arguments->split)
		frame->offset = arguments->fourth;
	frame->start = bpf_ktime_get_ns();
}

static __always_inline void sync_call_enter(struct task_struct *task, u64 cgroup, enum call call,
					    const struct arguments *arguments)
{
	struct frames *frames;
	struct frame *frame;
	struct file *file = NULL;
	u32 kind = KIND_FSYNC;
	bool has_file = true;

	switch (call) {
	case CALL_FDATASYNC:
		kind = KIND_FDATASYNC;
		break;
	case CALL_SYNC_FILE_RANGE:
		kind = KIND_SYNC_FILE_RANGE;
		break;
	case CALL_SYNCFS:
		kind = KIND_SYNCFS;
		break;
	case CALL_SYNC:
		kind = KIND_SYNC;
		has_file = false;
		break;
	case CALL_MSYNC:
		if (!(arguments->third & MS_SYNC))
			return; /* MS_ASYNC does nothing since 2.6.19 */
		kind = KIND_MSYNC;
		has_file = false; /* sync_enter fills it in where it can */
		break;
	default:
		break;
	}
	if (has_file) {
		file = file_of(task, arguments->first);
		if (!file)
			return; /* EBADF: nothing is synced */
	}
	frames = make_frames(task);
	if (!frames) {
		lose(kind);
		return;
	}
	restart(frames);
	frame = begin(frames, cgroup, kind);
	if (!frame)
		return;
	set_file(frame, file);
	if (kind == KIND_SYNC_FILE_RANGE && !arguments->split) {
		frame->offset = arguments->second;
		frame->bytes = arguments->third;
	} else if (kind == KIND_MSYNC) {
		frame->bytes = arguments->second;
	}
	frame->start = bpf_ktime_get_ns();
}

static __always_inline void call_enter(struct task_struct *task, u64 cgroup, enum call call,
				       const struct arguments *arguments)
{
	if (call <= CALL_PWRITEV2)
		write_enter(task, cgroup, call, arguments);
	else
		sync_call_enter(task, cgroup, call, arguments);
}

static __always_inline void arguments_of(struct pt_regs *regs, bool compat, struct arguments *arguments)
{
#if defined(__TARGET_ARCH_x86)
	/* 32-bit calls pass bx, cx, dx, si, di, bp. */
	arguments->first = compat ? FIELD(regs, bx) : FIELD(regs, di);
	arguments->second = compat ? FIELD(regs, cx) : FIELD(regs, si);
	arguments->third = FIELD(regs, dx);
	arguments->fourth = FIELD(regs, r10);
	arguments->sixth = compat ? FIELD(regs, bp) : FIELD(regs, r9);
#elif defined(__TARGET_ARCH_arm64)
	arguments->first = FIELD(regs, orig_x0);
	arguments->second = FIELD(regs, regs[1]);
	arguments->third = FIELD(regs, regs[2]);
	arguments->fourth = FIELD(regs, regs[3]);
	arguments->sixth = FIELD(regs, regs[5]);
#endif
	arguments->split = compat;
}

#include "copy_up.h"

static __always_inline void call_exit(struct task_struct *task, s64 result)
{
	struct frames *frames = frames_of(task);
	struct frame *frame;

	if (!frames || !frames->depth)
		return;
	frames->depth = 1;
	frame = &frames->frame[0];
	if (trace_waits && frame->kind == KIND_COPY_UP && !open_exit(task, frame, result))
		frames->depth = 0;
	else
		end(frames, frame, result);
}

static __always_inline long number_of(struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return FIELD(regs, orig_ax);
#elif defined(__TARGET_ARCH_arm64)
	return FIELD(regs, syscallno);
#endif
}

static __always_inline int enter(struct pt_regs *regs, long number)
{
	u8 either = calls_of(number);
	struct task_struct *task;
	struct arguments arguments;
	enum call call;
	bool compat;
	u64 cgroup;

	if (!either) {
		if (is_traced_open(number))
			open_enter(regs, number);
		return 0;
	}
	task = current_task();
	compat = is_compat(task);
	call = compat ? either >> 4 : either & 15;
	if (!traced(call))
		return 0;
	cgroup = cgroup_of(task);
	if (!selected(TASK_SPACE, cgroup))
		return 0;
	*stack_mark(regs) = 1;
	arguments_of(regs, compat, &arguments);
	call_enter(task, cgroup, call, &arguments);
	return 0;
}

static __always_inline int leave(struct pt_regs *regs, s64 result)
{
	long number = number_of(regs);

	if ((calls_of(number) || is_traced_open(number)) && *stack_mark(regs))
		call_exit(current_task(), result);
	return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter_btf, struct pt_regs *regs, long number)
{
	return enter(regs, number);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit_btf, struct pt_regs *regs, long result)
{
	return leave(regs, result);
}

SEC("raw_tp/sys_enter")
int BPF_PROG(sys_enter_raw, struct pt_regs *regs, long number)
{
	return enter(KERNEL_POINTER(struct pt_regs, regs), number);
}

SEC("raw_tp/sys_exit")
int BPF_PROG(sys_exit_raw, struct pt_regs *regs, long result)
{
	return leave(KERNEL_POINTER(struct pt_regs, regs), result);
}

/* The tracepoints of single calls: user space attaches one program to each call of the family. */
struct syscall_enter_context {
	u64 common;
	s32 number; /* sync has no arguments: nothing may be read behind this */
	s32 padding;
	u64 arguments[6];
};

struct syscall_exit_context {
	u64 common;
	s32 number;
	s32 padding;
	long result;
};

/* A program may not read beyond the arguments that its call has, hence one for each number of them. */
#define ENTER_TRACEPOINT(count)                                                                                        \
	SEC("tracepoint")                                                                                              \
	int sys_enter_tracepoint_##count(struct syscall_enter_context *context)                                        \
	{                                                                                                              \
		struct task_struct *task = current_task();                                                             \
		u64 cgroup = cgroup_of(task);                                                                          \
		struct arguments arguments = {                                                                         \
			.first = count > 0 ? context->arguments[0] : 0,                                                \
			.second = count > 1 ? context->arguments[1] : 0,                                               \
			.third = count > 2 ? context->arguments[2] : 0,                                                \
			.fourth = count > 3 ? context->arguments[3] : 0,                                               \
			.sixth = count > 5 ? context->arguments[5] : 0,                                                \
		};                                                                                                     \
                                                                                                                       \
		if (selected(TASK_SPACE, cgroup))                                                                      \
			call_enter(task, cgroup, calls_of((u32)context->number) & 15, &arguments);                     \
		return 0;                                                                                              \
	}

ENTER_TRACEPOINT(0) /* sync */
ENTER_TRACEPOINT(1) /* fsync, fdatasync, syncfs */
ENTER_TRACEPOINT(3) /* write, writev, msync */
ENTER_TRACEPOINT(4) /* pwrite64, sync_file_range */
ENTER_TRACEPOINT(5) /* pwritev */
ENTER_TRACEPOINT(6) /* pwritev2 */

SEC("tracepoint")
int sys_exit_tracepoint(struct syscall_exit_context *context)
{
	call_exit(current_task(), context->result);
	return 0;
}
