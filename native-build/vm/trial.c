// Says which BPF program and map kinds this kernel takes: trial DIRECTORY [KIND:TARGET]...
// Every program kind is loaded and attached for real, counts its hits in a map, and is hit by a write and an fsync of
// a file in DIRECTORY. A kind works only when it has counted something. Exit code 0 whatever the kernel refuses.
// With KIND:TARGET, as in fentry:vfs_write, only those are tried.
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum how { BTF_ID, RAW_TP, PERF_TRACEPOINT, PERF_KPROBE, LINK_MULTI };

struct kind {
    const char *name;
    enum bpf_prog_type program;
    const char *attach_type; // enumerator of bpf_attach_type, looked up in the kernel's own BTF
    enum how how;
    bool returns;
};

static const struct kind KINDS[] = {
    {"fentry", BPF_PROG_TYPE_TRACING, "BPF_TRACE_FENTRY", BTF_ID, false},
    {"fexit", BPF_PROG_TYPE_TRACING, "BPF_TRACE_FEXIT", BTF_ID, false},
    {"fsession", BPF_PROG_TYPE_TRACING, "BPF_TRACE_FSESSION", BTF_ID, false},
    {"kprobe", BPF_PROG_TYPE_KPROBE, NULL, PERF_KPROBE, false},
    {"kretprobe", BPF_PROG_TYPE_KPROBE, NULL, PERF_KPROBE, true},
    {"kprobe.multi", BPF_PROG_TYPE_KPROBE, "BPF_TRACE_KPROBE_MULTI", LINK_MULTI, false},
    {"kprobe.session", BPF_PROG_TYPE_KPROBE, "BPF_TRACE_KPROBE_SESSION", LINK_MULTI, false},
    {"tp_btf", BPF_PROG_TYPE_TRACING, "BPF_TRACE_RAW_TP", BTF_ID, false},
    {"raw_tp", BPF_PROG_TYPE_RAW_TRACEPOINT, NULL, RAW_TP, false},
    {"tracepoint", BPF_PROG_TYPE_TRACEPOINT, NULL, PERF_TRACEPOINT, false},
};

// The function behind fsync(2) may be inlined into its caller: then the probe attaches and is silent.
static const char *const TRIALS[] = {
    "fentry:vfs_write",
    "fexit:vfs_write",
    "fsession:vfs_write",
    "kprobe:vfs_write",
    "kretprobe:vfs_write",
    "kprobe.multi:vfs_write",
    "kprobe.session:vfs_write",
    "fentry:vfs_fsync_range",
    "kprobe:vfs_fsync_range",
    "fentry:do_fsync",
    "fentry:__x64_sys_fsync",
    "tp_btf:sys_enter",
    "tp_btf:sys_exit",
    "tp_btf:block_rq_complete",
    "tp_btf:ext4_sync_file_enter",
    "tp_btf:jbd2_end_commit",
    "raw_tp:sys_enter",
    "raw_tp:block_rq_complete",
    "tracepoint:syscalls/sys_enter_pwrite64",
    "tracepoint:block/block_rq_complete",
};

struct trial {
    const struct kind *kind;
    const char *target;
};

static struct btf *vmlinux;

static int attach_type(const char *enumerator) {
    int id = btf__find_by_name_kind(vmlinux, "bpf_attach_type", BTF_KIND_ENUM);
    if (id < 0)
        return -ENOENT;
    const struct btf_type *type = btf__type_by_id(vmlinux, id);
    for (int i = 0; i < btf_vlen(type); i++)
        if (!strcmp(btf__name_by_offset(vmlinux, btf_enum(type)[i].name_off), enumerator))
            return btf_enum(type)[i].val;
    return -ENOENT;
}

static int load(const struct trial *trial, int attach, int counter) {
    LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach);
    // r1 = &counter; r2 = 1; lock *(u64 *)r1 += r2; return 0
    struct bpf_insn program[] = {
        {.code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1, .src_reg = BPF_PSEUDO_MAP_VALUE, .imm = counter},
        {0},
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = 1},
        {.code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = 1, .src_reg = 2, .imm = BPF_ADD},
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0},
        {.code = BPF_JMP | BPF_EXIT},
    };
    if (trial->kind->how == BTF_ID) {
        int lookup = attach == BPF_TRACE_RAW_TP ? BPF_TRACE_RAW_TP : BPF_TRACE_FENTRY;
        int id = libbpf_find_vmlinux_btf_id(trial->target, lookup);
        if (id < 0)
            return id;
        options.attach_btf_id = id;
    }
    return bpf_prog_load(trial->kind->program, "trial", "GPL", program, sizeof program / sizeof *program, &options);
}

static long number_in(const char *path) {
    char text[32] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    return length > 0 ? strtol(text, NULL, 10) : -EIO;
}

static int attach_perf(const struct trial *trial, int program) {
    struct perf_event_attr event = {.size = sizeof event};
    char path[256];
    long number;
    if (trial->kind->how == PERF_KPROBE) {
        number = number_in("/sys/bus/event_source/devices/kprobe/type");
        event.type = number;
        event.config = trial->kind->returns;
        event.kprobe_func = (unsigned long)trial->target;
    } else {
        snprintf(path, sizeof path, "/sys/kernel/tracing/events/%s/id", trial->target);
        number = number_in(path);
        event.type = PERF_TYPE_TRACEPOINT;
        event.config = number;
    }
    if (number < 0)
        return number;
    // A BPF program behind a perf event runs on every processor, whichever the event names.
    int fd = syscall(SYS_perf_event_open, &event, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (ioctl(fd, PERF_EVENT_IOC_SET_BPF, program) || ioctl(fd, PERF_EVENT_IOC_ENABLE, 0)) {
        int error = -errno;
        close(fd);
        return error;
    }
    return fd;
}

static int attach(const struct trial *trial, int program, int attach_type) {
    switch (trial->kind->how) {
    case BTF_ID:
        return bpf_raw_tracepoint_open(NULL, program);
    case RAW_TP:
        return bpf_raw_tracepoint_open(trial->target, program);
    case LINK_MULTI: {
        // Not through libbpf, which refuses attach types newer than itself.
        union bpf_attr link = {.link_create = {.prog_fd = program,
                                               .attach_type = attach_type,
                                               .kprobe_multi = {.cnt = 1, .syms = (unsigned long)&trial->target}}};
        int fd = syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof link);
        return fd < 0 ? -errno : fd;
    }
    default:
        return attach_perf(trial, program);
    }
}

