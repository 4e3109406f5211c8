// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "harness.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MOST = 64, LANE_TAIL = 64, DRAIN_MS = 2, SETTLE_MS = 5 };

struct program {
	int descriptor;
	struct bpf_prog_info info;
	int link;		/* while attached */
};

/* Memory in which one side says how far it has written and the other how far it has read. */
struct channel {
	uint64_t *written;
	uint64_t *read;
};

struct programs {
	struct program program[MOST];
	int count;
	struct channel channel[MOST];
	int channels;
};

static void *map_memory(int descriptor, size_t size, off_t offset, int protection)
{
	void *memory = mmap(NULL, size, protection, MAP_SHARED, descriptor, offset);

	if (memory == MAP_FAILED)
		fail("cannot map a BPF map");
	return memory;
}

static void add_lanes(struct programs *programs, int descriptor, const struct bpf_map_info *info)
{
	size_t lane = info->value_size, page = getpagesize();
	char *memory = map_memory(descriptor, (lane * info->max_entries + page - 1) / page * page, 0,
				  PROT_READ | PROT_WRITE);

	for (uint32_t cpu = 0; cpu < info->max_entries && programs->channels < MOST; cpu++, memory += lane)
		programs->channel[programs->channels++] = (struct channel){(void *)memory, (void *)(memory + LANE_TAIL)};
}

static void add_rings(struct programs *programs, int descriptor, const struct bpf_map_info *info)
{
	size_t page = getpagesize();

	for (uint32_t i = 0; i < info->max_entries && programs->channels < MOST; i++) {
		uint32_t id;
		int ring;

		if (bpf_map_lookup_elem(descriptor, &i, &id))
			continue;
		ring = bpf_map_get_fd_by_id(id);
		programs->channel[programs->channels++] = (struct channel){
			.read = map_memory(ring, page, 0, PROT_READ | PROT_WRITE),
			.written = map_memory(ring, page, page, PROT_READ),
		};
		close(ring);
	}
}

/* The maps through which writescope's programs send, if the program has them. */
static void find_channels(struct programs *programs, int program)
{
	uint32_t ids[MOST], size;
	struct bpf_prog_info info = {.nr_map_ids = MOST, .map_ids = (uintptr_t)ids};

	size = sizeof(info);
	if (bpf_obj_get_info_by_fd(program, &info, &size))
		fail("cannot look at a program");
	for (uint32_t i = 0; i < info.nr_map_ids && i < MOST; i++) {
		int map = bpf_map_get_fd_by_id(ids[i]);
		struct bpf_map_info about = {0};

		size = sizeof(about);
		if (map < 0 || bpf_obj_get_info_by_fd(map, &about, &size))
			fail("cannot look at a map");
		if (!strcmp(about.name, "lanes"))
			add_lanes(programs, map, &about);
		else if (!strcmp(about.name, "rings"))
			add_rings(programs, map, &about);
		close(map);
	}
}

static void add_program(struct programs *programs, int descriptor)
{
	struct program *program = &programs->program[programs->count];
	uint32_t size = sizeof(program->info);

	if (programs->count == MOST || descriptor < 0 || bpf_obj_get_info_by_fd(descriptor, &program->info, &size))
		fail("cannot take a program over");
	program->descriptor = descriptor;
	programs->count++;
	if (!programs->channels)
		find_channels(programs, descriptor);
}

static bool has_program(const struct programs *programs, uint32_t id)
{
	for (int i = 0; i < programs->count; i++) {
		if (programs->program[i].info.id == id)
			return true;
	}
	return false;
}

/* The id of the program behind a descriptor of a process; 0: it is none. */
static uint32_t program_id(pid_t pid, const char *descriptor)
{
	char path[512], line[256];
	uint32_t id = 0, value;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", pid, descriptor);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "prog_id: %u", &value) == 1)
			id = value;
	}
	if (file)
		fclose(file);
	return id;
}

struct programs *adopt_programs(const struct tracer *tracer)
{
	struct programs *programs = calloc(1, sizeof(*programs));
	struct dirent *entry;
	char path[64];
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", tracer->pid);
	directory = opendir(path);
	while (directory && (entry = readdir(directory))) {
		uint32_t id = program_id(tracer->pid, entry->d_name);

		if (id && !has_program(programs, id))
			add_program(programs, bpf_prog_get_fd_by_id(id));
	}
	if (directory)
		closedir(directory);
	if (!programs->count)
		fail("the tracer has no programs");
	errno = 0;
	return programs;
}

