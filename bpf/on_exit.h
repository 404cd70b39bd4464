/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* A process ends with its last thread. The hook runs for every thread. */
#include "claim.h"
#include "cpu_time.h"
#include "filter.h"
#include "identity.h"
#include "limit.h"
#include "mark.h"
#include "ring.h"
#include <bpf/bpf_tracing.h>

#define PF_KTHREAD 0x00200000
#define SIGNAL_GROUP_EXIT 0x00000004

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct exited_record);
} exited_scratch SEC(".maps");

/* As wait_task_zombie() decides it. */
static __always_inline __u32 wait_status(struct task_struct *task)
{
	struct signal_struct *signal = task->signal;

	return signal->flags & SIGNAL_GROUP_EXIT ? signal->group_exit_code : task->group_leader->exit_code;
}

/* There is no other thread, nor was one released: the time that it ran would have been added here before. */
static __always_inline bool is_only_thread(struct signal_struct *signal)
{
	return signal->nr_threads == 1 && signal->sum_sched_runtime == 0;
}

/* Two threads that end at the same moment may both find that no thread is left; the one may be released before the
 * other looks. */
static __always_inline bool claim_exit(struct task_struct *task)
{
	return is_only_thread(task->signal) || claim(task, CLAIMED_EXIT);
}

static __always_inline void fill_exit(struct exited_record *record, struct task_struct *task, const struct mark *mark)
{
	struct signal_struct *signal = task->signal;

	record->head.kind = RECORD_EXITED;
	record->head.size = sizeof(*record);
	if (signal->oom_mm)
		record->head.flags |= FLAG_OOM_KILLED;
	fill_identity(&record->head, task);
	record->exec_boot_ns = mark ? mark->exec_boot_ns : 0;
	record->wait_status = wait_status(task);
	/* do_exit() has brought it up to date from the memory's own high-water mark just before. */
	record->peak_rss_pages = signal->maxrss;
	fill_cpu_time(record, task);
}

/* With the beginning the end is told, and without it not; where there was none, as after a fork alone, it counts. */
static __always_inline bool end_is_told(struct counters *counts, const struct mark *mark)
{
	if (was_accepted(mark))
		return true;
	if (!mark || !mark->suppressed)
		return within_limit(counts);
	suppress(counts);
	return false;
}

static __always_inline void submit_exit(struct counters *counts, struct task_struct *task, const struct mark *mark,
					const struct hostname *hostname)
{
	__u32 key = 0;
	struct exited_record *record = bpf_map_lookup_elem(&exited_scratch, &key);

	if (!record)
		return;
	__builtin_memset(record, 0, sizeof(*record));
	fill_verdict(&record->head, &counts->verdict, hostname);
	fill_exit(record, task, mark);
	submit(counts, record, sizeof(*record));
}

static __always_inline void report_exit(struct counters *counts, struct task_struct *task)
{
	struct mark *mark = mark_of(task);
	struct hostname hostname;
	struct verdict *verdict;

	/* Of this task and not of the leader: a leader that died before its threads has no namespaces any more. */
	read_hostname(&hostname, task);
	verdict = judge(counts, PROGRAM_EXIT, task, &hostname, was_accepted(mark));
	if (verdict->wanted && !claim_exit(task))
		return;
	counts->seen++;
	if (!verdict->wanted)
		counts->filtered++;
	else if (end_is_told(counts, mark))
		submit_exit(counts, task, mark, &hostname);
	if (mark)
		forget_mark(task);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	struct counters *counts;

	if (task->signal->live.counter > 0)
		return 0;
	counts = counters_of(PROGRAM_EXIT);
	if (counts && !(task->flags & PF_KTHREAD))
		report_exit(counts, task);
	return 0;
}
