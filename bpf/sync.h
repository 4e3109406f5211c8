/* SPDX-License-Identifier: GPL-2.0 */
/* A file system's sync function was entered or left. It may be the operation itself (fentry and kprobe; io_uring), the
 * sync part of a write, or the real file's part of an fsync on overlay. */
#pragma once

static __always_inline void sync_enter(u64 position, struct file *file, u32 kind)
{
	struct task_struct *task = current_task();
	u64 cgroup;
	struct frames *frames = frames_of(task);
	struct frame *frame = frames ? top(frames) : NULL, *below = NULL;

	if (frame && is_left_over(frame, position)) {
		drop(frames);
		frame = top(frames);
	}
	if (frame && !is_write(frame->kind)) {
		if (!frame->file)
			set_file(frame, file);
		enter_nested(frame, (u64)FIELD(file, f_inode));
		return;
	}
	cgroup = cgroup_of(task);
	if (!frame && !selected(TASK_SPACE, cgroup))
		return;
	if (!frames)
		frames = make_frames(task);
	below = frame;
	if (below)
		kind = KIND_OSYNC;
	frame = frames ? begin(frames, cgroup, kind) : NULL;
	if (!frame) {
		lose(kind);
		return;
	}
	frame->position = position;
	if (below) {
		frame->file = below->file;
		frame->inode = below->inode;
		frame->place = below->place;
		frame->offset = below->offset;
		if (trace_waits && (u64)FIELD(file, f_inode) != below->inode) {
			set_real(below, KERNEL_POINTER(struct inode, FIELD(file, f_inode)));
			frame->real_device = below->real_device;
			frame->real_generation = below->real_generation;
		}
	} else {
		set_file(frame, file);
	}
	frame->start = bpf_ktime_get_ns();
}

static __always_inline void sync_exit(u64 position, s64 result)
{
	struct frames *frames = frames_of(current_task());
	struct frame *frame = frames ? top(frames) : NULL;

	if (!frame || is_write(frame->kind))
		return;
	if (!is_own_exit(frame, position)) {
		exit_nested(frame);
		return;
	}
	end(frames, frame, result);
}
