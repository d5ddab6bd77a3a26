/* Two events, minor and major faults, for each thread on each CPU, and of each CPU two rings, for
 * the minor faults of all threads and for the major ones:
 *
 *     thread 4242 on CPU 0   minor (owns it) --> ring of minor faults, CPU 0
 *                            major (owns it) --> ring of major faults, CPU 0
 *     thread 4243 on CPU 0   minor, major    --> the same two
 *     thread 4242 on CPU 1   minor (owns it) --> ring of minor faults, CPU 1
 *                            ...
 *
 * (an event that its children inherit cannot have a ring across CPUs.) The ring says which kind
 * it was. The id in a record does not: where several watch a thread, the kernel writes the id
 * of the event that it serves first into the records of all (seen in Linux 6.18; older ones may not).
 * What is so told of tracepoints is right.
 *
 * Threads to come inherit the events of the thread that makes them. One that came while we opened
 * may have inherited and been opened too, and is told twice then: two records of one fault follow
 * one another, at the same time, or where each event looks at the clock by itself nearly so.
 *
 * What a ring had no room for, it tells with the next record that it has room for: of any of
 * its events, and not at all when none comes any more. So where there was no room the events
 * themselves are read, which count what each of them lost.
 *
 * Each ring is in order of time; draining merges them. Where tracepoints may be used, two
 * more events a thread and CPU tell the error code of a fault, just before the kernel
 * handles it; the thread's next fault, if it is at that address, gets it.
 *
 * The rings' size is one for all: where the kernel does not grant one of them, all are made
 * anew at half the size. How full one is before it wakes us is said when an event is opened.
 *
 * See perf_event_open(2); permissions: Documentation/admin-guide/perf-security.rst. */
#include "kern/perf/faults.h"

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
#include "kern/perf/tracepoint.h"

#define RING_BYTES (2u << 20) /* of a CPU; halved until the kernel grants it */
#define RING_BYTES_STACKS (16u << 20)
#define RING_BYTES_ALL (128u << 20) /* of all CPUs together */
#define RING_PAGES_MIN 8
#define WAKE_BYTES (256u << 10)
#define WAKE_BYTES_STACKS (1u << 20)
#define EVENTS 4 /* of a thread on a CPU: minor, major, and where codes are told two tracepoints */
#define FORMAT_LOST (1u << 4) /* PERF_FORMAT_LOST, Linux 6.0 */
#define CODES 256             /* threads whose last error code and fault are remembered */
#define MAJOR_PART 4          /* the ring of major faults is so much smaller */
#define TWICE_NS 400          /* two records of one fault are no further apart, and two faults are */

struct ring {
	int fd;    /* of the event that owns it */
	void *map; /* NULL: not yet there, or no such CPU */
	struct faultring records;
	uint64_t next_ns; /* time of its next fault, while draining */
};

enum counter_kind {
	COUNT_MINOR,
	COUNT_MAJOR,
	COUNT_TRACE_USER, /* a fault in user mode is to be handled */
	COUNT_TRACE_KERNEL,
};

/* The last fault of a thread that was taken. */
struct last_fault {
	int32_t tid;
	bool major;
	uint64_t time_ns, address, ip;
};

/* The error code of the fault that a thread is in. */
struct told_code {
	int32_t tid;
	struct fault_trace trace;
};

struct faults {
	int32_t pid;
	struct perf_event_attr attr;
	uint64_t trace_ids[2]; /* of the tracepoints, user and kernel mode; 0: codes are not told */
	struct ring *rings;    /* of minor faults by CPU, then of major ones */
	size_t ring_count, cpu_count;
	size_t ring_pages;
	struct opened {
		int fd;
		enum counter_kind kind;
	} * fds; /* of all events */
	size_t fd_count, fd_cap;
	uint64_t *traces; /* ids of tracepoints' events; in order, once all are open */
	size_t trace_count, trace_cap;
	int32_t *tids; /* that were opened */
	size_t tid_count, tid_cap;
	uint64_t begin_ns, end_ns;
	uint64_t forks_ns[2]; /* when it forked last, and before that */
	uint64_t lost;        /* by the events' own count, as last read */
	struct told_code codes[CODES];
	struct last_fault last[CODES]; /* by thread */
	struct err codes_err;          /* why they are not told */
	bool codes_off;
	int epoll;
	bool raised; /* the limit of open files */
};

