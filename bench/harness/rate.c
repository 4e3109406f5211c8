// SPDX-License-Identifier: GPL-2.0
/* What the tracer's own process takes at a given number of events a second: CPU time and resident memory. */
#define _GNU_SOURCE
#include "harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TICK_NS = 1000 * 1000, WARM_MS = 2000 };

/* In each millisecond the calls that are due; what cannot be kept up with is not made up for. */
static void call_at_rate(const char *kind, const char *directory, int cpu, double per_second, uint64_t *calls)
{
	struct workload workload = open_workload(kind, directory);
	double due = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(cpu);
	rewind_workload(&workload);
	for (int64_t tick = now_ns();; tick += TICK_NS) {
		int64_t now = now_ns();

		if (now < tick)
			usleep((tick - now) / 1000);
		else if (now > tick + TICK_NS)
			tick = now;
		for (due += per_second * TICK_NS / 1e9; due >= 1; due--, ++*calls)
			make_call(&workload);
	}
}

/* rate TITLE WORKLOAD DIRECTORY SECONDS PER-SECOND COMMAND */
int rate(int count, char **arguments)
{
	int writers = last_cpu() + 1, seconds;
	double per_second, cpu, made = 0;
	struct tracer tracer;
	uint64_t *calls;
	pid_t *pids;
	int64_t start;

	if (count != 6)
		fail("usage: rate TITLE WORKLOAD DIRECTORY SECONDS PER-SECOND COMMAND");
	seconds = atoi(arguments[3]);
	per_second = atof(arguments[4]);
	calls = mmap(NULL, writers * 64, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pids = calloc(writers, sizeof(*pids));
	tracer = start_tracer(arguments[5]);
	for (int i = 0; i < writers; i++) {
		pids[i] = fork();
		if (!pids[i])
			call_at_rate(arguments[1], arguments[2], i, per_second / writers, calls + 8 * i);
	}
	sleep_ms(WARM_MS);
	for (int i = 0; i < writers; i++)
		made -= calls[8 * i];
	cpu = cpu_ms(tracer.pid);
	start = now_ns();
	sleep_ms(1000 * seconds);
	for (int i = 0; i < writers; i++)
		made += calls[8 * i];
	cpu = (cpu_ms(tracer.pid) - cpu) / ((now_ns() - start) / 1e6);
	printf("%s.made\t%.0f\n%s.cpu\t%.2f\n%s.rss\t%.0f\n", arguments[0], made / ((now_ns() - start) / 1e9), arguments[0],
	       100 * cpu, arguments[0], resident_mib(tracer.pid));
	for (int i = 0; i < writers; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	stop_tracer(&tracer, SIGINT);
	return 0;
}
