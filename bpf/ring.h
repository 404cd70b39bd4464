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

/* The reader naps between two reads, and looks again by itself: a wake-up, which costs as much as all else, is for one
 * that waits. */
bool reader_naps;

static __always_inline void submit(struct counters *counts, void *record, __u64 size)
{
	if (bpf_ringbuf_output(&ring, record, size, reader_naps ? BPF_RB_NO_WAKEUP : 0))
		counts->dropped_ring_full++;
	else
		counts->submitted++;
}

#endif
