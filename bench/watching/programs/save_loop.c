/* Saves files at a pace: save_loop FOLDER COUNT PER_SECOND ROUND (PER_SECOND 0: as fast as it goes).
 *
 * Save n is of FOLDER/w<n / 1000>/<n>.c, which exists. Writes to its output, as 64-bit numbers, the monotonic
 * nanoseconds at which each file was about to be closed. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CONTENT_BYTES 1024
#define NANOSECONDS 1000000000ull

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NANOSECONDS + now.tv_nsec;
}

static void wait_until(uint64_t ns)
{
	struct timespec until = {.tv_sec = ns / NANOSECONDS, .tv_nsec = ns % NANOSECONDS};
	if (now_ns() < ns)
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

int main(int count_arguments, char **arguments)
{
	char path[4096], content[CONTENT_BYTES];
	if (count_arguments != 5)
		return 2;
	uint64_t count = strtoull(arguments[2], NULL, 10), per_second = strtoull(arguments[3], NULL, 10);
	uint64_t *closed_ns = calloc(count, sizeof *closed_ns), began_ns = now_ns();
	memset(content, '/', sizeof content);
	for (uint64_t n = 0; n < count; n++) {
		if (per_second)
			wait_until(began_ns + n * NANOSECONDS / per_second);
		snprintf(path, sizeof path, "%s/w%llu/%llu.c", arguments[1], (unsigned long long)n / 1000,
			 (unsigned long long)n);
		int length = snprintf(content, sizeof content, "int v = %llu; // %s", (unsigned long long)n, arguments[4]);
		content[length] = '\n';
		int fd = open(path, O_WRONLY | O_TRUNC);
		if (fd < 0 || write(fd, content, sizeof content) != sizeof content)
			return 1;
		closed_ns[n] = now_ns();
		close(fd);
	}
	return fwrite(closed_ns, sizeof *closed_ns, count, stdout) != count;
}
