// SPDX-License-Identifier: GPL-2.0
/* Does the tracer count every call? One process per CPU writes as fast as it can and counts for itself. */
#define _GNU_SOURCE
#include "harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void write_all_the_time(const char *cgroup, const char *directory, int cpu, int64_t end, uint64_t *calls)
{
	struct workload workload;

	enter_cgroup(cgroup);
	workload = open_workload("write", directory);
	pin(cpu);
	while (now_ns() < end) {
		time_batch(&workload);
		*calls += calls_in_batch(&workload);
	}
	_exit(0);
}

static uint64_t number_after(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

/* The count of the totals' line of a container. */
static uint64_t total_of(const char *text, const char *container)
{
	uint64_t count = 0;
	char id[128];

	snprintf(id, sizeof(id), "\"container_id\":\"%s\"", container);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		size_t length;
		char *copy;

		line += *line == '\n';
		length = strcspn(line, "\n");
		copy = strndup(line, length);
		if (strstr(copy, "\"type\":\"total\"") && strstr(copy, id) && strstr(copy, "\"operation\":\"write\""))
			count += number_after(copy, "\"count\":");
		free(copy);
	}
	return count;
}

/* flood CONTAINER-ID CGROUP DIRECTORY SECONDS COMMAND: calls made, calls counted, calls lost */
int flood(int count, char **arguments)
{
	int writers = last_cpu() + 1, seconds;
	uint64_t *calls, made = 0;
	struct tracer tracer;
	const char *end_line;
	int64_t end;

	if (count != 5)
		fail("usage: flood CONTAINER-ID CGROUP DIRECTORY SECONDS COMMAND");
	seconds = atoi(arguments[3]);
	calls = mmap(NULL, writers * 64, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	tracer = start_tracer(arguments[4]);
	end = now_ns() + seconds * 1000000000LL;
	for (int i = 0; i < writers; i++) {
		if (!fork())
			write_all_the_time(arguments[1], arguments[2], i, end, calls + 8 * i);
	}
	for (int i = 0; i < writers; i++)
		wait(NULL);
	sleep_ms(100);
	stop_tracer(&tracer, SIGINT);
	for (int i = 0; i < writers; i++)
		made += calls[8 * i];
	end_line = strstr(tracer.text, "{\"type\":\"end\"");
	printf("flood.made\t%lu\n", made);
	printf("flood.counted\t%lu\n", total_of(tracer.text, arguments[0]));
	printf("flood.lost\t%lu\n", end_line ? number_after(end_line, "\"write\":") : ~0UL);
	printf("flood.rate\t%.0f\n", (double)made / seconds);
	return 0;
}
