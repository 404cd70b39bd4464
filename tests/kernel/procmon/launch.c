/* Programs that begin many others. */
#define _GNU_SOURCE
#include "launch.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CROWD_MAX 16

long now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void print_end(void)
{
	int status;
	pid_t pid = wait(&status);

	printf("process %d %d\n", pid, status);
	fflush(stdout);
}

/* Processes of many threads, several at once. */
void crowd(int count)
{
	for (int number = 0; number < count; number++) {
		char argument[16];

		snprintf(argument, sizeof(argument), "%d", number);
		if (number >= CROWD_MAX)
			print_end();
		if (!vfork()) {
			execl(self, "turns", "turns", argument, NULL);
			_exit(96);
		}
	}
	for (int left = count < CROWD_MAX ? count : CROWD_MAX; left > 0; left--)
		print_end();
}

/* As many programs as the machine can begin, for a while. */
void storm(int milliseconds, char *program)
{
	long until_ns = now_ns(CLOCK_MONOTONIC) + milliseconds * 1000000L, count = 0;

	for (; now_ns(CLOCK_MONOTONIC) < until_ns; count++) {
		pid_t pid = vfork();

		if (!pid) {
			execl(program, program, NULL);
			_exit(96);
		}
		waitpid(pid, NULL, 0);
	}
	printf("%ld\n", count);
}

static uint32_t read_number(FILE *from)
{
	uint32_t number;

	return fread(&number, sizeof(number), 1, from) == 1 ? number : UINT32_MAX;
}

/* Executes itself with each list of arguments in a file: their number, then the length and bytes of each. */
void execute_each(const char *path)
{
	static char *environment[] = {SHOW "=", NULL};
	FILE *from = fopen(path, "r");

	if (!from)
		exit(93);
	for (uint32_t count; (count = read_number(from)) != UINT32_MAX;) {
		char **argv = calloc(count + 1, sizeof(*argv));
		pid_t pid;

		for (uint32_t i = 0; i < count; i++) {
			uint32_t length = read_number(from);

			argv[i] = calloc(length + 1, 1);
			if (fread(argv[i], 1, length, from) != length)
				exit(93);
		}
		pid = vfork();
		if (!pid) {
			execve(self, argv, environment);
			_exit(96);
		}
		waitpid(pid, NULL, 0);
		for (uint32_t i = 0; i < count; i++)
			free(argv[i]);
		free(argv);
	}
}

/* What the kernel says that this process was given. */
void show_arguments(void)
{
	static char area[1 << 20];
	int from = open("/proc/self/cmdline", O_RDONLY);
	uint32_t head[2] = {getpid(), 0};
	ssize_t got;

	while ((got = read(from, area + head[1], sizeof(area) - head[1])) > 0)
		head[1] += got;
	if (write(1, head, sizeof(head)) < 0 || write(1, area, head[1]) < 0)
		_exit(94);
	_exit(0);
}
