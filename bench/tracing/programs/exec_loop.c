/* exec_loop HOSTNAME WORKERS EXECS PER_SECOND BATCH CPU PROGRAM
 *
 * In a UTS namespace of its own named HOSTNAME, each worker runs PROGRAM EXECS times, one after the other: vfork, exec,
 * exit, wait. PER_SECOND 0 is as fast as it goes. CPU -1 is any. The first worker prints the nanoseconds of each BATCH. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000L

static void die(const char *what)
{
	perror(what);
	exit(99);
}

static long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static void wait_until(long ns)
{
	struct timespec until = {ns / SECOND, ns % SECOND};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

static void run_once(char *program)
{
	char *argv[] = {program, "-O2", "-o", "an-exercise", "an-exercise.c", NULL};
	char *environment[] = {NULL};
	int status;
	pid_t pid = vfork();

	if (!pid) {
		execve(program, argv, environment);
		_exit(98);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		die(program);
}

static void work(char *program, long execs, long per_second, long batch)
{
	long began = now_ns(), batch_began = began;

	for (long done = 0; done < execs; done++) {
		if (per_second)
			wait_until(began + done * SECOND / per_second);
		run_once(program);
		if (batch && (done + 1) % batch == 0) {
			long now = now_ns();

			printf("%ld\n", now - batch_began);
			batch_began = now;
		}
	}
	fflush(stdout);
}

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("sched_setaffinity");
}

int main(int argc, char **argv)
{
	int workers, status, failed = 0;

	if (argc != 8)
		return 97;
	workers = atoi(argv[2]);
	if (unshare(CLONE_NEWUTS) || sethostname(argv[1], strlen(argv[1])))
		die("unshare");
	if (atoi(argv[6]) >= 0)
		stay_on(atoi(argv[6]));
	for (int i = 0; i < workers; i++) {
		if (fork())
			continue;
		work(argv[7], atol(argv[3]), atol(argv[4]), i ? 0 : atol(argv[5]));
		_exit(0);
	}
	while (wait(&status) > 0)
		failed |= status;
	return failed ? 96 : 0;
}
