/* Two events, minor and major faults, for each thread on each CPU, all events of a CPU
 * into one ring:
 *
 *     thread 4242 on CPU 0   minor (owns the ring), major --+
 *     thread 4243 on CPU 0   minor, major ------------------+--> ring of CPU 0
 *     thread 4242 on CPU 1   minor (owns the ring), major --+
 *     thread 4243 on CPU 1   minor, major ------------------+--> ring of CPU 1
 *
 * (an event that its children inherit cannot have a ring across CPUs.) Threads to come
 * inherit the events of the thread that makes them, id included. A thread that came while
 * we opened may have inherited and been opened too; so of a thread that was opened, only
 * faults with an id of its own count.
 *
 * See perf_event_open(2); permissions: Documentation/admin-guide/perf-security.rst. */
#include "kern/faults.h"

#include <dirent.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"

#define RING_PAGES 512 /* halved until the kernel grants it */
#define RING_PAGES_MIN 8
#define WAKE_BYTES (256 * 1024)

struct ring {
	int fd;    /* of the event that owns it; -1: no such CPU */
	void *map; /* NULL: not yet there */
	size_t size;
};

/* What an event's id stands for. */
struct counter {
	uint64_t id;
	int32_t tid;
	bool major;
};

struct faults {
	int32_t pid;
	struct perf_event_attr attr;
	struct ring *rings; /* by CPU */
	size_t ring_count;
	size_t ring_pages;
	int *fds;           /* of all events */
	size_t fd_count, fd_cap;
	struct counter *counters; /* by id, once all are open */
	size_t counter_count, counter_cap;
	int32_t *tids;      /* that were opened, in order */
	size_t tid_count, tid_cap;
	int epoll;
	bool raised;        /* the limit of open files */
};

static void init_attr(struct perf_event_attr *attr)
{
	*attr = (struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof *attr,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
			       PERF_SAMPLE_ADDR,
		.disabled = 1,
		.inherit = 1,
		.inherit_thread = 1,
		.exclude_hv = 1,
		.watermark = 1,
		.wakeup_watermark = WAKE_BYTES,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};
}

static bool raise_file_limit(struct faults *f)
{
	struct rlimit limit;

	if (f->raised || getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max;
	f->raised = true;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* Opens one, asking for less where the kernel gives no more. Returns an fd, or -1 with errno. */
static int open_event(struct faults *f, int32_t tid, int cpu, bool major)
{
	for (;;) {
		f->attr.config = major ? PERF_COUNT_SW_PAGE_FAULTS_MAJ : PERF_COUNT_SW_PAGE_FAULTS_MIN;
		int fd = (int)syscall(SYS_perf_event_open, &f->attr, tid, cpu, -1, PERF_FLAG_FD_CLOEXEC);

		if (fd >= 0)
			return fd;
		if (errno == EINVAL && f->attr.inherit_thread) /* before Linux 5.13 */
			f->attr.inherit_thread = 0;
		else if ((errno == EACCES || errno == EPERM) && !f->attr.exclude_kernel && !f->fd_count)
			f->attr.exclude_kernel = 1;
		else if (errno != EMFILE || !raise_file_limit(f))
			return -1;
	}
}

static int map_ring(struct faults *f, struct ring *ring, int fd)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};

	for (; f->ring_pages >= RING_PAGES_MIN; f->ring_pages /= 2) {
		void *map = mmap(NULL, (1 + f->ring_pages) * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

		if (map == MAP_FAILED && (errno == EPERM || errno == ENOMEM))
			continue;
		if (map == MAP_FAILED)
			return -1;
		*ring = (struct ring){fd, map, f->ring_pages * page};
		return epoll_ctl(f->epoll, EPOLL_CTL_ADD, fd, &event);
	}
	errno = EPERM;
	return -1;
}

static int connect_event(struct faults *f, struct ring *ring, int fd, int32_t tid, bool major)
{
	struct counter counter = {.tid = tid, .major = major};

	if (ring->map ? ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring->fd) < 0 : map_ring(f, ring, fd) < 0)
		return -1;
	if (ioctl(fd, PERF_EVENT_IOC_ID, &counter.id) < 0)
		return -1;
	mem_grow(f->counters, f->counter_cap, f->counter_count + 1);
	f->counters[f->counter_count++] = counter;
	return ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
}

/* Returns 0, or -1 with errno; a thread or a CPU that is gone is no error. */
static int open_thread(struct faults *f, int32_t tid)
{
	mem_grow(f->tids, f->tid_cap, f->tid_count + 1);
	f->tids[f->tid_count++] = tid;
	for (size_t i = 0; i < 2 * f->ring_count; i++) {
		bool major = i % 2;
		int fd = open_event(f, tid, (int)(i / 2), major);

		if (fd < 0 && errno == ESRCH)
			return 0;
		if (fd < 0 && errno == ENODEV)
			continue;
		if (fd < 0)
			return -1;
		mem_grow(f->fds, f->fd_cap, f->fd_count + 1);
		f->fds[f->fd_count++] = fd;
		if (connect_event(f, &f->rings[i / 2], fd, tid, major) < 0)
			return -1;
	}
	return 0;
}

static bool is_open(const struct faults *f, int32_t tid)
{
	for (size_t i = 0; i < f->tid_count; i++)
		if (f->tids[i] == tid)
			return true;
	return false;
}

