/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Where a process stands among the control groups. */
#ifndef CGROUPS_H
#define CGROUPS_H

#include "tables.h"
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* Of version 1; NULL where memory is in the unified hierarchy, in which it may be an ancestor of the process's own. */
static __always_inline struct cgroup *memory_cgroup(struct task_struct *task)
{
	struct css_set *set = task->cgroups;
	struct cgroup_subsys_state *css;
	struct cgroup *memory;

	if (!bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		return NULL;
	/* A constant once loaded; an index would be a variable, which the verifier does not let into a kernel type. */
	css = *(struct cgroup_subsys_state **)((void *)set + bpf_core_field_offset(struct css_set, subsys) +
					       bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id) *
						       sizeof(void *));
	if (!css)
		return NULL;
	memory = css->cgroup;
	return memory->root == set->dfl_cgrp->root ? NULL : memory;
}

static __always_inline struct cgroup_key key_of(struct cgroup *cgroup)
{
	return (struct cgroup_key){.id = cgroup->kn->id, .hierarchy = cgroup->root->hierarchy_id};
}

/* Nobody else is in the cgroup or below it, so it is this process's own, as a container's first process finds it. */
static __always_inline bool is_alone(struct cgroup *cgroup, struct task_struct *task)
{
	return cgroup->nr_populated_csets == 1 && task->cgroups->nr_tasks == 1 &&
	       cgroup->nr_populated_domain_children == 0 && cgroup->nr_populated_threaded_children == 0;
}

static __always_inline struct kernfs_node *parent_directory(struct kernfs_node *node)
{
	struct kernfs_node___rcu *since = (void *)node;

	if (bpf_core_field_exists(since->__parent))
		return since->__parent;
	return node->parent;
}

/* What does not fit is the path's beginning. */
static __always_inline __u32 directory_names(char *names, struct cgroup *cgroup)
{
	struct kernfs_node *node = cgroup->kn;
	volatile __u32 used = 0;

	for (int level = 0; level < LEVELS_MAX; level++) {
		struct kernfs_node *parent = parent_directory(node);
		__u32 at = used;
		long length;

		if (!parent || at >= NAMES_BYTES_MAX)
			break;
		length = bpf_probe_read_kernel_str(&names[at & (NAMES_BYTES_MAX - 1)], NAME_ROOM, node->name);
		if (length <= 0)
			break;
		used = at + length;
		node = parent;
	}
	return used;
}

#endif
