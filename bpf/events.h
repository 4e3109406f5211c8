/* SPDX-License-Identifier: GPL-2.0 */
/* What the programs send to user space. The Java views of these records (package probe) are checked against this
 * object's BTF by a test and at load. Natural alignment, no padding, sizes multiples of 8. */
#pragma once

/* The order is that of dev.writescope.probe.Kind. */
enum kind {
	KIND_FSYNC,
	KIND_FDATASYNC,
	KIND_SYNC_FILE_RANGE,
	KIND_SYNCFS,
	KIND_SYNC,
	KIND_MSYNC,
	KIND_OSYNC,
	KIND_BUFFERED,
	KIND_DIRECT,
	KIND_SYNCHRONOUS,
	KIND_BLOCK_READ,
	KIND_BLOCK_WRITE,
	KIND_BLOCK_FLUSH,
	KIND_BLOCK_DISCARD,
	KIND_COPY_UP,
	KIND_NONE,
};

enum record_type {
	RECORD_OPERATION = 1,	/* struct operation_record: count it */
	RECORD_SLOW_WRITE = 2,	/* struct operation_record: detail of a write that a lane already counts */
	RECORD_BLOCK = 3,	/* struct block_record */
	RECORD_WAITS = 4,	/* struct waits_record of a sync: count it */
	RECORD_WRITE_WAITS = 5,	/* struct waits_record of a write that slept: a lane already counts it */
	RECORD_COMMIT = 6,	/* struct commit_record */
	RECORD_FILE = 7,	/* struct file_record */
};

enum operation_flags {
	OPERATION_PATH_CUT = 1,	/* the path has more components than fit */
	OPERATION_WAITS_LOST = 2,	/* it may have slept; it is in lost_parts */
};

/* One sync operation, or the detail of one slow write. `path` holds path_bytes bytes: components from the file up to
 * the root of its file system, each ended by a NUL; sent only for slow operations. */
struct operation_record {
	u8 type;
	u8 kind;
	u8 flags;
	u8 reserved;
	s32 result;		/* 0 or bytes; -errno */
	u64 cgroup;
	u64 latency;		/* ns */
	u64 underlying;		/* ns in the real file system below overlay */
	u64 end;		/* CLOCK_MONOTONIC, ns */
	u32 device;		/* major << 20 | minor */
	u32 mount;		/* mountinfo's field 1; 0: not known */
	u32 magic;		/* super_block->s_magic */
	u32 path_bytes;
	u32 pid;
	u32 tid;
	s64 offset;		/* -1: none */
	u64 bytes;		/* of the synced range; ~0: all of the file */
	char comm[16];
};

#define MOST_WAITS 12

/* Sleeps of one thread at one place of the kernel. */
struct wait {
	u64 ns;			/* until it was woken */
	u64 end;		/* of the last one */
	u32 times;
	s32 stack;		/* in `stacks`; negative: not known, or several that there was no room for */
};

/* An operation that gave its CPU away. A slow one has its path behind. */
struct waits_record {
	struct operation_record operation;
	u64 runnable;		/* ns ready to run, without a CPU */
	u32 real_device;	/* of the file below overlay; 0: not known */
	u32 count;
	struct wait wait[MOST_WAITS + 1];
};

/* A commit of a jbd2 journal, and what its thread waited for; times as in waits.bpf.c. */
struct commit_record {
	u8 type;
	u8 kind;
	u8 flags;
	u8 reserved;
	u32 device;
	u32 transaction;
	u32 count;
	u64 start;
	u64 flushing;
	u64 logging;
	u64 end;
	struct wait wait[MOST_WAITS + 1];
};

/* What one process did to one file. */
struct activity_key {
	u64 cgroup;
	u64 inode;
	u32 device;
	u32 process;
	u32 kind;
	u32 generation;		/* inode numbers are used again, by ext4 at once */
};

struct activity {
	u64 count;
	u64 bytes;
	u64 total;		/* ns */
	u32 mount;
	u32 magic;
	u32 has_path;		/* its path was sent */
	u32 reserved;
	char comm[16];
};

/* The path of a file with activity, as that of an operation. */
struct file_record {
	u8 type;
	u8 kind;
	u8 flags;
	u8 reserved;
	u32 path_bytes;
	struct activity_key key;
};

enum block_flags {
	/* The data part of a request with flushes around it: it has a queue and a device time; the request as a whole
	 * completes, and counts, with another record. */
	BLOCK_DATA_PART = 1,
	/* Part of a request: its bytes count, the request not yet. */
	BLOCK_PARTIAL = 2,
	/* queue and device are not known: the request never went to the device by itself. */
	BLOCK_NO_DEVICE_TIME = 4,
	/* A FLUSH sent to the device for any number of callers: it has no owner. */
	BLOCK_PHYSICAL_FLUSH = 8,
};

struct block_record {
	u8 type;
	u8 kind;
	u8 flags;
	u8 reserved;
	u32 device;
	u64 cgroup;		/* in the id space of the io (blkio) controller; 0: none */
	u64 total;		/* ns */
	u64 queue;		/* ns */
	u64 on_device;		/* ns */
	u64 end;		/* CLOCK_MONOTONIC, ns */
	u64 sector;
	u32 bytes;
	s32 error;
};

#define WRITE_SLEPT (1ULL << 63)	/* with trace_waits: a waits_record of this write follows, or is in lost_parts */

/* One write, in a lane. */
struct write_record {
	u64 cgroup;
	u64 kind_latency;	/* WRITE_SLEPT | kind << 56 | ns */
	u32 device;
	u32 mount;
	u32 magic;
	s32 result;		/* bytes or -errno */
};

/* A per-CPU ring of write records in a mmap-ed array: the cheapest way out of the kernel for what can be millions a
 * second. Single producer (programs on one CPU do not interrupt each other here), single consumer. head and tail only
 * grow; records with head - tail == capacity is full, then lost_write counts. */
struct lane {
	u64 head;		/* written by the kernel side */
	u64 lost_write;
	u64 lost_fsync;
	u64 lost_block;
	u64 busy;
	u64 kernel_line[3];
	u64 tail;		/* written by user space */
	u64 user_line[7];
	struct write_record records[];
};

/* A type that only local code uses does not reach the object's BTF, against which user space checks its own view. */
const struct operation_record *keep_operation_record;
const struct block_record *keep_block_record;
const struct waits_record *keep_waits_record;
const struct commit_record *keep_commit_record;
const struct activity *keep_activity;
const struct file_record *keep_file_record;
const struct write_record *keep_write_record;
const struct lane *keep_lane;
