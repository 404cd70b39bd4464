/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Who lives in the cgroups of which it is not certain that they are one container's. */
#include "filter.h"
#include "identity.h"

/* Else the compiler leaves out its type, from which the layout is proven. */
const struct member *unused_member __attribute__((unused));

/* Also where only a cgroup above is in doubt. */
static __always_inline void list_in(struct bpf_iter__task *ctx, struct member *member, struct cgroup *cgroup,
				    enum hierarchy hierarchy)
{
	for (int i = 0; i < LEVELS_MAX && cgroup->level > 0; i++) {
		struct pin *pin = NULL;

		member->key = key_of(cgroup);
		if (*pinned_level_of(cgroup, hierarchy))
			pin = bpf_map_lookup_elem(&pins, &member->key);
		if (pin && pin->state == PIN_UNCONFIRMED)
			bpf_seq_write(ctx->meta->seq, member, sizeof(*member));
		cgroup = cgroup->self.parent->cgroup;
	}
}

static __always_inline struct member member_of(struct task_struct *task)
{
	struct member member = {};

	member.start_boot_ns = task->group_leader->start_boottime;
	member.pid = task->tgid;
	member.ppid = task->real_parent->tgid;
	member.namespace_pid = BPF_CORE_READ(innermost(task->group_leader), nr);
	member.pid_inum = BPF_CORE_READ(innermost(task->group_leader), ns, ns.inum);
	member.uts_inum = task->nsproxy->uts_ns->ns.inum;
	member.is_foreign = uts_is_foreign(task);
	bpf_core_read(member.hostname, sizeof(member.hostname), &task->nsproxy->uts_ns->name.nodename);
	return member;
}

SEC("iter/task")
int list_members(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct cgroup *memory;
	struct member member;

	if (!task || !task->mm || !task->nsproxy)
		return 0;
	/* Of each process its leader, or any thread where the leader has died. */
	if (task->pid != task->tgid && task->group_leader->nsproxy)
		return 0;
	member = member_of(task);
	list_in(ctx, &member, task->cgroups->dfl_cgrp, UNIFIED);
	memory = memory_cgroup(task);
	if (memory)
		list_in(ctx, &member, memory, MEMORY);
	return 0;
}
