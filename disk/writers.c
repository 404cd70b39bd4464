#define _GNU_SOURCE
#include "writers.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LISTING_BYTES 4096
#define INFO_BYTES_MAX 512
#define LINK_BYTES 5

static const char *after(const char *text, const char *label)
{
	const char *at = strstr(text, label);

	return at ? at + strlen(label) : NULL;
}

/* By proc_pid_fdinfo(5), which asks no file system; no inode before Linux 5.14. */
static int writes_to(int info_folder_fd, const char *number, uint64_t inode)
{
	int fd = openat(info_folder_fd, number, O_RDONLY | O_CLOEXEC);
	const char *flags, *of_inode;
	char info[INFO_BYTES_MAX + 1];
	ssize_t bytes;

	if (fd < 0)
		return 0; /* closed meanwhile */
	bytes = read(fd, info, INFO_BYTES_MAX);
	close(fd);
	if (bytes < 0)
		return 0;
	info[bytes] = 0;
	flags = after(info, "flags:\t");
	of_inode = after(info, "\nino:\t");
	if (!flags || !of_inode)
		return -1;
	return (strtoul(flags, NULL, 8) & O_ACCMODE) != O_RDONLY && strtoull(of_inode, NULL, 10) == inode;
}

/* Pipes, sockets and terminals are most of what a process has open. What was closed meanwhile is none of them. */
static bool is_no_file(int folder_fd, const char *number)
{
	char target[LINK_BYTES];
	ssize_t bytes = readlinkat(folder_fd, number, target, LINK_BYTES);

	return bytes > 0 && (target[0] != '/' || (bytes == LINK_BYTES && !memcmp(target, "/dev/", LINK_BYTES)));
}

static int any_writes_to(struct writer *writer, uint64_t inode)
{
	_Alignas(struct dirent64) char listing[LISTING_BYTES];
	int looked_at = 0, number, writing;
	const struct dirent64 *entry;
	ssize_t bytes;

	if (lseek(writer->folder_fd, 0, SEEK_SET))
		return -1;
	while ((bytes = getdents64(writer->folder_fd, listing, sizeof(listing))) > 0) {
		for (ssize_t at = 0; at < bytes; at += entry->d_reclen) {
			entry = (const struct dirent64 *)(listing + at);
			if (entry->d_name[0] == '.')
				continue;
			if (++looked_at > DESCRIPTORS_MAX)
				return -1;
			number = atoi(entry->d_name);
			if (number < DESCRIPTORS_MAX && writer->no_file[number])
				continue;
			if (is_no_file(writer->folder_fd, entry->d_name)) {
				if (number < DESCRIPTORS_MAX)
					writer->no_file[number] = true;
				continue;
			}
			writing = writes_to(writer->info_folder_fd, entry->d_name, inode);
			if (writing)
				return writing;
		}
	}
	return bytes;
}

void writer_begin(struct writer *writer, int pid)
{
	char path[sizeof("/proc/2147483647/fdinfo")];

	*writer = (struct writer){ .folder_fd = -1, .info_folder_fd = -1 };
	if (!pid)
		return;
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	writer->folder_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%d/fdinfo", pid);
	writer->info_folder_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int writer_is_writing(struct writer *writer, uint64_t inode)
{
	if (writer->folder_fd < 0 || writer->info_folder_fd < 0)
		return -1;
	return any_writes_to(writer, inode);
}

void writer_end(struct writer *writer)
{
	if (writer->folder_fd >= 0)
		close(writer->folder_fd);
	if (writer->info_folder_fd >= 0)
		close(writer->info_folder_fd);
}
