// SPDX-License-Identifier: GPL-2.0
/* All programs as one object: they share maps, and user space chooses which of them to load. */
#define __VMLINUX_H__ /* kernel.h is ours */
#include "kernel.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "events.h"
#include "read.h"
#include "config.h"
#include "select.h"
#include "place.h"
#include "output.h"
#include "frames.h"
#include "waits.h"
#include "path.h"
#include "activity.h"
#include "operation.h"
#include "sync.h"

#include "syscalls.bpf.c"
#include "fsync.bpf.c"
#include "vfs_write.bpf.c"
#include "block_rq.bpf.c"
#include "waits.bpf.c"

char LICENSE[] SEC("license") = "GPL";
