/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* A cgroup is removed; all its processes have ended. */
#include "limit.h"
#include "pins.h"
#include <bpf/bpf_tracing.h>

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(on_cgroup_removed, struct cgroup *cgroup)
{
	struct cgroup_key key = key_of(cgroup);
	__u64 now_ns = bpf_ktime_get_boot_ns();

	/* Not out of the tables yet: user space still reads what the container did, and how much was suppressed. */
	if (bpf_map_lookup_elem(&pins, &key) || bpf_map_lookup_elem(&buckets, &key))
		bpf_map_update_elem(&gone, &key, &now_ns, BPF_ANY);
	return 0;
}
