// SPDX-License-Identifier: GPL-2.0
/* Fills a ring with fsync records of 16 containers in random order, run by hand: the same ring for every reader. */
#define __VMLINUX_H__
#include "kernel.h"
#include <bpf/bpf_helpers.h>

#include "events.h"

#define AT_ONCE 256
#define CONTAINERS 16

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
};

struct ring java_ring SEC(".maps"), c_ring SEC(".maps");

u64 state = 0x9E3779B97F4A7C15ULL;

static __always_inline int fill(void *ring)
{
	u64 random = state;

	for (int i = 0; i < AT_ONCE; i++) {
		struct operation_record *record = bpf_ringbuf_reserve(ring, sizeof(*record), 0);

		if (!record)
			return 1;
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		__builtin_memset(record, 0, sizeof(*record));
		record->type = RECORD_OPERATION;
		record->kind = KIND_FSYNC;
		record->cgroup = 1000 + random % CONTAINERS;
		record->latency = (random >> 20 & 0x3ff) << (random >> 40 & 15); /* 0 to 33 ms */
		record->device = 7 << 20;
		record->mount = 97;
		record->magic = 0xef53;
		record->bytes = ~0ULL;
		bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	}
	state = random;
	return 0;
}

SEC("raw_tp")
int fill_java(void *context)
{
	return fill(&java_ring);
}

SEC("raw_tp")
int fill_c(void *context)
{
	return fill(&c_ring);
}

char LICENSE[] SEC("license") = "GPL";
