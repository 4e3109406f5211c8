// SPDX-License-Identifier: GPL-2.0
#define _GNU_SOURCE
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SPACE = 1 << 20, PATIENCE_MS = 30000, REPEAT_MS = 2000 };

#define READY "bench: ready\n"

int be_ready(void)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (write(STDOUT_FILENO, READY, strlen(READY)) < 0)
		return 1;
	pause();
	return 0;
}

static void run(const char *command, int output)
{
	char line[8192];

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGINT, SIG_DFL); /* a shell's background job ignores it */
	pin(-1);
	dup2(output, STDOUT_FILENO);
	snprintf(line, sizeof(line), "exec %s", command);
	execl("/bin/sh", "sh", "-c", line, NULL);
	_exit(127);
}

static bool is_ready(const char *text)
{
	return strstr(text, READY) || strstr(text, "{\"type\":\"start\"") || strstr(text, "Hit Ctrl-C to end");
}

static void read_some(struct tracer *tracer)
{
	ssize_t got = read(tracer->output, tracer->text + tracer->length, SPACE - 1 - tracer->length);

	if (got <= 0)
		fail("the tracer ended before it was ready");
	tracer->length += got;
	tracer->text[tracer->length] = 0;
}

double cpu_ms(pid_t pid)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &time))
		return 0;
	return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

double resident_mib(pid_t pid)
{
	char path[64], line[256];
	long kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "VmRSS: %ld", &kib);
	if (file)
		fclose(file);
	return kib / 1024.0;
}

struct tracer start_tracer(const char *command)
{
	struct tracer tracer = {.text = calloc(1, SPACE)};
	struct pollfd wait;
	int64_t start;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		fail("pipe");
	fcntl(ends[1], F_SETPIPE_SZ, SPACE);
	start = now_ns();
	tracer.pid = fork();
	if (!tracer.pid)
		run(command, ends[1]);
	close(ends[1]);
	tracer.output = ends[0];
	wait = (struct pollfd){.fd = tracer.output, .events = POLLIN};
	while (!is_ready(tracer.text)) {
		if (poll(&wait, 1, PATIENCE_MS) <= 0)
			fail("not ready in time: %s", command);
		read_some(&tracer);
	}
	tracer.start_wall_ms = (now_ns() - start) / 1e6;
	tracer.start_cpu_ms = cpu_ms(tracer.pid);
	errno = 0;
	return tracer;
}

void stop_tracer(struct tracer *tracer, int signal)
{
	struct pollfd wait = {.fd = tracer->output, .events = POLLIN};
	int64_t patience = now_ns() + PATIENCE_MS * 1000000LL;
	ssize_t got = 1;

	kill(tracer->pid, signal);
	while (got > 0) {
		/* A signal between two stages of a tracer's start can get lost: repeat it. */
		if (poll(&wait, 1, REPEAT_MS) == 0) {
			kill(tracer->pid, now_ns() < patience ? signal : SIGKILL);
			continue;
		}
		got = read(tracer->output, tracer->text + tracer->length, SPACE - 1 - tracer->length);
		if (got > 0)
			tracer->length += got;
	}
	tracer->text[tracer->length] = 0;
	close(tracer->output);
	waitpid(tracer->pid, NULL, 0);
	errno = 0;
}
