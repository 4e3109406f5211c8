/* SPDX-License-Identifier: GPL-2.0 */
/* Where an operation goes: its file, and what is to be known of it. */
#pragma once

/* The current task's cgroup in the default (v2) hierarchy. As bpf_get_current_cgroup_id, which is a call too many
 * where loads will do: with return thunks (SRSO, retbleed) a call costs more than all of this. */
static __always_inline u64 cgroup_of(struct task_struct *task)
{
	if (!can_cast())
		return bpf_get_current_cgroup_id();
	return task->cgroups->dfl_cgrp->kn->id;
}

struct place {
	u32 device;
	u32 mount;
	u32 magic;
	u32 mode;	/* inode->i_mode */
};

static __always_inline u32 mount_of(struct file *file)
{
	struct vfsmount *vfsmount = FIELD(file, f_path.mnt);
	struct mount *mount;

	if (!vfsmount)
		return 0;
	mount = KERNEL_POINTER(struct mount, (void *)vfsmount - bpf_core_field_offset(struct mount, mnt));
	return FIELD(mount, mnt_id);
}

static __always_inline void place_of_super_block(struct super_block *super, struct place *place)
{
	place->device = FIELD(super, s_dev);
	place->magic = FIELD(super, s_magic);
}

static __always_inline u32 device_of_inode(struct inode *inode)
{
	return FIELD(KERNEL_POINTER(struct super_block, FIELD(inode, i_sb)), s_dev);
}

/* Fills in all but mode, which the caller has usually read first. */
static __always_inline void place_of(struct file *file, struct inode *inode, struct place *place)
{
	place_of_super_block(KERNEL_POINTER(struct super_block, FIELD(inode, i_sb)), place);
	place->mount = mount_of(file);
}

/* Does a write through this file return only when its data is durable? As the kernel's own iocb_is_dsync. */
static __always_inline bool is_synchronous(u32 file_flags, struct inode *inode)
{
	if (file_flags & O_DSYNC)
		return true;
	if (FIELD(inode, i_flags) & S_SYNC)
		return true;
	return FIELD(KERNEL_POINTER(struct super_block, FIELD(inode, i_sb)), s_flags) & SB_SYNCHRONOUS;
}

static __always_inline enum kind write_kind(struct file *file, struct inode *inode, bool asked_for_sync)
{
	u32 flags = FIELD(file, f_flags);

	if (asked_for_sync || is_synchronous(flags, inode))
		return KIND_SYNCHRONOUS;
	return flags & O_DIRECT ? KIND_DIRECT : KIND_BUFFERED;
}

/* The open file behind a descriptor of the current task, or NULL. */
static __always_inline struct file *file_of(struct task_struct *task, u64 descriptor)
{
	struct files_struct *files = KERNEL_POINTER(struct files_struct, FIELD(task, files));
	struct fdtable *table = KERNEL_POINTER(struct fdtable, FIELD(files, fdt));
	struct file **open_file = FIELD(table, fd);
	struct file *file;

	descriptor = (u32)descriptor;
	if (descriptor >= FIELD(table, max_fds))
		return NULL;
	open_file += descriptor;
	/* A pointer to a pointer to a file, without a helper call: as the field of a kiocb at that address. */
	file = FIELD(KERNEL_POINTER(struct kiocb, (void *)open_file - bpf_core_field_offset(struct kiocb, ki_filp)),
		     ki_filp);
	return file ? KERNEL_POINTER(struct file, file) : NULL;
}
