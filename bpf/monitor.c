#include "monitor.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "handle.h"
#include "left.h"
#include "tables.h"
/* After the types it names. */
#include "process.skel.h"

#define NAP_MS 1

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

static int set_constants(struct process *process, const struct monitor_options *options)
{
	if (options->prefix_count > PREFIXES_MAX)
		return -E2BIG;
	for (uint32_t i = 0; i < options->prefix_count; i++) {
		if (options->prefix_bytes[i] > HOSTNAME_BYTES_MAX)
			return -E2BIG;
		memcpy(process->rodata->prefixes[i].words, options->prefixes[i], options->prefix_bytes[i]);
		memset(process->rodata->prefixes[i].masks, 0xff, options->prefix_bytes[i]);
	}
	process->rodata->prefix_count = options->prefix_count;
	process->rodata->argv_bytes_max = options->argv_bytes_max;
	process->rodata->event_cost_ns = options->event_cost_ns;
	process->rodata->burst_ns = options->burst_ns;
	return 0;
}

/* A table that the programs will not use takes no memory, and a hook that would only tend it is not there. */
static int set_sizes(struct process *process, const struct monitor_options *options)
{
	int pins = options->prefix_count ? PINS_MAX : 1;
	int buckets = options->event_cost_ns ? PINS_MAX : 1;
	int error = bpf_map__set_max_entries(process->maps.ring, options->ring_bytes);

	if (!error)
		error = bpf_map__set_max_entries(process->maps.pins, pins);
	if (!error)
		error = bpf_map__set_max_entries(process->maps.buckets, buckets);
	if (!error)
		error = bpf_map__set_max_entries(process->maps.gone, pins + buckets);
	if (!error && pins + buckets == 2)
		error = bpf_program__set_autoload(process->progs.on_cgroup_removed, false);
	return error;
}

#define HOOK(name) {#name, process->progs.name, &process->links.name}

static int set_pins(struct monitor *monitor, const char *folder)
{
	struct process *process = monitor->process;
	const struct hook hooks[HOOKS] = {HOOK(on_exec), HOOK(on_exit), HOOK(on_oom), HOOK(on_cgroup_removed)};
	int resumed;

	memcpy(monitor->hooks, hooks, sizeof(hooks));
	if (!folder)
		return 0;
	if (strlen(folder) >= sizeof(monitor->pins))
		return -ENAMETOOLONG;
	strcpy(monitor->pins, folder);
	resumed = pinning_prepare(process->obj, monitor->hooks, HOOKS, folder);
	monitor->resumed = resumed > 0;
	return resumed < 0 ? resumed : 0;
}

static struct monitor_tables tables_of(const struct process *process)
{
	return (struct monitor_tables){
		.pins = bpf_map__fd(process->maps.pins),
		.gone = bpf_map__fd(process->maps.gone),
		.buckets = bpf_map__fd(process->maps.buckets),
		.counters = bpf_map__fd(process->maps.counters),
	};
}

static int load(struct monitor *monitor, const struct monitor_options *options)
{
	struct process *process = monitor->process;
	int error = set_constants(process, options);

	if (!error)
		error = set_sizes(process, options);
	if (!error)
		error = set_pins(monitor, options->pins);
	if (!error)
		error = process__load(process);
	if (!error && monitor->resumed)
		error = pinning_resume(monitor->hooks, HOOKS, monitor->pins, monitor->programs);
	if (!error)
		error = consumer_map(&monitor->consumer, bpf_map__fd(process->maps.ring), options->ring_bytes);
	if (error)
		return error;
	monitor->consumer.holds = options->pins != NULL;
	monitor->tables = tables_of(process);
	/* Who told of them before is gone, and with it what it knew of them. */
	process->bss->list_told = monitor->resumed;
	/* Nor does it look again by itself, if it was killed as it napped. */
	process->bss->reader_naps = false;
	return 0;
}

int monitor_load(struct monitor **result, const struct monitor_options *options, char *log, size_t log_bytes)
{
	struct monitor *monitor = calloc(1, sizeof(*monitor));
	int error = 0;

	*result = NULL;
	if (!monitor)
		return -ENOMEM;
	memset(monitor->programs, -1, sizeof(monitor->programs));
	memset(log, 0, log_bytes);
	heard.text = log;
	heard.bytes = log_bytes;
	heard.used = 0;
	libbpf_set_print(hear);
	monitor->process = process__open();
	if (!monitor->process)
		error = -errno;
	else
		error = load(monitor, options);
	heard.text = NULL;
	/* The kernel's types, which libbpf reads to load, are some megabytes. */
	malloc_trim(0);
	if (error)
		monitor_close(monitor);
	else
		*result = monitor;
	return error;
}

int monitor_attach(struct monitor *monitor)
{
	int error = process__attach(monitor->process);

	if (!error && *monitor->pins && !monitor->resumed)
		error = pinning_keep(monitor->hooks, HOOKS, monitor->pins);
	return error;
}

int monitor_resumed(struct monitor *monitor)
{
	return monitor->resumed;
}

void monitor_detach(struct monitor *monitor)
{
	process__detach(monitor->process);
}

void monitor_close(struct monitor *monitor)
{
	for (int i = 0; i < HOOKS; i++)
		if (monitor->programs[i] >= 0)
			close(monitor->programs[i]);
	consumer_unmap(&monitor->consumer);
	process__destroy(monitor->process);
	if (monitor->is_left)
		left_close(monitor);
	free(monitor);
}

int monitor_list_running(struct monitor *monitor)
{
	return bpf_iter_create(bpf_link__fd(monitor->process->links.list_running));
}

int monitor_list_members(struct monitor *monitor)
{
	return bpf_iter_create(bpf_link__fd(monitor->process->links.list_members));
}

void monitor_expect_pins(struct monitor *monitor, uint32_t memory, uint32_t level)
{
	monitor->process->bss->pinned_anything[memory] = true;
	monitor->process->bss->pinned_levels[memory][level] = true;
}

uint64_t monitor_doubts(struct monitor *monitor)
{
	return __atomic_load_n(&monitor->process->bss->doubts, __ATOMIC_RELAXED);
}

int monitor_wait(struct monitor *monitor, int timeout_ms)
{
	struct pollfd ring = {.fd = bpf_map__fd(monitor->process->maps.ring), .events = POLLIN};
	struct positions at;
	int ready;

	consumer_positions(&monitor->consumer, &at);
	if (at.read < at.produced)
		return 1;
	/* The kernel wakes, and answers poll(), by what was given back and not by what was read. */
	if (at.released < at.read)
		ready = poll(NULL, 0, timeout_ms < NAP_MS ? timeout_ms : NAP_MS);
	else
		ready = poll(&ring, 1, timeout_ms);
	return ready < 0 ? -errno : ready;
}

void monitor_nap(struct monitor *monitor, int naps)
{
	__atomic_store_n(&monitor->process->bss->reader_naps, naps != 0, __ATOMIC_SEQ_CST);
}

const void *monitor_object(size_t *bytes)
{
	return process__elf_bytes(bytes);
}
