// SPDX-License-Identifier: GPL-2.0
/* What programs add to a call, measured in one process: attached for one sample, detached for the next, in random
 * order. A tracer's own programs are used, taken over from the tracer as a user starts it. What its process does while
 * it reads the results is not in these figures; see whole.c. */
#define _GNU_SOURCE
#include "harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void prepare(struct variant *variant, char *text)
{
	char *rest = strpbrk(text, "=@"), kind;

	if (!rest)
		fail("not a variant: %s", text);
	kind = *rest;
	*rest++ = 0;
	variant->name = text;
	if (kind == '=') {
		struct tracer tracer = start_tracer(rest);

		sleep_ms(300);		/* selections are filled in by then */
		variant->programs = adopt_programs(&tracer);
		stop_tracer(&tracer, SIGINT);
	} else {
		char *part = strchr(rest, ':');

		if (!part)
			fail("not an object and a part of names: %s", rest);
		*part++ = 0;
		variant->programs = load_programs(rest, part);
	}
}

void print_quartiles(const char *title, const char *name, double *values, int count)
{
	double middle = quantile(values, count, 0.5);

	printf("%s.%s\t%.1f\t%.1f\t%.1f\n", title, name, middle, quantile(values, count, 0.25),
	       quantile(values, count, 0.75));
}

static void report(const char *title, struct variant *variants, int count, int rounds)
{
	double values[MOST_ROUNDS];

	for (int v = 1; v < count; v++) {
		for (int r = 0; r < rounds; r++) {
			double off = (variants[0].sample[r] + variants[1].sample[r]) / 2;

			values[r] = v == 1 ? variants[1].sample[r] - variants[0].sample[r] : variants[v].sample[r] - off;
		}
		print_quartiles(title, variants[v].name, values, rounds);
	}
	print_quartiles(title, "base", variants[0].sample, rounds);
}

/* paired TITLE WORKLOAD DIRECTORY CGROUP|- ROUNDS VARIANT… */
int paired(int count, char **arguments)
{
	static struct variant variants[MOST_VARIANTS] = {{.name = "off"}, {.name = "null"}};
	struct programs *programs[MOST_VARIANTS] = {NULL};
	int order[MOST_VARIANTS], used = 2, rounds;
	struct workload workload;

	if (count < 6 || count - 5 > MOST_VARIANTS - 2)
		fail("usage: paired TITLE WORKLOAD DIRECTORY CGROUP|- ROUNDS VARIANT...");
	rounds = atoi(arguments[4]);
	if (rounds < 1 || rounds > MOST_ROUNDS)
		fail("1 to %d rounds", MOST_ROUNDS);
	for (int i = 5; i < count; i++, used++) {
		prepare(&variants[used], arguments[i]);
		programs[used] = variants[used].programs;
	}
	drain_in_background(programs, used);
	if (strcmp(arguments[3], "-"))
		enter_cgroup(arguments[3]);
	workload = open_workload(arguments[1], arguments[2]);
	if (sleeps(&workload))
		keep_cpus_awake();
	pin(last_cpu());
	for (int round = 0; round < rounds; round++) {
		shuffle(order, used);
		for (int i = 0; i < used; i++) {
			struct variant *variant = &variants[order[i]];

			if (variant->programs)
				attach(variant->programs);
			variant->sample[round] = sample(&workload);
			if (variant->programs)
				detach(variant->programs);
		}
	}
	report(arguments[0], variants, used, rounds);
	return 0;
}
