/* SPDX-License-Identifier: GPL-2.0 */
/* Measures what tracing adds to system calls. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* common.c */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
int64_t now_ns(void);
void sleep_ms(int milliseconds);
double quantile(double *values, int count, double quantile);	/* sorts them */
void shuffle(int *order, int count);
void pin(int cpu);		/* -1: all CPUs */
int last_cpu(void);
void enter_cgroup(const char *directory);

/* workload.c: calls that are timed, in batches. A sample is the median of a few batches: being preempted in one of them
 * does no harm. */
struct workload {
	int file;
	bool fsync;	/* a call is 4 KiB appended and an fsync, instead of 1 byte written */
	int batch;	/* calls */
	int batches;	/* in a sample */
};

struct workload open_workload(const char *kind, const char *directory);
void rewind_workload(const struct workload *workload);
double time_batch(const struct workload *workload);			/* ns per call */
double sample(const struct workload *workload);				/* ns per call, after a warm-up */
double sample_for(const struct workload *workload, int milliseconds);	/* ns per call: median of samples */

/* tracer.c: a tracer as a user runs it. It is ready when it prints a line that says so. */
struct tracer {
	pid_t pid;
	int output;
	char *text;		/* what it has printed */
	size_t length;
	double start_wall_ms;	/* from exec to ready */
	double start_cpu_ms;
};

struct tracer start_tracer(const char *command);
void stop_tracer(struct tracer *tracer, int signal);	/* waits; all output is in text then */
int be_ready(void);					/* says that the tracer that started us is ready */

/* programs.c: BPF programs that can be attached for one sample and detached again. */
struct programs;

/* Takes over the programs of a tracer, which may end then. */
struct programs *adopt_programs(const struct tracer *tracer);
/* Loads the programs of an object with this part in their names. */
struct programs *load_programs(const char *object, const char *part);
void attach(struct programs *programs);
void detach(struct programs *programs);
/* Empties lanes and rings from now on, on the other CPUs, as the tracer's own reader would. */
void drain_in_background(struct programs **all, int count);

/* The commands. */
int paired(int count, char **arguments);
int whole(int count, char **arguments);
int flood(int count, char **arguments);
int startup(int count, char **arguments);
