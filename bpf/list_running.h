/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* What already ran when the hooks were attached, listed when user space reads the iterator. */
#include "filter.h"
#include "identity.h"
#include "mark.h"

/* Also what executed after the hooks were attached: it was told to an agent that is no more. */
bool list_told;

SEC("iter/task")
int list_running(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct counters *counts = counters_of(PROGRAM_LIST);
	struct record_head head = {};
	struct task_struct *leader;
	struct hostname hostname;
	struct verdict *verdict;
	struct mark *mark;

	if (!counts || !task || !task->mm || !task->nsproxy)
		return 0;
	leader = task->group_leader;
	/* Of each process its leader, or any thread where the leader has died; user space drops the repeats. */
	if (task->pid != task->tgid && leader->nsproxy)
		return 0;
	mark = mark_of(task);
	/* It executed after the hooks were attached: the ring buffer holds that. */
	if (mark && mark->exec_boot_ns && !list_told)
		return 0;
	read_hostname(&hostname, task);
	verdict = judge(counts, PROGRAM_LIST, task, &hostname, false);
	if (!verdict->wanted)
		return 0;
	mark = mark_or_new(counts, task);
	if (mark)
		mark->accepted = 1;
	head.kind = RECORD_RUNNING;
	head.size = sizeof(head);
	fill_verdict(&head, verdict, &hostname);
	fill_identity(&head, task);
	bpf_seq_write(ctx->meta->seq, &head, sizeof(head));
	return 0;
}
