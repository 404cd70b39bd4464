#define _GNU_SOURCE
#include "disk.h"
#include "writers.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_SECOND 1000000000LL
#define TRIES_MAX 16
#define NAME_NS_MAX (60 * NS_PER_SECOND) /* nobody is so long amid removing a name */
#define DIRECT_BYTES 4096 /* which a disk may read directly, to where is aligned alike */
#define ENTRY_BYTES_MAX 280 /* of one entry of a folder: a name of 255 bytes and what stands before it */

static int64_t ns_of(struct timespec time)
{
	return time.tv_sec * NS_PER_SECOND + time.tv_nsec;
}

int disk_open_handle(int mount_fd, const char *handle, int flags)
{
	return open_by_handle_at(mount_fd, (struct file_handle *)handle, flags);
}

int disk_open_beneath(int folder_fd, const char *path, uint64_t flags)
{
	struct open_how how = {
		.flags = flags,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};

	return syscall(SYS_openat2, folder_fd, path, &how, sizeof(how));
}

static int64_t read_whole(int fd, char *buffer, size_t bytes_max)
{
	size_t bytes = 0;
	ssize_t more;

	do {
		more = pread(fd, buffer + bytes, bytes_max - bytes, bytes);
		if (more < 0)
			return -1;
		bytes += more;
	} while (more > 0 && bytes + 1 < bytes_max); /* the last byte is for what has grown */
	return bytes;
}

static bool is_at(const struct stat *file, int folder_fd, const char *path, struct stat *there)
{
	int place = disk_open_beneath(folder_fd, path, O_PATH | O_CLOEXEC | O_NOFOLLOW);
	bool found = place >= 0 && !fstat(place, there);

	if (place >= 0)
		close(place);
	/* The number names this very inode, as it is still open here. */
	return found && there->st_ino == file->st_ino && there->st_dev == file->st_dev;
}

static bool is_as_before(const struct stat *before, const struct stat *after)
{
	return after->st_nlink == before->st_nlink && ns_of(after->st_ctim) == ns_of(before->st_ctim);
}

int disk_wait_for_names(int folder_fd)
{
	char entry[ENTRY_BYTES_MAX];

	/* Listing takes the folder's lock, which whoever removes or gives a name holds until all of it is done. */
	return lseek(folder_fd, 0, SEEK_SET) < 0 || syscall(SYS_getdents64, folder_fd, entry, sizeof(entry)) < 0 ? -1 : 0;
}

/* A write sets both times alike; what sets only the one may be a name that is going. */
static bool may_lose_a_name(const struct stat *file, int looks)
{
	struct timespec now;

	if (ns_of(file->st_ctim) == ns_of(file->st_mtim))
		return false;
	/* Where times are coarse they may also be another machine's. */
	return looks > 1 || clock_gettime(CLOCK_REALTIME, &now) || ns_of(now) - ns_of(file->st_ctim) < NAME_NS_MAX;
}

static bool is_still_at(const struct stat *file, int folder_fd, const char *path, struct stat *there)
{
	char folder[PATH_MAX] = ".";
	const char *slash = strrchr(path, '/');
	bool waited;
	int fd;

	if (slash && slash - path >= (ptrdiff_t)sizeof(folder))
		return false;
	if (slash)
		*(char *)mempcpy(folder, path, slash - path) = '\0';
	fd = disk_open_beneath(folder_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	waited = fd >= 0 && !disk_wait_for_names(fd);
	if (fd >= 0)
		close(fd);
	return waited && is_at(file, folder_fd, path, there);
}

static int read_once(struct reader *reader, int fd, const char *path, int64_t links_max, int64_t bytes_max,
		     struct writer *writer)
{
	struct stat before, after;
	int64_t bytes = -1;
	int writing, looks_left = reader->looks;
	bool in_place;

	if (fstat(fd, &before))
		return -1;
	if (before.st_size <= bytes_max && (int64_t)before.st_nlink <= links_max) {
		bytes = read_whole(fd, reader->buffer, before.st_size + 1);
		if (bytes < 0)
			return -1;
	}
	writing = writer_is_writing(writer, before.st_ino);
	do
		in_place = is_at(&before, reader->folder_fd, path, &after);
	while (in_place && --looks_left > 0 && is_as_before(&before, &after));
	if (in_place && may_lose_a_name(&after, reader->looks))
		in_place = is_still_at(&before, reader->folder_fd, path, &after);
	if (!in_place && fstat(fd, &after))
		return -1;
	reader->found = (struct reading){
		.inode = after.st_ino,
		.size = after.st_size,
		.links = after.st_nlink,
		.mtime_ns = ns_of(after.st_mtim),
		.ctime_ns = ns_of(after.st_ctim),
		.read = bytes,
		.in_place = in_place,
		.changed = after.st_size != before.st_size || ns_of(after.st_mtim) != ns_of(before.st_mtim) ||
			   (bytes >= 0 && bytes != after.st_size) || !is_as_before(&before, &after),
		.writing = writing,
	};
	return 0;
}

/* The lock under which a file is changed (i_rwsem): a direct read takes it as well, to share it, and is refused
 * if it may not wait (ext4, xfs). Elsewhere nothing shows. */
static bool is_locked(int fd)
{
	_Alignas(DIRECT_BYTES) char aligned[DIRECT_BYTES];
	struct iovec somewhere = { .iov_base = aligned, .iov_len = sizeof(aligned) };
	int flags = fcntl(fd, F_GETFL);
	bool refused;

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_DIRECT))
		return false;
	refused = preadv2(fd, &somewhere, 1, 0, RWF_NOWAIT) < 0 && errno == EAGAIN;
	fcntl(fd, F_SETFL, flags);
	return refused;
}

int disk_read(struct reader *reader, int fd, const char *path, int64_t links_max, int64_t bytes_max,
	      int writer_pid)
{
	const struct reading *found = &reader->found;
	struct writer writer;
	int refused, tries = 0;
	bool doubtful;

	writer_begin(&writer, writer_pid);
	do {
		refused = read_once(reader, fd, path, links_max, bytes_max, &writer);
		doubtful = !refused && (found->changed || (writer_pid && (found->writing > 0 || !found->size)));
	} while (doubtful && ++tries < TRIES_MAX);
	writer_end(&writer);
	if (!refused && !found->size)
		reader->found.locked = is_locked(fd);
	return refused;
}

int disk_read_handle(struct reader *reader, const char *handle, const char *path, int64_t links_max,
		     int64_t bytes_max, int writer_pid)
{
	int fd = disk_open_handle(reader->mount_fd, handle, reader->flags);
	int refused, number;

	if (fd < 0)
		return -1;
	refused = disk_read(reader, fd, path, links_max, bytes_max, writer_pid);
	number = errno;
	close(fd);
	errno = number;
	return refused;
}
