// SPDX-License-Identifier: GPL-2.0
/* The scheduler's hooks, by which the waits of an operation are known (waits.h), and the commits of jbd2 journals, which
 * fsync waits for. All of it off the way of threads that have no operation under way. */

#include "stack.h"

static __always_inline u32 state_of(struct task_struct *task)
{
	if (bpf_core_field_exists(task->__state))
		return FIELD(task, __state);
	return FIELD(KERNEL_POINTER(struct task_struct___with_state, task), state);
}

static __always_inline void leave_cpu(void *context, bool preempted, struct task_struct *task)
{
	struct frames *frames = frames_of(task);
	struct waits *waits;

	if (!frames || !frames->depth || !frames->has_waits)
		return;
	waits = waits_of(task);
	if (!waits) {
		frames->slept = 1; /* the operation's end tells that this is lost */
		return;
	}
	if (!frames->slept) {
		frames->slept = 1;
		waits->runnable = 0;
		waits->first = 0;
		waits->used = 0;
		waits->others.ns = 0;
		waits->others.times = 0;
	}
	/* A state of 0 here: a signal or a wakeup came between; it stays on the run queue. */
	waits->waiting = !preempted && state_of(task);
	waits->stack = waits->waiting ? stack_of(context) : -1;
	waits->out = bpf_ktime_get_ns();
}

static __always_inline void note_wait(struct waits *waits, u64 ns, u64 end)
{
	struct wait *wait = &waits->others;
	u32 used = waits->used;

	if (waits->stack >= 0) {
		for (u32 i = 0; i < MOST_WAITS; i++) {
			if (i < waits->first)
				continue;
			if (i >= used) {
				wait = &waits->wait[i];
				wait->ns = 0;
				wait->times = 0;
				wait->stack = waits->stack;
				waits->used = i + 1;
				break;
			}
			if (waits->wait[i].stack == waits->stack) {
				wait = &waits->wait[i];
				break;
			}
		}
	}
	wait->ns += ns;
	wait->end = end;
	wait->times++;
}

static __always_inline void get_cpu(struct task_struct *task)
{
	struct waits *waits = waits_of(task);
	u64 now, out, woken;

	if (!waits || !waits->out)
		return;
	now = bpf_ktime_get_ns();
	out = waits->out;
	woken = *(volatile u64 *)&waits->woken;
	waits->out = 0;
	waits->woken = 0;
	if (!waits->waiting) {
		waits->runnable += now - out;
		return;
	}
	if (!woken || woken > now)
		woken = now;
	else if (woken < out)
		woken = out; /* on its way out already when it was woken */
	waits->runnable += now - woken;
	note_wait(waits, woken - out, woken);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(switch_btf, bool preempted, struct task_struct *previous, struct task_struct *next)
{
	leave_cpu(ctx, preempted, previous);
	get_cpu(next);
	return 0;
}

/* Not sched_wakeup, which comes when the thread is in a run queue: on another CPU, that is part of its way there. */
SEC("tp_btf/sched_waking")
int BPF_PROG(waking_btf, struct task_struct *task)
{
	struct waits *waits = waits_of(task);

	if (waits)
		waits->woken = bpf_ktime_get_ns();
	return 0;
}

/* A commit, which the journal's thread makes, is an operation of that thread (kind KIND_NONE). The tracepoints divide it
 * as fs/jbd2/commit.c does:
 *
 * start     the transaction is locked: nobody may join it; waits for the handles that others still hold
 * flushing  submits the data of the files in it (data=ordered), and may wait for requests to do so
 * logging   submits the journal's blocks, then waits for the data, then for those blocks; flushes; writes and waits for
 *           the commit record. So data is waited for after this tracepoint: user space tells from the thread's waits.
 * end       all is durable. Those who wait for the commit are woken after this tracepoint (j_wait_done_commit);
 *           j_commit_sequence changes a little before it, so that who looks in between does not wait at all.
 *
 * ext4's fast commits, where they are switched on, do not come by here. */
static __always_inline struct frame *commit_frame(struct frames *frames)
{
	struct frame *frame = frames ? top(frames) : NULL;

	return frame && frame->kind == KIND_NONE ? frame : NULL;
}

static __always_inline int commit_start(void)
{
	struct frames *frames = make_frames(current_task());
	struct frame *frame;

	if (!frames)
		return 0;
	if (commit_frame(frames))
		frames->depth--; /* its end was missed */
	frame = begin(frames, 0, KIND_NONE);
	if (!frame)
		return 0;
	frame->flushing = 0;
	frame->logging = 0;
	frame->start = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int commit_flushing(void)
{
	struct frame *frame = commit_frame(frames_of(current_task()));

	if (frame)
		frame->flushing = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int commit_logging(void)
{
	struct frame *frame = commit_frame(frames_of(current_task()));

	if (frame)
		frame->logging = bpf_ktime_get_ns();
	return 0;
}

static __always_inline int commit_end(struct journal_s *journal, struct transaction_s *transaction)
{
	struct frames *frames = frames_of(current_task());
	struct frame *frame = commit_frame(frames);
	u64 now = bpf_ktime_get_ns();
	struct commit_record *record;
	struct waits *waits;
	void *ring;
	bool lost;

	if (!frame)
		return 0;
	frames->depth--;
	waits = end_waits(frames, frame, &lost);
	if (!frame->flushing || !frame->logging)
		return 0; /* began before we did */
	ring = this_ring(bpf_get_smp_processor_id());
	record = ring ? bpf_ringbuf_reserve(ring, sizeof(*record), 0) : NULL;
	if (!record) {
		__sync_fetch_and_add(&lost_parts, 1);
		return 0;
	}
	record->type = RECORD_COMMIT;
	record->kind = KIND_NONE;
	record->flags = 0;
	record->reserved = 0;
	record->device = FIELD(KERNEL_POINTER(struct block_device, FIELD(journal, j_fs_dev)), bd_dev);
	record->transaction = FIELD(transaction, t_tid);
	record->start = frame->start;
	record->flushing = frame->flushing;
	record->logging = frame->logging;
	record->end = now;
	record->count = waits ? copy_waits(record->wait, waits, frame) : 0;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 0;
}

#define COMMIT_HOOK(name, call)                                                                                        \
	SEC("tp_btf/jbd2_" #name)                                                                                      \
	int BPF_PROG(name##_btf, struct journal_s *journal, struct transaction_s *transaction)                         \
	{                                                                                                              \
		return call;                                                                                           \
	}                                                                                                              \
	SEC("raw_tp/jbd2_" #name)                                                                                      \
	int BPF_PROG(name##_raw, struct journal_s *journal_address, struct transaction_s *transaction_address)         \
	{                                                                                                              \
		struct journal_s *journal = KERNEL_POINTER(struct journal_s, journal_address);                         \
		struct transaction_s *transaction = KERNEL_POINTER(struct transaction_s, transaction_address);         \
                                                                                                                       \
		(void)journal;                                                                                         \
		(void)transaction;                                                                                     \
		return call;                                                                                           \
	}

COMMIT_HOOK(start_commit, commit_start())
COMMIT_HOOK(commit_flushing, commit_flushing())
COMMIT_HOOK(commit_logging, commit_logging())
COMMIT_HOOK(end_commit, commit_end(journal, transaction))