static void write_and_sync(const char *directory) {
    char path[4096];
    snprintf(path, sizeof path, "%s/trial.data", directory);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || pwrite(fd, path, sizeof path, 0) != sizeof path || fsync(fd)) {
        perror(path);
        exit(1);
    }
    close(fd);
    unlink(path);
}

static void row(const struct trial *trial, const char *verdict, int error, unsigned long long hits) {
    printf("%-15s %-28s %-14s", trial->kind->name, trial->target, verdict);
    if (error < 0)
        printf(" %s\n", strerror(-error));
    else
        printf(" %llu hits\n", hits);
}

static void run(const struct trial *trial, const char *directory) {
    int type = trial->kind->attach_type ? attach_type(trial->kind->attach_type) : 0;
    if (type < 0)
        return row(trial, "unknown", type, 0);
    LIBBPF_OPTS(bpf_map_create_opts, options);
    int counter = bpf_map_create(BPF_MAP_TYPE_ARRAY, "hits", sizeof(int), sizeof(long long), 1, &options);
    if (counter < 0)
        return row(trial, "no map", counter, 0);
    int program = load(trial, type, counter);
    if (program < 0) {
        row(trial, "not loaded", program, 0);
    } else {
        int link = attach(trial, program, type);
        if (link < 0) {
            row(trial, "not attached", link, 0);
        } else {
            int zero = 0;
            unsigned long long hits = 0;
            write_and_sync(directory);
            bpf_map_lookup_elem(counter, &zero, &hits);
            row(trial, hits ? "works" : "silent", 0, hits);
            close(link);
        }
        close(program);
    }
    close(counter);
}

static bool parse(const char *text, struct trial *trial) {
    const char *colon = strchr(text, ':');
    for (size_t i = 0; colon && i < sizeof KINDS / sizeof *KINDS; i++) {
        size_t length = colon - text;
        if (strlen(KINDS[i].name) == length && !memcmp(KINDS[i].name, text, length)) {
            *trial = (struct trial){&KINDS[i], colon + 1};
            return true;
        }
    }
    fprintf(stderr, "trial: %s is not KIND:TARGET\n", text);
    return false;
}

static void feature(const char *name, int result) {
    printf("%-44s %-14s %s\n", name, result >= 0 ? "works" : "refused", result >= 0 ? "" : strerror(-result));
}

// A map that stores values beside an object needs BTF for them; the probes of libbpf know how.
static void map_kind(const char *name, enum bpf_map_type type) {
    int result = libbpf_probe_bpf_map_type(type, NULL);
    feature(name, result == 1 ? 0 : result == 0 ? -EINVAL : result);
}

static void helper(const char *name, enum bpf_prog_type program, enum bpf_func_id id) {
    int result = libbpf_probe_bpf_helper(program, id, NULL);
    feature(name, result == 1 ? 0 : result == 0 ? -EINVAL : result);
}

static void features(void) {
    map_kind("map: ring buffer", BPF_MAP_TYPE_RINGBUF);
    map_kind("map: task storage", BPF_MAP_TYPE_TASK_STORAGE);
    map_kind("map: cgroup storage", 32 /* BPF_MAP_TYPE_CGRP_STORAGE */);
    helper("helper: bpf_get_current_task_btf", BPF_PROG_TYPE_KPROBE, BPF_FUNC_get_current_task_btf);
    helper("helper: bpf_get_current_cgroup_id", BPF_PROG_TYPE_KPROBE, BPF_FUNC_get_current_cgroup_id);
    helper("helper: bpf_current_task_under_cgroup", BPF_PROG_TYPE_KPROBE, BPF_FUNC_current_task_under_cgroup);
    helper("helper: bpf_get_attach_cookie", BPF_PROG_TYPE_KPROBE, BPF_FUNC_get_attach_cookie);
    helper("helper: bpf_loop", BPF_PROG_TYPE_KPROBE, BPF_FUNC_loop);
    helper("helper: bpf_probe_read_kernel", BPF_PROG_TYPE_KPROBE, BPF_FUNC_probe_read_kernel);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: trial DIRECTORY [KIND:TARGET]...\n");
        return 2;
    }
    libbpf_set_print(NULL);
    vmlinux = btf__load_vmlinux_btf();
    if (!vmlinux) {
        printf("BTF of the kernel: %s\n", strerror(errno));
        return 0;
    }
    const char *const *trials = argc > 2 ? (const char *const *)argv + 2 : TRIALS;
    size_t count = argc > 2 ? (size_t)argc - 2 : sizeof TRIALS / sizeof *TRIALS;
    for (size_t i = 0; i < count; i++) {
        struct trial trial;
        if (!parse(trials[i], &trial))
            return 2;
        run(&trial, argv[1]);
    }
    if (argc == 2)
        features();
    return 0;
}
