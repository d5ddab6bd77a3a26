/* A ring is memory shared with the kernel: a page for control, then the records, whose size is a power of two
 * pages. If the kernel refuses one of them, all are made again at half the size. How full one has to be to
 * wake us is fixed when an event is opened. See perf_event_open(2). */
#include "kern/perf/rings.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "kern/perf/perf_error.h"

#define RING_BYTES (2u << 20) /* of a CPU; halved until the kernel grants it */
#define RING_BYTES_STACKS (32u << 20)
#define RING_BYTES_ALL (128u << 20) /* of all CPUs together */
#define RING_PAGES_MIN 8
#define WAKE_BYTES (256u << 10)
#define WAKE_BYTES_STACKS (1u << 20)
#define TASK_PAGES 2
#define MAJOR_PART 16 /* how much smaller the ring of major faults is, as each of them waits for a disk, */
#define DEEP_PART 8   /* and that of deep stacks */
#define DEEP_BYTES 32768
#define DEEP_RECORDS 16

static size_t first_size(size_t cpus, bool stacks, unsigned smaller)
{
	size_t bytes = (stacks ? RING_BYTES_STACKS : RING_BYTES) >> (2 * smaller);
	size_t least = RING_BYTES / 4 >> (2 * smaller), all = RING_BYTES_ALL >> (2 * smaller);

	while (bytes > least && bytes * cpus > all)
		bytes /= 2;
	return bytes / (size_t)sysconf(_SC_PAGESIZE);
}

/* If lockable memory is short, a process gets its share of the total, and no more than a part of what is
 * left: later processes need some, and a process whose rings are replaced has old and new ones for a
 * moment. */
static size_t at_most(const struct rings *r, size_t pages)
{
	size_t allowed, left, share;

	if (!r->pool || !ring_pool_is_short(r->pool, &allowed, &left))
		return pages;
	share = r->smaller ? min(allowed / 6, left / 4) : min(allowed / 3, left / 2);
	/* of a CPU's rings, that of minor faults takes four fifths */
	share = share / r->cpu_count / 5 * 4 / (size_t)sysconf(_SC_PAGESIZE);
	while (pages > share && pages > RING_PAGES_MIN)
		pages /= 2;
	return pages;
}

int rings_init(struct rings *r, bool stacks, unsigned smaller, struct ring_pool *pool, struct err *err)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	*r = (struct rings){
		.cpu_count = cpus > 0 ? (size_t)cpus : 1, .stacks = stacks, .smaller = smaller, .pool = pool
	};
	r->count = RING_KINDS * r->cpu_count;
	r->pages = at_most(r, first_size(r->cpu_count, stacks, smaller));
	r->list = mem_zalloc(r->count * sizeof *r->list);
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	return r->epoll < 0 ? perf_error_event(err, errno) : 0;
}

void rings_fini(struct rings *r)
{
	rings_release(r);
	if (r->epoll >= 0)
		close(r->epoll);
	free(r->list);
}

/* The CPU and the kind of a ring. */
static size_t cpu_of(const struct rings *r, const struct ring *ring)
{
	return (size_t)(ring - r->list) % r->cpu_count;
}

static enum ring_kind kind_of(const struct rings *r, const struct ring *ring)
{
	return (enum ring_kind)((size_t)(ring - r->list) / r->cpu_count);
}

static void release_ring(const struct rings *r, const struct ring *ring)
{
	if (!ring->map)
		return;
	if (!r->pool) {
		munmap(ring->map, ring->records.size + (size_t)sysconf(_SC_PAGESIZE));
		return;
	}
	epoll_ctl(r->epoll, EPOLL_CTL_DEL, ring->fd, NULL);
	ring_pool_give(r->pool, &(struct pooled_ring){ ring->fd, ring->map, ring->records.size,
						       cpu_of(r, ring), ring->wake });
}

void rings_release(struct rings *r)
{
	for (size_t i = 0; i < r->count; i++)
		release_ring(r, &r->list[i]);
	memset(r->list, 0, r->count * sizeof *r->list);
}

void rings_adopt_tasks(struct rings *to, struct rings *from)
{
	for (size_t i = RING_TASKS * to->cpu_count; i < RING_DEEP * to->cpu_count && i < from->count; i++) {
		struct epoll_event event = { .events = EPOLLIN | EPOLLET };

		release_ring(to, &to->list[i]);
		if (from->pool && from->list[i].map)
			epoll_ctl(from->epoll, EPOLL_CTL_DEL, from->list[i].fd, NULL);
		to->list[i] = from->list[i];
		from->list[i] = (struct ring){ 0 };
		if (to->list[i].map)
			epoll_ctl(to->epoll, EPOLL_CTL_ADD, to->list[i].fd, &event);
	}
}

bool rings_shrink(struct rings *r)
{
	if (r->pages <= RING_PAGES_MIN)
		return false;
	r->pages = at_most(r, r->pages / 2);
	return true;
}

bool rings_may_grow(const struct rings *r)
{
	size_t allowed, left;

	return r->smaller && !(r->pool && ring_pool_is_short(r->pool, &allowed, &left));
}

uint32_t rings_wake_bytes(const struct rings *r)
{
	size_t quarter = r->pages * (size_t)sysconf(_SC_PAGESIZE) / 4,
	       most = r->stacks ? WAKE_BYTES_STACKS : WAKE_BYTES;

	return (uint32_t)min(quarter, most);
}

bool rings_is_major(const struct rings *r, const struct ring *ring)
{
	return kind_of(r, ring) == RING_MAJOR;
}

bool rings_is_deep(const struct rings *r, const struct ring *ring)
{
	return kind_of(r, ring) == RING_DEEP;
}

