// A file system with one file, wal, whose fsync takes as long as a number in a file says: a disk whose latency can be
// turned up by any factor, which no throttle of the kernel can do. Data is thrown away.
//
//   slowfs MOUNTPOINT CONTROL     CONTROL holds the median in microseconds, and may change at any time
//
// The time is log-normal around the median with a sigma of 0.25, as of a disk that does nothing else. Ends when it is
// unmounted.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define ROOT FUSE_ROOT_ID
#define WAL (FUSE_ROOT_ID + 1)
#define MAX_WRITE (128 * 1024)
#define SIGMA 0.25

static int device, control;
static uint64_t size = 1 << 30; // so that fio has nothing to lay out

static void die(const char *what)
{
	fprintf(stderr, "slowfs: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void reply(const struct fuse_in_header *in, int error, const void *data, size_t length)
{
	struct fuse_out_header out = {.len = sizeof(out) + length, .error = -error, .unique = in->unique};
	struct iovec parts[] = {{&out, sizeof(out)}, {(void *)data, length}};

	if (writev(device, parts, 2) < 0 && errno != ENOENT) // ENOENT: the caller was interrupted
		die("answer");
}

static struct fuse_attr attributes(uint64_t node)
{
	return (struct fuse_attr){
		.ino = node,
		.size = node == WAL ? size : 0,
		.blocks = node == WAL ? (size + 511) / 512 : 0,
		.mode = node == WAL ? S_IFREG | 0666 : S_IFDIR | 0777,
		.nlink = 1,
		.blksize = 4096,
	};
}

static double gauss(void)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += drand48();
	return sum;
}

static void wait_like_a_disk(void)
{
	char text[32] = "";
	struct timespec time;
	double ns;

	if (pread(control, text, sizeof(text) - 1, 0) < 0)
		die("control file");
	ns = 1e3 * strtod(text, NULL) * exp(SIGMA * gauss());
	time = (struct timespec){ns / 1e9, fmod(ns, 1e9)};
	nanosleep(&time, NULL);
}

static void init(const struct fuse_in_header *in, const struct fuse_init_in *asked)
{
	struct fuse_init_out out = {
		.major = FUSE_KERNEL_VERSION,
		.minor = asked->minor < FUSE_KERNEL_MINOR_VERSION ? asked->minor : FUSE_KERNEL_MINOR_VERSION,
		.max_readahead = asked->max_readahead,
		.max_background = 16,
		.congestion_threshold = 12,
		.max_write = MAX_WRITE,
		.time_gran = 1,
		.flags = asked->flags & FUSE_BIG_WRITES,
	};

	reply(in, 0, &out, sizeof(out));
}

static void answer(const struct fuse_in_header *in, const void *body)
{
	struct fuse_entry_out entry = {.nodeid = WAL, .attr_valid = 1, .entry_valid = 1, .attr = attributes(WAL)};
	struct fuse_attr_out attr = {.attr_valid = 1, .attr = attributes(in->nodeid)};
	struct fuse_open_out opened = {0};
	struct fuse_statfs_out space = {.st = {.blocks = 1 << 20, .bfree = 1 << 19, .bavail = 1 << 19, .bsize = 4096, .namelen = 255}};

	switch (in->opcode) {
	case FUSE_INIT:
		return init(in, body);
	case FUSE_LOOKUP:
		return strcmp(body, "wal") ? reply(in, ENOENT, NULL, 0) : reply(in, 0, &entry, sizeof(entry));
	case FUSE_SETATTR: {
		const struct fuse_setattr_in *set = body;

		if (set->valid & FATTR_SIZE && in->nodeid == WAL)
			size = set->size;
		attr.attr = attributes(in->nodeid);
		return reply(in, 0, &attr, sizeof(attr));
	}
	case FUSE_GETATTR:
		return reply(in, 0, &attr, sizeof(attr));
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		return reply(in, 0, &opened, sizeof(opened));
	case FUSE_WRITE: {
		const struct fuse_write_in *write = body;
		struct fuse_write_out out = {.size = write->size};

		if (write->offset + write->size > size)
			size = write->offset + write->size;
		return reply(in, 0, &out, sizeof(out));
	}
	case FUSE_FSYNC:
		wait_like_a_disk();
		return reply(in, 0, NULL, 0);
	case FUSE_STATFS:
		return reply(in, 0, &space, sizeof(space));
	case FUSE_READ:
	case FUSE_READDIR:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_FLUSH:
		return reply(in, 0, NULL, 0);
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return;
	default:
		return reply(in, ENOSYS, NULL, 0);
	}
}

int main(int count, char **arguments)
{
	static _Alignas(8) char request[MAX_WRITE + 4096 + 1];
	char options[128];

	if (count != 3) {
		fprintf(stderr, "usage: slowfs MOUNTPOINT CONTROL\n");
		return 2;
	}
	control = open(arguments[2], O_RDONLY | O_CLOEXEC);
	if (control < 0)
		die(arguments[2]);
	device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (device < 0)
		die("/dev/fuse");
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
	if (mount("slowfs", arguments[1], "fuse.slowfs", MS_NOSUID | MS_NODEV, options))
		die(arguments[1]);
	for (;;) {
		ssize_t length = read(device, request, sizeof(request) - 1);

		if (length < 0 && errno == ENODEV) // unmounted
			return 0;
		if (length < 0 && errno != EINTR && errno != ENOENT && errno != EAGAIN)
			die("read");
		if (length >= (ssize_t)sizeof(struct fuse_in_header)) {
			request[length] = 0;
			answer((struct fuse_in_header *)request, request + sizeof(struct fuse_in_header));
		}
	}
}
