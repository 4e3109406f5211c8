/* SPDX-License-Identifier: GPL-2.0 */
/* The path of a file, for records that carry one. */
#pragma once

#define PATH_COMPONENTS 12
#define PATH_SPACE 1024
#define NAME_SPACE 256

/* Puts the components of a frame's path, from the file up; returns how many bytes. */
static __always_inline u32 put_path(char *path, u8 *flags, struct frame *frame)
{
	struct file *file = KERNEL_POINTER(struct file, frame->file);
	struct dentry *dentry, *parent;
	u32 used = 0;
	long length;

	/* Closed by another thread meanwhile: better no name than a wrong one. */
	if (!frame->file || (u64)FIELD(file, f_inode) != frame->inode)
		return 0;
	dentry = KERNEL_POINTER(struct dentry, FIELD(file, f_path.dentry));
	*flags |= OPERATION_PATH_CUT;
	for (int i = 0; i < PATH_COMPONENTS; i++) {
		parent = KERNEL_POINTER(struct dentry, FIELD(dentry, d_parent));
		if (parent == dentry || !parent) {
			*flags &= ~OPERATION_PATH_CUT;
			break;
		}
		/* Or a copy is checked, and 5.10 knows nothing of the other. */
		barrier_var(used);
		if (used > PATH_SPACE - NAME_SPACE)
			break;
		barrier_var(used);
		length = bpf_probe_read_kernel_str(path + used, NAME_SPACE, FIELD(dentry, d_name.name));
		if (length <= 0)
			break;
		used += length & (2 * NAME_SPACE - 1);
		dentry = parent;
	}
	return used;
}
