/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* How much each container may report: a fork bomb costs its own container's detail, and nobody else's. */
#ifndef LIMIT_H
#define LIMIT_H

#include "counters.h"
#include "tables.h"
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile __u64 event_cost_ns; /* 0: no limit */
const volatile __u64 burst_ns;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PINS_MAX); /* one where nothing is limited */
	__type(key, struct cgroup_key);
	__type(value, struct bucket);
} buckets SEC(".maps");

static __always_inline struct bucket *bucket_of(const struct cgroup_key *container)
{
	struct bucket *bucket = bpf_map_lookup_elem(&buckets, container);
	struct bucket full = {};

	if (bucket)
		return bucket;
	bpf_map_update_elem(&buckets, container, &full, BPF_NOEXIST);
	return bpf_map_lookup_elem(&buckets, container);
}

/* Virtual scheduling (GCRA) in one word. Programs of this type may not lock, and compare-and-swap needs Linux 5.12:
 * where two CPUs spend at once, one of them spends nothing. Better one event too many than one lost. */
static __always_inline bool spend(struct bucket *bucket)
{
	__u64 now_ns = bpf_ktime_get_boot_ns();
	__u64 before = *(volatile __u64 *)&bucket->spent_until_ns;
	__u64 from_ns = before > now_ns ? before : now_ns;

	if (from_ns - now_ns > burst_ns)
		return false;
	bucket->spent_until_ns = from_ns + event_cost_ns;
	return true;
}

/* Of the container in the verdict. */
static __always_inline void suppress(struct counters *counts)
{
	struct bucket *bucket = bucket_of(&counts->verdict.container);

	counts->rate_limited++;
	if (bucket)
		__sync_fetch_and_add(&bucket->suppressed, 1);
}

static __always_inline bool within_limit(struct counters *counts)
{
	struct bucket *bucket;

	if (event_cost_ns == 0)
		return true;
	bucket = bucket_of(&counts->verdict.container);
	if (!bucket || spend(bucket))
		return true;
	suppress(counts);
	return false;
}

#endif
