/* A ring belongs to the event that it was mapped from, and is freed with it. So each belongs to an event of
 * our own, which counts nothing in our own thread, and the events of the watched processes are redirected to
 * that ring (PERF_EVENT_IOC_SET_OUTPUT: it must be of the same CPU and clock, and may be of another thread).
 *
 * Unused rings lock memory, so only a few are kept, and they are freed first if the kernel refuses another
 * ring. */
#include "kern/perf/ring_pool.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "kern/machine.h"
#include "kern/perf/perf_error.h"

#define FREE_BYTES_MAX ((size_t)32 << 20) /* of all unused rings */
#define RING_BYTES_MAX ((size_t)4 << 20)  /* of one unused ring */

struct ring_pool {
	struct pooled_ring *free;
	size_t count, cap, bytes;
	size_t taken;   /* bytes of rings in use */
	size_t allowed; /* see ring_pool_is_short; 0: no ring was refused yet */
};

struct ring_pool *ring_pool_create(void)
{
	return mem_zalloc(sizeof(struct ring_pool));
}

static size_t mapped_bytes(const struct pooled_ring *ring)
{
	return ring->bytes + (size_t)sysconf(_SC_PAGESIZE);
}

static void close_ring(const struct pooled_ring *ring)
{
	munmap(ring->map, mapped_bytes(ring));
	close(ring->fd);
}

static void give_up_free(struct ring_pool *pool)
{
	for (size_t i = 0; i < pool->count; i++)
		close_ring(&pool->free[i]);
	pool->count = pool->bytes = 0;
}

void ring_pool_destroy(struct ring_pool *pool)
{
	if (!pool)
		return;
	give_up_free(pool);
	free(pool->free);
	free(pool);
}

static int open_ring(struct pooled_ring *ring, struct err *err)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_SW_DUMMY,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.watermark = 1,
		.wakeup_watermark = ring->wake,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};

	ring->fd = (int)syscall(SYS_perf_event_open, &attr, 0, (int)ring->cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (ring->fd < 0)
		return perf_error_ring(err, errno);
	ring->map = mmap(NULL, mapped_bytes(ring), PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
	if (ring->map != MAP_FAILED)
		return 0;
	perf_error_ring(err, errno);
	close(ring->fd);
	return -1;
}

/* The last one that suits: its memory is the most likely to be in the processor's cache. */
static bool take_free(struct ring_pool *pool, struct pooled_ring *wanted)
{
	for (size_t i = pool->count; i-- > 0;) {
		const struct pooled_ring *ring = &pool->free[i];

		if (ring->bytes != wanted->bytes || ring->cpu != wanted->cpu || ring->wake != wanted->wake)
			continue;
		*wanted = *ring;
		pool->bytes -= ring->bytes;
		pool->free[i] = pool->free[--pool->count];
		return true;
	}
	return false;
}

/* All memory that a user locks for perf counts towards the first limit; what exceeds it counts towards the
 * second, which is per process. */
static size_t read_allowed(void)
{
	int64_t kib, cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct rlimit limit;

	if (!machine_number(MACHINE_PERF_MLOCK_KB, &kib) || kib < 0 || cpus < 1 ||
	    getrlimit(RLIMIT_MEMLOCK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return 0;
	return (size_t)kib * 1024 * (size_t)cpus + limit.rlim_cur;
}

bool ring_pool_is_short(const struct ring_pool *pool, size_t *allowed, size_t *left)
{
	*allowed = pool->allowed;
	*left = pool->allowed - min(pool->allowed, pool->taken);
	return pool->allowed;
}

static int take(struct ring_pool *pool, struct pooled_ring *wanted, struct err *err)
{
	struct err failure = { 0 };

	if (take_free(pool, wanted) || open_ring(wanted, &failure) == 0)
		return 0;
	if (failure.errnum == EPERM && !pool->allowed)
		pool->allowed = read_allowed();
	if (!pool->count ||
	    (failure.errnum != EPERM && failure.errnum != ENOMEM && failure.errnum != EMFILE)) {
		*err = failure;
		return -1;
	}
	give_up_free(pool);
	return open_ring(wanted, err);
}

int ring_pool_take(struct ring_pool *pool, struct pooled_ring *wanted, struct err *err)
{
	if (take(pool, wanted, err) < 0)
		return -1;
	pool->taken += mapped_bytes(wanted);
	return 0;
}

void ring_pool_give(struct ring_pool *pool, const struct pooled_ring *ring)
{
	struct perf_event_mmap_page *control = ring->map;
	uint64_t head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);

	pool->taken -= mapped_bytes(ring);
	if (ring->bytes > RING_BYTES_MAX || pool->bytes + ring->bytes > FREE_BYTES_MAX) {
		close_ring(ring);
		return;
	}
	__atomic_store_n(&control->data_tail, head, __ATOMIC_RELEASE);
	mem_grow(pool->free, pool->cap, pool->count + 1);
	pool->free[pool->count++] = *ring;
	pool->bytes += ring->bytes;
}
