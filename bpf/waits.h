/* SPDX-License-Identifier: GPL-2.0 */
/* What a thread waits for while an operation of its is under way: noted when it leaves a CPU and when it gets one again
 * (waits.bpf.c), by the stack it left with. Only with trace_waits; operations that never sleep pay one comparison. */
#pragma once

struct waits {
	u64 out;		/* when it left the CPU; 0: it has one, or has no operation */
	u64 woken;		/* the last time that somebody woke it */
	u64 runnable;		/* ns ready to run, without a CPU */
	u32 waiting;		/* it left to wait, and was not preempted */
	s32 stack;
	u32 first;		/* the first wait of the innermost operation */
	u32 used;
	struct wait wait[MOST_WAITS];
	struct wait others;	/* what there was no room for */
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct waits);
} task_waits SEC(".maps");

/* As thread_frames and no_frames. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, u32);
	__type(value, struct waits);
} thread_waits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct waits);
} no_waits SEC(".maps");

/* Operations whose parts are not known, and commits: what did not fit. */
u64 lost_parts;

static __always_inline struct waits *waits_of(struct task_struct *task)
{
	u32 thread;

	if (task_storage)
		return FIELD(task, bpf_storage) ? bpf_task_storage_get(&task_waits, task, 0, 0) : NULL;
	thread = FIELD(task, pid);
	return bpf_map_lookup_elem(&thread_waits, &thread);
}

/* Made when a thread begins its first operation: memory is not to be asked for with a run queue locked. */
static __always_inline bool make_waits(struct task_struct *task)
{
	struct waits *none;
	u32 thread, zero = 0;

	if (task_storage)
		return bpf_task_storage_get(&task_waits, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	none = bpf_map_lookup_elem(&no_waits, &zero);
	thread = FIELD(task, pid);
	return none && !bpf_map_update_elem(&thread_waits, &thread, none, BPF_ANY);
}

/* An operation begins: what it waits for is what the thread waits for from now on. */
static __always_inline void begin_waits(struct frames *frames, struct frame *frame)
{
	struct task_struct *task;
	struct waits *waits;

	if (!trace_waits)
		return;
	if (frames->depth == 1)
		frames->slept = 0;
	frame->first_wait = 0;
	frame->others_before = 0;
	frame->others_ns_before = 0;
	frame->runnable_before = 0;
	if (frames->has_waits && !frames->slept)
		return;
	task = current_task();
	if (!frames->has_waits) {
		frames->has_waits = make_waits(task);
		return;
	}
	waits = waits_of(task);
	if (!waits)
		return;
	frame->first_wait = waits->used;
	frame->others_before = waits->others.times;
	frame->others_ns_before = waits->others.ns;
	frame->runnable_before = waits->runnable;
	waits->first = waits->used;
}

/* What the operation that ends waited for, if it slept at all; it is off the stack already. NULL with *lost: it may have
 * slept, and what it waited for is not known. */
static __always_inline struct waits *end_waits(struct frames *frames, struct frame *frame, bool *lost)
{
	struct waits *waits = NULL;
	struct frame *below;

	*lost = false;
	if (!trace_waits || (frames->has_waits && !frames->slept))
		return NULL;
	if (frames->has_waits)
		waits = waits_of(current_task());
	if (!waits) {
		__sync_fetch_and_add(&lost_parts, 1);
		*lost = true;
		if (!frames->depth)
			frames->has_waits = 0; /* the next operation makes them anew */
		return NULL;
	}
	below = top(frames);
	if (below)
		waits->first = below->first_wait;
	if (waits->used == frame->first_wait && waits->others.times == frame->others_before &&
	    waits->runnable == frame->runnable_before)
		return NULL;
	return waits;
}

/* Copies the waits of an operation; returns how many. */
static __always_inline u32 copy_waits(struct wait *to, struct waits *waits, struct frame *frame)
{
	u32 count = 0;

	for (u32 i = 0; i < MOST_WAITS; i++) {
		if (i < frame->first_wait || i >= waits->used)
			continue;
		if (count >= MOST_WAITS)
			break;
		to[count++] = waits->wait[i];
	}
	if (waits->others.times != frame->others_before && count <= MOST_WAITS) {
		to[count].ns = waits->others.ns - frame->others_ns_before;
		to[count].end = waits->others.end;
		to[count].times = waits->others.times - frame->others_before;
		to[count].stack = -1;
		count++;
	}
	return count;
}