bool rings_is_of_tasks(const struct rings *r, const struct ring *ring)
{
	return kind_of(r, ring) == RING_TASKS;
}

bool rings_is_of_heirs(const struct rings *r, const struct ring *ring)
{
	return kind_of(r, ring) == RING_HEIRS;
}

static size_t pages_of(const struct rings *r, enum ring_kind kind)
{
	size_t pages = r->pages;

	if (kind != RING_MINOR)
		pages /= kind == RING_DEEP ? DEEP_PART : MAJOR_PART;

	if (kind == RING_TASKS)
		return TASK_PAGES;
	return max(pages, RING_PAGES_MIN);
}

uint32_t rings_deep_bytes(const struct rings *r)
{
	size_t part = pages_of(r, RING_DEEP) * (size_t)sysconf(_SC_PAGESIZE) / DEEP_RECORDS;

	return (uint32_t)min(part, DEEP_BYTES);
}

/* Makes the ring, from the event or from the pool. */
static int make_ring(const struct rings *r, struct ring *ring, int fd, struct err *err)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	struct pooled_ring made = {
		.fd = fd,
		.bytes = pages_of(r, kind_of(r, ring)) * page,
		.cpu = cpu_of(r, ring),
		.wake = kind_of(r, ring) == RING_TASKS ? 1 : rings_wake_bytes(r),
	};

	if (r->pool && ring_pool_take(r->pool, &made, err) < 0)
		return -1;
	if (!r->pool)
		made.map = mmap(NULL, page + made.bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (made.map == MAP_FAILED)
		return perf_error_ring(err, errno);
	*ring = (struct ring){ .fd = made.fd, .map = made.map, .wake = made.wake };
	ring->records.bytes = (const uint8_t *)made.map + page;
	ring->records.size = made.bytes;
	return epoll_ctl(r->epoll, EPOLL_CTL_ADD, made.fd, &event) < 0 ? perf_error_ring(err, errno) : 0;
}

/* Redirects an event to the ring of another one. */
static int share_ring(const struct ring *ring, int fd, struct err *err)
{
	return ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring->fd) < 0 ? perf_error_ring(err, errno) : 0;
}

enum rings_connected rings_connect(struct rings *r, int fd, size_t cpu, enum ring_kind kind, struct err *err)
{
	struct ring *ring = &r->list[kind * r->cpu_count + cpu];

	bool its_own = !ring->map && !r->pool;
	if ((ring->map || make_ring(r, ring, fd, err) == 0) && (its_own || share_ring(ring, fd, err) == 0))
		return RINGS_CONNECTED;
	return err->errnum == EPERM || err->errnum == ENOMEM ? RINGS_TOO_LARGE : RINGS_FAILED;
}

void rings_begin(struct rings *r)
{
	for (size_t i = 0; i < r->count; i++) {
		struct ring *ring = &r->list[i];

		if (!ring->map)
			continue;
		const struct perf_event_mmap_page *control = ring->map;
		ring->records.head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);
		ring->records.tail = control->data_tail;
		ring->short_of_room = false;
	}
}

static bool has_faults(const struct rings *r, const struct ring *ring)
{
	return ring->map && kind_of(r, ring) <= RING_MAJOR;
}

bool rings_any_filling(const struct rings *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct perf_event_mmap_page *control = r->list[i].map;

		if (has_faults(r, &r->list[i]) &&
		    __atomic_load_n(&control->data_head, __ATOMIC_RELAXED) - control->data_tail >
			r->list[i].records.size / 4)
			return true;
	}
	return false;
}

static bool is_full(const struct ring *ring, size_t record)
{
	const struct faultring *records = &ring->records;

	return records->size - (records->head - records->tail) < record;
}

bool rings_any_full(struct rings *r, size_t record)
{
	bool any = false;

	for (size_t i = 0; i < r->count; i++)
		if (has_faults(r, &r->list[i]) && is_full(&r->list[i], record))
			r->list[i].short_of_room = any = true;
	return any;
}

const struct ring *rings_at(const struct rings *r, enum ring_kind kind, size_t cpu)
{
	return &r->list[kind * r->cpu_count + cpu];
}

/* A ring may have filled up since the drain began, and no later record may come to report that. */
bool rings_end(struct rings *r, size_t record)
{
	bool any = false;

	for (size_t i = 0; i < r->count; i++) {
		struct ring *ring = &r->list[i];
		struct perf_event_mmap_page *control = ring->map;

		if (!control)
			continue;
		if (has_faults(r, ring) &&
		    ring->records.size -
			    (__atomic_load_n(&control->data_head, __ATOMIC_RELAXED) - control->data_tail) <
			record)
			ring->short_of_room = any = true;
		__atomic_store_n(&control->data_tail, ring->records.tail, __ATOMIC_RELEASE);
	}
	return any;
}

bool rings_any_heirs_full(const struct rings *r, size_t record)
{
	for (size_t i = RING_HEIRS * r->cpu_count; i < RING_DEEP * r->cpu_count; i++)
		if (r->list[i].map && is_full(&r->list[i], record))
			return true;
	return false;
}

struct ring *rings_earliest(struct rings *r, uint64_t until_ns, uint64_t *up_to)
{
	struct ring *first = NULL;

	*up_to = until_ns < FAULTRING_END ? until_ns : FAULTRING_END - 1;
	for (size_t i = 0; i < r->count; i++) {
		struct ring *ring = &r->list[i];

		if (!ring->map || ring->next_ns > until_ns || ring->next_ns == FAULTRING_END)
			continue;
		const struct ring *later = ring;
		if (!first || ring->next_ns < first->next_ns) {
			later = first;
			first = ring;
		}
		if (later && later->next_ns < *up_to)
			*up_to = later->next_ns;
	}
	return first;
}
