/* Reading files safely below a root, each step of it in as few calls as can be. -1 and errno where one fails. */
#include <stddef.h>
#include <stdint.h>

/* A file after it was read: what the kernel said of it last. All of one type, so that they are taken together. */
struct reading {
	int64_t inode;
	int64_t size;
	int64_t links;
	int64_t mtime_ns;
	int64_t ctime_ns;
	int64_t read;     /* bytes; -1 where it was too large, or had too many names */
	int64_t in_place; /* whether the path led to it after it was read */
	int64_t changed;  /* whether it was written to, or got or lost a name, meanwhile */
	int64_t locked;   /* whether it was empty, and somebody was amid changing it */
	int64_t writing;  /* whether its writer had it open for writing after it was read; -1: nobody knows */
};

/* Gives a descriptor of what a `struct file_handle` names, on the file system of mount_fd. */
int disk_open_handle(int mount_fd, const char *handle, int flags);

/* Gives a descriptor of what a path below folder_fd leads to, across no link, mount or `..`. */
int disk_open_beneath(int folder_fd, const char *path, uint64_t flags);

/* How files below one root are read: made once, and by one thread at a time. */
struct reader {
	int mount_fd; /* any folder of the file system that handles are of */
	int folder_fd; /* which paths begin at */
	int looks;
	int flags; /* of open(2), for what is opened by handle */
	char *buffer; /* of at least as many bytes as a file may have that is read into it, and one */
	struct reading found; /* by the last look */
};

/* Reads an open file, if it has at most bytes_max bytes and links_max names, then looks so often whether it is
 * what a path leads to. The buffer has one byte more: so a file that grows is noticed.
 * That its change time stays the same proves that the path led there while it had so many names; where times are
 * coarse, two looks do: nobody makes and removes a name between any two steps of both.
 * Where its change time is a name's that may be going, that is waited for.
 * Asks in between about a process that may be writing to it again, unless writer_pid is 0; reads anew then, some times. */
int disk_read(struct reader *reader, int fd, const char *path, int64_t links_max, int64_t bytes_max,
	      int writer_pid);

/* Likewise of a regular file that a `struct file_handle` names. */
int disk_read_handle(struct reader *reader, const char *handle, const char *path, int64_t links_max,
		     int64_t bytes_max, int writer_pid);

/* Returns once nobody is amid removing or giving a name in an open folder: a name that is being removed can be
 * looked up when the file has lost it already. */
int disk_wait_for_names(int folder_fd);

/* Writes the `struct file_handle` of what a name in an open folder names; of the folder itself, where the name is empty.
 * Gives its length, and through which mount it was reached. */
int disk_handle(int folder_fd, const char *name, char *handle, int *mount);

/* Writes what tells that inode from all others where handles do not: `d` or `f`, device and number, and of a file its
 * time of birth, or its handle where the file system tells none. Gives the length, and the mount. */
int disk_key(int folder_fd, const char *name, char *key, uint64_t *mount);

/* Has the file system itself say something of what is open, however long ago it said the same. */
int disk_ask_anew(int fd);
