/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* How long a process computed, all its threads together. */
#ifndef CPU_TIME_H
#define CPU_TIME_H

#include "record.h"
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>

#define THREADS_MAX 128 /* that are still in the list when the last one ends; the time of others is missing */
#define ATTEMPTS 2

static __always_inline void add_thread(struct exited_record *record, struct task_struct *thread)
{
	record->user_ns += BPF_CORE_READ(thread, utime);
	record->system_ns += BPF_CORE_READ(thread, stime);
	record->runtime_ns += BPF_CORE_READ(thread, se.sum_exec_runtime);
}

static __always_inline void add_threads(struct exited_record *record, struct signal_struct *signal)
{
	void *end = &signal->thread_head;
	struct list_head *node = signal->thread_head.next;

	for (int i = 0; i < THREADS_MAX && (void *)node != end; i++) {
		add_thread(record, (void *)node - bpf_core_field_offset(struct task_struct, thread_node));
		node = BPF_CORE_READ(node, next);
	}
}

/* The kernel adds a thread's time to signal->utime only when the thread is released: at the process's end the last
 * thread, a leader that died first and threads on their way out still have theirs. As thread_group_cputime(). */
static __always_inline void fill_cpu_time(struct exited_record *record, struct task_struct *last)
{
	struct signal_struct *signal = last->signal;

	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		unsigned int sequence = signal->stats_lock.seqcount.seqcount.sequence;

		record->user_ns = signal->utime;
		record->system_ns = signal->stime;
		record->runtime_ns = signal->sum_sched_runtime;
		if (signal->nr_threads > 1) {
			add_threads(record, signal);
		} else {
			/* As add_thread() does, without a call for each: the verifier follows this pointer. */
			record->user_ns += last->utime;
			record->system_ns += last->stime;
			record->runtime_ns += last->se.sum_exec_runtime;
		}
		/* A thread that is released meanwhile would be counted twice or not at all. */
		if (!(sequence & 1) && sequence == signal->stats_lock.seqcount.seqcount.sequence)
			return;
	}
}

#endif
