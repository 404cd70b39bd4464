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
	PROGRAM_LIST,
	PROGRAMS,
};

/* A cgroup of either version: the number of a directory means something only within its hierarchy. */
struct cgroup_key {
	__u64 id;
	__u32 hierarchy; /* 0: version 2 */
	__u32 unused;
};

enum pin_state {
	/* The hostname was seen here, but other processes were here too; user space looks whose they are. */
	PIN_UNCONFIRMED = 0,
	/* This cgroup is one container: whatever its processes call themselves, they are of this hostname. */
	PIN_CONFIRMED = 1,
	/* Several hosts live here: never pinned. */
	PIN_SHARED = 2,
};

#define MARKS_MAX 32768 /* processes at one time, more than twenty times what a busy node runs; 3 MB */
#define MARKED_SLOTS 16384
#define CLAIMS_MAX 4096
#define PINS_MAX 2048 /* containers of wanted hostnames at one time; 1.5 MB */
#define LEVELS_MAX 16 /* of cgroups below each other that are looked at */
#define NAMES_BYTES_MAX 512
#define NAME_ROOM 256 /* of the last name, NAME_MAX and NUL */

struct pin {
	__u32 state;
	__u32 uts_inum; /* of the namespace that had the hostname */
	char hostname[HOSTNAME_BYTES_MAX];
	__u32 names_bytes;
	char names[NAMES_BYTES_MAX + NAME_ROOM]; /* of the directories, leaf first, each ended by NUL */
	__u32 ran_before; /* it was found running, so another name may have been the first */
};

/* A process in a cgroup whose pin is to be confirmed. */
struct member {
	struct cgroup_key key;
	__u64 start_boot_ns;
	__u32 pid;
	__u32 ppid;
	__u32 namespace_pid;
	__u32 pid_inum;
	__u32 uts_inum;
	__u32 is_foreign; /* anyone could have made its UTS namespace and named it */
	char hostname[HOSTNAME_BYTES_MAX];
};

/* What each container may still report. */
struct bucket {
	__u64 spent_until_ns; /* virtual time up to which its allowance is spent */
	__u64 suppressed;
};

/* What a program found of the process it looks at; in map memory and not on the stack, as the verifier would follow
 * each of its values through all that comes after. */
struct verdict {
	struct cgroup_key container;
	__u32 wanted;
	__u32 flags;
};

struct counters {
	struct verdict verdict;
	__u64 seen;
	__u64 filtered;
	__u64 submitted;
	__u64 dropped_ring_full;
	__u64 rate_limited;
	__u64 argv_unreadable; /* submitted nevertheless */
	__u64 marks_failed;    /* processes of which nothing is remembered, as the table is full */
	__u64 pins_failed;     /* containers that are known by hostname only, as the table is full */
};

#endif
