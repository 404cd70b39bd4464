#include "monitor.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "consume.h"
#include "tables.h"
/* After the types it names. */
#include "process.skel.h"

struct monitor {
	struct process *process;
	struct consumer consumer;
};

/* libbpf has one print function for the whole program, without an argument of ours. */
static __thread struct {
	char *text;
	size_t bytes, used;
} heard;

static int hear(enum libbpf_print_level level, const char *format, va_list arguments)
{
	int length;

	if (level != LIBBPF_WARN || !heard.text || heard.used + 1 >= heard.bytes)
		return 0;
	length = vsnprintf(heard.text + heard.used, heard.bytes - heard.used, format, arguments);
	if (length > 0)
		heard.used += length;
	return 0;
}

static int set_prefixes(struct process *process, const char *const *prefixes, const size_t *prefix_bytes,
			uint32_t prefix_count)
{
	if (prefix_count > PREFIXES_MAX)
		return -E2BIG;
	for (uint32_t i = 0; i < prefix_count; i++) {
		if (prefix_bytes[i] > HOSTNAME_BYTES_MAX)
			return -E2BIG;
		memcpy(process->rodata->prefixes[i].words, prefixes[i], prefix_bytes[i]);
		memset(process->rodata->prefixes[i].masks, 0xff, prefix_bytes[i]);
	}
	process->rodata->prefix_count = prefix_count;
	return 0;
}

static int load(struct monitor *monitor, uint32_t ring_bytes)
{
	struct process *process = monitor->process;
	int error;

	error = bpf_map__set_max_entries(process->maps.ring, ring_bytes);
	if (!error)
		error = process__load(process);
	if (!error)
		error = consumer_map(&monitor->consumer, bpf_map__fd(process->maps.ring), ring_bytes);
	return error;
}

int monitor_load(struct monitor **result, uint32_t ring_bytes, uint32_t argv_bytes_max, const char *const *prefixes,
		 const size_t *prefix_bytes, uint32_t prefix_count, char *log, size_t log_bytes)
{
	struct monitor *monitor = calloc(1, sizeof(*monitor));
	int error = 0;

	*result = NULL;
	if (!monitor)
		return -ENOMEM;
	memset(log, 0, log_bytes);
	heard.text = log;
	heard.bytes = log_bytes;
	heard.used = 0;
	libbpf_set_print(hear);
	monitor->process = process__open();
	if (!monitor->process)
		error = -errno;
	if (!error)
		error = set_prefixes(monitor->process, prefixes, prefix_bytes, prefix_count);
	if (!error) {
		monitor->process->rodata->argv_bytes_max = argv_bytes_max;
		error = load(monitor, ring_bytes);
	}
	heard.text = NULL;
	if (error)
		monitor_close(monitor);
	else
		*result = monitor;
	return error;
}

int monitor_attach(struct monitor *monitor)
{
	return process__attach(monitor->process);
}

void monitor_detach(struct monitor *monitor)
{
	process__detach(monitor->process);
}

void monitor_close(struct monitor *monitor)
{
	consumer_unmap(&monitor->consumer);
	process__destroy(monitor->process);
	free(monitor);
}

int monitor_list_running(struct monitor *monitor)
{
	return bpf_iter_create(bpf_link__fd(monitor->process->links.list_running));
}

int monitor_wait(struct monitor *monitor, int timeout_ms)
{
	struct pollfd ring = {.fd = bpf_map__fd(monitor->process->maps.ring), .events = POLLIN};
	int ready = poll(&ring, 1, timeout_ms);

	return ready < 0 ? -errno : ready;
}

void monitor_drain(struct monitor *monitor, void *buffer, size_t buffer_bytes, struct drained *drained)
{
	consumer_drain(&monitor->consumer, buffer, buffer_bytes, drained);
}

static int add_counters(struct monitor *monitor, uint32_t slot, struct counters *all_cpus, int cpus,
			struct monitor_counts *counts)
{
	int error = bpf_map_lookup_elem(bpf_map__fd(monitor->process->maps.counters), &slot, all_cpus);

	for (int cpu = 0; cpu < cpus && !error; cpu++) {
		counts->seen += all_cpus[cpu].seen;
		counts->filtered += all_cpus[cpu].filtered;
		counts->submitted += all_cpus[cpu].submitted;
		counts->dropped_ring_full += all_cpus[cpu].dropped_ring_full;
		counts->argv_unreadable += all_cpus[cpu].argv_unreadable;
	}
	return error;
}

/* Times that the kernel did not run a program, as it was running on that CPU already. */
static int add_missed(struct bpf_program *program, struct monitor_counts *counts)
{
	struct bpf_prog_info info = {};
	uint32_t bytes = sizeof(info);
	int error = bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &bytes);

	if (!error)
		counts->missed += info.recursion_misses;
	return error;
}

int monitor_count(struct monitor *monitor, struct monitor_counts *counts)
{
	struct process *process = monitor->process;
	int cpus = libbpf_num_possible_cpus();
	struct counters *all_cpus = cpus > 0 ? calloc(cpus, sizeof(*all_cpus)) : NULL;
	int error = all_cpus ? 0 : -ENOMEM;

	memset(counts, 0, sizeof(*counts));
	for (uint32_t slot = 0; slot < PROGRAMS && !error; slot++)
		error = add_counters(monitor, slot, all_cpus, cpus, counts);
	free(all_cpus);
	if (!error)
		error = add_missed(process->progs.on_exec, counts);
	if (!error)
		error = add_missed(process->progs.on_exit, counts);
	if (!error)
		error = add_missed(process->progs.on_oom, counts);
	return error;
}
