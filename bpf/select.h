/* SPDX-License-Identifier: GPL-2.0 */
/* Which cgroups are traced. User space keeps the selection up to date while containers come and go. */
#pragma once

#define FEW 4

enum id_space { TASK_SPACE, BLOCK_SPACE };

/* Most selections are one to four cgroups: comparing beats a hash lookup. Unused places hold 0. */
volatile u64 selected_few[2][FEW];
volatile bool selected_more[2];

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u64);
	__type(value, u8);
} selected_tasks SEC(".maps"), selected_blocks SEC(".maps");

static __always_inline bool selected(enum id_space space, u64 cgroup)
{
	if (!select_containers)
		return true;
	if (selected_few[space][0] == cgroup || selected_few[space][1] == cgroup || selected_few[space][2] == cgroup ||
	    selected_few[space][3] == cgroup)
		return true;
	if (!selected_more[space])
		return false;
	return bpf_map_lookup_elem(space == TASK_SPACE ? (void *)&selected_tasks : (void *)&selected_blocks, &cgroup);
}
