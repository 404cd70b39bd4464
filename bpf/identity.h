/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Who a process is. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "record.h"
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define PID_NAMESPACE_LEVELS_MAX 32 /* MAX_PID_NS_LEVEL */

/* The pid inside the innermost pid namespace: what the process itself sees. */
static __always_inline __u32 namespace_pid(struct task_struct *leader)
{
	struct pid *pid = leader->thread_pid;
	__u32 level = BPF_CORE_READ(pid, level);
	__u32 nr = 0;

	if (level < PID_NAMESPACE_LEVELS_MAX)
		bpf_core_read(&nr, sizeof(nr),
			      (void *)&pid->numbers[0].nr + level * bpf_core_type_size(struct upid));
	return nr;
}

static __always_inline void fill_cgroups(struct record_head *head, struct task_struct *task)
{
	struct css_set *set = task->cgroups;
	struct cgroup *unified = BPF_CORE_READ(set, dfl_cgrp);
	struct cgroup *memory;

	head->cgroup_id = BPF_CORE_READ(unified, kn, id);
	head->memory_cgroup_id = head->cgroup_id;
	if (!bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		return;
	memory = BPF_CORE_READ(set, subsys[bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id)], cgroup);
	/* In the unified hierarchy this may be an ancestor, as not each cgroup has the memory controller. */
	if (memory && BPF_CORE_READ(memory, root) != BPF_CORE_READ(unified, root))
		head->memory_cgroup_id = BPF_CORE_READ(memory, kn, id);
}

/* `task` may be any thread that still has its credentials and cgroups; the leader may be a zombie. */
static __always_inline void fill_identity(struct record_head *head, struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;

	head->boot_ns = bpf_ktime_get_boot_ns();
	head->start_boot_ns = leader->start_boottime;
	head->pid = task->tgid;
	head->ppid = task->real_parent->tgid;
	head->namespace_pid = namespace_pid(leader);
	head->uid = task->cred->uid.val;
	head->gid = task->cred->gid.val;
	bpf_core_read(head->comm, sizeof(head->comm), &leader->comm);
	fill_cgroups(head, task);
}

#endif
