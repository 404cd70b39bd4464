/* The only program of a small machine that boots a kernel to be checked: loads the very BPF object that is shipped, lets
 * programs run, end, crash and exhaust memory, and prints one line `RESULT ok|fail ...`. Started with a word, it is one
 * of these programs. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "monitor.h"
#include "record.h"

#define RING_BYTES (8 << 20)
#define ARGV_BYTES_MAX 4096
#define BUFFER_BYTES (1 << 20)
#define LOG_BYTES (1 << 16)
#define PATIENCE_MS 30000
#define BPFFS "/sys/fs/bpf"
#define PINS BPFFS "/check"
#define HOG_LIMIT "33554432"

enum life { ENDS, CRASHES, HOGS, LIVES };
static const char *const words[LIVES] = {"end", "crash", "hog"};
static const int wait_statuses[LIVES] = {7 << 8, SIGSEGV, SIGKILL};

struct seen {
	pid_t pid;
	bool executed, exited, oom_killed;
};

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Says how it went, once, and turns the machine off. */
static void finish(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("\nRESULT ");
	vprintf(format, arguments);
	printf("\n");
	fflush(stdout);
	sync();
	reboot(RB_POWER_OFF);
	exit(0);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file))
		finish("fail %s: %s", path, strerror(errno));
}

static void mount_all(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/cgroup", 0755);
	if (mount("proc", "/proc", "proc", 0, "") || mount("sysfs", "/sys", "sysfs", 0, "") ||
	    mount("bpf", BPFFS, "bpf", 0, "") || mount("cgroup2", "/cgroup", "cgroup2", 0, ""))
		finish("fail mount: %s", strerror(errno));
	write_file("/cgroup/cgroup.subtree_control", "+memory");
	mkdir("/cgroup/hog", 0755);
	write_file("/cgroup/hog/memory.max", HOG_LIMIT);
}

static struct monitor *load_and_attach(const char *pins, long *load_ms, long *attach_ms)
{
	static char log[LOG_BYTES];
	struct monitor *monitor;
	long began = now_ms();
	struct monitor_options options = {
		.ring_bytes = RING_BYTES,
		.argv_bytes_max = ARGV_BYTES_MAX,
		.pins = pins,
	};
	int error = monitor_load(&monitor, &options, log, sizeof(log));

	*load_ms = now_ms() - began;
	if (error) {
		printf("%s", log);
		finish("fail load: %s", strerror(-error));
	}
	began = now_ms();
	error = monitor_attach(monitor);
	*attach_ms = now_ms() - began;
	if (error)
		finish("fail attach: %s", strerror(-error));
	return monitor;
}

static pid_t start(enum life life)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (life == HOGS)
		write_file("/cgroup/hog/cgroup.procs", "0");
	execl("/init", "/init", words[life], NULL);
	_exit(99);
}

static int live(const char *word)
{
	if (!strcmp(word, words[CRASHES]))
		raise(SIGSEGV);
	while (!strcmp(word, words[HOGS]))
		memset(malloc(1 << 20), 1, 1 << 20);
	return 7;
}

static void note(struct seen *lives, const struct record_head *head)
{
	for (int i = 0; i < LIVES; i++) {
		if ((pid_t)head->pid != lives[i].pid)
			continue;
		if (head->kind == RECORD_EXECUTED)
			lives[i].executed = true;
		if (head->kind == RECORD_OOM_KILLED)
			lives[i].oom_killed = true;
		if (head->kind == RECORD_EXITED &&
		    (int)(((const struct exited_record *)head)->wait_status & ~0x80) == wait_statuses[i])
			lives[i].exited = true;
	}
}

static void drain(struct monitor *monitor, struct seen *lives)
{
	static char buffer[BUFFER_BYTES] __attribute__((aligned(8)));
	struct drained drained;
	size_t at = 0;

	monitor_wait(monitor, 100);
	monitor_drain(monitor, buffer, sizeof(buffer), &drained);
	while (at < drained.bytes) {
		uint64_t length = *(uint64_t *)(buffer + at);

		note(lives, (struct record_head *)(buffer + at + sizeof(length)));
		at += sizeof(length) + ((length + 7) & ~7ULL);
	}
}

static bool complete(const struct seen *lives)
{
	bool all = lives[HOGS].oom_killed;

	for (int i = 0; i < LIVES; i++)
		all = all && lives[i].executed && lives[i].exited;
	return all;
}

/* What a program does while no monitor is there is told by the next one. */
static bool resumes(void)
{
	struct seen lives[LIVES] = {};
	struct monitor *monitor;
	long load_ms, attach_ms;

	if (mkdir(PINS, 0700))
		finish("fail %s: %s", PINS, strerror(errno));
	monitor_close(load_and_attach(PINS, &load_ms, &attach_ms));
	lives[ENDS].pid = start(ENDS);
	waitpid(lives[ENDS].pid, NULL, 0);
	monitor = load_and_attach(PINS, &load_ms, &attach_ms);
	drain(monitor, lives);
	return monitor_resumed(monitor) && lives[ENDS].executed && lives[ENDS].exited;
}

int main(int argc, char **argv)
{
	struct seen lives[LIVES] = {};
	struct monitor *monitor;
	long load_ms, attach_ms, until;

	if (argc == 2 && getpid() != 1)
		return live(argv[1]);
	mount_all();
	monitor = load_and_attach(NULL, &load_ms, &attach_ms);
	for (int i = 0; i < LIVES; i++)
		lives[i].pid = start(i);
	until = now_ms() + PATIENCE_MS;
	while (!complete(lives) && now_ms() < until) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		drain(monitor, lives);
	}
	for (int i = 0; i < LIVES && !complete(lives); i++)
		printf("%s: exec %d, exit %d, OOM %d\n", words[i], lives[i].executed, lives[i].exited,
		       lives[i].oom_killed);
	monitor_close(monitor);
	if (complete(lives) && !resumes())
		finish("fail what happened between two monitors was not told");
	finish(complete(lives) ? "ok load %ld ms, attach %ld ms, exec, exit, crash, OOM kill, restart" :
				 "fail load %ld ms, attach %ld ms, but not each exec, exit and OOM kill was told",
	       load_ms, attach_ms);
}
