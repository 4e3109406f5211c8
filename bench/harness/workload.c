// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 4096, MOST_BATCHES = 16384 };

struct workload open_workload(const char *kind, const char *directory)
{
	struct workload workload = {.fsync = !strcmp(kind, "fsync")};
	char path[4096];

	workload.batch = workload.fsync ? 1 : 500;
	workload.batches = workload.fsync ? 100 : 10;
	snprintf(path, sizeof(path), "%s/writescope-bench-%d", directory, getpid());
	workload.file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (workload.file < 0)
		fail("cannot create %s", path);
	unlink(path);
	errno = 0;
	return workload;
}

void rewind_workload(const struct workload *workload)
{
	/* Each fsync of an append commits the journal; overwriting would not always. */
	if (lseek(workload->file, 0, SEEK_SET) || (workload->fsync && ftruncate(workload->file, 0)))
		fail("cannot rewind");
}

double time_batch(const struct workload *workload)
{
	static char block[BLOCK];
	size_t size = workload->fsync ? BLOCK : 1;
	int64_t start = now_ns();

	for (int i = 0; i < workload->batch; i++) {
		if (write(workload->file, block, size) != (ssize_t)size)
			fail("cannot write");
		if (workload->fsync && fsync(workload->file))
			fail("cannot fsync");
	}
	return (now_ns() - start) / (double)workload->batch;
}

double sample(const struct workload *workload)
{
	double batches[MOST_BATCHES];

	rewind_workload(workload);
	for (int i = 0; i < workload->batches / 5; i++)
		time_batch(workload);
	for (int i = 0; i < workload->batches; i++)
		batches[i] = time_batch(workload);
	return quantile(batches, workload->batches, 0.5);
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
