/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Several threads may find at the same moment that something is to be told of their process; one may tell it. */
#ifndef CLAIM_H
#define CLAIM_H

#include "tables.h"
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define EEXIST 17

enum claimed {
	CLAIMED_EXIT,
	CLAIMED_OOM,
};

struct claim {
	__u64 start_boot_ns;
	__u32 pid;
	__u32 what; /* enum claimed */
};

/* Those who contend do so within microseconds, so the latest claims are enough, and the oldest give way unasked. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, CLAIMS_MAX);
	__type(key, struct claim);
	__type(value, __u32);
} claims SEC(".maps");

/* True for exactly one caller; for each where the table fails, as a record that comes twice is better than one that
 * never comes. */
static __always_inline bool claim(struct task_struct *task, enum claimed what)
{
	struct claim claim = {
		.start_boot_ns = task->group_leader->start_boottime,
		.pid = task->tgid,
		.what = what,
	};
	__u32 taken = 1;

	return bpf_map_update_elem(&claims, &claim, &taken, BPF_NOEXIST) != -EEXIST;
}

#endif