struct programs *load_programs(const char *object, const char *part)
{
	struct programs *programs = calloc(1, sizeof(*programs));
	struct bpf_object *opened = bpf_object__open(object);
	struct bpf_program *program;
	struct bpf_map *lanes;

	if (!opened)
		fail("cannot open %s", object);
	bpf_object__for_each_program(program, opened)
		bpf_program__set_autoload(program, !!strstr(bpf_program__name(program), part));
	lanes = bpf_object__find_map_by_name(opened, "lanes");
	if (lanes)
		bpf_map__set_max_entries(lanes, libbpf_num_possible_cpus());
	if (bpf_object__load(opened))
		fail("cannot load %s", object);
	bpf_object__for_each_program(program, opened) {
		if (bpf_program__fd(program) >= 0)
			add_program(programs, bpf_program__fd(program));
	}
	errno = 0;
	return programs;
}

/* By the name of its program, which the kernel cuts at 15 characters. */
static long tracepoint_id(const char *name)
{
	char pattern[256];
	glob_t found;
	long id = -1;
	FILE *file;

	snprintf(pattern, sizeof(pattern), "/sys/kernel/tracing/events/{syscalls,block}/%s%s/id", name,
		 strlen(name) == BPF_OBJ_NAME_LEN - 1 ? "*" : "");
	if (glob(pattern, GLOB_BRACE, NULL, &found))
		fail("no tracepoint %s", name);
	file = fopen(found.gl_pathv[0], "r");
	globfree(&found);
	if (!file || fscanf(file, "%ld", &id) != 1)
		fail("no tracepoint %s", name);
	fclose(file);
	return id;
}

static int attach_tracepoint(const struct program *program)
{
	struct perf_event_attr event = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(event),
		.config = tracepoint_id(program->info.name),
		.sample_period = 1,
		.wakeup_events = 1,
	};
	int descriptor = syscall(SYS_perf_event_open, &event, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	if (descriptor < 0 || ioctl(descriptor, PERF_EVENT_IOC_SET_BPF, program->descriptor) ||
	    ioctl(descriptor, PERF_EVENT_IOC_ENABLE, 0))
		fail("cannot attach %s", program->info.name);
	return descriptor;
}

void attach(struct programs *programs)
{
	for (int i = 0; i < programs->count; i++) {
		struct program *program = &programs->program[i];

		switch (program->info.type) {
		case BPF_PROG_TYPE_TRACING:
			program->link = bpf_raw_tracepoint_open(NULL, program->descriptor);
			break;
		case BPF_PROG_TYPE_TRACEPOINT:
			program->link = attach_tracepoint(program);
			break;
		default:
			fail("programs of type %u cannot be measured one by one", program->info.type);
		}
		if (program->link < 0)
			fail("cannot attach %s", program->info.name);
	}
	sleep_ms(SETTLE_MS);
}

uint64_t run_time(const struct programs *programs)
{
	uint64_t sum = 0;

	for (int i = 0; i < programs->count; i++) {
		struct bpf_prog_info info = {0};
		uint32_t size = sizeof(info);

		if (bpf_obj_get_info_by_fd(programs->program[i].descriptor, &info, &size))
			fail("cannot look at a program");
		sum += info.run_time_ns;
	}
	return sum;
}

void detach(struct programs *programs)
{
	for (int i = 0; i < programs->count; i++)
		close(programs->program[i].link);
	sleep_ms(SETTLE_MS);
}

struct drained {
	struct programs **all;
	int count;
};

static void *drain(void *argument)
{
	struct drained *drained = argument;

	pin(last_cpu() ? last_cpu() - 1 : 0);
	for (;;) {
		for (int i = 0; i < drained->count; i++) {
			struct programs *programs = drained->all[i];

			for (int c = 0; programs && c < programs->channels; c++) {
				struct channel channel = programs->channel[c];

				__atomic_store_n(channel.read, __atomic_load_n(channel.written, __ATOMIC_ACQUIRE),
						 __ATOMIC_RELEASE);
			}
		}
		sleep_ms(DRAIN_MS);
	}
	return NULL;
}

void drain_in_background(struct programs **all, int count)
{
	struct drained *drained = malloc(sizeof(*drained));
	pthread_t thread;

	*drained = (struct drained){all, count};
	if (pthread_create(&thread, NULL, drain, drained))
		fail("cannot start a thread");
}
