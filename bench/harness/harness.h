/* SPDX-License-Identifier: GPL-2.0 */
/* Measures what tracing adds to system calls. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { MOST_VARIANTS = 16, MOST_ROUNDS = 1000 };

/* common.c */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
int64_t now_ns(void);
void sleep_ms(int milliseconds);
double quantile(double *values, int count, double quantile);	/* sorts them */
void shuffle(int *order, int count);
void pin(int cpu);		/* -1: all CPUs */
int last_cpu(void);
void keep_cpus_awake(void);	/* until this process ends */
void enter_cgroup(const char *directory);

/* workload.c: calls that are timed, in batches. A sample is the median of a few batches: being preempted in one of them
 * does no harm. */
struct workload {
	int file;
	const struct call *call;
};

/* write: 1 byte. cold: the same with nothing in the caches. fsync: 4 KiB appended and an fsync. sync: an fsync with
 * nothing to do. direct: 4 KiB past the page cache. getppid: a system call that nobody traces. */
struct workload open_workload(const char *kind, const char *directory);
bool sleeps(const struct workload *workload);	/* until somebody else has done something */
void rewind_workload(const struct workload *workload);
void make_call(const struct workload *workload);
int calls_in_batch(const struct workload *workload);
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

double cpu_ms(pid_t pid);	/* of all its threads so far */
double resident_mib(pid_t pid);

struct tracer start_tracer(const char *command);
void stop_tracer(struct tracer *tracer, int signal);	/* waits; all output is in text then */
int be_ready(void);					/* says that the tracer that started us is ready */

/* programs.c: BPF programs that can be attached for one sample and detached again. */
struct programs;

/* Takes over the programs of a tracer, which may end then. */
struct programs *adopt_programs(const struct tracer *tracer);
/* Loads the programs of an object with this part in their names. */
struct programs *load_programs(const char *object, const char *part);
uint64_t run_time(const struct programs *programs);	/* ns since they were loaded, while the kernel keeps statistics */
void attach(struct programs *programs);
void detach(struct programs *programs);
/* Empties lanes and rings from now on, on the other CPUs, as the tracer's own reader would. */
void drain_in_background(struct programs **all, int count);

/* paired.c: what takes turns in being measured. NAME=COMMAND: the programs of that tracer. NAME@OBJECT:PART: an object
 * file's programs with that part in their names. */
struct variant {
	const char *name;
	struct programs *programs;	/* NULL: off */
	double sample[MOST_ROUNDS];
};

void prepare(struct variant *variant, char *text);
void print_quartiles(const char *title, const char *name, double *values, int count);	/* sorts them */

/* The commands. */
int paired(int count, char **arguments);
int whole(int count, char **arguments);
int flood(int count, char **arguments);
int startup(int count, char **arguments);
int statistics(int count, char **arguments);
int rate(int count, char **arguments);
