/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* The kernel chooses a process to kill, as memory ran out. The hook runs in whatever task asked for memory: every
 * field must be read from the victim. */
#include "claim.h"
#include "filter.h"
#include "identity.h"
#include "mark.h"
#include "ring.h"
#include <bpf/bpf_tracing.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct oom_killed_record);
} oom_killed_scratch SEC(".maps");

enum { MM_FILEPAGES, MM_ANONPAGES };

static __always_inline __u64 resident_pages(struct mm_struct *mm, int kind)
{
	struct mm_struct___atomic_rss *before = (void *)mm;
	__s64 pages;

	/* The kernel's own size of an element, as an index that is not a constant would be scaled by ours. */
	if (bpf_core_field_exists(before->rss_stat.count)) {
		atomic_long_t *counter = (void *)before->rss_stat.count + kind * bpf_core_type_size(atomic_long_t);

		pages = BPF_CORE_READ(counter, counter);
	} else {
		struct percpu_counter *counter = (void *)mm->rss_stat + kind * bpf_core_type_size(struct percpu_counter);

		pages = BPF_CORE_READ(counter, count);
	}
	return pages > 0 ? pages : 0;
}

static __always_inline void fill_memory(struct oom_killed_record *record, struct task_struct *victim)
{
	struct mm_struct *mm = victim->mm;

	if (!mm)
		mm = victim->signal->oom_mm;
	record->total_vm_pages = BPF_CORE_READ(mm, total_vm);
	record->anon_rss_pages = resident_pages(mm, MM_ANONPAGES);
	record->file_rss_pages = resident_pages(mm, MM_FILEPAGES);
	record->oom_score_adj = victim->signal->oom_score_adj;
}

static __always_inline void report_victim(struct counters *counts, struct oom_killed_record *record,
					  struct task_struct *victim)
{
	struct hostname hostname;
	struct verdict *verdict;

	read_hostname(&hostname, victim);
	verdict = judge(counts, PROGRAM_OOM, victim, &hostname, was_accepted(mark_of(victim)));
	if (!verdict->wanted) {
		counts->seen++;
		counts->filtered++;
		return;
	}
	/* The kernel marks each thread of a victim that asks for memory while it dies. */
	if (!claim(victim, CLAIMED_OOM))
		return;
	counts->seen++;
	record->head.kind = RECORD_OOM_KILLED;
	record->head.size = sizeof(*record);
	fill_verdict(&record->head, verdict, &hostname);
	fill_identity(&record->head, victim);
	fill_memory(record, victim);
	submit(counts, record, sizeof(*record));
}

static __always_inline void report_victim_pid(struct counters *counts, struct oom_killed_record *record, __u32 pid)
{
	counts->seen++;
	record->head.kind = RECORD_OOM_KILLED;
	record->head.flags = FLAG_PID_ONLY;
	record->head.size = sizeof(*record);
	record->head.boot_ns = bpf_ktime_get_boot_ns();
	record->head.pid = pid;
	submit(counts, record, sizeof(*record));
}

SEC("tp_btf/mark_victim")
int on_oom(__u64 *ctx)
{
	struct trace_event_raw_mark_victim___with_task *event = NULL;
	__u32 key = 0;
	struct oom_killed_record *record = bpf_map_lookup_elem(&oom_killed_scratch, &key);
	struct counters *counts = counters_of(PROGRAM_OOM);

	if (!record || !counts)
		return 0;
	__builtin_memset(record, 0, sizeof(*record));
	/* Known when the program is loaded, so the verifier never sees the other branch. */
	if (bpf_core_field_exists(event->total_vm))
		report_victim(counts, record, (struct task_struct *)ctx[0]);
	else
		report_victim_pid(counts, record, ctx[0]);
	return 0;
}
