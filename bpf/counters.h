/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Every event that is seen ends as filtered, submitted or dropped, and each is counted. */
#ifndef COUNTERS_H
#define COUNTERS_H

#include "tables.h"
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PROGRAMS);
	__type(key, __u32);
	__type(value, struct counters);
} counters SEC(".maps");

static __always_inline struct counters *counters_of(enum program program)
{
	__u32 key = program;

	return bpf_map_lookup_elem(&counters, &key);
}

#endif
