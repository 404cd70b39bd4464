/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Whose events are wanted: those of processes whose hostname begins with one of the prefixes. */
#ifndef FILTER_H
#define FILTER_H

#include "record.h"
#include "tables.h"
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* Constants by the time the program is verified, so that unused ones cost nothing. */
const volatile struct prefix prefixes[PREFIXES_MAX];
const volatile __u32 prefix_count;

static __always_inline void read_hostname(struct record_head *head, struct task_struct *task)
{
	struct nsproxy *nsproxy = task->nsproxy;

	/* A task that is past exit_task_namespaces() has none. */
	if (nsproxy)
		bpf_core_read(head->hostname, sizeof(head->hostname), &nsproxy->uts_ns->name.nodename);
}

static __always_inline bool hostname_is_wanted(const struct record_head *head)
{
	const __u64 *words = (const __u64 *)head->hostname;

	if (prefix_count == 0)
		return true;
	for (__u32 i = 0; i < PREFIXES_MAX && i < prefix_count; i++) {
		__u64 difference = 0;

		for (__u32 w = 0; w < HOSTNAME_WORDS; w++)
			difference |= (words[w] ^ prefixes[i].words[w]) & prefixes[i].masks[w];
		if (!difference)
			return true;
	}
	return false;
}

#endif
