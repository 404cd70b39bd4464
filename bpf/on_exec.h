/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* A process executes a program: what it was given, and where. */
#include "filter.h"
#include "identity.h"
#include "limit.h"
#include "mark.h"
#include "path.h"
#include "ring.h"
#include <bpf/bpf_tracing.h>

const volatile __u32 argv_bytes_max = 4096;

/* Too large for the stack of a BPF program. One for each CPU, as no program runs twice at once there; zeroed before
 * it is filled, or bytes of an older record would travel. */
struct executed {
	struct executed_record record;
	struct tail tail;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct executed);
} executed_scratch SEC(".maps");

static __always_inline void append_paths(struct executed *executed, struct task_struct *task)
{
	struct executed_record *record = &executed->record;
	struct fs_struct *fs = task->fs;
	enum walk walk;

	walk = append_path(&executed->tail, &task->mm->exe_file->f_path, &fs->root);
	record->exe_bytes = executed->tail.used;
	if (walk != WALK_REACHED_ROOT)
		record->head.flags |= walk == WALK_CUT ? FLAG_EXE_CUT : FLAG_EXE_UNREACHABLE;
	walk = append_path(&executed->tail, &fs->pwd, &fs->root);
	record->cwd_bytes = executed->tail.used - record->exe_bytes;
	if (walk != WALK_REACHED_ROOT)
		record->head.flags |= walk == WALK_CUT ? FLAG_CWD_CUT : FLAG_CWD_UNREACHABLE;
}

static __always_inline void append_filename(struct executed *executed, struct linux_binprm *bprm)
{
	__u32 at = executed->tail.used & (TAIL_BYTES - 1);
	long length = bpf_probe_read_kernel_str(&executed->tail.bytes[at], PATH_BYTES_MAX, bprm->filename);

	if (length <= 0)
		return;
	executed->record.filename_bytes = length;
	executed->tail.used = at + length;
}

static __always_inline bool append_argv(struct executed *executed, struct mm_struct *mm)
{
	__u32 at = executed->tail.used;
	unsigned long start = mm->arg_start;
	__u64 length = mm->arg_end - start;

	executed->record.argv_total_bytes = length;
	/* Never: only the verifier does not know how long three paths are. */
	if (at > PATHS_BYTES_MAX)
		return false;
	if (length > argv_bytes_max)
		length = argv_bytes_max;
	if (length > ARGV_BYTES_LIMIT)
		length = ARGV_BYTES_LIMIT;
	if (bpf_probe_read_user(&executed->tail.bytes[at], length, (void *)start))
		return false;
	executed->record.argv_bytes = length;
	executed->tail.used = at + length;
	return true;
}

static __always_inline void remember_exec(struct counters *counts, struct task_struct *task, __u64 boot_ns)
{
	struct mark *mark = mark_or_new(counts, task);

	if (!mark)
		return;
	mark->accepted = 1;
	mark->exec_boot_ns = boot_ns;
}

/* Its end is not told either, unless an exec of its was told before. */
static __always_inline void remember_suppression(struct counters *counts, struct task_struct *task)
{
	struct mark *mark = mark_or_new(counts, task);

	if (mark)
		mark->suppressed = 1;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	__u32 key = 0;
	struct counters *counts = counters_of(PROGRAM_EXEC);
	struct executed *executed;
	struct record_head *head;
	struct hostname hostname;
	struct verdict *verdict;
	__u64 size;

	if (!counts)
		return 0;
	counts->seen++;
	read_hostname(&hostname, task);
	verdict = judge(counts, PROGRAM_EXEC, task, &hostname, was_accepted(mark_of(task)));
	if (!verdict->wanted) {
		counts->filtered++;
		return 0;
	}
	if (!within_limit(counts)) {
		remember_suppression(counts, task);
		return 0;
	}
	executed = bpf_map_lookup_elem(&executed_scratch, &key);
	if (!executed)
		return 0;
	head = &executed->record.head;
	__builtin_memset(&executed->record, 0, sizeof(executed->record));
	head->kind = RECORD_EXECUTED;
	fill_verdict(head, verdict, &hostname);
	fill_identity(head, task);
	remember_exec(counts, task, head->boot_ns);
	executed->tail.used = 0;
	append_paths(executed, task);
	append_filename(executed, bprm);
	if (!append_argv(executed, task->mm))
		counts->argv_unreadable++;
	size = sizeof(executed->record) + executed->tail.used;
	if (size > sizeof(executed->record) + sizeof(executed->tail.bytes))
		size = sizeof(executed->record) + sizeof(executed->tail.bytes);
	head->size = size;
	submit(counts, executed, size);
	return 0;
}
