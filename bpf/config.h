/* SPDX-License-Identifier: GPL-2.0 */
/* Set by user space before load. Read-only, so the verifier removes what a run does not need. */
#pragma once

const volatile bool trace_write;
const volatile bool trace_fsync;
const volatile bool trace_waits;	/* take apart what operations wait for */
const volatile bool select_containers;	/* only cgroups in the selection; otherwise everything */
const volatile u64 slow_ns = ~0ULL;	/* details of operations that took at least this long */
const volatile u32 lane_mask = 255;	/* records per lane - 1 */
const volatile u32 ring_mask;		/* rings - 1 */
const volatile bool request_times;	/* time requests ourselves: the queue's statistics are off */
const volatile u32 request_argument;	/* which argument of block_rq_insert/issue is the request */
/* Bits of request->rq_flags, which have moved. Counted: the queue's statistics were on when it was made, so that its
 * start time is its own, and not left from an earlier use. */
const volatile u32 flush_sequence;
const volatile u32 counted;
