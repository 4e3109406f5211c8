// SPDX-License-Identifier: GPL-2.0
/* How long programs run for one call, by the kernel's own statistics, which sees them wherever they run: completions of
 * requests belong to no call that could be timed. The statistics read the clock twice for each run, and about one of
 * the two is in what they say; so it is in what they say of an empty program. */
#include "harness.h"

#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SAMPLE_NS = 20 * 1000 * 1000, LATE_MS = 2 };

static double run_time_per_call(const struct variant *variant, const struct workload *workload)
{
	uint64_t before, calls = 0;
	int64_t end;

	attach(variant->programs);
	rewind_workload(workload);
	for (int i = 0; i < 5; i++)
		time_batch(workload);
	before = run_time(variant->programs);
	for (end = now_ns() + SAMPLE_NS; now_ns() < end; calls += calls_in_batch(workload))
		time_batch(workload);
	sleep_ms(LATE_MS);	/* what the last call caused may complete later */
	before = run_time(variant->programs) - before;
	detach(variant->programs);
	return before / (double)calls;
}

/* statistics TITLE WORKLOAD DIRECTORY ROUNDS VARIANT… */
int statistics(int count, char **arguments)
{
	static struct variant variants[MOST_VARIANTS];
	struct programs *programs[MOST_VARIANTS];
	int order[MOST_VARIANTS], used = count - 4, rounds, keep;
	struct workload workload;

	if (used < 1 || used > MOST_VARIANTS)
		fail("usage: statistics TITLE WORKLOAD DIRECTORY ROUNDS VARIANT...");
	rounds = atoi(arguments[3]);
	if (rounds < 1 || rounds > MOST_ROUNDS)
		fail("1 to %d rounds", MOST_ROUNDS);
	for (int i = 0; i < used; i++) {
		prepare(&variants[i], arguments[4 + i]);
		programs[i] = variants[i].programs;
	}
	drain_in_background(programs, used);
	workload = open_workload(arguments[1], arguments[2]);
	pin(last_cpu());
	keep = bpf_enable_stats(BPF_STATS_RUN_TIME);
	if (keep < 0)
		fail("the kernel keeps no statistics");
	for (int round = 0; round < rounds; round++) {
		shuffle(order, used);
		for (int i = 0; i < used; i++)
			variants[order[i]].sample[round] = run_time_per_call(&variants[order[i]], &workload);
	}
	close(keep);
	for (int i = 0; i < used; i++)
		print_quartiles(arguments[0], variants[i].name, variants[i].sample, rounds);
	return 0;
}
