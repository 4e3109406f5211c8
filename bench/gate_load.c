// SPDX-License-Identifier: GPL-2.0
/* An fsync workload: gate_load FILE FSYNCS PAGES. Rewrites PAGES pages of a file of 16 MiB, then fsyncs, FSYNCS times.
 * Prints P50 and P99 of the fsyncs in nanoseconds, by its own clock. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096L
#define MIB (1L << 20)
#define PLACES 16

static char buffer[MIB];

static int64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int ascending(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

static void check(int good, const char *what)
{
	if (!good) {
		perror(what);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	long fsyncs = argc == 4 ? atol(argv[2]) : 0, pages = argc == 4 ? atol(argv[3]) : 0;
	int64_t *took;
	int fd;

	if (fsyncs < 1 || pages < 1 || pages * PAGE > MIB) {
		fputs("usage: gate_load FILE FSYNCS PAGES, 1 to 256 pages\n", stderr);
		return 2;
	}
	took = calloc(fsyncs, sizeof(*took));
	check(took != NULL, "calloc");
	fd = open(argv[1], O_RDWR | O_CREAT, 0644);
	check(fd >= 0, argv[1]);
	for (long i = 0; i < PLACES; i++)
		check(pwrite(fd, buffer, MIB, i * MIB) == MIB, "pwrite");
	check(!fsync(fd), "fsync");
	for (long i = 0; i < fsyncs; i++) {
		check(pwrite(fd, buffer, pages * PAGE, i % PLACES * MIB) == pages * PAGE, "pwrite");
		took[i] = now_ns();
		check(!fsync(fd), "fsync");
		took[i] = now_ns() - took[i];
	}
	qsort(took, fsyncs, sizeof(*took), ascending);
	printf("%ld %ld\n", (long)took[fsyncs / 2], (long)took[fsyncs * 99 / 100]);
	return 0;
}
