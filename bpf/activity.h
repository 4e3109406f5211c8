/* SPDX-License-Identifier: GPL-2.0 */
/* Who does what to which file: sums per process and file, which user space reads now and then. Only with trace_waits. */
#pragma once

/* What has not been seen for longest makes room. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct activity_key);
	__type(value, struct activity);
} activities SEC(".maps");

/* Operations that are in no sum. */
u64 lost_activity;

/* Sums that were begun: those among them that user space never saw had to make room before it looked. */
u64 begun_activity;

struct file_path_record {
	struct file_record file;
	char path[PATH_SPACE];
};

static __always_inline void send_path(void *ring, struct activity *activity, struct activity_key *key,
				      struct frame *frame)
{
	struct file_path_record *record = bpf_ringbuf_reserve(ring, sizeof(*record), 0);

	if (!record)
		return; /* the next time */
	record->file.type = RECORD_FILE;
	record->file.kind = key->kind;
	record->file.flags = 0;
	record->file.reserved = 0;
	record->file.key = *key;
	record->file.path_bytes = put_path(record->path, &record->file.flags, frame);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	activity->has_path = 1;
}

static __always_inline struct activity *new_activity(struct activity_key *key, struct frame *frame)
{
	struct activity fresh = {
		.mount = frame->place.mount,
		.magic = frame->place.magic,
		.has_path = !frame->file,
	};

	bpf_get_current_comm(fresh.comm, sizeof(fresh.comm));
	if (!bpf_map_update_elem(&activities, key, &fresh, BPF_NOEXIST))
		__sync_fetch_and_add(&begun_activity, 1);
	return bpf_map_lookup_elem(&activities, key);
}

static __always_inline void count_activity(struct frame *frame, u64 latency, s64 result)
{
	struct activity_key key = {
		.cgroup = frame->cgroup,
		.device = frame->place.device,
		.process = bpf_get_current_pid_tgid() >> 32,
		.kind = frame->kind,
	};
	struct activity *activity;
	void *ring;

	if (!trace_waits)
		return;
	if (frame->inode) {
		struct inode *inode = KERNEL_POINTER(struct inode, frame->inode);

		key.inode = FIELD(inode, i_ino);
		/* Overlay's own inodes have none. Where nothing is seen of the file below, numbers used again go unnoticed. */
		key.generation = frame->real_device ? frame->real_generation : FIELD(inode, i_generation);
	}
	activity = bpf_map_lookup_elem(&activities, &key);
	if (!activity)
		activity = new_activity(&key, frame);
	if (!activity) {
		__sync_fetch_and_add(&lost_activity, 1);
		return;
	}
	__sync_fetch_and_add(&activity->count, 1);
	if (is_write(frame->kind) && result > 0)
		__sync_fetch_and_add(&activity->bytes, result);
	else if (frame->kind == KIND_COPY_UP)
		__sync_fetch_and_add(&activity->bytes, frame->bytes);
	__sync_fetch_and_add(&activity->total, latency);
	if (activity->has_path)
		return;
	ring = this_ring(bpf_get_smp_processor_id());
	if (ring)
		send_path(ring, activity, &key, frame);
}
