/* What is read of a monitor's programs: the ring and the counters. */
#include "handle.h"
#include "tables.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void monitor_tables(struct monitor *monitor, struct monitor_tables *tables)
{
	*tables = monitor->tables;
}

void monitor_positions(struct monitor *monitor, struct positions *positions)
{
	consumer_positions(&monitor->consumer, positions);
}

int monitor_begin_at(struct monitor *monitor, uint64_t position)
{
	return consumer_begin_at(&monitor->consumer, position);
}

void monitor_release(struct monitor *monitor, uint64_t position)
{
	consumer_release(&monitor->consumer, position);
}

int monitor_drain(struct monitor *monitor, void *buffer, size_t buffer_bytes, struct drained *drained)
{
	return consumer_drain(&monitor->consumer, buffer, buffer_bytes, drained);
}

static int add_counters(struct monitor *monitor, uint32_t slot, struct counters *all_cpus, int cpus,
			struct monitor_counts *counts)
{
	int error = bpf_map_lookup_elem(monitor->tables.counters, &slot, all_cpus);

	for (int cpu = 0; cpu < cpus && !error; cpu++) {
		counts->seen += all_cpus[cpu].seen;
		counts->filtered += all_cpus[cpu].filtered;
		counts->submitted += all_cpus[cpu].submitted;
		counts->dropped_ring_full += all_cpus[cpu].dropped_ring_full;
		counts->rate_limited += all_cpus[cpu].rate_limited;
		counts->marks_failed += all_cpus[cpu].marks_failed;
		counts->pins_failed += all_cpus[cpu].pins_failed;
		counts->argv_unreadable += all_cpus[cpu].argv_unreadable;
	}
	return error;
}

/* Times that the kernel did not run a program, as it was running on that CPU already. */
static int add_missed(struct monitor *monitor, int hook, struct monitor_counts *counts)
{
	struct bpf_prog_info info = {};
	uint32_t bytes = sizeof(info);
	int before = monitor->programs[hook];
	int program = before >= 0 ? before : bpf_program__fd(monitor->hooks[hook].program);
	int error = bpf_obj_get_info_by_fd(program, &info, &bytes);

	if (!error)
		counts->missed += info.recursion_misses;
	return error;
}

int monitor_count(struct monitor *monitor, struct monitor_counts *counts)
{
	int cpus = libbpf_num_possible_cpus();
	struct counters *all_cpus = cpus > 0 ? calloc(cpus, sizeof(*all_cpus)) : NULL;
	int error = all_cpus ? 0 : -ENOMEM;

	memset(counts, 0, sizeof(*counts));
	for (uint32_t slot = 0; slot < PROGRAMS && !error; slot++)
		error = add_counters(monitor, slot, all_cpus, cpus, counts);
	free(all_cpus);
	for (int i = 0; i < COUNTED && !error; i++)
		error = add_missed(monitor, i, counts);
	return error;
}
