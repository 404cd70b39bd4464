#include "pinning.h"
#include "monitor.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <unistd.h>

/* A bpffs takes no dots in names, and the maps of global variables have one. */
static int path_of(char *path, const char *folder, const char *kind, const char *name)
{
	int before = snprintf(path, PIN_PATH_BYTES, "%s/%s", folder, kind);
	int length = before + snprintf(path + before, before < PIN_PATH_BYTES ? PIN_PATH_BYTES - before : 0, "%s", name);

	if (length >= PIN_PATH_BYTES)
		return -ENAMETOOLONG;
	for (char *at = path + before; *at; at++)
		if (*at == '.')
			*at = '_';
	return 0;
}

static bool all_are_attached(const struct hook *hooks, int count, const char *folder)
{
	char path[PIN_PATH_BYTES];

	for (int i = 0; i < count; i++) {
		if (!bpf_program__autoload(hooks[i].program))
			continue;
		if (path_of(path, folder, "link_", hooks[i].name) || access(path, F_OK))
			return false;
	}
	return true;
}

int pinning_prepare(struct bpf_object *object, const struct hook *hooks, int count, const char *folder)
{
	char path[PIN_PATH_BYTES];
	struct bpf_map *map;
	int error = 0;

	bpf_object__for_each_map(map, object) {
		error = path_of(path, folder, "map_", bpf_map__name(map));
		if (!error)
			error = bpf_map__set_pin_path(map, path);
		if (error)
			return error;
	}
	if (!all_are_attached(hooks, count, folder))
		return 0;
	for (int i = 0; i < count && !error; i++)
		error = bpf_program__set_autoload(hooks[i].program, false);
	return error ? error : 1;
}

int pinning_keep(const struct hook *hooks, int count, const char *folder)
{
	char path[PIN_PATH_BYTES];
	int error = 0;

	for (int i = 0; i < count && !error; i++) {
		if (!*hooks[i].link)
			continue;
		error = path_of(path, folder, "program_", hooks[i].name);
		if (!error)
			error = bpf_program__pin(hooks[i].program, path);
	}
	/* Last: where all links are there, so is all else. */
	for (int i = 0; i < count && !error; i++) {
		if (!*hooks[i].link)
			continue;
		error = path_of(path, folder, "link_", hooks[i].name);
		if (!error)
			error = bpf_link__pin(*hooks[i].link, path);
	}
	return error;
}

int pinning_open(const char *folder, const char *kind, const char *name)
{
	char path[PIN_PATH_BYTES];
	int error = path_of(path, folder, kind, name);

	return error ? error : bpf_obj_get(path);
}

int pinning_resume(const struct hook *hooks, int count, const char *folder, int *programs)
{
	char path[PIN_PATH_BYTES];
	int error = 0;

	for (int i = 0; i < count && !error; i++) {
		error = path_of(path, folder, "link_", hooks[i].name);
		/* A hook that these options do not need has none. */
		if (error || access(path, F_OK))
			continue;
		*hooks[i].link = bpf_link__open(path);
		if (!*hooks[i].link)
			return -errno;
		programs[i] = pinning_open(folder, "program_", hooks[i].name);
		if (programs[i] < 0)
			error = programs[i];
	}
	return error;
}

int monitor_is_bpffs(const char *folder)
{
	struct statfs found;

	return statfs(folder, &found) ? -errno : found.f_type == BPF_FS_MAGIC;
}

int monitor_ring_id_at(const char *path, uint32_t *id)
{
	struct bpf_map_info info = {};
	uint32_t bytes = sizeof(info);
	int ring = bpf_obj_get(path);
	int error = ring < 0 ? ring : bpf_obj_get_info_by_fd(ring, &info, &bytes);

	*id = info.id;
	if (ring >= 0)
		close(ring);
	return error;
}
