/* Small programs for the tests: `programs MODE ARGUMENTS...`. */
#define _GNU_SOURCE
#include "launch.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS 8

char *self;
static pthread_barrier_t all_threads;
static int burn_ms;

static void die(const char *what)
{
	perror(what);
	exit(99);
}

static void enter(const char *hostname)
{
	if (unshare(CLONE_NEWUTS) || sethostname(hostname, strlen(hostname)))
		die("unshare");
}

static void burn(void)
{
	struct timespec now;
	long end_ms;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	end_ms = now.tv_sec * 1000 + now.tv_nsec / 1000000 + burn_ms;
	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	while (now.tv_sec * 1000 + now.tv_nsec / 1000000 < end_ms);
}

/* Ends only its own thread, without the C library, which would end the process with the last one. */
static void *end_thread(void *code)
{
	pthread_barrier_wait(&all_threads);
	burn();
	syscall(SYS_exit, (int)(long)code);
	return NULL;
}

static void leader_first(int code)
{
	pthread_t thread;

	pthread_barrier_init(&all_threads, NULL, THREADS);
	for (int i = 1; i < THREADS; i++)
		if (pthread_create(&thread, NULL, end_thread, (void *)(long)code))
			die("pthread_create");
	pthread_barrier_wait(&all_threads);
	syscall(SYS_exit, code);
}

/* Tells its time at the last moment that is its own: one write() to a pipe is whole. */
static void *end_in_turn(void *turn)
{
	char line[96];

	pthread_barrier_wait(&all_threads);
	usleep((long)turn * 200);
	snprintf(line, sizeof(line), "thread %d %d %ld\n", getpid(), (int)syscall(SYS_gettid),
		 now_ns(CLOCK_BOOTTIME));
	if (write(1, line, strlen(line)) < 0)
		_exit(94);
	syscall(SYS_exit, 0);
	return NULL;
}

/* The leader ends first, midway, or last; every fourth process's threads all end at once. */
static void end_in_turns(int number)
{
	long leader_turn = number % 3 * (THREADS / 2), spread = number % 4 != 0;
	pthread_t thread;

	pthread_barrier_init(&all_threads, NULL, THREADS);
	for (long turn = 1; turn < THREADS; turn++)
		if (pthread_create(&thread, NULL, end_in_turn, (void *)(turn * spread)))
			die("pthread_create");
	end_in_turn((void *)(leader_turn * spread));
}

static void *execute(void *argv)
{
	execv(self, argv);
	die("execv");
	return NULL;
}

static void execute_from_thread(char *code)
{
	char *argv[] = {"after", "exit", code, NULL};
	pthread_t thread;

	if (pthread_create(&thread, NULL, execute, argv))
		die("pthread_create");
	for (;;)
		pause();
}

static void end_with(int signal)
{
	raise(signal);
}

static void dump_core(void)
{
	struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};

	setrlimit(RLIMIT_CORE, &limit);
	end_with(SIGSEGV);
}

static void hog(void)
{
	for (;;) {
		char *block = malloc(1 << 20);

		if (block)
			memset(block, 1, 1 << 20);
	}
}

static void have(int mib)
{
	if (mmap(NULL, (size_t)mib << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0) ==
	    MAP_FAILED)
		die("mmap");
}

/* Holds memory until it is killed, which it will be before all others. */
static void sit(int mib)
{
	int adjustment = open("/proc/self/oom_score_adj", O_WRONLY);

	if (write(adjustment, "1000", 4) != 4)
		die("oom_score_adj");
	have(mib);
	puts("sits");
	fflush(stdout);
	for (;;)
		pause();
}

static void take(int mib)
{
	for (int taken = 0; taken < mib; taken++)
		have(1);
	exit(0);
}

static void run_mode(const char *mode, char *argument)
{
	if (!strcmp(mode, "exit"))
		exit(atoi(argument));
	if (!strcmp(mode, "signal"))
		end_with(atoi(argument));
	if (!strcmp(mode, "core"))
		dump_core();
	if (!strcmp(mode, "leader-first"))
		leader_first(atoi(argument));
	if (!strcmp(mode, "thread-exec"))
		execute_from_thread(argument);
	if (!strcmp(mode, "burn")) {
		burn_ms = atoi(argument);
		leader_first(6);
	}
	if (!strcmp(mode, "rename")) {
		enter("elsewhere");
		exit(atoi(argument));
	}
	if (!strcmp(mode, "rename-thread-exec")) {
		enter("elsewhere");
		execute_from_thread(argument);
	}
	if (!strcmp(mode, "fork")) {
		int status;

		if (!fork())
			_exit(atoi(argument));
		wait(&status);
		exit(0);
	}
	if (!strcmp(mode, "wait"))
		exit(getchar() == EOF ? atoi(argument) : 98);
	if (!strcmp(mode, "hog"))
		hog();
	if (!strcmp(mode, "turns"))
		end_in_turns(atoi(argument));
	if (!strcmp(mode, "sit"))
		sit(atoi(argument));
	if (!strcmp(mode, "take"))
		take(atoi(argument));
	exit(97);
}

/* Runs each mode in turn, `rounds` times over, and prints what the kernel told us, its parent. */
static void run_all(int rounds, char **modes)
{
	for (int round = 0; round < rounds; round++) {
		for (char **mode = modes; mode[0]; mode += 2) {
			struct rusage used;
			int status;
			pid_t pid = vfork();

			if (!pid) {
				execl(self, mode[0], mode[0], mode[1], NULL);
				_exit(96);
			}
			wait4(pid, &status, 0, &used);
			printf("%d %d %ld %ld %s %s\n", pid, status,
			       (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec +
				       used.ru_stime.tv_usec,
			       used.ru_maxrss, mode[0], mode[1]);
		}
	}
}

int main(int argc, char **argv)
{
	static char path[4096];

	if (getenv(SHOW))
		show_arguments();
	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		strcpy(path, argv[0]);
	self = path;
	if (argc > 3 && !strcmp(argv[1], "in")) { /* in HOSTNAME PROGRAM ARGUMENTS... */
		enter(argv[2]);
		execvp(argv[3], argv + 3);
		die(argv[3]);
	}
	if (argc > 3 && !strcmp(argv[1], "at")) { /* at FOLDER PROGRAM ARGUMENTS... */
		if (chdir(argv[2]))
			die(argv[2]);
		execvp(argv[3], argv + 3);
		die(argv[3]);
	}
	if (argc > 4 && !strcmp(argv[1], "all")) { /* all ROUNDS MODE ARGUMENT... */
		run_all(atoi(argv[2]), argv + 3);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "crowd")) { /* crowd PROCESSES */
		crowd(atoi(argv[2]));
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "storm")) { /* storm MILLISECONDS PROGRAM */
		storm(atoi(argv[2]), argv[3]);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "each")) { /* each FILE */
		execute_each(argv[2]);
		return 0;
	}
	if (argc == 3)
		run_mode(argv[1], argv[2]);
	if (argc == 2) /* by the name it was called, as run_all does */
		run_mode(argv[0], argv[1]);
	return 95;
}
