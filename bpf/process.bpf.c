// SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause)
/* The kernel side of procmon: filter, fill, submit. All thinking happens in user space. */
#include "on_exec.h"
#include "on_exit.h"
#include "on_oom.h"
#include "on_cgroup_removed.h"
#include "list_members.h"
#include "list_running.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
