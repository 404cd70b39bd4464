/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Whose events are wanted: those of containers whose hostname began with one of the prefixes when it was first seen,
 * and of processes whose hostname does now. */
#ifndef FILTER_H
#define FILTER_H

#include "pins.h"
#include "record.h"
#include "tables.h"
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* Constants by the time the program is verified, so that unused ones cost nothing. */
const volatile struct prefix prefixes[PREFIXES_MAX];
const volatile __u32 prefix_count;

struct hostname {
	__u64 words[HOSTNAME_WORDS];
};

static __always_inline void read_hostname(struct hostname *hostname, struct task_struct *task)
{
	struct nsproxy *nsproxy = task->nsproxy;

	/* A task that is past exit_task_namespaces() has none. */
	if (!nsproxy || bpf_core_read(hostname, sizeof(*hostname), &nsproxy->uts_ns->name.nodename))
		__builtin_memset(hostname, 0, sizeof(*hostname));
}

static __always_inline bool hostname_is_wanted(const struct hostname *hostname)
{
	for (__u32 i = 0; i < PREFIXES_MAX && i < prefix_count; i++) {
		__u64 difference = 0;

		for (__u32 w = 0; w < HOSTNAME_WORDS; w++)
			difference |= (hostname->words[w] ^ prefixes[i].words[w]) & prefixes[i].masks[w];
		if (!difference)
			return true;
	}
	return false;
}

/* Any user may make a user namespace, in it a UTS namespace, and name it as he likes. */
static __always_inline bool uts_is_foreign(struct task_struct *task)
{
	return task->nsproxy && task->nsproxy->uts_ns->user_ns->level > 0;
}

/* A process that is in the initial UTS namespace has not renamed itself: it is the container's runtime, entering. */
static __always_inline bool is_mismatch(struct task_struct *task, const struct hostname *hostname,
					const struct pin *pin)
{
	if (!task->nsproxy || task->nsproxy->uts_ns->ns.inum == INITIAL_UTS_INUM)
		return false;
	return is_other_name(hostname->words, pin);
}

/* At first sight of a wanted hostname. `container` becomes the cgroup nearest to the process. */
static __always_inline struct pin *pin_first_sight(struct counters *counts, enum program program,
						   struct task_struct *task, const struct hostname *hostname,
						   struct cgroup_key *container)
{
	struct cgroup *cgroup = task->cgroups->dfl_cgrp;
	struct pin *pin = NULL;

	*container = key_of(cgroup);
	/* Nor is the machine itself a container, whatever it is called. */
	if (!task->nsproxy || task->nsproxy->uts_ns->ns.inum == INITIAL_UTS_INUM)
		return NULL;
	if (cgroup->level > 0)
		pin = pin_here(counts, program, task, cgroup, UNIFIED, hostname->words, container);
	if (pin)
		return pin;
	cgroup = memory_cgroup(task);
	if (!cgroup || cgroup->level <= 0)
		return NULL;
	return pin_here(counts, program, task, cgroup, MEMORY, hostname->words, container);
}

static __always_inline struct cgroup_key nearest_cgroup(struct task_struct *task)
{
	struct cgroup *cgroup = memory_cgroup(task);

	return key_of(cgroup && cgroup->level > 0 ? cgroup : task->cgroups->dfl_cgrp);
}

/* `before` says that the process was reported once. */
static __always_inline struct verdict *judge(struct counters *counts, enum program program, struct task_struct *task,
					     const struct hostname *hostname, bool before)
{
	struct verdict *verdict = &counts->verdict;
	struct cgroup_key container = {};
	struct pin *pin;

	verdict->flags = 0;
	verdict->wanted = true;
	if (prefix_count == 0)
		return verdict;
	verdict->wanted = hostname_is_wanted(hostname);
	pin = pin_of(task, &container);
	if (!pin && verdict->wanted && !uts_is_foreign(task)) {
		verdict->flags = FLAG_BY_HOSTNAME;
		pin = pin_first_sight(counts, program, task, hostname, &container);
	}
	if (pin) {
		verdict->wanted = true;
		verdict->flags = is_mismatch(task, hostname, pin) ? FLAG_PINNED | FLAG_MISMATCH : FLAG_PINNED;
	}
	verdict->wanted |= before;
	if (!container.id && verdict->wanted)
		container = nearest_cgroup(task);
	verdict->container = container;
	return verdict;
}

static __always_inline void fill_verdict(struct record_head *head, const struct verdict *verdict,
					 const struct hostname *hostname)
{
	head->flags |= verdict->flags;
	head->container_id = verdict->container.id;
	head->container_hierarchy = verdict->container.hierarchy;
	__builtin_memcpy(head->hostname, hostname, sizeof(head->hostname));
}

#endif
