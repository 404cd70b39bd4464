/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Whose a cgroup is: the hostname at first sight, which nobody in the container can change afterwards. */
#ifndef PINS_H
#define PINS_H

#include "cgroups.h"
#include "counters.h"
#include "record.h"

#define E2BIG 7
#define LEVELS_SLOTS 64
#define INITIAL_UTS_INUM 0xEFFFFFFEU /* PROC_UTS_INIT_INO */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PINS_MAX); /* one where every process is wanted: nothing is pinned then */
	__type(key, struct cgroup_key);
	__type(value, struct pin);
} pins SEC(".maps");

/* Cgroups that were removed. User space has them taken out of the tables once it has read what they did. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2 * PINS_MAX);
	__type(key, struct cgroup_key);
	__type(value, __u64);
} gone SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PROGRAMS);
	__type(key, __u32);
	__type(value, struct pin);
} pin_scratch SEC(".maps");

enum hierarchy { UNIFIED, MEMORY, HIERARCHIES };

/* Whether anything was ever pinned, and at which depths: elsewhere nothing is looked up, which is most of what a
 * process of no interest would cost. */
bool pinned_anything[HIERARCHIES];
bool pinned_levels[HIERARCHIES][LEVELS_SLOTS];
/* Grows whenever a pin that is not confirmed was met. */
__u64 doubts;

static __always_inline bool *pinned_level_of(struct cgroup *cgroup, enum hierarchy hierarchy)
{
	return &pinned_levels[hierarchy][cgroup->level & (LEVELS_SLOTS - 1)];
}

/* The pinned cgroup nearest to the root: one can make cgroups below the container's own, not above. */
static __always_inline struct pin *pinned_above(struct cgroup *cgroup, enum hierarchy hierarchy,
						struct cgroup_key *found)
{
	struct pin *nearest = NULL;

	for (int i = 0; i < LEVELS_MAX && cgroup->level > 0; i++) {
		if (*pinned_level_of(cgroup, hierarchy)) {
			struct cgroup_key key = key_of(cgroup);
			struct pin *pin = bpf_map_lookup_elem(&pins, &key);

			if (pin && pin->state == PIN_CONFIRMED) {
				nearest = pin;
				*found = key;
			}
		}
		cgroup = cgroup->self.parent->cgroup;
	}
	return nearest;
}

static __always_inline struct pin *pin_of(struct task_struct *task, struct cgroup_key *key)
{
	struct pin *pin = NULL;
	struct cgroup *memory;

	if (pinned_anything[UNIFIED])
		pin = pinned_above(task->cgroups->dfl_cgrp, UNIFIED, key);
	if (pin || !pinned_anything[MEMORY])
		return pin;
	memory = memory_cgroup(task);
	return memory ? pinned_above(memory, MEMORY, key) : NULL;
}

static __always_inline void add_pin(struct counters *counts, enum program program, struct task_struct *task,
				    struct cgroup *cgroup, enum hierarchy hierarchy, const __u64 *hostname)
{
	struct cgroup_key key = key_of(cgroup);
	__u32 slot = program;
	struct pin *pin = bpf_map_lookup_elem(&pin_scratch, &slot);

	if (!pin)
		return;
	__builtin_memset(pin, 0, sizeof(*pin));
	pin->state = is_alone(cgroup, task) ? PIN_CONFIRMED : PIN_UNCONFIRMED;
	pin->uts_inum = task->nsproxy->uts_ns->ns.inum;
	__builtin_memcpy(pin->hostname, hostname, sizeof(pin->hostname));
	pin->names_bytes = directory_names(pin->names, cgroup);
	pin->ran_before = program == PROGRAM_LIST;
	/* First these: who looks in between finds nothing, as before. */
	pinned_anything[hierarchy] = true;
	*pinned_level_of(cgroup, hierarchy) = true;
	if (bpf_map_update_elem(&pins, &key, pin, BPF_NOEXIST) == -E2BIG)
		counts->pins_failed++;
}

static __always_inline bool is_other_name(const __u64 *hostname, const struct pin *pin)
{
	const __u64 *pinned = (const __u64 *)pin->hostname;
	__u64 difference = 0;

	for (__u32 w = 0; w < HOSTNAME_WORDS; w++)
		difference |= hostname[w] ^ pinned[w];
	return difference != 0;
}

/* Gives the cgroup's pin if it decides now; NULL where only the hostname does, or nothing: until it is certain whose
 * the cgroup is, another name than the first is nobody's. */
static __always_inline struct pin *pin_here(struct counters *counts, enum program program, struct task_struct *task,
					    struct cgroup *cgroup, enum hierarchy hierarchy, const __u64 *hostname,
					    struct cgroup_key *key)
{
	struct pin *pin;

	*key = key_of(cgroup);
	pin = bpf_map_lookup_elem(&pins, key);
	if (!pin) {
		add_pin(counts, program, task, cgroup, hierarchy, hostname);
		pin = bpf_map_lookup_elem(&pins, key);
	}
	if (!pin || pin->state == PIN_SHARED)
		return NULL;
	if (pin->state == PIN_CONFIRMED)
		return pin;
	if (is_other_name(hostname, pin))
		counts->verdict.flags = 0;
	__sync_fetch_and_add(&doubts, 1);
	return NULL;
}

#endif
