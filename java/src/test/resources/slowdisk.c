// SPDX-License-Identifier: GPL-2.0
/* A disk whose speed is chosen: slowdisk BACKING FILE REQUEST_US MIB_PER_SECOND FLUSH_US
 *
 * FILE, which exists, shows the bytes of BACKING through FUSE until it is unmounted. Requests are served one after the
 * other: each takes REQUEST_US and its bytes' time, a flush FLUSH_US. A write with a block that begins with "BADBLOCK"
 * fails with EIO. With a loop device on FILE this is a disk of known latency, which saturates, and can break, without a
 * limit that the kernel knows of. Prints the name of a loop device made for it, once FILE is there; it is gone, with
 * whatever was set for it, soon after FILE is unmounted. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <linux/loop.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define LONGEST (1 << 20)
#define BLOCK 4096

static char request[LONGEST + BLOCK], content[LONGEST];
static int backing, device;
static long request_ns, ns_per_mib, flush_ns;

static void busy(long ns)
{
	struct timespec time = {ns / 1000000000, ns % 1000000000};

	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

static void transfer(long bytes)
{
	busy(request_ns + bytes * ns_per_mib / LONGEST);
}

static void answer(const struct fuse_in_header *to, int error, const void *body, size_t length)
{
	struct fuse_out_header header = {.len = sizeof(header) + length, .error = -error, .unique = to->unique};
	struct iovec parts[] = {{&header, sizeof(header)}, {(void *)body, length}};

	if (writev(device, parts, 2) < 0 && errno != ENOENT) /* ENOENT: nobody waits for it any more */
		exit(1);
}

static void attributes(const struct fuse_in_header *to)
{
	struct fuse_attr_out out = {.attr_valid = 3600};
	struct stat file;

	fstat(backing, &file);
	out.attr = (struct fuse_attr){.ino = FUSE_ROOT_ID,
				      .size = file.st_size,
				      .blocks = file.st_blocks,
				      .mode = S_IFREG | 0600,
				      .nlink = 1,
				      .blksize = BLOCK};
	answer(to, 0, &out, sizeof(out));
}

static int bad(const char *data, size_t length)
{
	for (size_t at = 0; at + 8 <= length; at += BLOCK)
		if (!memcmp(data + at, "BADBLOCK", 8))
			return 1;
	return 0;
}

static void write_back(const struct fuse_in_header *to, const struct fuse_write_in *in)
{
	const char *data = (const char *)(in + 1);
	struct fuse_write_out out = {.size = in->size};

	transfer(in->size);
	if (bad(data, in->size) || pwrite(backing, data, in->size, in->offset) != (ssize_t)in->size)
		answer(to, EIO, NULL, 0);
	else
		answer(to, 0, &out, sizeof(out));
}

static void read_out(const struct fuse_in_header *to, const struct fuse_read_in *in)
{
	ssize_t got = pread(backing, content, in->size < LONGEST ? in->size : LONGEST, in->offset);

	transfer(got > 0 ? got : 0);
	answer(to, got < 0 ? EIO : 0, content, got < 0 ? 0 : got);
}

static void serve(void)
{
	const struct fuse_in_header *in = (void *)request;
	const void *body = in + 1;
	struct fuse_init_out init = {.major = FUSE_KERNEL_VERSION,
				     .minor = FUSE_KERNEL_MINOR_VERSION,
				     .flags = FUSE_ASYNC_READ | FUSE_BIG_WRITES | FUSE_MAX_PAGES | FUSE_ASYNC_DIO,
				     .max_background = 64,
				     .congestion_threshold = 48,
				     .max_write = LONGEST,
				     .max_pages = LONGEST / BLOCK};
	struct fuse_open_out open = {0};
	struct fuse_statfs_out statfs = {0};

	switch (in->opcode) {
	case FUSE_INIT:
		init.max_readahead = ((const struct fuse_init_in *)body)->max_readahead;
		return answer(in, 0, &init, sizeof(init));
	case FUSE_GETATTR:
	case FUSE_SETATTR:
		return attributes(in);
	case FUSE_OPEN:
		return answer(in, 0, &open, sizeof(open));
	case FUSE_READ:
		return read_out(in, body);
	case FUSE_WRITE:
		return write_back(in, body);
	case FUSE_FSYNC:
		busy(flush_ns);
		return answer(in, 0, NULL, 0);
	case FUSE_STATFS:
		return answer(in, 0, &statfs, sizeof(statfs));
	case FUSE_RELEASE:
		return answer(in, 0, NULL, 0);
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return;
	default:
		return answer(in, ENOSYS, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	int loops = open("/dev/loop-control", O_RDWR | O_CLOEXEC), number = 1000;
	char options[64];

	if (argc != 6)
		return 2;
	request_ns = atol(argv[3]) * 1000;
	ns_per_mib = 1000000000 / atol(argv[4]);
	flush_ns = atol(argv[5]) * 1000;
	prctl(PR_SET_TIMERSLACK, 1);
	sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1}); /* a disk needs no CPU */
	setsid(); /* a Ctrl-C for the tests must not break the disk before it is unmounted */
	backing = open(argv[1], O_RDWR | O_CLOEXEC);
	device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	snprintf(options, sizeof(options), "fd=%d,rootmode=%o,user_id=0,group_id=0", device, S_IFREG);
	if (backing < 0 || device < 0 || mount("slowdisk", argv[2], "fuse", MS_NOSUID | MS_NODEV, options)) {
		perror(argv[2]);
		return 1;
	}
	while (ioctl(loops, LOOP_CTL_ADD, number) < 0 && errno == EEXIST)
		number++;
	printf("/dev/loop%d\n", number);
	fflush(stdout);
	for (;;) {
		if (read(device, request, sizeof(request)) > 0)
			serve();
		else if (errno == ENODEV) /* unmounted */
			return ioctl(loops, LOOP_CTL_REMOVE, number) < 0;
		else if (errno != EINTR && errno != EAGAIN && errno != ENOENT)
			return 1;
	}
}