static void init_attr(struct perf_event_attr *attr, uint32_t stack_bytes)
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
		.read_format = FORMAT_LOST,
		.exclude_hv = 1,
		.watermark = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};
#ifdef __x86_64__
	if (stack_bytes) {
		attr->sample_type |= PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
		attr->sample_regs_user = FAULT_REGS_MASK;
		attr->sample_stack_user = (stack_bytes + 7) & ~7u;
	}
#endif
}

/* What the kernel is asked for; tracepoints are always met in kernel mode. */
static struct perf_event_attr attr_of(const struct faults *f, enum counter_kind kind)
{
	struct perf_event_attr attr = f->attr;

	if (kind == COUNT_MINOR || kind == COUNT_MAJOR) {
		attr.config =
		    kind == COUNT_MAJOR ? PERF_COUNT_SW_PAGE_FAULTS_MAJ : PERF_COUNT_SW_PAGE_FAULTS_MIN;
		if (kind == COUNT_MINOR) { /* tells forks and mappings, too */
			attr.task = 1;
			attr.mmap = attr.mmap_data = attr.mmap2 = 1;
			attr.sample_id_all = 1;
		}
		return attr;
	}
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = f->trace_ids[kind - COUNT_TRACE_USER];
	attr.sample_type &= ~(uint64_t)(PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER);
	attr.sample_type |= PERF_SAMPLE_RAW;
	attr.sample_regs_user = 0;
	attr.sample_stack_user = 0;
	return attr;
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
static int open_event(struct faults *f, int32_t tid, int cpu, enum counter_kind kind)
{
	for (;;) {
		struct perf_event_attr attr = attr_of(f, kind);
		int fd = (int)syscall(SYS_perf_event_open, &attr, tid, cpu, -1, PERF_FLAG_FD_CLOEXEC);

		if (fd >= 0)
			return fd;
		if (errno == EINVAL && f->attr.inherit_thread) /* before Linux 5.13 */
			f->attr.inherit_thread = 0;
		else if (errno == EINVAL && f->attr.read_format)
			f->attr.read_format = 0;
		else if ((errno == EACCES || errno == EPERM) && !f->attr.exclude_kernel && !f->fd_count)
			f->attr.exclude_kernel = 1;
		else if (errno != EMFILE || !raise_file_limit(f))
			return -1;
	}
}

static size_t pages_of(const struct faults *f, const struct ring *ring)
{
	size_t pages = ring >= f->rings + f->cpu_count ? f->ring_pages / MAJOR_PART : f->ring_pages;

	return pages > RING_PAGES_MIN ? pages : RING_PAGES_MIN;
}

static int map_ring(struct faults *f, struct ring *ring, int fd)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = pages_of(f, ring);
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	void *map = mmap(NULL, (1 + pages) * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED)
		return -1;
	*ring = (struct ring){ .fd = fd, .map = map };
	ring->records.bytes = (const uint8_t *)map + page;
	ring->records.size = pages * page;
	return epoll_ctl(f->epoll, EPOLL_CTL_ADD, fd, &event);
}

static int connect_event(struct faults *f, int fd, size_t cpu, enum counter_kind kind)
{
	struct ring *ring = &f->rings[kind == COUNT_MAJOR ? f->cpu_count + cpu : cpu];
	uint64_t id;

	if (ring->map ? ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, ring->fd) < 0 : map_ring(f, ring, fd) < 0)
		return -1;
	if (kind >= COUNT_TRACE_USER) {
		if (ioctl(fd, PERF_EVENT_IOC_ID, &id) < 0)
			return -1;
		mem_grow(f->traces, f->trace_cap, f->trace_count + 1);
		f->traces[f->trace_count++] = id;
	}
	return ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
}

/* Returns 0, or -1 with errno; a thread or a CPU that is gone is no error, and a tracepoint
 * that is refused only means that there are none. */
