/* SPDX-License-Identifier: GPL-2.0 */
/* Operations under way, per thread. They nest: an O_SYNC write makes a sync, overlay's fsync one of the real file. */
#pragma once

#define MAX_DEPTH 3

struct frame {
	u64 start;
	u64 position;		/* on the thread's stack; ~0: not known */
	u64 cgroup;
	union {
		struct {
			u64 file;	/* struct file, 0: none */
			u64 inode;	/* to see at the end that the file is still the same */
		};
		struct {		/* of a commit: since when it is in that phase */
			u64 flushing;
			u64 logging;
		};
	};
	struct place place;
	s64 offset;
	u64 bytes;
	u64 nested_start;
	u64 underlying;		/* ns in a file system below */
	u16 nested;		/* hooks entered below this operation and not left yet */
	u16 nested_file;	/* which of them was the first on another file; 0: none */
	u32 kind;
	/* With trace_waits: */
	u32 real_device;	/* of the file below; 0: none seen */
	u32 real_generation;	/* its inode's, if one was seen */
	u32 first_wait;		/* what the thread had waited for when this began */
	u32 others_before;
	u64 others_ns_before;
	u64 runnable_before;
};

struct frames {
	u32 depth;
	u16 slept;		/* since depth was 0 */
	u16 has_waits;		/* there is a place for them */
	struct frame frame[MAX_DEPTH];
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct frames);
} task_frames SEC(".maps");

/* Before a10787e6d58c ("bpf: Enable task local storage for tracing programs", 5.13): a hash by thread, which forgets
 * the threads that have not been seen for longest. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, u32);
	__type(value, struct frames);
} thread_frames SEC(".maps");

/* For putting a frame into the hash: half a KiB does not fit on the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct frames);
} no_frames SEC(".maps");

const volatile bool task_storage = true;

static __always_inline struct task_struct *current_task(void)
{
	return task_storage ? (void *)bpf_get_current_task_btf() : (void *)bpf_get_current_task();
}

/* Of the current task, or of one that a hook was given. */
static __always_inline struct frames *frames_of(struct task_struct *task)
{
	u32 thread;

	/* Most threads never wrote anything we trace: a load tells, a call costs. */
	if (task_storage)
		return FIELD(task, bpf_storage) ? bpf_task_storage_get(&task_frames, task, 0, 0) : NULL;
	thread = FIELD(task, pid);
	return bpf_map_lookup_elem(&thread_frames, &thread);
}

static __always_inline struct frames *make_frames(struct task_struct *task)
{
	struct frames *frames, *none;
	u32 thread, zero = 0;

	if (task_storage)
		return bpf_task_storage_get(&task_frames, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	frames = frames_of(task);
	none = bpf_map_lookup_elem(&no_frames, &zero);
	if (frames || !none)
		return frames;
	thread = bpf_get_current_pid_tgid();
	bpf_map_update_elem(&thread_frames, &thread, none, BPF_ANY);
	return bpf_map_lookup_elem(&thread_frames, &thread);
}

static __always_inline struct frame *top(struct frames *frames)
{
	u32 index = frames->depth - 1;

	/* Or the compiler forms the address before the check, which the verifier cannot follow. */
	barrier_var(index);
	if (index >= MAX_DEPTH)
		return NULL;
	barrier_var(index);
	return &frames->frame[index];
}

static __always_inline struct frame *push(struct frames *frames)
{
	u32 depth = frames->depth;
	struct frame *frame;

	if (depth >= MAX_DEPTH)
		return NULL;
	frame = &frames->frame[depth];
	frames->depth = depth + 1;
	frame->position = ~0ULL;
	frame->file = 0;
	frame->inode = 0;
	frame->place.device = 0;
	frame->place.mount = 0;
	frame->place.magic = 0;
	frame->offset = -1;
	frame->bytes = ~0ULL; /* all */
	frame->underlying = 0;
	frame->nested = 0;
	frame->nested_file = 0;
	if (trace_waits)
		frame->real_device = 0;
	return frame;
}

/* The file below is known. */
static __always_inline void set_real(struct frame *frame, struct inode *inode)
{
	frame->real_device = device_of_inode(inode);
	frame->real_generation = FIELD(inode, i_generation);
}

/* A hook within the operation. What another file takes (the real one below overlay) is its underlying part. */
static __always_inline void enter_nested(struct frame *frame, u64 inode)
{
	frame->nested++;
	if (frame->nested_file || inode == frame->inode)
		return;
	if (trace_waits)
		set_real(frame, KERNEL_POINTER(struct inode, inode));
	frame->nested_file = frame->nested;
	frame->nested_start = bpf_ktime_get_ns();
}

static __always_inline void exit_nested(struct frame *frame)
{
	if (frame->nested_file == frame->nested) {
		frame->underlying += bpf_ktime_get_ns() - frame->nested_start;
		frame->nested_file = 0;
	}
	frame->nested--;
}

static __always_inline bool is_write(u32 kind)
{
	return kind >= KIND_BUFFERED && kind <= KIND_SYNCHRONOUS;
}
