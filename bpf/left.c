#include "left.h"
#include "tables.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <linux/membarrier.h>
#include <unistd.h>

#define SETTLE_MS 100

/* Gives a descriptor; -EINVAL where its values are not those that we know. */
static int open_table(const char *folder, const char *name, size_t value_bytes)
{
	struct bpf_map_info info = {};
	uint32_t bytes = sizeof(info);
	int table = pinning_open(folder, "map_", name);
	int error = table < 0 ? table : bpf_obj_get_info_by_fd(table, &info, &bytes);

	if (!error && info.value_size != value_bytes)
		error = -EINVAL;
	if (!error)
		return table;
	if (table >= 0)
		close(table);
	return error;
}

static int open_ring(struct consumer *consumer, const char *folder)
{
	struct bpf_map_info info = {};
	uint32_t bytes = sizeof(info);
	int ring = pinning_open(folder, "map_", "ring");
	int error = ring < 0 ? ring : bpf_obj_get_info_by_fd(ring, &info, &bytes);

	if (!error)
		error = consumer_map(consumer, ring, info.max_entries);
	if (error && ring >= 0)
		close(ring);
	consumer->holds = true;
	return error;
}

static int open_left(struct monitor *monitor, const char *folder)
{
	static const char *const counted[COUNTED] = {"on_exec", "on_exit", "on_oom"};
	struct monitor_tables *tables = &monitor->tables;
	int error = open_ring(&monitor->consumer, folder);

	if (error)
		return error;
	tables->pins = open_table(folder, "pins", sizeof(struct pin));
	tables->gone = open_table(folder, "gone", sizeof(uint64_t));
	tables->buckets = open_table(folder, "buckets", sizeof(struct bucket));
	tables->counters = open_table(folder, "counters", sizeof(struct counters));
	if (tables->pins < 0 || tables->gone < 0 || tables->buckets < 0 || tables->counters < 0)
		return -EINVAL;
	for (int i = 0; i < COUNTED; i++) {
		monitor->programs[i] = pinning_open(folder, "program_", counted[i]);
		if (monitor->programs[i] < 0)
			return monitor->programs[i];
	}
	return 0;
}

int monitor_open_left(struct monitor **result, const char *folder)
{
	struct monitor *monitor = calloc(1, sizeof(*monitor));
	int error;

	*result = NULL;
	if (!monitor)
		return -ENOMEM;
	monitor->is_left = true;
	memset(&monitor->tables, -1, sizeof(monitor->tables));
	memset(monitor->programs, -1, sizeof(monitor->programs));
	error = open_left(monitor, folder);
	if (error)
		monitor_close(monitor);
	else
		*result = monitor;
	return error;
}

void left_close(struct monitor *monitor)
{
	const struct monitor_tables *tables = &monitor->tables;
	const int descriptors[] = {tables->pins, tables->gone, tables->buckets, tables->counters};

	for (size_t i = 0; i < sizeof(descriptors) / sizeof(*descriptors); i++)
		if (descriptors[i] >= 0)
			close(descriptors[i]);
	if (monitor->consumer.ring_fd > 0)
		close(monitor->consumer.ring_fd);
}

void monitor_settle(void)
{
	/* The kernel waits until each CPU has left what it was in, hooks included. Refused where some CPUs are never
	 * disturbed. */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		poll(NULL, 0, SETTLE_MS);
}
