// SPDX-License-Identifier: GPL-2.0
/* Block requests, timed when they complete. The kernel keeps the start times itself, so no map is needed, except where
 * the queue's statistics are switched off. */

enum {
	REQ_OP_READ = 0,
	REQ_OP_WRITE = 1,
	REQ_OP_FLUSH = 2,
	REQ_OP_DISCARD = 3,
	REQ_OP_DRV_IN = 34,
	REQ_OP_DRV_OUT = 35,
	REQ_OP_MASK = 0xff,
};

struct request_time {
	u64 start;
	u64 issue;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, u64);
	__type(value, struct request_time);
} request_time SEC(".maps");

static __always_inline u32 device_of(struct request *request)
{
	struct gendisk *disk;

	if (!bpf_core_type_exists(struct hd_struct)) {
		struct block_device *part = KERNEL_POINTER(struct block_device, FIELD(request, part));
		if (part)
			return FIELD(part, bd_dev);
	}
	if (bpf_core_field_exists(struct request___with_disk, rq_disk)) {
		struct request___with_disk *old = KERNEL_POINTER(struct request___with_disk, request);

		disk = FIELD(old, rq_disk);
	} else {
		struct request_queue *queue = KERNEL_POINTER(struct request_queue, FIELD(request, q));

		disk = FIELD(queue, disk);
	}
	disk = KERNEL_POINTER(struct gendisk, disk);
	return FIELD(disk, major) << 20 | FIELD(disk, first_minor);
}

/* Who submitted the bio, not who happens to run now. 0: nobody. */
static __always_inline u64 owner_of(struct request *request)
{
	struct bio *bio = KERNEL_POINTER(struct bio, FIELD(request, bio));
	struct blkcg_gq *group = bio ? KERNEL_POINTER(struct blkcg_gq, FIELD(bio, bi_blkg)) : NULL;
	struct blkcg *blkcg = group ? KERNEL_POINTER(struct blkcg, FIELD(group, blkcg)) : NULL;
	struct cgroup *cgroup = blkcg ? KERNEL_POINTER(struct cgroup, FIELD(blkcg, css.cgroup)) : NULL;
	struct kernfs_node *node = cgroup ? KERNEL_POINTER(struct kernfs_node, FIELD(cgroup, kn)) : NULL;

	return node ? FIELD(node, id) : 0;
}

static __always_inline int complete(struct request *request, int error, u32 bytes)
{
	u64 now = bpf_ktime_get_ns(), start, issue, cgroup, key = (u64)request;
	u32 operation = FIELD(request, cmd_flags) & REQ_OP_MASK, cpu, flags = 0, kind;
	u32 request_flags = FIELD(request, rq_flags);
	bool in_flush_sequence = request_flags & flush_sequence;
	struct block_record *record;
	struct request_time *times;
	struct lane *lane;
	void *ring;

	if (operation == REQ_OP_DRV_IN || operation == REQ_OP_DRV_OUT)
		return 0;
	cgroup = owner_of(request);
	if (!selected(BLOCK_SPACE, cgroup))
		return 0;
	start = FIELD(request, start_time_ns);
	issue = FIELD(request, io_start_time_ns);
	if (operation != REQ_OP_FLUSH && !(request_flags & counted)) {
		times = request_times ? bpf_map_lookup_elem(&request_time, &key) : NULL;
		start = times ? times->start : 0;
		issue = times ? times->issue : 0;
	}
	/* As /proc/diskstats: reads, discards, and everything else that goes to the device (write zeroes) as write. */
	kind = operation == REQ_OP_DISCARD ? KIND_BLOCK_DISCARD : operation & 1 ? KIND_BLOCK_WRITE : KIND_BLOCK_READ;
	if (operation == REQ_OP_FLUSH) {
		kind = KIND_BLOCK_FLUSH;
		flags |= BLOCK_PHYSICAL_FLUSH;
		cgroup = 0;
	} else if (in_flush_sequence) {
		flags |= BLOCK_DATA_PART;
	} else if (bytes < FIELD(request, __data_len)) {
		flags |= BLOCK_PARTIAL;
	} else if (!issue && !bytes) {
		kind = KIND_BLOCK_FLUSH; /* an empty write around a flush: what the caller of fsync waits for */
	}
	if (!issue || issue < start)
		flags |= BLOCK_NO_DEVICE_TIME;
	if (request_times && !(flags & (BLOCK_DATA_PART | BLOCK_PARTIAL)))
		bpf_map_delete_elem(&request_time, &key);

	cpu = bpf_get_smp_processor_id();
	lane = this_lane(cpu);
	ring = this_ring(cpu);
	if (!lane || !ring)
		return 0;
	/* Nobody timed it: the queue's statistics were switched off after we began, or it is an empty flush on a queue
	 * without them, which is neither inserted nor issued. Better lost than a wrong time. */
	record = start ? bpf_ringbuf_reserve(ring, sizeof(*record), 0) : NULL;
	if (!record) {
		lane->lost_block++;
		return 0;
	}
	record->type = RECORD_BLOCK;
	record->kind = kind;
	record->flags = flags;
	record->reserved = 0;
	record->device = device_of(request);
	record->cgroup = cgroup;
	record->total = now - start;
	record->queue = issue - start;
	record->on_device = now - issue;
	record->end = now;
	record->sector = FIELD(request, __sector);
	record->bytes = bytes;
	record->error = error;
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 0;
}

static __always_inline int start_timing(u64 *arguments, bool issued)
{
	u64 now = bpf_ktime_get_ns(), key = arguments[request_argument & 1];
	struct request_time *known = bpf_map_lookup_elem(&request_time, &key), times = {.start = now};

	if (issued)
		times.issue = now;
	/* A time of issue is left from an earlier use of the same request. */
	if (issued && known && !known->issue)
		times.start = known->start;
	bpf_map_update_elem(&request_time, &key, &times, BPF_ANY);
	return 0;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(block_complete_btf, struct request *request, int error, u32 bytes)
{
	return complete(request, error, bytes);
}

SEC("raw_tp/block_rq_complete")
int BPF_PROG(block_complete_raw, struct request *request, int error, u32 bytes)
{
	return complete(KERNEL_POINTER(struct request, request), error, bytes);
}

SEC("raw_tp/block_rq_insert")
int block_insert_raw(u64 *arguments)
{
	return start_timing(arguments, false);
}

SEC("raw_tp/block_rq_issue")
int block_issue_raw(u64 *arguments)
{
	return start_timing(arguments, true);
}
