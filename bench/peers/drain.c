// SPDX-License-Identifier: GPL-2.0
/* What a good C program does with the same records: ring_buffer__consume, an open-addressing table of series, and
 * histograms as HdrHistogram_c has them, inlined. A library, so that Java can alternate with it in one process. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
#include "events.h"

enum { SLOTS = 1024, BUCKETS = 32, LANE_RECORDS = 1 << 16, CONTAINERS = 16 };

/* The layout and the work of hdr_histogram.c; like it, not inlined into its caller. */
struct histogram {
	int sub_bucket_bits;
	s64 counts_length;
	s64 total_count, min, max;
	s64 *counts;
};

struct series {
	bool used;
	u64 cgroup;
	u32 kind, device, mount, magic;
	u64 errors, bytes, sum;
	struct histogram histogram;
};

static struct series table[SLOTS], *last;
static int sub_bucket_bits;
static struct ring_buffer *ring;
static struct bpf_object *object;

static __attribute__((noinline)) bool record_value(struct histogram *histogram, s64 value)
{
	int bits = histogram->sub_bucket_bits;
	int bucket = 63 - __builtin_clzll(value | ((1ULL << bits) - 1)) - (bits - 1);
	s64 index = ((s64)bucket << (bits - 1)) + (value >> bucket);

	if (value < 0 || index >= histogram->counts_length)
		return false;
	histogram->counts[index]++;
	histogram->total_count++;
	if (value && value < histogram->min)
		histogram->min = value;
	if (value > histogram->max)
		histogram->max = value;
	return true;
}

static bool is_for(const struct series *series, u64 cgroup, u32 kind, u32 device, u32 mount, u32 magic)
{
	return series->cgroup == cgroup && series->kind == kind && series->device == device &&
	       series->mount == mount && series->magic == magic;
}

static struct series *find(u64 cgroup, u32 kind, u32 device, u32 mount, u32 magic)
{
	u64 hash = (cgroup ^ ((u64)device << 32 | mount) * 31 ^ ((u64)magic << 8 | kind)) * 0x9E3779B97F4A7C15ULL;
	u32 at = hash >> 54;

	if (last && is_for(last, cgroup, kind, device, mount, magic))
		return last;
	while (table[at].used && !is_for(&table[at], cgroup, kind, device, mount, magic))
		at = (at + 1) % SLOTS;
	last = &table[at];
	if (!last->used) {
		s64 length = (BUCKETS + 1) << (sub_bucket_bits - 1);

		*last = (struct series){
			.used = true,
			.cgroup = cgroup,
			.kind = kind,
			.device = device,
			.mount = mount,
			.magic = magic,
			.histogram = {
				.sub_bucket_bits = sub_bucket_bits,
				.counts_length = length,
				.min = INT64_MAX,
				.counts = calloc(length, sizeof(s64)),
			},
		};
	}
	return last;
}

static void record(struct series *series, s64 latency, u64 bytes, bool failed)
{
	if (!record_value(&series->histogram, latency))
		return;
	series->sum += latency;
	series->bytes += bytes;
	series->errors += failed;
}

static int take(void *context, void *data, size_t size)
{
	const struct operation_record *operation = data;

	(void)context;
	if (size >= sizeof(*operation) && operation->type == RECORD_OPERATION)
		record(find(operation->cgroup, operation->kind, operation->device, operation->mount, operation->magic),
		       operation->latency, operation->bytes == ~0ULL ? 0 : operation->bytes, operation->result < 0);
	return 0;
}

static int map(const char *name)
{
	return bpf_object__find_map_fd_by_name(object, name);
}

/* Loads the programs that fill; digits are those of the histograms. 0: all is well. */
int peer_open(const char *path, int digits)
{
	sub_bucket_bits = digits == 2 ? 8 : 11;
	libbpf_set_print(NULL);
	object = bpf_object__open_file(path, NULL);
	if (!object || bpf_object__load(object))
		return -1;
	ring = ring_buffer__new(map("c_ring"), take, NULL, NULL);
	return ring ? 0 : -1;
}

int peer_java_ring(void)
{
	return map("java_ring");
}

/* Fills a ring until nothing more fits. */
void peer_fill(bool java)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, java ? "fill_java" : "fill_c");
	LIBBPF_OPTS(bpf_test_run_opts, options);

	do {
		if (bpf_prog_test_run_opts(bpf_program__fd(program), &options))
			abort();
	} while (!options.retval);
}

/* Returns the number of records. */
int peer_drain_ring(void)
{
	return ring_buffer__consume(ring);
}

/* A lane full of writes; draining it again needs only a new head. */
struct lane *peer_make_lane(void)
{
	struct lane *lane = calloc(1, sizeof(*lane) + LANE_RECORDS * sizeof(struct write_record));
	u64 random = 0x9E3779B97F4A7C15ULL;

	for (int i = 0; lane && i < LANE_RECORDS; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		lane->records[i] = (struct write_record){
			.cgroup = 1000 + random % CONTAINERS,
			.kind_latency = (u64)KIND_BUFFERED << 56 | (random >> 20 & 0x3ff) << (random >> 40 & 7),
			.device = 7 << 20,
			.mount = 97,
			.magic = 0xef53,
			.result = 4099,
		};
	}
	return lane;
}

int peer_drain_lane(struct lane *lane)
{
	u64 head = __atomic_load_n(&lane->head, __ATOMIC_ACQUIRE), tail = lane->tail, start = tail;

	while (tail < head) {
		const struct write_record *write = &lane->records[tail++ % LANE_RECORDS];

		record(find(write->cgroup, write->kind_latency >> 56, write->device, write->mount, write->magic),
		       write->kind_latency & ((1ULL << 56) - 1), write->result > 0 ? write->result : 0,
		       write->result < 0);
		if (tail % 1024 == 0)
			__atomic_store_n(&lane->tail, tail, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&lane->tail, tail, __ATOMIC_RELEASE);
	return head - start;
}