/* Until a list holds no thread that was not opened: those to come inherit. */
static int open_threads(struct faults *f)
{
	char path[64];
	size_t before;

	snprintf(path, sizeof path, "/proc/%d/task", (int)f->pid);
	do {
		DIR *dir = opendir(path);
		int result = 0;

		before = f->tid_count;
		if (!dir)
			return -1;
		for (struct dirent *entry; result == 0 && (entry = readdir(dir));) {
			int32_t tid = atoi(entry->d_name);

			if (tid > 0 && !is_open(f, tid))
				result = open_thread(f, tid);
		}
		int errnum = errno;
		closedir(dir);
		errno = errnum;
		if (result < 0)
			return -1;
	} while (f->tid_count > before);
	errno = ESRCH;
	return f->fd_count ? 0 : -1;
}

static int compare_counters(const void *a, const void *b)
{
	uint64_t x = ((const struct counter *)a)->id, y = ((const struct counter *)b)->id;

	return (x > y) - (x < y);
}

static int compare_tids(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

static void explain(int errnum, struct err *err)
{
	switch (errnum) {
	case EACCES:
	case EPERM:
		err_set(err, ERR_DENIED, "%s",
			_("needs root (sudo), CAP_PERFMON, or, for one's own processes, sysctl "
			  "kernel.perf_event_paranoid=2"));
		break;
	case ENOENT:
	case ESRCH:
		err_set(err, ERR_GONE, "%s", _("the process has ended"));
		break;
	case ENOSYS:
	case EOPNOTSUPP:
		err_set(err, ERR_UNSUPPORTED, "%s", _("this kernel has no perf events"));
		break;
	case EMFILE:
	case ENFILE:
		err_set(err, ERR_SYSTEM, "%s", _("it has more threads than there may be open files: raise ulimit -n"));
		break;
	default:
		err_system(err, errnum, "%s", _("page faults cannot be followed"));
	}
}

struct faults *faults_open(int32_t pid, struct err *err)
{
	struct faults *f = mem_zalloc(sizeof *f);
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	f->pid = pid;
	init_attr(&f->attr);
	f->ring_pages = RING_PAGES;
	f->ring_count = cpus > 0 ? (size_t)cpus : 1;
	f->rings = mem_zalloc(f->ring_count * sizeof *f->rings);
	f->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (f->epoll < 0 || open_threads(f) < 0) {
		explain(errno, err);
		faults_close(f);
		return NULL;
	}
	qsort(f->counters, f->counter_count, sizeof *f->counters, compare_counters);
	qsort(f->tids, f->tid_count, sizeof *f->tids, compare_tids);
	return f;
}

void faults_close(struct faults *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->ring_count; i++)
		if (f->rings[i].map)
			munmap(f->rings[i].map, f->rings[i].size + (size_t)sysconf(_SC_PAGESIZE));
	for (size_t i = 0; i < f->fd_count; i++)
		close(f->fds[i]);
	if (f->epoll >= 0)
		close(f->epoll);
	free(f->rings);
	free(f->fds);
	free(f->counters);
	free(f->tids);
	free(f);
}

bool faults_user_only(const struct faults *f)
{
	return f->attr.exclude_kernel;
}

int faults_fd(const struct faults *f)
{
	return f->epoll;
}

static void drain_ring(const struct ring *ring, struct fault_batch *batch)
{
	struct perf_event_mmap_page *control = ring->map;
	const uint8_t *data = (const uint8_t *)ring->map + (size_t)sysconf(_SC_PAGESIZE);
	uint64_t head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);

	faultring_parse(data, ring->size, control->data_tail, head, batch);
	__atomic_store_n(&control->data_tail, head, __ATOMIC_RELEASE);
}

/* Whether it is one of the process's and told for the first time; fills in what its id says. */
static bool accept(const struct faults *f, struct fault_record *record)
{
	struct counter key = {.id = record->id};
	const struct counter *counter =
		bsearch(&key, f->counters, f->counter_count, sizeof *f->counters, compare_counters);

	if (!counter || record->pid != f->pid)
		return false;
	record->major = counter->major;
	return counter->tid == record->tid ||
	       !bsearch(&record->tid, f->tids, f->tid_count, sizeof *f->tids, compare_tids);
}

static int compare_times(const void *a, const void *b)
{
	uint64_t x = ((const struct fault_record *)a)->time_ns, y = ((const struct fault_record *)b)->time_ns;

	return (x > y) - (x < y);
}

void faults_drain(struct faults *f, struct fault_batch *batch)
{
	struct epoll_event woken[16];
	size_t kept = 0;

	/* an edge that was not taken would be told again and again */
	while (epoll_wait(f->epoll, woken, 16, 0) == 16)
		;
	batch->count = 0;
	batch->lost = 0;
	for (size_t i = 0; i < f->ring_count; i++)
		if (f->rings[i].map)
			drain_ring(&f->rings[i], batch);
	for (size_t i = 0; i < batch->count; i++)
		if (accept(f, &batch->records[i]))
			batch->records[kept++] = batch->records[i];
	batch->count = kept;
	if (kept > 1)
		qsort(batch->records, kept, sizeof *batch->records, compare_times);
}