static int open_thread(struct faults *f, int32_t tid)
{
	mem_grow(f->tids, f->tid_cap, f->tid_count + 1);
	f->tids[f->tid_count++] = tid;
	for (size_t i = 0; i < EVENTS * f->cpu_count; i++) {
		enum counter_kind kind = (enum counter_kind)(i % EVENTS);
		bool trace = kind >= COUNT_TRACE_USER;

		if (trace && !f->trace_ids[kind - COUNT_TRACE_USER])
			continue;
		int fd = open_event(f, tid, (int)(i / EVENTS), kind);
		if (fd < 0 && errno == ESRCH)
			return 0;
		if (fd < 0 && trace && errno != EMFILE) {
			f->trace_ids[0] = f->trace_ids[1] = 0;
			err_set(&f->codes_err, ERR_DENIED, "%s",
				_("needs root (sudo) or CAP_PERFMON: tracepoints are refused"));
		}
		if (fd < 0 && (trace || errno == ENODEV))
			continue;
		if (fd < 0)
			return -1;
		mem_grow(f->fds, f->fd_cap, f->fd_count + 1);
		f->fds[f->fd_count++] = (struct opened){ fd, kind };
		if (connect_event(f, fd, i / EVENTS, kind) < 0)
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

static int compare_ids(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

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
		err_set(err, ERR_SYSTEM, "%s",
			_("it has more threads than there may be open files: raise ulimit -n"));
		break;
	default:
		err_system(err, errnum, "%s", _("page faults cannot be followed"));
	}
}

static size_t ring_pages(size_t cpus, uint32_t stack_bytes)
{
	size_t bytes = stack_bytes ? RING_BYTES_STACKS : RING_BYTES, page = (size_t)sysconf(_SC_PAGESIZE);

	while (bytes > RING_BYTES / 4 && bytes * cpus > RING_BYTES_ALL)
		bytes /= 2;
	return bytes / page;
}

static void close_all(struct faults *f)
{
	for (size_t i = 0; i < f->ring_count; i++)
		if (f->rings[i].map)
			munmap(f->rings[i].map, f->rings[i].records.size + (size_t)sysconf(_SC_PAGESIZE));
	for (size_t i = 0; i < f->fd_count; i++)
		close(f->fds[i].fd);
	memset(f->rings, 0, f->ring_count * sizeof *f->rings);
	f->fd_count = f->trace_count = f->tid_count = 0;
}

/* All events with rings of one size, as large as is granted. Returns 0, or -1 with errno. */
static int open_all(struct faults *f)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (;; f->ring_pages /= 2) {
		size_t wake = f->ring_pages * page / 4,
		       most = f->attr.sample_stack_user ? WAKE_BYTES_STACKS : WAKE_BYTES;

		f->attr.wakeup_watermark = (uint32_t)(wake < most ? wake : most);
		if (open_threads(f) == 0)
			return 0;
		int errnum = errno;
		/* refused was the ring, not the event, if there is an event */
		if ((errnum != EPERM && errnum != ENOMEM) || !f->fd_count ||
		    f->ring_pages <= RING_PAGES_MIN) {
			errno = errnum;
			return -1;
		}
		close_all(f);
	}
}

struct faults *faults_open(int32_t pid, const struct faults_options *options, struct err *err)
{
	struct faults *f = mem_zalloc(sizeof *f);
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	f->pid = pid;
	f->end_ns = UINT64_MAX;
	init_attr(&f->attr, options->stack_bytes);
	if (!options->codes)
		err_set(&f->codes_err, ERR_DENIED, "%s", _("switched off"));
	else if ((f->trace_ids[0] = tracepoint_id("exceptions/page_fault_user", &f->codes_err)))
		f->trace_ids[1] = tracepoint_id("exceptions/page_fault_kernel", NULL);
	f->cpu_count = cpus > 0 ? (size_t)cpus : 1;
	f->ring_count = 2 * f->cpu_count;
	f->ring_pages = ring_pages(f->cpu_count, options->stack_bytes) / (options->small ? 4 : 1);
	f->rings = mem_zalloc(f->ring_count * sizeof *f->rings);
	f->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (f->epoll < 0 || open_all(f) < 0) {
		explain(errno, err);
		faults_close(f);
		return NULL;
	}
	if (f->trace_count)
		qsort(f->traces, f->trace_count, sizeof *f->traces, compare_ids);
	return f;
}

