// SPDX-License-Identifier: GPL-2.0
/* Many cgroups that write, and come and go: cgroup_load CGROUPS FILES LIVE TOTAL ROUNDS PAUSE_MS
 *
 * Keeps LIVE cgroups below CGROUPS (a directory of the v2 hierarchy), each with a process that writes 512 bytes and calls
 * fsync ROUNDS times, PAUSE_MS apart, on a file of its own below FILES; then it is removed and another one made, until
 * there have been TOTAL (0: until SIGTERM, which also ends what is under way). Their names look like those of containers.
 * Prints "CGROUPS WRITES FSYNCS" made. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared {
	volatile int ended;
	long writes, fsyncs;
};

struct slot {
	pid_t pid;
	long number;
};

static struct shared *shared;
static const char *cgroups, *files;
static long rounds, pause_ms;

static void end(int signal)
{
	(void)signal;
	shared->ended = 1;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* 64 hexadecimal digits, as container runtimes call theirs. */
static void path_of(char *path, size_t size, long number)
{
	snprintf(path, size, "%s/%064lx", cgroups, 0x5ca1ab1e00000000 + number);
}

static void rest(long milliseconds)
{
	struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};

	if (milliseconds)
		nanosleep(&time, NULL);
}

static void work(long slot, long number)
{
	static char data[512];
	char path[4096];
	int fd;

	path_of(path, sizeof(path), number);
	strcat(path, "/cgroup.procs");
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		fail(path);
	close(fd);
	snprintf(path, sizeof(path), "%s/%ld", files, slot);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	if (fd < 0)
		fail(path);
	for (long i = 0; i < rounds && !shared->ended; i++) {
		if (pwrite(fd, data, sizeof(data), 0) != sizeof(data))
			fail("write");
		__sync_fetch_and_add(&shared->writes, 1);
		if (fsync(fd))
			fail("fsync");
		__sync_fetch_and_add(&shared->fsyncs, 1);
		rest(pause_ms);
	}
	_exit(0);
}

static void start(struct slot *slots, long slot, long number)
{
	char path[4096];

	path_of(path, sizeof(path), number);
	if (mkdir(path, 0755))
		fail(path);
	slots[slot].number = number;
	slots[slot].pid = fork();
	if (slots[slot].pid < 0)
		fail("fork");
	if (!slots[slot].pid)
		work(slot, number);
}

/* A process that was waited for may be in its cgroup for a moment longer. */
static void remove_cgroup(long number)
{
	char path[4096];

	path_of(path, sizeof(path), number);
	for (int i = 0; rmdir(path); i++) {
		if (errno != EBUSY || i == 5000)
			fail(path);
		rest(1);
	}
}

int main(int argc, char **argv)
{
	long live, total, made = 0, failed = 0;
	struct slot *slots;
	int status;

	if (argc != 7)
		return 2;
	cgroups = argv[1];
	files = argv[2];
	live = atol(argv[3]);
	total = atol(argv[4]);
	rounds = atol(argv[5]);
	pause_ms = atol(argv[6]);
	slots = calloc(live, sizeof(*slots));
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!slots || shared == MAP_FAILED)
		fail("memory");
	sigaction(SIGTERM, &(struct sigaction){.sa_handler = end, .sa_flags = SA_RESTART}, NULL);
	while (made < live && (!total || made < total) && !shared->ended) {
		start(slots, made, made);
		made++;
	}
	for (pid_t pid = wait(&status); pid > 0; pid = wait(&status)) {
		failed += status != 0;
		for (long slot = 0; slot < live; slot++) {
			if (slots[slot].pid != pid)
				continue;
			slots[slot].pid = 0;
			remove_cgroup(slots[slot].number);
			if (!failed && !shared->ended && (!total || made < total))
				start(slots, slot, made++);
			break;
		}
	}
	printf("%ld %ld %ld\n", made, shared->writes, shared->fsyncs);
	return failed != 0;
}
