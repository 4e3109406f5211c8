// SPDX-License-Identifier: GPL-2.0
/* What it costs to start a tracer until all its hooks are attached, and how much memory it holds while it traces. */
#define _GNU_SOURCE
#include "harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TRACERS = 4, LOAD_MS = 1500 };

struct start {
	double wall[MOST_ROUNDS];
	double cpu[MOST_ROUNDS];
	double resident[MOST_ROUNDS];
};

/* startup DIRECTORY ROUNDS NAME=COMMAND… */
int startup(int count, char **arguments)
{
	static struct start starts[MOST_TRACERS];
	int used = count - 2, rounds;
	struct workload workload;

	if (used < 1 || used > MOST_TRACERS)
		fail("usage: startup DIRECTORY ROUNDS NAME=COMMAND...");
	rounds = atoi(arguments[1]);
	workload = open_workload("write", arguments[0]);
	for (int round = 0; round < rounds && round < MOST_ROUNDS; round++) {
		for (int i = 0; i < used; i++) {
			struct tracer tracer = start_tracer(strchr(arguments[2 + i], '=') + 1);

			sample_for(&workload, LOAD_MS);
			starts[i].wall[round] = tracer.start_wall_ms;
			starts[i].cpu[round] = tracer.start_cpu_ms;
			starts[i].resident[round] = resident_mib(tracer.pid);
			stop_tracer(&tracer, SIGINT);
			free(tracer.text);
		}
	}
	for (int i = 0; i < used; i++) {
		*strchr(arguments[2 + i], '=') = 0;
		printf("start.%s.wall\t%.0f\n", arguments[2 + i], quantile(starts[i].wall, rounds, 0.5));
		printf("start.%s.cpu\t%.0f\n", arguments[2 + i], quantile(starts[i].cpu, rounds, 0.5));
		printf("start.%s.rss\t%.0f\n", arguments[2 + i], quantile(starts[i].resident, rounds, 0.5));
	}
	return 0;
}
