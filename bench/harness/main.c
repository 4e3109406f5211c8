// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "harness.h"

#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <stdlib.h>

static const struct command {
	const char *name;
	int (*run)(int count, char **arguments);
} commands[] = {
	{"paired", paired},
	{"whole", whole},
	{"flood", flood},
	{"startup", startup},
	{"statistics", statistics},
	{"rate", rate},
};

int main(int count, char **arguments)
{
	libbpf_set_print(NULL);
	srandom(time(NULL));
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (count > 1 && !strcmp(arguments[1], "ready"))
		return be_ready();
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (count > 1 && !strcmp(arguments[1], commands[i].name))
			return commands[i].run(count - 2, arguments + 2);
	}
	fail("usage: harness paired|whole|flood|startup|statistics|rate|ready ...");
}
