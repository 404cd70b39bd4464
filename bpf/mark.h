/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* What is remembered of a process, at its group leader, for as long as that lives. */
#ifndef MARK_H
#define MARK_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct mark {
	__u64 exec_boot_ns; /* of its last exec that was reported; 0 if none */
	__u32 accepted;	    /* it was reported once, so its end will be, whatever its hostname is then */
	__u32 exited;	    /* its end has been claimed by the thread that reports it */
	__u32 oom_killed;   /* likewise */
	__u32 suppressed;   /* an exec of its was not reported, as its container had spent its allowance */
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct mark);
} marks SEC(".maps");

static __always_inline struct mark *mark_of(struct task_struct *leader)
{
	return bpf_task_storage_get(&marks, leader, NULL, 0);
}

static __always_inline struct mark *mark_or_new(struct task_struct *leader)
{
	return bpf_task_storage_get(&marks, leader, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

static __always_inline bool was_accepted(const struct mark *mark)
{
	return mark && mark->accepted;
}

/* True for exactly one caller. Where there is no mark, as memory ran out, callers go on without: a record that may
 * come twice is better than one that never comes. */
static __always_inline bool claim(__u32 *flag)
{
	return __sync_val_compare_and_swap(flag, 0, 1) == 0;
}

static __always_inline struct task_struct *executing_thread(struct signal_struct *signal)
{
	struct signal_struct___group_exit_task *before = (void *)signal;

	if (bpf_core_field_exists(signal->group_exec_task))
		return signal->group_exec_task;
	return before->group_exit_task;
}

/* A thread that executes becomes its process's leader, after the leader before it has died: what is remembered
 * there must go with it. */
static __always_inline void hand_over_mark(struct task_struct *leader)
{
	struct mark *mark = mark_of(leader);
	struct task_struct *heir;
	struct mark *inherited;

	if (!mark || !(mark->accepted || mark->suppressed))
		return;
	heir = executing_thread(leader->signal);
	if (!heir)
		return;
	inherited = mark_or_new(heir);
	if (!inherited)
		return;
	inherited->accepted = mark->accepted;
	inherited->suppressed = mark->suppressed;
	inherited->exec_boot_ns = mark->exec_boot_ns;
}

#endif
