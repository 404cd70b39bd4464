/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Who a process is. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "cgroups.h"
#include "record.h"
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define PID_NAMESPACE_LEVELS_MAX 32 /* MAX_PID_NS_LEVEL */

/* The pid inside the innermost pid namespace, what the process itself sees, and that namespace. */
static __always_inline struct upid *innermost(struct task_struct *leader)
{
	/* Read, not followed: before 6.2 the verifier allows no arithmetic on a pointer that it tracks. */
	struct pid *pid = BPF_CORE_READ(leader, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);

	if (level >= PID_NAMESPACE_LEVELS_MAX)
		level = 0;
	return (void *)&pid->numbers[0] + level * bpf_core_type_size(struct upid);
}

static __always_inline void fill_cgroups(struct record_head *head, struct task_struct *task)
{
	struct cgroup *memory = memory_cgroup(task);

	head->cgroup_id = task->cgroups->dfl_cgrp->kn->id;
	head->memory_cgroup_id = memory ? memory->kn->id : head->cgroup_id;
}

/* `task` may be any thread that still has its credentials and cgroups; the leader may be a zombie. */
static __always_inline void fill_identity(struct record_head *head, struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;

	head->boot_ns = bpf_ktime_get_boot_ns();
	head->start_boot_ns = leader->start_boottime;
	head->pid = task->tgid;
	head->ppid = task->real_parent->tgid;
	head->namespace_pid = BPF_CORE_READ(innermost(leader), nr);
	head->uid = task->cred->uid.val;
	head->gid = task->cred->gid.val;
	bpf_core_read(head->comm, sizeof(head->comm), &leader->comm);
	fill_cgroups(head, task);
}

#endif
