/* SPDX-License-Identifier: GPL-2.0 */
/* Beginning and ending an operation, whatever kind of hook saw it. */
#pragma once

struct slow_record {
	struct operation_record operation;
	char path[PATH_SPACE];
};

struct slow_waits_record {
	struct waits_record waits;
	char path[PATH_SPACE];
};

static __always_inline void count_lost(struct lane *lane, u32 kind)
{
	if (is_write(kind) || kind == KIND_COPY_UP)
		lane->lost_write++;
	else
		lane->lost_fsync++;
}

static __always_inline void fill(struct operation_record *record, enum record_type type, struct frame *frame, u64 now,
				 s64 result)
{
	u64 id = bpf_get_current_pid_tgid();

	record->type = type;
	record->kind = frame->kind;
	record->flags = 0;
	record->reserved = 0;
	record->result = result;
	record->cgroup = frame->cgroup;
	record->latency = now - frame->start;
	record->underlying = frame->underlying;
	record->end = now;
	record->device = frame->place.device;
	record->mount = frame->place.mount;
	record->magic = frame->place.magic;
	record->path_bytes = 0;
	record->pid = id >> 32;
	record->tid = (u32)id;
	record->offset = frame->offset;
	record->bytes = frame->bytes;
	bpf_get_current_comm(record->comm, sizeof(record->comm));
}

