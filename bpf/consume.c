#include "consume.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALIGNMENT 8
#define WINDOW_BYTES (1 << 19) /* a thousand usual records between two mappings, which take some microseconds */

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
	produced = mmap(NULL, page_bytes(), PROT_READ, MAP_SHARED, ring_fd, page_bytes());
	if (produced == MAP_FAILED) {
		int error = -errno;

		munmap(consumed, page_bytes());
		return error;
	}
	*consumer = (struct consumer){
		.consumed = consumed,
		.produced = produced,
		.ring_fd = ring_fd,
		.bytes = ring_bytes,
		.window_bytes = ring_bytes < WINDOW_BYTES ? ring_bytes : WINDOW_BYTES,
		.position = *(uint64_t *)consumed,
	};
	return 0;
}

void consumer_unmap(struct consumer *consumer)
{
	if (!consumer->consumed)
		return;
	munmap(consumer->consumed, page_bytes());
	munmap((void *)consumer->produced, page_bytes());
	if (consumer->window)
		munmap((void *)consumer->window, consumer->window_bytes);
	consumer->consumed = NULL;
	consumer->window = NULL;
}

/* Gives what lies at a position, and how much of it is in the window; NULL where the window cannot be moved there. */
static const char *at_position(struct consumer *consumer, uint64_t position, size_t *bytes)
{
	size_t at = position & (consumer->bytes - 1);
	size_t inside = at & (consumer->window_bytes - 1);

	if (!consumer->window || consumer->window_at != at - inside) {
		void *window = mmap(NULL, consumer->window_bytes, PROT_READ, MAP_SHARED, consumer->ring_fd,
				    2 * page_bytes() + at - inside);

		if (window == MAP_FAILED)
			return NULL;
		if (consumer->window)
			munmap((void *)consumer->window, consumer->window_bytes);
		consumer->window = window;
		consumer->window_at = at - inside;
	}
	*bytes = consumer->window_bytes - inside;
	return consumer->window + inside;
}

/* A record may go on in the next window, or at the ring's beginning. */
static bool copy_out(struct consumer *consumer, char *to, uint64_t position, size_t bytes)
{
	while (bytes) {
		size_t here;
		const char *from = at_position(consumer, position, &here);

		if (!from)
			return false;
		if (here > bytes)
			here = bytes;
		memcpy(to, from, here);
		to += here;
		position += here;
		bytes -= here;
	}
	return true;
}

enum taken {
	TAKEN,
	NOT_YET, /* it is still being written, or there is no room for it */
	UNREADABLE,
};

/* One record, if it is there as a whole; `position` goes on behind it. */
static enum taken take(struct consumer *consumer, char *buffer, size_t buffer_bytes, struct drained *drained,
		       uint64_t *position)
{
	size_t here;
	/* As long as records are aligned, so it is all in one window. */
	const char *head = at_position(consumer, *position, &here);
	uint32_t length;
	uint64_t body;
	size_t needed;

	if (!head)
		return UNREADABLE;
	length = __atomic_load_n((const uint32_t *)head, __ATOMIC_ACQUIRE);
	body = length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
	needed = sizeof(body) + aligned(body);
	if (length & BPF_RINGBUF_BUSY_BIT)
		return NOT_YET;
	if (!(length & BPF_RINGBUF_DISCARD_BIT)) {
		if (needed > buffer_bytes - drained->bytes)
			return NOT_YET;
		memcpy(buffer + drained->bytes, &body, sizeof(body));
		if (!copy_out(consumer, buffer + drained->bytes + sizeof(body), *position + BPF_RINGBUF_HDR_SZ,
			      aligned(body)))
			return UNREADABLE;
		drained->bytes += needed;
		drained->records++;
	}
	*position += aligned(body + BPF_RINGBUF_HDR_SZ);
	return TAKEN;
}

int consumer_drain(struct consumer *consumer, char *buffer, size_t buffer_bytes, struct drained *drained)
{
	uint64_t position = consumer->position;
	uint64_t end = __atomic_load_n(consumer->produced, __ATOMIC_ACQUIRE);
	enum taken taken = TAKEN;

	*drained = (struct drained){.position = position};
	while (position < end && taken == TAKEN) {
		taken = take(consumer, buffer, buffer_bytes, drained, &position);
		__atomic_store_n(&consumer->position, position, __ATOMIC_RELEASE);
		/* Gives the room back at once: the kernel may be waiting for it. */
		if (!consumer->holds)
			__atomic_store_n(consumer->consumed, position, __ATOMIC_RELEASE);
	}
	drained->caught_up = position >= end;
	return taken == UNREADABLE ? -ENOMEM : 0;
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
