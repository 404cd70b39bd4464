/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* The way out of the kernel. */
#ifndef RING_H
#define RING_H

#include "counters.h"
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 23); /* set again from user space */
} ring SEC(".maps");

/* Wakes the reader only if it had read everything before this record. The reader naps after each read, so under
 * load it is not waiting then, and a burst costs one wake-up instead of one for each record. */
static __always_inline void submit(struct counters *counts, void *record, __u64 size)
{
	if (bpf_ringbuf_output(&ring, record, size, 0))
		counts->dropped_ring_full++;
	else
		counts->submitted++;
}

#endif
