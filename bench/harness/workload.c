// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BLOCK = 4096, BLOCKS = 256, CACHES = 32 << 20, LINE = 64, MOST_BATCHES = 16384 };

static char *block;	/* aligned, as direct writes want it */

static void write_byte(int file)
{
	if (write(file, block, 1) != 1)
		fail("cannot write");
}

static void append_and_sync(int file)
{
	if (write(file, block, BLOCK) != BLOCK || fsync(file))
		fail("cannot append and sync");
}

static void sync_nothing(int file)
{
	if (fsync(file))
		fail("cannot sync");
}

static void write_direct(int file)
{
	static unsigned turn;

	if (pwrite(file, block, BLOCK, (off_t)(turn++ % BLOCKS) * BLOCK) != BLOCK)
		fail("cannot write past the page cache");
}

static void ask_for_parent(__attribute__((unused)) int file)
{
	syscall(SYS_getppid);
}

/* Fills the caches with something else. */
static void evict(void)
{
	static volatile char *memory;

	if (!memory)
		memory = malloc(CACHES);
	for (size_t i = 0; memory && i < CACHES; i += LINE)
		memory[i]++;
}

static const struct call {
	const char *name;
	void (*make)(int file);
	void (*before)(void);	/* each batch */
	int batch;
	int batches;		/* in a sample */
	bool appends;		/* each fsync of an append commits the journal; overwriting would not always */
	bool direct;
	bool sleeps;
} calls[] = {
	{"write", write_byte, .batch = 500, .batches = 10},
	{"cold", write_byte, .before = evict, .batch = 1, .batches = 25},
	{"fsync", append_and_sync, .batch = 1, .batches = 100, .appends = true, .sleeps = true},
	{"sync", sync_nothing, .batch = 500, .batches = 10},
	{"direct", write_direct, .batch = 1, .batches = 100, .direct = true, .sleeps = true},
	{"getppid", ask_for_parent, .batch = 500, .batches = 10},
};

static const struct call *find(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (!strcmp(calls[i].name, name))
			return &calls[i];
	}
	fail("no such workload: %s", name);
}

/* Blocks that a direct write only has to overwrite. */
static void allocate(int file)
{
	for (int i = 0; i < BLOCKS; i++)
		write_direct(file);
	if (fsync(file))
		fail("cannot allocate");
}

struct workload open_workload(const char *kind, const char *directory)
{
	struct workload workload = {.call = find(kind)};
	char path[4096];

	if (!block && posix_memalign((void **)&block, BLOCK, BLOCK))
		fail("no memory");
	snprintf(path, sizeof(path), "%s/writescope-bench-%d", directory, getpid());
	workload.file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | (workload.call->direct ? O_DIRECT : 0), 0600);
	if (workload.file < 0)
		fail("cannot create %s", path);
	unlink(path);
	errno = 0;
	if (workload.call->direct)
		allocate(workload.file);
	return workload;
}

bool sleeps(const struct workload *workload)
{
	return workload->call->sleeps;
}

void rewind_workload(const struct workload *workload)
{
	if (lseek(workload->file, 0, SEEK_SET) || (workload->call->appends && ftruncate(workload->file, 0)))
		fail("cannot rewind");
}

void make_call(const struct workload *workload)
{
	workload->call->make(workload->file);
}

int calls_in_batch(const struct workload *workload)
{
	return workload->call->batch;
}

double time_batch(const struct workload *workload)
{
	const struct call *call = workload->call;
	int64_t start;

	if (call->before)
		call->before();
	start = now_ns();
	for (int i = 0; i < call->batch; i++)
		call->make(workload->file);
	return (now_ns() - start) / (double)call->batch;
}

double sample(const struct workload *workload)
{
	int count = workload->call->batches;
	double batches[MOST_BATCHES];

	rewind_workload(workload);
	for (int i = 0; i < count / 5; i++)
		time_batch(workload);
	for (int i = 0; i < count; i++)
		batches[i] = time_batch(workload);
	return quantile(batches, count, 0.5);
}

double sample_for(const struct workload *workload, int milliseconds)
{
	int64_t end = now_ns() + milliseconds * 1000000LL;
	double samples[MOST_BATCHES];
	int count = 0;

	while (count < 3 || (now_ns() < end && count < MOST_BATCHES))
		samples[count++] = sample(workload);
	return quantile(samples, count, 0.5);
}