void faults_close(struct faults *f)
{
	if (!f)
		return;
	close_all(f);
	if (f->epoll >= 0)
		close(f->epoll);
	free(f->rings);
	free(f->fds);
	free(f->traces);
	free(f->tids);
	free(f);
}

void faults_stop(struct faults *f)
{
	for (size_t i = 0; i < f->fd_count; i++)
		ioctl(f->fds[i].fd, PERF_EVENT_IOC_DISABLE, 0);
}

bool faults_user_only(const struct faults *f)
{
	return f->attr.exclude_kernel;
}

bool faults_can_code(const struct faults *f)
{
	return f->trace_ids[0] != 0;
}

const struct err *faults_code_err(const struct faults *f)
{
	return &f->codes_err;
}

void faults_set_codes(struct faults *f, bool on)
{
	if (f->codes_off == !on)
		return;
	f->codes_off = !on;
	for (size_t i = 0; i < f->fd_count; i++)
		if (f->fds[i].kind >= COUNT_TRACE_USER)
			ioctl(f->fds[i].fd, on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
}

void faults_begin(struct faults *f, uint64_t clock_ns)
{
	f->begin_ns = clock_ns;
}

void faults_end(struct faults *f, uint64_t clock_ns)
{
	f->end_ns = clock_ns;
}

int faults_fd(const struct faults *f)
{
	return f->epoll;
}

static bool is_trace(const struct faults *f, const struct fault_record *record)
{
	return f->trace_count &&
	       bsearch(&record->id, f->traces, f->trace_count, sizeof *f->traces, compare_ids);
}

/* Is it the fault that was taken last of the thread? */
static bool is_twice(struct faults *f, const struct fault_record *record)
{
	struct last_fault *last = &f->last[(uint32_t)record->tid % CODES];
	bool twice = last->tid == record->tid && last->address == record->address && last->ip == record->ip &&
		     last->major == record->major && record->time_ns - last->time_ns < TWICE_NS;

	*last =
	    (struct last_fault){ record->tid, record->major, record->time_ns, record->address, record->ip };
	return twice;
}

static void note_code(struct faults *f, const struct fault_batch *batch, const struct fault_record *record)
{
	struct told_code *code = &f->codes[(uint32_t)record->tid % CODES];

	code->tid =
	    fault_trace_read(batch->bytes + record->more, record->length, &code->trace) ? record->tid : 0;
}

static void take_code(struct faults *f, struct fault_record *record)
{
	struct told_code *code = &f->codes[(uint32_t)record->tid % CODES];

	if (code->tid != record->tid)
		return;
	record->has_code = code->trace.address == record->address;
	record->code = code->trace.code;
	code->tid = 0;
}

bool faults_last_code(const struct faults *f, int32_t tid, uint64_t address, uint32_t *code)
{
	const struct told_code *told = &f->codes[(uint32_t)tid % CODES];

	*code = told->trace.code;
	return told->tid == tid && told->trace.address == address;
}

/* Whether it is a fault, one of the process's, and told for the first time; fills in what
 * its ring says. */
static bool accept(struct faults *f, const struct ring *ring, const struct fault_batch *batch,
		   struct fault_record *record)
{
	if (record->pid != f->pid || record->time_ns < f->begin_ns || record->time_ns >= f->end_ns)
		return false;
	if (is_trace(f, record)) {
		note_code(f, batch, record);
		return false;
	}
	record->major = ring >= f->rings + f->cpu_count;
	if (is_twice(f, record))
		return false;
	record->forked_ns = f->forks_ns[0] <= record->time_ns ? f->forks_ns[0] : f->forks_ns[1];
	take_code(f, record);
	return true;
}

/* Takes the fault that is next in a ring, if it is one to tell. */
static void take_record(struct faults *f, struct ring *ring, struct fault_batch *batch)
{
	faultring_take(&ring->records, batch);
	struct fault_record *record = &batch->records[batch->count - 1];

	if (!accept(f, ring, batch, record)) {
		batch->length = record->more;
		batch->count--;
	} else if (batch->length > FAULTS_BYTES_MAX) {
		batch->length = record->more;
		record->length = 0;
	}
}

/* The ring whose next fault is the earliest, and when one of another comes before its: there
 * it is looked for anew. NULL where none has any up to `until_ns`. */
static struct ring *earliest(struct faults *f, uint64_t until_ns, uint64_t *up_to)
{
	struct ring *first = NULL;

	*up_to = until_ns < FAULTRING_END ? until_ns : FAULTRING_END - 1;
	for (size_t i = 0; i < f->ring_count; i++) {
		struct ring *ring = &f->rings[i];

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

/* Of the mappings from number n on, those of children go, and those of a time that is not ours. */
static void drop_foreign(const struct faults *f, struct fault_batch *batch, size_t n)
{
	size_t kept = n;

	for (size_t i = n; i < batch->mapping_count; i++) {
		struct fault_mapping *mapping = &batch->mappings[i];

		if (mapping->pid == f->pid && mapping->time_ns >= f->begin_ns && mapping->time_ns < f->end_ns)
			batch->mappings[kept++] = *mapping;
		else
			fault_mapping_fini(mapping);
	}
	batch->mapping_count = kept;
}

/* The next fault of a ring, and on the way there whether the process forked, and what it mapped. */
static void find_next(struct faults *f, struct ring *ring, struct fault_batch *batch)
{
	size_t mappings = batch->mapping_count;

	ring->next_ns = faultring_next(&ring->records, batch);
	if (batch->mapping_count > mappings)
		drop_foreign(f, batch, mappings);
	if (batch->fork.time_ns && batch->fork.pid == f->pid && batch->fork.time_ns != f->forks_ns[0]) {
		f->forks_ns[1] = f->forks_ns[0];
		f->forks_ns[0] = batch->fork.time_ns;
	}
	batch->fork.time_ns = 0;
}

/* Where a ring had no room and has told nothing since, it has none now. */
static bool any_full(const struct faults *f)
{
	uint64_t record = f->attr.sample_stack_user + 1024u;

	for (size_t i = 0; i < f->ring_count; i++) {
		const struct faultring *ring = &f->rings[i].records;

		if (f->rings[i].map && ring->size - (ring->head - ring->tail) < record)
			return true;
	}
	return false;
}

/* How many faults were lost since this was last asked. */
static uint64_t read_lost(struct faults *f)
{
	uint64_t sum = 0, before = f->lost;

	for (size_t i = 0; i < f->fd_count; i++) {
		struct {
			uint64_t count, lost;
		} read_of;

		if (f->fds[i].kind < COUNT_TRACE_USER &&
		    read(f->fds[i].fd, &read_of, sizeof read_of) == sizeof read_of)
			sum += read_of.lost;
	}
	f->lost = sum > before ? sum : before;
	return f->lost - before;
}

/* Says whether a ring was full. */
static bool begin_drain(struct faults *f, struct fault_batch *batch)
{
	for (size_t i = 0; i < f->ring_count; i++) {
		struct ring *ring = &f->rings[i];

		if (!ring->map)
			continue;
		const struct perf_event_mmap_page *control = ring->map;
		ring->records.head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);
		ring->records.tail = control->data_tail;
	}
	bool full = any_full(f);
	for (size_t i = 0; i < f->ring_count; i++)
		if (f->rings[i].map)
			find_next(f, &f->rings[i], batch);
	return full;
}

/* What was taken is the kernel's again. */
static void end_drain(struct faults *f)
{
	for (size_t i = 0; i < f->ring_count; i++)
		if (f->rings[i].map) {
			struct perf_event_mmap_page *control = f->rings[i].map;

			__atomic_store_n(&control->data_tail, f->rings[i].records.tail, __ATOMIC_RELEASE);
		}
}

void faults_drain(struct faults *f, struct fault_batch *batch, uint64_t until_ns)
{
	struct epoll_event woken[16];
	struct ring *ring;
	uint64_t up_to, lost = batch->lost;

	/* an edge that was not taken would be told again and again */
	while (epoll_wait(f->epoll, woken, 16, 0) == 16)
		;
	batch->lost = 0;
	bool full = begin_drain(f, batch);
	while (batch->count < FAULTS_MAX && (ring = earliest(f, until_ns, &up_to)))
		while (ring->next_ns <= up_to && batch->count < FAULTS_MAX) {
			take_record(f, ring, batch);
			find_next(f, ring, batch);
		}
	end_drain(f);
	if (f->attr.read_format && (full || batch->lost))
		batch->lost = read_lost(f);
	batch->lost += lost;
}
