// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "harness.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("harness: ", stderr);
	vfprintf(stderr, format, arguments);
	fprintf(stderr, errno ? " (%s)\n" : "\n", strerror(errno));
	va_end(arguments);
	exit(1);
}

int64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

void sleep_ms(int milliseconds)
{
	usleep(milliseconds * 1000);
}

static int ascending(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

double quantile(double *values, int count, double quantile)
{
	double at = quantile * (count - 1);
	int below = at;

	qsort(values, count, sizeof(*values), ascending);
	if (below + 1 >= count)
		return values[count - 1];
	return values[below] + (at - below) * (values[below + 1] - values[below]);
}

void shuffle(int *order, int count)
{
	for (int i = 0; i < count; i++) {
		int other = random() % (i + 1);

		order[i] = order[other];
		order[other] = i;
	}
}

int last_cpu(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) - 1;
}

void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (int i = 0; i <= last_cpu(); i++) {
		if (cpu < 0 || i == cpu)
			CPU_SET(i, &set);
	}
	sched_setaffinity(0, sizeof(set), &set);
}

/* A CPU that has nothing to do sleeps, and waking it takes longer and varies more than an fsync of memory does, most of all in
 * a virtual machine. So each is given something to do that anybody else comes before. */
void keep_cpus_awake(void)
{
	struct sched_param none = {0};

	for (int cpu = 0; cpu <= last_cpu(); cpu++) {
		if (fork())
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pin(cpu);
		if (sched_setscheduler(0, SCHED_IDLE, &none))
			_exit(1);
		for (;;)
			;
	}
}

void enter_cgroup(const char *directory)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/cgroup.procs", directory);
	file = fopen(path, "w");
	if (!file || fprintf(file, "0") < 0 || fclose(file))
		fail("cannot enter %s", path);
}
