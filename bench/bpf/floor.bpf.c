// SPDX-License-Identifier: GPL-2.0
/* What no tracer on these tracepoints can go below: programs that do nothing, and programs that read the clock. */
#define __VMLINUX_H__
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("tp_btf/sys_enter")
int BPF_PROG(empty_enter)
{
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(empty_exit)
{
	return 0;
}

u64 last;

SEC("tp_btf/sys_enter")
int BPF_PROG(clock_enter)
{
	last = bpf_ktime_get_ns();
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(clock_exit)
{
	last = bpf_ktime_get_ns();
	return 0;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(request_nothing)
{
	return 0;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(request_times)
{
	last = bpf_ktime_get_ns();
	last = bpf_ktime_get_ns();
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(sleep_nothing_switch)
{
	return 0;
}

SEC("tp_btf/sched_waking")
int BPF_PROG(sleep_nothing_waking)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
