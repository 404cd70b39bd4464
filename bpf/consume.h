/* The reading end of a BPF ring buffer.
 *
 * Not libbpf's: that does not tell whether it stopped at the end or at a record that is still being written, and
 * the promise "everything before this moment has been delivered" depends on the difference. */
#ifndef CONSUME_H
#define CONSUME_H

#include "monitor.h"

struct consumer {
	uint64_t *consumed;	  /* position up to which was read; ours to write */
	const uint64_t *produced; /* position up to which was reserved */
	const char *data;	  /* mapped once, as each mapping counts as memory in use: a record may wrap */
	size_t bytes;		  /* a power of two */
};

int consumer_map(struct consumer *consumer, int ring_fd, size_t ring_bytes);
void consumer_unmap(struct consumer *consumer);
void consumer_drain(struct consumer *consumer, char *buffer, size_t buffer_bytes, struct drained *drained);

#endif
