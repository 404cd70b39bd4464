#define _GNU_SOURCE
#include "disk.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define HEAD_BYTES sizeof(struct file_handle)

int disk_handle(int folder_fd, const char *name, char *handle, int *mount)
{
	struct file_handle *found = (struct file_handle *)handle;

	found->handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(folder_fd, name, found, mount, *name ? 0 : AT_EMPTY_PATH))
		return -1;
	return HEAD_BYTES + found->handle_bytes;
}

static int put(char *key, int at, const void *value, int bytes)
{
	memcpy(key + at, value, bytes);
	return at + bytes;
}

static int put_birth(char *key, int at, const struct statx_timestamp *birth)
{
	at = put(key, at, &birth->tv_sec, sizeof(birth->tv_sec));
	return put(key, at, &birth->tv_nsec, sizeof(birth->tv_nsec));
}

/* Without its head: a handle tells apart what one inode number was given to, and NFS tells no birth. */
static int put_handle(char *key, int at, int folder_fd, const char *name)
{
	char handle[HEAD_BYTES + MAX_HANDLE_SZ] __attribute__((aligned(8)));
	int mount, bytes = disk_handle(folder_fd, name, handle, &mount);

	if (bytes < 0)
		return put_birth(key, at, &(struct statx_timestamp){});
	return put(key, at, handle + HEAD_BYTES, bytes - HEAD_BYTES);
}

int disk_key(int folder_fd, const char *name, char *key, uint64_t *mount)
{
	int flags = *name ? AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH;
	struct statx found;
	int at = 1;

	if (statx(folder_fd, name, flags, STATX_TYPE | STATX_INO | STATX_BTIME | STATX_MNT_ID, &found))
		return -1;
	*mount = found.stx_mnt_id;
	at = put(key, at, &found.stx_dev_major, sizeof(found.stx_dev_major));
	at = put(key, at, &found.stx_dev_minor, sizeof(found.stx_dev_minor));
	at = put(key, at, &found.stx_ino, sizeof(found.stx_ino));
	key[0] = S_ISDIR(found.stx_mode) ? 'd' : 'f';
	/* overlayfs gives a folder another birth when it copies it up. */
	if (S_ISDIR(found.stx_mode))
		return at;
	return found.stx_mask & STATX_BTIME ? put_birth(key, at, &found.stx_btime) : put_handle(key, at, folder_fd, name);
}

int disk_ask_anew(int fd)
{
	struct statx found;

	/* NFS asks its server only for what may change, such as the time of the last change. */
	return statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_MTIME, &found);
}
