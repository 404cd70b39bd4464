/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* What the BPF programs share with the C code that loads them. */
#ifndef TABLES_H
#define TABLES_H

#include <linux/types.h>

#define PREFIXES_MAX 16
#define HOSTNAME_BYTES_MAX 64 /* __NEW_UTS_LEN */
#define HOSTNAME_WORDS (HOSTNAME_BYTES_MAX / sizeof(__u64))

struct prefix {
	__u64 words[HOSTNAME_WORDS];
	__u64 masks[HOSTNAME_WORDS]; /* all ones where the prefix has a byte, else zero */
};

/* Each program counts in its own slot: the kernel never runs one program twice at once on one CPU, but may let
 * one interrupt another, and then a shared counter could lose an increment. */
enum program {
	PROGRAM_EXEC,
	PROGRAM_EXIT,
	PROGRAM_OOM,
	PROGRAMS,
};

struct counters {
	__u64 seen;
	__u64 filtered;
	__u64 submitted;
	__u64 dropped_ring_full;
	__u64 argv_unreadable; /* submitted nevertheless */
};

#endif
