/* SPDX-License-Identifier: GPL-2.0 */
/* The ways out: a lane per CPU for writes, ring buffers for everything else. Nothing here wakes the reader, which
 * drains in batches; what does not fit is counted. */
#pragma once

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);			/* user space: one per possible CPU */
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(struct lane) + 256 * sizeof(struct write_record));	/* user space: lane_mask + 1 */
} lanes SEC(".maps");

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

/* One ring for several CPUs is limited by its lock, so there may be as many rings as CPUs. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);			/* user space: ring_mask + 1 */
	__uint(key_size, sizeof(u32));
	__array(values, struct ring);
} rings SEC(".maps");

static __always_inline struct lane *this_lane(u32 cpu)
{
	return bpf_map_lookup_elem(&lanes, &cpu);
}

static __always_inline void *this_ring(u32 cpu)
{
	u32 index = cpu & ring_mask;

	return bpf_map_lookup_elem(&rings, &index);
}

/* Makes the record visible before its head. x86 keeps stores in order; elsewhere a value-returning atomic is a full
 * barrier. */
static __always_inline void publish(struct lane *lane, u64 head)
{
#if defined(__TARGET_ARCH_x86)
	*(volatile u64 *)&lane->head = head;
#else
	u64 before = __sync_fetch_and_add(&lane->head, 1);

	asm volatile("" : : "r"(before));
#endif
}

static __always_inline void send_write(struct lane *lane, u64 cgroup, u64 kind, u64 latency, const struct place *place,
				       s64 result)
{
	u64 head = lane->head;
	struct write_record *record;

	if (head - *(volatile u64 *)&lane->tail > lane_mask) {
		lane->lost_write++;
		return;
	}
	record = (void *)lane->records + (head & lane_mask) * sizeof(*record);
	record->cgroup = cgroup;
	record->kind_latency = kind << 56 | (latency & ((1ULL << 56) - 1));
	record->device = place->device;
	record->mount = place->mount;
	record->magic = place->magic;
	record->result = result;
	asm volatile("" : : : "memory");
	publish(lane, head + 1);
}
