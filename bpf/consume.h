/* The reading end of a BPF ring buffer.
 *
 * Not libbpf's: that does not tell whether it stopped at the end or at a record that is still being written, and
 * the promise "everything before this moment has been delivered" depends on the difference. */
#ifndef CONSUME_H
#define CONSUME_H

#include "monitor.h"
#include <stdbool.h>

struct consumer {
	uint64_t *consumed;	  /* position up to which was given back; ours to write */
	const uint64_t *produced; /* position up to which was reserved */
	int ring_fd;
	size_t bytes;		  /* of the ring: a power of two */
	const char *window;	  /* the part of the ring that is mapped: what is mapped counts as memory in use */
	size_t window_bytes;	  /* a power of two, too */
	size_t window_at;	  /* where in the ring it lies */
	uint64_t position;	  /* up to which was read, by us or by who came before */
	bool holds;		  /* what was read is given back only when it is asked for */
};

int consumer_map(struct consumer *consumer, int ring_fd, size_t ring_bytes);
void consumer_unmap(struct consumer *consumer);
/* 0, or -ENOMEM where the ring cannot be mapped. */
int consumer_drain(struct consumer *consumer, char *buffer, size_t buffer_bytes, struct drained *drained);
void consumer_positions(const struct consumer *consumer, struct positions *positions);
int consumer_begin_at(struct consumer *consumer, uint64_t position);
void consumer_release(struct consumer *consumer, uint64_t position);

#endif
