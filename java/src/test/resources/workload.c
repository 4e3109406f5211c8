// SPDX-License-Identifier: GPL-2.0
/* Makes exact numbers of system calls: workload FILE FLAGS CALL=COUNT...
 *
 * FILE is a path, or pipe, socket, none. FLAGS are of open(2), joined by '+': create, sync, dsync, direct, directory; or
 * "-". Each CALL moves 4096 bytes, "tiny" and "rewrite" one. Prints "CALL COUNT FAILED" for each, and after
 * "update-fdatasync" also how long the fdatasyncs took, as "fdatasync-p50-ns TIME 0". */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define SIZE 4096
#define TIMES 1024

static char buffer[SIZE] __attribute__((aligned(4096)));
static struct iovec vector[2] = {{buffer, SIZE / 2}, {buffer + SIZE / 2, SIZE / 2}};
static char *mapping;
static long times[TIMES];

static long place(long i)
{
	return i % 17 * SIZE;
}

#if defined(__x86_64__)
/* A 32-bit system call; only the low halves of the arguments count. */
static long compat(long number, long first, long second, long third)
{
	long result;

	asm volatile("int $0x80"
		     : "=a"(result)
		     : "0"(number), "b"(first), "c"(second), "d"(third)
		     : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}
#endif

/* One request through a ring of its own, waited for; -1 if the kernel refuses any part of it. */
static long through_ring(int opcode, int fd, long offset)
{
	struct io_uring_params params = {0};
	int ring = syscall(SYS_io_uring_setup, 1, &params);
	char *submitted, *completed;
	struct io_uring_sqe *request;
	struct io_uring_cqe *answer;
	long result = -1;

	if (ring < 0)
		return -1;
	/* Few and small: they stay until the process ends. */
	submitted = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	completed = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	request = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	if (submitted == MAP_FAILED || completed == MAP_FAILED || request == MAP_FAILED)
		goto out;
	*request = (struct io_uring_sqe){.opcode = opcode, .fd = fd};
	if (opcode == IORING_OP_WRITE) {
		request->off = offset;
		request->addr = (unsigned long)buffer;
		request->len = SIZE;
	}
	*(unsigned *)(submitted + params.sq_off.array) = 0;
	__atomic_store_n((unsigned *)(submitted + params.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		goto out;
	answer = (struct io_uring_cqe *)(completed + params.cq_off.cqes);
	result = answer->res;
out:
	close(ring);
	return result;
}

static long timed_fdatasync(int fd, long i)
{
	struct timespec before, after;
	long result;

	clock_gettime(CLOCK_MONOTONIC, &before);
	result = fdatasync(fd);
	clock_gettime(CLOCK_MONOTONIC, &after);
	times[i % TIMES] = (after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec;
	return result;
}

static int by_length(const void *left, const void *right)
{
	const long *one = left, *other = right;

	return (*one > *other) - (*one < *other);
}

static long call(const char *name, int fd, long i)
{
	if (!strcmp(name, "write"))
		return write(fd, buffer, SIZE);
	if (!strcmp(name, "tiny"))
		return write(fd, buffer, 1);
	if (!strcmp(name, "rewrite"))
		return pwrite(fd, buffer, 1, 0);
	if (!strcmp(name, "pwrite64"))
		return pwrite(fd, buffer, SIZE, place(i));
	if (!strcmp(name, "writev"))
		return writev(fd, vector, 2);
	if (!strcmp(name, "pwritev"))
		return pwritev(fd, vector, 2, place(i));
	if (!strcmp(name, "pwritev2"))
		return pwritev2(fd, vector, 2, place(i), 0);
	if (!strcmp(name, "pwritev2-dsync"))
		return pwritev2(fd, vector, 2, place(i), RWF_DSYNC);
	if (!strcmp(name, "fsync"))
		return fsync(fd);
	if (!strcmp(name, "fdatasync"))
		return fdatasync(fd);
	if (!strcmp(name, "update-fdatasync"))
		return pwrite(fd, buffer, SIZE, place(i)) < 0 ? -1 : timed_fdatasync(fd, i);
	if (!strcmp(name, "sync_file_range"))
		return sync_file_range(fd, place(i), SIZE, SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
	if (!strcmp(name, "syncfs"))
		return syncfs(fd);
	if (!strcmp(name, "sync"))
		return sync(), 0;
	if (!strcmp(name, "msync")) {
		mapping[i % SIZE] = (char)i;
		return msync(mapping, SIZE, MS_SYNC);
	}
	if (!strcmp(name, "uring-write"))
		return through_ring(IORING_OP_WRITE, fd, place(i));
	if (!strcmp(name, "uring-fsync"))
		return through_ring(IORING_OP_FSYNC, fd, 0);
	if (!strcmp(name, "msync-async"))
		return msync(mapping, SIZE, MS_ASYNC);
#if defined(__x86_64__)
	if (!strcmp(name, "write32"))
		return compat(4, fd, (long)buffer, SIZE);
	if (!strcmp(name, "fsync32"))
		return compat(118, fd, 0, 0);
	if (!strcmp(name, "fdatasync32"))
		return compat(148, fd, 0, 0);
	if (!strcmp(name, "syncfs32"))
		return compat(344, fd, 0, 0);
#endif
	fprintf(stderr, "workload: no call is named %s\n", name);
	exit(2);
}

static int open_target(const char *name, const char *flags)
{
	int mode = O_RDWR, ends[2];

	if (strstr(flags, "directory"))
		mode = O_RDONLY | O_DIRECTORY;
	if (strstr(flags, "create"))
		mode |= O_CREAT;
	if (strstr(flags, "dsync"))
		mode |= O_DSYNC;
	else if (strstr(flags, "sync"))
		mode |= O_SYNC;
	if (strstr(flags, "direct") && !strstr(flags, "directory"))
		mode |= O_DIRECT;
	if (!strcmp(name, "none"))
		return 997;
	if (!strcmp(name, "pipe"))
		return pipe(ends) ? -1 : ends[1];
	if (!strcmp(name, "socket"))
		return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) ? -1 : ends[1];
	return open(name, mode, 0600);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc < 3)
		return 2;
	fd = open_target(argv[1], argv[2]);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	for (int each = 3; each < argc; each++) {
		char *count = strchr(argv[each], '=');
		long failed = 0, calls = count ? atol(count + 1) : 0;

		if (!count)
			return 2;
		*count = 0;
		if (!strncmp(argv[each], "msync", 5))
			mapping = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		for (long i = 0; i < calls; i++)
			failed += call(argv[each], fd, i) < 0;
		printf("%s %ld %ld\n", argv[each], calls, failed);
		if (!strcmp(argv[each], "update-fdatasync") && calls <= TIMES) {
			qsort(times, calls, sizeof *times, by_length);
			printf("fdatasync-p50-ns %ld 0\n", times[calls / 2]);
		}
	}
	return 0;
}
