/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* What travels from the kernel: read by jcode_watcher/procmon/record.py, proven equal by a contract test.
 *
 * The machine's byte order, aligned to 8 bytes, no implicit padding. Sizes of memory are in pages, as BPF cannot
 * know the size of a page. */
#ifndef RECORD_H
#define RECORD_H

#include "tables.h"

enum record_kind {
	RECORD_EXECUTED = 1,
	RECORD_EXITED = 2,
	RECORD_OOM_KILLED = 3,
	RECORD_RUNNING = 4,
};

enum record_flags {
	FLAG_OOM_KILLED = 1 << 0,
	/* Nothing but the pid is known of the victim. */
	FLAG_PID_ONLY = 1 << 1,
	/* The walk ended at the top of the mount tree without meeting the process's root. */
	FLAG_EXE_UNREACHABLE = 1 << 2,
	FLAG_CWD_UNREACHABLE = 1 << 3,
	/* The walk met a limit: the path's beginning is missing. */
	FLAG_EXE_CUT = 1 << 4,
	FLAG_CWD_CUT = 1 << 5,
	/* The container's cgroup is pinned: `container_id` names the pin. */
	FLAG_PINNED = 1 << 6,
	/* It is, and the process's hostname is another one. */
	FLAG_MISMATCH = 1 << 7,
	/* Not pinned; the hostname is wanted, and not just anyone could have set it. */
	FLAG_BY_HOSTNAME = 1 << 8,
};

struct record_head {
	__u32 size; /* of the whole record, its tail included */
	__u16 kind;
	__u16 flags;
	__u64 boot_ns;
	__u64 start_boot_ns;
	__u64 cgroup_id;
	__u64 memory_cgroup_id;
	__u64 container_id; /* the pinned cgroup, or the one that would be */
	__u32 container_hierarchy;
	__u32 pid;
	__u32 ppid;
	__u32 namespace_pid;
	__u32 uid;
	__u32 gid;
	char comm[16];
	char hostname[HOSTNAME_BYTES_MAX]; /* without NUL where it is 64 bytes long */
};

/* Tail: exe and cwd (names leaf first, each ended by NUL), filename (with NUL), arguments as they lie in memory. */
struct executed_record {
	struct record_head head;
	__u64 argv_total_bytes;
	__u32 argv_bytes;
	__u16 exe_bytes;
	__u16 cwd_bytes;
	__u16 filename_bytes;
	__u16 unused[3];
};

struct exited_record {
	struct record_head head;
	__u64 exec_boot_ns;
	__u64 user_ns;	  /* by sampling at timer ticks */
	__u64 system_ns;  /* by sampling at timer ticks */
	__u64 runtime_ns; /* of both together, measured */
	__u64 peak_rss_pages;
	__u32 wait_status;
	__u32 unused;
};

struct oom_killed_record {
	struct record_head head;
	__u64 total_vm_pages;
	__u64 anon_rss_pages;
	__u64 file_rss_pages;
	__s32 oom_score_adj;
	__u32 unused;
};

#endif
