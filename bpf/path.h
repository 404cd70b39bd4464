/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-3-Clause) */
/* Paths as a process sees them: names from the leaf up to the process's own root, across mounts. */
#ifndef PATH_H
#define PATH_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define PATH_STEPS_MAX 128 /* names and mounts together */
#define PATH_BYTES_MAX 4096
#define NAME_BYTES_MAX 256
#define ARGV_BYTES_LIMIT 16384
#define TAIL_BYTES 16384 /* a power of two with room for three paths: offsets are masked with it */
/* Three paths, the last name of two of which may go beyond. With arguments and record it stays below 32 KiB, more
 * than which the kernel does not give to a value for each CPU. */
#define PATHS_BYTES_MAX (3 * PATH_BYTES_MAX + 2 * NAME_BYTES_MAX)

struct tail {
	char bytes[PATHS_BYTES_MAX + ARGV_BYTES_LIMIT];
	/* In map memory and not in a register, as the verifier would follow each of its values otherwise: with
	 * it there, one pass over a loop stands for all. */
	volatile __u32 used;
};

enum walk {
	WALK_REACHED_ROOT,
	WALK_UNREACHABLE,
	WALK_CUT,
};

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

static __always_inline bool append_name(struct tail *tail, struct dentry *dentry)
{
	__u32 at = tail->used & (TAIL_BYTES - 1);
	long length = bpf_probe_read_kernel_str(&tail->bytes[at], NAME_BYTES_MAX,
						BPF_CORE_READ(dentry, d_name.name));

	if (length <= 0)
		return false;
	tail->used = at + length;
	return true;
}

/* From the top of a mount on, across mounts. */
static __always_inline enum walk append_mounts(struct tail *tail, struct vfsmount *mnt, const struct path *root,
					       __u32 start)
{
	struct dentry *dentry = BPF_CORE_READ(mnt, mnt_root), *root_dentry = BPF_CORE_READ(root, dentry);
	struct vfsmount *root_mnt = BPF_CORE_READ(root, mnt);

	for (int step = 0; step < PATH_STEPS_MAX; step++) {
		if (dentry == root_dentry && mnt == root_mnt)
			return WALK_REACHED_ROOT;
		if (dentry == BPF_CORE_READ(mnt, mnt_root)) {
			struct mount *mount = mount_of(mnt);
			struct mount *parent = BPF_CORE_READ(mount, mnt_parent);

			if (parent == mount)
				return WALK_UNREACHABLE;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mnt = (void *)parent + bpf_core_field_offset(struct mount, mnt);
		} else {
			struct dentry *parent = BPF_CORE_READ(dentry, d_parent);

			if (parent == dentry)
				return WALK_UNREACHABLE;
			if (tail->used - start >= PATH_BYTES_MAX || !append_name(tail, dentry))
				return WALK_CUT;
			dentry = parent;
		}
	}
	return WALK_CUT;
}

/* Within a mount the verifier follows the pointers, so that they are read without a call each: that is most of what
 * a path costs, and most paths cross no mount. */
static __always_inline enum walk append_path(struct tail *tail, const struct path *path, const struct path *root)
{
	struct dentry *dentry = path->dentry, *root_dentry = root->dentry, *mount_root = path->mnt->mnt_root;
	bool is_root_mount = path->mnt == root->mnt;
	__u32 start = tail->used;

	for (int step = 0; step < PATH_STEPS_MAX; step++) {
		struct dentry *parent = dentry->d_parent;

		if (is_root_mount && dentry == root_dentry)
			return WALK_REACHED_ROOT;
		if (dentry == mount_root)
			return append_mounts(tail, BPF_CORE_READ(path, mnt), root, start);
		if (parent == dentry)
			return WALK_UNREACHABLE;
		if (tail->used - start >= PATH_BYTES_MAX || !append_name(tail, dentry))
			return WALK_CUT;
		dentry = parent;
	}
	return WALK_CUT;
}

#endif
