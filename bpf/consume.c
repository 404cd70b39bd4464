#include "consume.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALIGNMENT 8

static size_t aligned(size_t bytes)
{
	return (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static size_t page_bytes(void)
{
	return sysconf(_SC_PAGESIZE);
}

int consumer_map(struct consumer *consumer, int ring_fd, size_t ring_bytes)
{
	void *consumed, *produced;

	consumed = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd, 0);
	if (consumed == MAP_FAILED)
		return -errno;
	produced = mmap(NULL, page_bytes() + ring_bytes, PROT_READ, MAP_SHARED, ring_fd, page_bytes());
	if (produced == MAP_FAILED) {
		int error = -errno;

		munmap(consumed, page_bytes());
		return error;
	}
	*consumer = (struct consumer){
		.consumed = consumed,
		.produced = produced,
		.data = (char *)produced + page_bytes(),
		.bytes = ring_bytes,
		.position = *(uint64_t *)consumed,
	};
	return 0;
}

void consumer_unmap(struct consumer *consumer)
{
	if (!consumer->consumed)
		return;
	munmap(consumer->consumed, page_bytes());
	munmap((void *)consumer->produced, page_bytes() + consumer->bytes);
	consumer->consumed = NULL;
}

static void copy_out(const struct consumer *consumer, char *to, uint64_t position, size_t bytes)
{
	size_t at = position & (consumer->bytes - 1);
	size_t before_end = consumer->bytes - at < bytes ? consumer->bytes - at : bytes;

	memcpy(to, consumer->data + at, before_end);
	memcpy(to + before_end, consumer->data, bytes - before_end);
}

void consumer_drain(struct consumer *consumer, char *buffer, size_t buffer_bytes, struct drained *drained)
{
	uint64_t position = consumer->position;
	uint64_t end = __atomic_load_n(consumer->produced, __ATOMIC_ACQUIRE);

	*drained = (struct drained){.position = position};
	while (position < end) {
		/* Never wraps, as it is as long as records are aligned. */
		const char *head = consumer->data + (position & (consumer->bytes - 1));
		uint32_t length = __atomic_load_n((const uint32_t *)head, __ATOMIC_ACQUIRE);
		uint64_t body = length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
		size_t needed = sizeof(body) + aligned(body);

		if (length & BPF_RINGBUF_BUSY_BIT)
			break;
		if (!(length & BPF_RINGBUF_DISCARD_BIT)) {
			if (needed > buffer_bytes - drained->bytes)
				break;
			memcpy(buffer + drained->bytes, &body, sizeof(body));
			copy_out(consumer, buffer + drained->bytes + sizeof(body), position + BPF_RINGBUF_HDR_SZ,
				 aligned(body));
			drained->bytes += needed;
			drained->records++;
		}
		position += aligned(body + BPF_RINGBUF_HDR_SZ);
		__atomic_store_n(&consumer->position, position, __ATOMIC_RELEASE);
		/* Gives the room back at once: the kernel may be waiting for it. */
		if (!consumer->holds)
			__atomic_store_n(consumer->consumed, position, __ATOMIC_RELEASE);
	}
	drained->caught_up = position >= end;
}

/* In this order: what was read is never less than what was given back, nor more than what was produced. */
void consumer_positions(const struct consumer *consumer, struct positions *positions)
{
	positions->released = __atomic_load_n(consumer->consumed, __ATOMIC_ACQUIRE);
	positions->read = __atomic_load_n(&consumer->position, __ATOMIC_ACQUIRE);
	positions->produced = __atomic_load_n(consumer->produced, __ATOMIC_ACQUIRE);
}

int consumer_begin_at(struct consumer *consumer, uint64_t position)
{
	if (position > __atomic_load_n(consumer->produced, __ATOMIC_ACQUIRE))
		return -ERANGE;
	if (position > consumer->position) {
		__atomic_store_n(&consumer->position, position, __ATOMIC_RELEASE);
		__atomic_store_n(consumer->consumed, position, __ATOMIC_RELEASE);
	}
	return 0;
}

void consumer_release(struct consumer *consumer, uint64_t position)
{
	if (position > *consumer->consumed && position <= __atomic_load_n(&consumer->position, __ATOMIC_ACQUIRE))
		__atomic_store_n(consumer->consumed, position, __ATOMIC_RELEASE);
}
