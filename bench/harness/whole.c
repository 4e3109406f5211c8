// SPDX-License-Identifier: GPL-2.0
/* What a running tracer adds to a call, its process and all: a block of samples before it starts, one while it traces,
 * one after it has ended. Tracers take turns in random order. */
#define _GNU_SOURCE
#include "harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TRACERS = 4, WARM_MS = 1000, BLOCK_MS = 300 };

struct contestant {
	char *name;
	char *command;
	double added[MOST_ROUNDS];
};

static double with_tracer(const struct workload *workload, const char *command)
{
	struct tracer tracer = start_tracer(command);
	double on;

	sample_for(workload, WARM_MS);
	on = sample_for(workload, BLOCK_MS);
	stop_tracer(&tracer, SIGINT);
	free(tracer.text);
	return on;
}

/* whole TITLE WORKLOAD DIRECTORY ROUNDS NAME=COMMAND… */
int whole(int count, char **arguments)
{
	static struct contestant contestants[MOST_TRACERS];
	static double base[MOST_TRACERS * MOST_ROUNDS], null[MOST_TRACERS * MOST_ROUNDS];
	int used = count - 4, order[MOST_TRACERS], rounds, blocks = 0;
	struct workload workload;

	if (used < 1 || used > MOST_TRACERS)
		fail("usage: whole TITLE WORKLOAD DIRECTORY ROUNDS NAME=COMMAND...");
	rounds = atoi(arguments[3]);
	if (rounds < 1 || rounds > MOST_ROUNDS)
		fail("1 to %d rounds", MOST_ROUNDS);
	for (int i = 0; i < used; i++) {
		char *command = strchr(arguments[4 + i], '=');

		if (!command)
			fail("not a tracer: %s", arguments[4 + i]);
		*command++ = 0;
		contestants[i] = (struct contestant){.name = arguments[4 + i], .command = command};
	}
	workload = open_workload(arguments[1], arguments[2]);
	if (sleeps(&workload))
		keep_cpus_awake();
	pin(last_cpu());
	sample_for(&workload, BLOCK_MS);
	for (int round = 0; round < rounds; round++) {
		shuffle(order, used);
		for (int i = 0; i < used; i++, blocks++) {
			struct contestant *contestant = &contestants[order[i]];
			double before = sample_for(&workload, BLOCK_MS);
			double on = with_tracer(&workload, contestant->command);
			double after = sample_for(&workload, BLOCK_MS);

			base[blocks] = before;
			null[blocks] = after - before;
			contestant->added[round] = on - (before + after) / 2;
		}
	}
	for (int i = 0; i < used; i++)
		print_quartiles(arguments[0], contestants[i].name, contestants[i].added, rounds);
	print_quartiles(arguments[0], "null", null, blocks);
	print_quartiles(arguments[0], "base", base, blocks);
	return 0;
}
