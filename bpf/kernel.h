/* SPDX-License-Identifier: GPL-2.0 */
/* The few kernel types the programs read. CO-RE moves every field to where the running kernel has it, so only the
 * names and types matter here, not the order; fields that came or went are told apart with a ___flavour. */
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed int s32;
typedef signed long long s64;
typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;
typedef s64 __s64;
typedef u16 __be16;
typedef u32 __be32;
typedef u32 __wsum;
typedef signed char __s8;
typedef short __s16;
typedef _Bool bool;
#define true 1
#define false 0
#define NULL ((void *)0)

enum bpf_map_type_used {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_STACK_TRACE = 7,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};
enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_F_NO_PREALLOC = 1 << 0,
	BPF_F_MMAPABLE = 1 << 10,
	BPF_LOCAL_STORAGE_GET_F_CREATE = 1 << 0,
	BPF_RB_NO_WAKEUP = 1 << 0,
};

#define KERNEL_TYPE __attribute__((preserve_access_index))

struct super_block {
	u32 s_dev;
	unsigned long s_flags;
	unsigned long s_magic;
} KERNEL_TYPE;

struct inode {
	u16 i_mode;
	u32 i_flags;
	struct super_block *i_sb;
	unsigned long i_ino;
	s64 i_size;
	u32 i_generation;
} KERNEL_TYPE;

struct qstr {
	const unsigned char *name;
} KERNEL_TYPE;

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
} KERNEL_TYPE;

struct vfsmount {
	int mnt_flags;
} KERNEL_TYPE;

struct mount {
	struct vfsmount mnt;
	int mnt_id;
} KERNEL_TYPE;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
} KERNEL_TYPE;

struct file {
	u32 f_flags;
	struct inode *f_inode;
	struct path f_path;
	s64 f_pos;
} KERNEL_TYPE;

struct kiocb {
	struct file *ki_filp;
	s64 ki_pos;
	int ki_flags;
} KERNEL_TYPE;

struct fdtable {
	u32 max_fds;
	struct file **fd;
} KERNEL_TYPE;

struct files_struct {
	struct fdtable *fdt;
} KERNEL_TYPE;

struct thread_info {
	unsigned long flags;
	u32 status;
} KERNEL_TYPE;

struct kernfs_node {
	u64 id;
} KERNEL_TYPE;

struct cgroup {
	struct kernfs_node *kn;
} KERNEL_TYPE;

struct css_set {
	struct cgroup *dfl_cgrp;
} KERNEL_TYPE;

struct bpf_local_storage;

struct task_struct {
	struct thread_info thread_info;
	u32 __state;
	s32 pid;
	struct files_struct *files;
	struct css_set *cgroups;
	struct bpf_local_storage *bpf_storage;
} KERNEL_TYPE;

/* Before 2f064a59a11f ("sched: Change task_struct::state", 5.14). */
struct task_struct___with_state {
	long state;
} KERNEL_TYPE;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
} KERNEL_TYPE;

struct blkcg {
	struct cgroup_subsys_state css;
} KERNEL_TYPE;

struct blkcg_gq {
	struct blkcg *blkcg;
} KERNEL_TYPE;

struct bio {
	struct blkcg_gq *bi_blkg;
} KERNEL_TYPE;

struct gendisk {
	int major;
	int first_minor;
} KERNEL_TYPE;

struct block_device {
	u32 bd_dev;
} KERNEL_TYPE;

struct request_queue {
	struct gendisk *disk;
} KERNEL_TYPE;

struct request {
	struct request_queue *q;
	u32 cmd_flags;
	u32 rq_flags;
	u32 __data_len;
	u64 __sector;
	struct bio *bio;
	struct block_device *part;
	u64 start_time_ns;
	u64 io_start_time_ns;
} KERNEL_TYPE;

/* What request->part was before 0d02129e76ed ("block: merge struct block_device and struct hd_struct", 5.11). */
struct hd_struct {
	int partno;
} KERNEL_TYPE;

/* Before f3fa33acca9f ("block: remove the ->rq_disk field in struct request", 5.17). */
struct request___with_disk {
	struct gendisk *rq_disk;
} KERNEL_TYPE;

struct journal_s {
	struct block_device *j_fs_dev;
} KERNEL_TYPE;

struct transaction_s {
	u32 t_tid;
} KERNEL_TYPE;

/* Known to the verifier since fd264ca02094 ("bpf: Add a kfunc to type cast from bpf uapi ctx to kernel ctx", 6.2). */
enum special_kfunc_type {
	KF_bpf_rdonly_cast = 1,
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long r10, r9, r8, ax, bp, bx, cx, dx, si, di, orig_ax, ip, sp;
} KERNEL_TYPE;
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	unsigned long regs[31];
	unsigned long sp, pc, pstate;
};
struct pt_regs {
	unsigned long regs[31];
	unsigned long orig_x0;
	s32 syscallno;
} KERNEL_TYPE;
#endif

#define OVERLAY_MAGIC 0x794c7630 /* super_block->s_magic */
#define S_IFMT 0170000
#define S_IFREG 0100000
#define S_SYNC 1		/* inode->i_flags */
#define SB_SYNCHRONOUS 16	/* super_block->s_flags */
#define O_ACCMODE 3
#define O_DSYNC 010000
#if defined(__TARGET_ARCH_arm64)
#define O_DIRECT 0200000
#else
#define O_DIRECT 040000
#endif
#define RWF_DSYNC 2
#define RWF_SYNC 4
#define MS_SYNC 4