static __always_inline void send_slow(void *ring, struct lane *lane, bool waits_lost, struct frame *frame, u64 now,
				      s64 result)
{
	enum record_type type = is_write(frame->kind) ? RECORD_SLOW_WRITE : RECORD_OPERATION;
	struct slow_record *record = bpf_ringbuf_reserve(ring, sizeof(*record), 0);

	if (!record) {
		/* The write itself is in its lane; only its detail is gone. */
		if (type == RECORD_OPERATION)
			count_lost(lane, frame->kind);
		return;
	}
	fill(&record->operation, type, frame, now, result);
	record->operation.flags = waits_lost ? OPERATION_WAITS_LOST : 0;
	record->operation.path_bytes = put_path(record->path, &record->operation.flags, frame);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

static __always_inline void send_operation(void *ring, struct lane *lane, bool waits_lost, struct frame *frame, u64 now,
					   s64 result)
{
	struct operation_record *record = bpf_ringbuf_reserve(ring, sizeof(*record), 0);

	if (!record) {
		count_lost(lane, frame->kind);
		return;
	}
	fill(record, RECORD_OPERATION, frame, now, result);
	record->flags = waits_lost ? OPERATION_WAITS_LOST : 0;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
}

static __always_inline void fill_waits(struct waits_record *record, struct waits *waits, struct frame *frame, u64 now,
				       s64 result)
{
	fill(&record->operation, is_write(frame->kind) ? RECORD_WRITE_WAITS : RECORD_WAITS, frame, now, result);
	record->runnable = waits->runnable - frame->runnable_before;
	record->real_device = frame->real_device;
	record->count = copy_waits(record->wait, waits, frame);
}

static __always_inline void lose_waits(struct lane *lane, u32 kind)
{
	if (is_write(kind))
		__sync_fetch_and_add(&lost_parts, 1);
	else
		count_lost(lane, kind);
}

static __always_inline void send_waits(void *ring, struct lane *lane, struct waits *waits, struct frame *frame, u64 now,
				       s64 result)
{
	struct slow_waits_record *slow;
	struct waits_record *record;

	if (now - frame->start < slow_ns) {
		record = bpf_ringbuf_reserve(ring, sizeof(*record), 0);
		if (!record) {
			lose_waits(lane, frame->kind);
			return;
		}
		fill_waits(record, waits, frame, now, result);
		bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
		return;
	}
	slow = bpf_ringbuf_reserve(ring, sizeof(*slow), 0);
	if (!slow) {
		lose_waits(lane, frame->kind);
		return;
	}
	fill_waits(&slow->waits, waits, frame, now, result);
	slow->waits.operation.path_bytes = put_path(slow->path, &slow->waits.operation.flags, frame);
	bpf_ringbuf_submit(slow, BPF_RB_NO_WAKEUP);
}

/* Sends what is on top and takes it off. */
static __always_inline void end(struct frames *frames, struct frame *frame, s64 result)
{
	u64 now = bpf_ktime_get_ns(), latency = now - frame->start;
	u32 cpu = bpf_get_smp_processor_id();
	struct lane *lane = this_lane(cpu);
	struct waits *waits;
	bool waits_lost;
	void *ring;

	frames->depth--;
	if (!lane)
		return;
	waits = end_waits(frames, frame, &waits_lost);
	count_activity(frame, latency, result);
	if (is_write(frame->kind)) {
		u64 slept = waits || waits_lost ? WRITE_SLEPT >> 56 : 0;

		send_write(lane, frame->cgroup, slept | frame->kind, latency, &frame->place, result);
		if (latency < slow_ns && !waits)
			return;
	}
	ring = this_ring(cpu);
	if (!ring)
		return;
	if (waits)
		send_waits(ring, lane, waits, frame, now, result);
	else if (latency >= slow_ns)
		send_slow(ring, lane, waits_lost, frame, now, result);
	else
		send_operation(ring, lane, waits_lost, frame, now, result);
}

/* A new operation on top of what the thread is doing; NULL if it is not to be traced. The caller sets frame->start
 * last, so that our own work is not in it. */
static __always_inline struct frame *begin(struct frames *frames, u64 cgroup, u32 kind)
{
	struct frame *frame = push(frames);

	if (!frame)
		return NULL;
	frame->cgroup = cgroup;
	frame->kind = kind;
	begin_waits(frames, frame);
	return frame;
}

static __always_inline void lose(u32 kind)
{
	struct lane *lane = this_lane(bpf_get_smp_processor_id());

	if (lane)
		count_lost(lane, kind);
}

/* Takes off what is on top: its exit was missed. A kretprobe is, when more threads wait in the function than there are
 * CPUs (5.10) or twice as many; any program is, when it interrupts itself. */
static __always_inline void drop(struct frames *frames)
{
	struct frame *frame = top(frames);

	if (frame && (frame->kind != KIND_COPY_UP || frame->file))
		lose(frame->kind);
	frames->depth--;
}

/* For calls that are never made within another operation. */
static __always_inline void restart(struct frames *frames)
{
	for (int i = 0; i < MAX_DEPTH && frames->depth; i++)
		drop(frames);
}

/* Where a thread is on its stack, which grows down: a call within another one is deeper. kprobes know the stack pointer
 * of the function itself; for the others the hook's own context, which lies on the stack, stands for it, between entries
 * of the same function only. */
#define POSITION_OF_KPROBE(context) (u64)PT_REGS_SP(context)
#define POSITION_OF_OTHER(context) (u64)(context)
#define NO_POSITION ~0ULL	/* at entry */
#define NO_EXIT_POSITION 0

/* Is the operation on top over, though no exit was seen? Threads of the kernel (io_uring's, loop's) make no calls that
 * restart would be for. */
static __always_inline bool is_left_over(struct frame *frame, u64 position)
{
	return position >= frame->position;
}

/* Is this exit the operation's own, whatever was seen of the calls within it? A return leaves the stack as the call
 * found it, but for the address of return. */
static __always_inline bool is_own_exit(struct frame *frame, u64 position)
{
	return !frame->nested || (position != NO_EXIT_POSITION && position - frame->position + 64 < 128);
}

static __always_inline void set_file(struct frame *frame, struct file *file)
{
	struct inode *inode;

	if (!file)
		return;
	inode = KERNEL_POINTER(struct inode, FIELD(file, f_inode));
	frame->file = (u64)file;
	frame->inode = (u64)inode;
	place_of(file, inode, &frame->place);
}
