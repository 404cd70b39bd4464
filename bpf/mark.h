/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* What is remembered of a process for as long as it lives. */
#ifndef MARK_H
#define MARK_H

#include "counters.h"
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct mark {
	__u64 start_boot_ns; /* the kernel uses a pid again: it means this process only together with its start */
	__u64 exec_boot_ns;  /* of its last exec that was reported; 0 if none */
	__u32 accepted;	     /* it was reported once, so its end will be, whatever its hostname is then */
	__u32 suppressed;    /* an exec of its was not reported, as its container had spent its allowance */
};

/* By pid of the process, which a thread that executes takes over. A table and not task storage: that costs seven times
 * as much for each process, and older kernels lack it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MARKS_MAX);
	__type(key, __u32);
	__type(value, struct mark);
} marks SEC(".maps");

/* How many marked processes have these last bits in their pid: mostly none, and then the table need not be asked. Pids
 * that follow each other lie beside each other here, and far apart in the table. */
__u32 marked[MARKED_SLOTS];

static __always_inline struct mark *mark_of(struct task_struct *task)
{
	__u32 pid = task->tgid;
	struct mark *mark;

	if (!marked[pid % MARKED_SLOTS])
		return NULL;
	mark = bpf_map_lookup_elem(&marks, &pid);
	return mark && mark->start_boot_ns == task->group_leader->start_boottime ? mark : NULL;
}

/* NULL where the table is full: then the process's end is reported if its hostname or cgroup says so. */
static __always_inline struct mark *mark_or_new(struct counters *counts, struct task_struct *task)
{
	struct mark new = {.start_boot_ns = task->group_leader->start_boottime};
	__u32 pid = task->tgid;
	struct mark *mark = bpf_map_lookup_elem(&marks, &pid);

	if (!mark) {
		if (bpf_map_update_elem(&marks, &pid, &new, BPF_NOEXIST)) {
			counts->marks_failed++;
			return NULL;
		}
		__sync_fetch_and_add(&marked[pid % MARKED_SLOTS], 1);
		return bpf_map_lookup_elem(&marks, &pid);
	}
	/* Else it is of an earlier process, whose end was not seen. */
	if (mark->start_boot_ns != new.start_boot_ns)
		*mark = new;
	return mark;
}

static __always_inline void forget_mark(struct task_struct *task)
{
	__u32 pid = task->tgid;

	if (!bpf_map_delete_elem(&marks, &pid))
		__sync_fetch_and_sub(&marked[pid % MARKED_SLOTS], 1);
}

static __always_inline bool was_accepted(const struct mark *mark)
{
	return mark && mark->accepted;
}

#endif
