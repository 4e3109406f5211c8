// SPDX-License-Identifier: GPL-2.0
/* The road not taken: writes counted in the kernel, in per-CPU histograms with HdrHistogram's layout for two digits,
 * one for each series that user space tells apart. Everything else is writescope's own code. */
#define __VMLINUX_H__
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "events.h"
#include "read.h"

/* Instead of config.h: what a run of writescope would set. */
static const bool trace_write = true;
static const bool trace_fsync = true;
static const bool trace_waits = false;
static const bool select_containers = false;
static const u64 slow_ns = ~0ULL;
static const u32 lane_mask = 255;
static const u32 ring_mask = 0;

#include "select.h"
#include "place.h"
#define send_write send_write_to_lane
#include "output.h"
#undef send_write

#define SUB_BUCKET_BITS 8		/* 256 sub-buckets: an error under 1 % */
#define SUB_BUCKET_HALF (1 << (SUB_BUCKET_BITS - 1))
#define BUCKETS 29			/* up to 2^36 ns, 68 s */
#define COUNTS ((BUCKETS + 1) * SUB_BUCKET_HALF)

struct series {
	u64 cgroup;
	u32 kind;
	u32 device;
	u32 mount;
	u32 magic;
};

struct histogram {
	u64 bytes;
	u64 errors;
	u64 total;
	u64 largest;
	u32 counts[COUNTS];
};

struct {
	__uint(type, 5);		/* BPF_MAP_TYPE_PERCPU_HASH */
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct series);
	__type(value, struct histogram);
} histograms SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct histogram);
} no_counts SEC(".maps");

static __always_inline u32 highest_bit(u64 value)
{
	u32 bit = 0;

	for (u32 step = 32; step; step >>= 1) {
		if (value >> step) {
			value >>= step;
			bit += step;
		}
	}
	return bit;
}

static __always_inline u32 index_of(u64 value)
{
	u32 bucket = highest_bit(value | ((1 << SUB_BUCKET_BITS) - 1)) - (SUB_BUCKET_BITS - 1);
	u32 index = (bucket << (SUB_BUCKET_BITS - 1)) + (u32)(value >> bucket);

	return index < COUNTS ? index : COUNTS - 1;
}

static __always_inline struct histogram *make_histogram(const struct series *series)
{
	u32 zero = 0;
	struct histogram *none = bpf_map_lookup_elem(&no_counts, &zero);

	if (!none)
		return NULL;
	bpf_map_update_elem(&histograms, series, none, 1 /* BPF_NOEXIST */);
	return bpf_map_lookup_elem(&histograms, series);
}

static __always_inline void send_write(struct lane *lane, u64 cgroup, enum kind kind, u64 latency,
				       const struct place *place, s64 result)
{
	struct series series = {cgroup, kind, place->device, place->mount, place->magic};
	struct histogram *histogram = bpf_map_lookup_elem(&histograms, &series);

	if (!histogram)
		histogram = make_histogram(&series);
	if (!histogram) {
		lane->lost_write++;
		return;
	}
	histogram->counts[index_of(latency)]++;
	histogram->total += latency;
	if (latency > histogram->largest)
		histogram->largest = latency;
	if (result < 0)
		histogram->errors++;
	else
		histogram->bytes += result;
}

#include "frames.h"
#include "waits.h"
#include "path.h"
#include "activity.h"
#include "operation.h"
#include "sync.h"
#include "syscalls.bpf.c"

char LICENSE[] SEC("license") = "GPL";
