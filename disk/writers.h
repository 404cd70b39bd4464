/* Asks whether a process is writing to a file, as far as /proc shows what it has open. */
#include <stdbool.h>
#include <stdint.h>

#define DESCRIPTORS_MAX 128

/* A process that is asked about several times within a moment. */
struct writer {
	int folder_fd;
	int info_folder_fd;
	bool no_file[DESCRIPTORS_MAX]; /* which of its descriptors are pipes, sockets and the like */
};

/* Nobody, where pid is 0. To be ended in any case. */
void writer_begin(struct writer *writer, int pid);

/* Tells whether it has an inode open for writing: 1 or 0; -1 where it is gone, or has too many files open. */
int writer_is_writing(struct writer *writer, uint64_t inode);

void writer_end(struct writer *writer);
