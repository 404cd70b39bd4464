/* The user-space side of the BPF programs, as Python calls it through cffi. Lines beginning with # are not read
 * by cffi. Functions that return int give 0 or more, or a negative errno. */
#ifndef MONITOR_H
#define MONITOR_H
#include <stddef.h>
#include <stdint.h>

struct monitor;

struct monitor_counts {
	uint64_t seen;
	uint64_t filtered;
	uint64_t submitted;
	uint64_t dropped_ring_full;
	uint64_t rate_limited;
	uint64_t argv_unreadable;
	uint64_t marks_failed;
	uint64_t pins_failed;
	uint64_t missed;
};

struct drained {
	/* Bytes written: records, each after its length as 64 bits, padded to 8 bytes. */
	size_t bytes;
	uint32_t records;
	/* Whether everything was read that lay in the ring when the call began. */
	uint32_t caught_up;
	/* Where in the ring the first record begins. The others follow as they do in the buffer. */
	uint64_t position;
};

/* Of the ring, counted in bytes since it was made. */
struct positions {
	uint64_t released; /* before it the kernel may write again */
	uint64_t read;
	uint64_t produced;
};

struct monitor_options {
	uint32_t ring_bytes;
	uint32_t argv_bytes_max;
	/* What each container may report: one event for each `event_cost_ns`, `burst_ns` worth at once; 0: no limit. */
	uint64_t event_cost_ns;
	uint64_t burst_ns;
	uint32_t prefix_count;
	const char *const *prefixes;
	const size_t *prefix_bytes;
	/* A folder of a bpffs, in which programs, tables and ring outlive this process. NULL: they end with it. With it
	 * what is read stays in the ring until it is released. */
	const char *pins;
};

/* Descriptors of maps, which belong to the monitor; their layouts are in tables.h. */
struct monitor_tables {
	int pins;
	int gone;
	int buckets;
	int counters;
};

/* Loads the programs. On failure *monitor is NULL and `log` holds what libbpf said. */
int monitor_load(struct monitor **monitor, const struct monitor_options *options, char *log, size_t log_bytes);

/* Opens what another process left pinned in a folder: its ring can be read, and what it counted, and nothing else. */
int monitor_open_left(struct monitor **monitor, const char *folder);

/* Waits until every hook that was running when this was called has ended. */
void monitor_settle(void);

/* From here on events come. */
int monitor_attach(struct monitor *monitor);

/* Whether the programs were there already, and recorded all the time. */
int monitor_resumed(struct monitor *monitor);

/* No event comes from here on, but to a ring that outlives this process; those in the ring can still be drained. */
void monitor_detach(struct monitor *monitor);

void monitor_close(struct monitor *monitor);

/* Gives a file descriptor to read: a record_head for each running process; the caller closes it. */
int monitor_list_running(struct monitor *monitor);

/* Likewise: a member for each process of a cgroup whose pin is not confirmed. */
int monitor_list_members(struct monitor *monitor);

void monitor_tables(struct monitor *monitor, struct monitor_tables *tables);

/* Lets pins be looked for at this depth, as one was added from outside; `memory`: in the hierarchy of that name. */
void monitor_expect_pins(struct monitor *monitor, uint32_t memory, uint32_t level);

/* Grows whenever a pin that is not confirmed was met. */
uint64_t monitor_doubts(struct monitor *monitor);

/* libbpf's own. */
int bpf_map_lookup_elem(int table, const void *key, void *value);
int bpf_map_update_elem(int table, const void *key, const void *value, unsigned long long flags);
int bpf_map_delete_elem(int table, const void *key);
int bpf_map_get_next_key(int table, const void *key, void *next_key);

/* Waits until there is something to drain: 1, or 0 after the time. */
int monitor_wait(struct monitor *monitor, int timeout_ms);

/* Whether the reader looks again by itself; else a record wakes it. What comes while this is cleared may go unnoticed:
 * look once more, a moment later, before waiting. */
void monitor_nap(struct monitor *monitor, int naps);

/* Takes whole records out of the ring for as long as the next one fits. */
int monitor_drain(struct monitor *monitor, void *buffer, size_t buffer_bytes, struct drained *drained);

void monitor_positions(struct monitor *monitor, struct positions *positions);

/* Goes on reading there, and releases what lies before; -ERANGE where the ring does not have that. */
int monitor_begin_at(struct monitor *monitor, uint64_t position);

/* Gives the room before this position back to the kernel; never what was not read. From one thread at a time. */
void monitor_release(struct monitor *monitor, uint64_t position);

/* Names the ring that is pinned there, for as long as the machine is up. */
int monitor_ring_id_at(const char *path, uint32_t *id);

/* The programs as they are embedded. */
const void *monitor_object(size_t *bytes);

/* Whether a folder can hold pins: 1 or 0. */
int monitor_is_bpffs(const char *folder);

int monitor_count(struct monitor *monitor, struct monitor_counts *counts);

#endif
