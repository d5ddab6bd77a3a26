/* Two events, minor and major faults, for each thread on each CPU, and for each CPU two rings, for the minor
 * and the major faults of all threads:
 *
 *     thread 4242 on CPU 0   minor (owns it) --> ring of minor faults, CPU 0
 *                            major (owns it) --> ring of major faults, CPU 0
 *     thread 4243 on CPU 0   minor, major    --> the same two
 *     thread 4242 on CPU 1   minor (owns it) --> ring of minor faults, CPU 1
 *                            ...
 *
 * (an event that its children inherit cannot have a ring across CPUs.) Later threads inherit the events of
 * the thread that makes them. A thread that was created while we were opening may have both inherited them
 * and been opened. If a thread other than the first calls exec meanwhile, it takes the first one's number, and
 * what was opened on that watches nobody: it hangs up, and the number is opened again. If tracepoints may be
 * used, two more events for each thread and CPU have the error code of a fault, just before the kernel handles
 * it.
 *
 * If only one in several minor faults should have its stack, the event of minor faults samples none, and one
 * more event for each thread and CPU, with that period, writes a second record of such a fault into the same
 * ring. Major faults are few, and slow anyway: each has its stack.
 *
 * If all have their stack, one more event samples much more of the stacks of a few faults, into a ring of its
 * own, where a lost record costs no fault. These show the outer part of stacks that go on beyond the ordinary
 * sample. It is opened last, so the kernel serves it first: if both sample a fault, Linux 6.18 gives both the
 * size that the first one requested, and less would be useless here.
 *
 * One more event counts nothing, but reports forks, exits and execs into a small ring of its own, which wakes
 * us at once. It is inherited by children, too. (The event of minor faults reports forks and exits as well,
 * because it reports mappings: these are ignored.)
 *
 * A child that is not held at its birth has faults before it is found. To know which pages it has written by
 * then, two more events, for minor and for major faults, are inherited by children. They have their own ring,
 * and record only who touched which page and when.
 *
 * Enabling or disabling an event interrupts the CPU that its thread was on. So the events of a thread on a
 * CPU form two groups, one that threads inherit, and one that children inherit too, and only the leaders are
 * enabled.
 *
 * See perf_event_open(2); permissions: Documentation/admin-guide/perf-security.rst. */
#include "kern/perf/events.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/perf/perf_error.h"
#include "kern/perf/tracepoint.h"
#include "kern/tasks.h"

#define DEEP_PERIOD 37        /* one fault in this many of a thread */
#define FORMAT_LOST (1u << 4) /* PERF_FORMAT_LOST, Linux 6.0 */

/* The events of a thread on a CPU. */
enum perf_event_kind {
	COUNT_MINOR,
	COUNT_MAJOR,
	COUNT_STACK,      /* one in several minor faults, with its stack */
	COUNT_TRACE_USER, /* a fault in user mode is about to be handled */
	COUNT_TRACE_KERNEL,
	COUNT_NOTHING,    /* it only reports forks, exits and execs, each at once */
	COUNT_HEIR_MINOR, /* inherited by children */
	COUNT_HEIR_MAJOR,
	COUNT_DEEP, /* minor faults again, a few of them, with much of their stack */
	EVENT_KINDS_OF_THREAD,
};

static bool is_inherited(enum perf_event_kind kind)
{
	return kind == COUNT_NOTHING || kind == COUNT_HEIR_MINOR || kind == COUNT_HEIR_MAJOR;
}

static bool is_trace(enum perf_event_kind kind)
{
	return kind == COUNT_TRACE_USER || kind == COUNT_TRACE_KERNEL;
}

struct opened {
	int fd;
	enum perf_event_kind kind;
	bool leads;
	size_t cpu;
	uint64_t lost; /* its own count when it was last read */
};

void events_init(struct events *e, int32_t pid, uint32_t stack_bytes, uint32_t stack_every, bool codes,
		 bool heirs)
{
	*e = (struct events){
		.pid = pid, .codes_on = true, .heirs = heirs, .stack_every = stack_every ? stack_every : 1
	};
	e->attr = (struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof e->attr,
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
#if defined __x86_64__ || defined __aarch64__
	if (stack_bytes) {
		e->attr.sample_type |= PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
		e->attr.sample_regs_user = FAULTRING_REGS_MASK;
		e->attr.sample_stack_user = (stack_bytes + 7) & ~7u;
	}
#endif
	if (!codes)
		err_set_off(&e->codes_err);
	else if ((e->tracepoints[0] = tracepoint_id(TRACEPOINT_USER_FAULT, &e->codes_err)))
		e->tracepoints[1] = tracepoint_id(TRACEPOINT_KERNEL_FAULT, NULL);
}

static void close_all(struct events *e)
{
	for (size_t i = e->count; i-- > 0;) /* leaders after their members */
		close(e->list[i].fd);
	e->count = e->trace_count = e->tid_count = 0;
}

void events_fini(struct events *e)
{
	close_all(e);
	free(e->list);
	free(e->trace_ids);
	free(e->tids);
}

static void leave_stacks(struct perf_event_attr *attr)
{
	attr->sample_type &= ~(uint64_t)(PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER);
	attr->sample_regs_user = 0;
	attr->sample_stack_user = 0;
}

/* The attributes of an event; tracepoints are always hit in kernel mode. */
static struct perf_event_attr attr_of(const struct events *e, enum perf_event_kind kind)
{
	struct perf_event_attr attr = e->attr;

	if (kind == COUNT_NOTHING) {
		attr.config = PERF_COUNT_SW_DUMMY;
		leave_stacks(&attr);
		attr.comm = attr.comm_exec = attr.task = 1;
		attr.inherit_thread = 0;
		attr.sample_id_all = 1;
		attr.wakeup_watermark = 1;
		return attr;
	}
	if (is_inherited(kind)) {
		attr.config =
		    kind == COUNT_HEIR_MAJOR ? PERF_COUNT_SW_PAGE_FAULTS_MAJ : PERF_COUNT_SW_PAGE_FAULTS_MIN;
		leave_stacks(&attr);
		attr.inherit_thread = 0;
		return attr;
	}
	if (kind == COUNT_STACK) {
		attr.config = PERF_COUNT_SW_PAGE_FAULTS_MIN;
		attr.sample_period = e->stack_every;
		return attr;
	}
	if (kind == COUNT_MINOR || kind == COUNT_MAJOR) {
		attr.config =
		    kind == COUNT_MAJOR ? PERF_COUNT_SW_PAGE_FAULTS_MAJ : PERF_COUNT_SW_PAGE_FAULTS_MIN;
		if (kind == COUNT_MINOR) { /* mappings come with it */
			attr.mmap = attr.mmap_data = attr.mmap2 = 1;
			attr.sample_id_all = 1;
		}
		if (kind == COUNT_MINOR && e->stack_every > 1)
			leave_stacks(&attr);
		return attr;
	}
	if (kind == COUNT_DEEP) {
		attr.config = PERF_COUNT_SW_PAGE_FAULTS_MIN;
		attr.sample_period = DEEP_PERIOD;
		attr.sample_stack_user = e->deep_bytes;
		return attr;
	}
	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = e->tracepoints[kind - COUNT_TRACE_USER];
	leave_stacks(&attr);
	attr.sample_type |= PERF_SAMPLE_RAW;
	return attr;
}

static bool raise_file_limit(struct events *e)
{
	struct rlimit limit;

	if (e->raised || getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
		return false;
	limit.rlim_cur = limit.rlim_max;
	e->raised = true;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* Opens an event, which counts when its leader does (-1: it is a leader, and does not count yet), requesting
 * fewer features if the kernel does not have them. Returns an fd, or -1 with err. */
static int open_event(struct events *e, int32_t tid, int cpu, enum perf_event_kind kind, int leader,
		      struct err *err)
{
	for (;;) {
		struct perf_event_attr attr = attr_of(e, kind);
		attr.disabled = leader < 0;
		int fd = (int)syscall(SYS_perf_event_open, &attr, tid, cpu, leader, PERF_FLAG_FD_CLOEXEC);

		if (fd >= 0)
			return fd;
		if (kind == COUNT_DEEP)
			return perf_error_event(err, errno);
		if (errno == EINVAL && e->attr.inherit_thread) /* before Linux 5.13 */
			e->attr.inherit_thread = 0;
		else if (errno == EINVAL && e->attr.read_format)
			e->attr.read_format = 0;
		else if ((errno == EACCES || errno == EPERM) && !e->attr.exclude_kernel && !e->count)
			e->attr.exclude_kernel = 1;
		else if (errno != EMFILE || !raise_file_limit(e))
			return perf_error_event(err, errno);
	}
}

/* The result of opening. */
enum outcome { OPENED, RING_TOO_LARGE, FAILED };

static enum ring_kind ring_of(enum perf_event_kind kind)
{
	switch (kind) {
	case COUNT_MAJOR:
		return RING_MAJOR;
	case COUNT_NOTHING:
		return RING_TASKS;
	case COUNT_HEIR_MINOR:
	case COUNT_HEIR_MAJOR:
		return RING_HEIRS;
	case COUNT_DEEP:
		return RING_DEEP;
	default:
		return RING_MINOR;
	}
}

static enum outcome connect_event(struct events *e, struct rings *rings, int fd, size_t cpu,
				  enum perf_event_kind kind, struct err *err)
{
	uint64_t id;

	enum rings_connected connected = rings_connect(rings, fd, cpu, ring_of(kind), err);

	if (connected != RINGS_CONNECTED)
		return connected == RINGS_TOO_LARGE ? RING_TOO_LARGE : FAILED;
	if (is_trace(kind) && ioctl(fd, PERF_EVENT_IOC_ID, &id) == 0) {
		mem_grow(e->trace_ids, e->trace_cap, e->trace_count + 1);
		e->trace_ids[e->trace_count++] = id;
	}
	return OPENED;
}

static enum outcome enable(const int leaders[2], struct err *err)
{
	for (int i = 0; i < 2; i++)
		if (leaders[i] >= 0 && ioctl(leaders[i], PERF_EVENT_IOC_ENABLE, 0) != 0) {
			perf_error_event(err, errno);
			return FAILED;
		}
	return OPENED;
}

/* If a tracepoint is refused, there are just no error codes. */
static void give_up_codes(struct events *e)
{
	e->tracepoints[0] = e->tracepoints[1] = 0;
	err_set(&e->codes_err, ERR_DENIED, "%s",
		_("needs root (sudo) or CAP_PERFMON: tracepoints are refused"));
}

static bool is_wanted(const struct events *e, enum perf_event_kind kind)
{
	switch (kind) {
	case COUNT_HEIR_MINOR:
	case COUNT_HEIR_MAJOR:
		return e->heirs;
	case COUNT_STACK:
		return e->stack_every > 1 && e->attr.sample_stack_user;
	case COUNT_TRACE_USER:
	case COUNT_TRACE_KERNEL:
		return e->tracepoints[kind - COUNT_TRACE_USER];
	case COUNT_DEEP:
		return e->deep_bytes && e->stack_every <= 1;
	default:
		return true;
	}
}

/* Can an event that could not be opened be left out? Then it is not tried again. */
static bool can_do_without(struct events *e, enum perf_event_kind kind, const struct err *failure)
{
	if (is_trace(kind) && failure->errnum != EMFILE) {
		give_up_codes(e);
		return true;
	}
	if (kind == COUNT_DEEP) /* it only helps */
		e->deep_bytes = 0;
	return kind == COUNT_DEEP || failure->errnum == ENODEV;
}

/* Has the thread of an event ended, and those that inherited from it? */
static bool has_hung_up(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, 0) == 1 && p.revents & POLLHUP;
}

/* Is the thread gone that an event could not be opened on? Its number may be another's by now, which cannot be in the
 * group of its leader (-1: it was to lead), but has events of its own. */
static bool is_of_gone(struct events *e, int32_t tid, size_t cpu, enum perf_event_kind kind, int leader,
		       const struct err *failure)
{
	if (failure->errnum != EINVAL || leader < 0)
		return failure->errnum == ESRCH;
	int alone = open_event(e, tid, (int)cpu, kind, -1, &(struct err){ 0 });
	if (alone >= 0)
		close(alone);
	return alone >= 0;
}

/* All of a thread on a CPU. A thread or a CPU that is gone is no error. */
static enum outcome open_on(struct events *e, struct rings *rings, int32_t tid, size_t cpu, bool *gone,
			    struct err *err)
{
	int leaders[2] = { -1, -1 }; /* for threads' events, and for children's */

	for (int i = 0; i < EVENT_KINDS_OF_THREAD; i++) {
		enum perf_event_kind kind = (enum perf_event_kind)i;
		int *leader = &leaders[is_inherited(kind)];
		struct err failure = { 0 };

		if (!is_wanted(e, kind))
			continue;
		int fd = open_event(e, tid, (int)cpu, kind, *leader, &failure);
		*gone = fd < 0 && is_of_gone(e, tid, cpu, kind, *leader, &failure);
		if (*gone)
			return OPENED;
		if (fd < 0 && can_do_without(e, kind, &failure))
			continue;
		if (fd < 0) {
			*err = failure;
			return FAILED;
		}
		mem_grow(e->list, e->cap, e->count + 1);
		e->list[e->count++] = (struct opened){ fd, kind, *leader < 0, cpu, 0 };
		if (*leader < 0)
			*leader = fd;
		enum outcome outcome = connect_event(e, rings, fd, cpu, kind, err);
		if (outcome != OPENED)
			return outcome;
	}
	return enable(leaders, err);
}

/* On all CPUs; *gone: not on all of them, as the thread is no more. */
static enum outcome open_thread(struct events *e, struct rings *rings, int32_t tid, bool *gone,
				struct err *err)
{
	enum outcome outcome = OPENED;

	*gone = false;
	mem_grow(e->tids, e->tid_cap, e->tid_count + 1);
	e->tids[e->tid_count++] = tid;
	for (size_t cpu = 0; cpu < rings->cpu_count && outcome == OPENED && !*gone; cpu++)
		outcome = open_on(e, rings, tid, cpu, gone, err);
	return outcome;
}

static bool is_open(const struct events *e, int32_t tid)
{
	for (size_t i = 0; i < e->tid_count; i++)
		if (e->tids[i] == tid)
			return true;
	return false;
}

/* The events of the first thread, by their numbers in the list; none: it was gone when it was opened. */
struct first_thread {
	size_t begin, end;
};

/* Has it ended since, and those that inherited from it? */
static bool has_ended(const struct events *e, const struct first_thread *first)
{
	for (size_t i = first->begin; i < first->end; i++)
		if (e->list[i].kind == COUNT_MINOR && has_hung_up(e->list[i].fd))
			return true;
	return false;
}

/* Lets a thread be opened again. */
static void forget_thread(struct events *e, int32_t tid)
{
	size_t kept = 0;

	for (size_t i = 0; i < e->tid_count; i++)
		if (e->tids[i] != tid)
			e->tids[kept++] = e->tids[i];
	e->tid_count = kept;
}

/* Opens those threads of a list that were not opened. */
static enum outcome open_listed(struct events *e, struct rings *rings, const struct task_list *threads,
				struct first_thread *first, struct err *err)
{
	enum outcome outcome = OPENED;

	for (size_t i = 0; i < threads->count && outcome == OPENED; i++) {
		size_t begin = e->count;
		bool gone;

		if (is_open(e, threads->ids[i]))
			continue;
		outcome = open_thread(e, rings, threads->ids[i], &gone, err);
		if (threads->ids[i] == e->pid && !gone)
			*first = (struct first_thread){ begin, e->count };
	}
	return outcome;
}

/* Repeats until the list of threads has none that was not opened: later threads inherit. If the first one has ended, a
 * thread that called exec may have its number now. So it may if the first one was gone already, but that can also be for
 * good: then it is opened again only while the list changes. */
static enum outcome open_threads(struct events *e, struct rings *rings, struct err *err)
{
	struct task_list threads = { 0 };
	struct first_thread first = { 0 };
	enum outcome outcome = OPENED;
	size_t listed = 0;
	bool more, again = false;

	do {
		size_t before = e->tid_count + again;

		outcome = tasks_list_of(e->pid, &threads, err) < 0
			      ? FAILED
			      : open_listed(e, rings, &threads, &first, err);
		more = e->tid_count > before || threads.count != listed;
		again = outcome == OPENED && ((more && first.begin == first.end) || has_ended(e, &first));
		if (again) {
			forget_thread(e, e->pid);
			first = (struct first_thread){ 0 };
		}
		listed = threads.count;
	} while (outcome == OPENED && (more || again));
	task_list_fini(&threads);
	if (outcome == OPENED && !e->count) {
		perf_error_event(err, ESRCH);
		outcome = FAILED;
	}
	return outcome;
}

static int compare_ids(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int events_open(struct events *e, struct rings *rings, struct err *err)
{
	for (;;) {
		enum outcome outcome;

		e->attr.wakeup_watermark = rings_wake_bytes(rings);
		e->deep_bytes = e->attr.sample_stack_user ? rings_deep_bytes(rings) : 0;
		outcome = open_threads(e, rings, err);
		if (outcome == OPENED)
			break;
		if (outcome == FAILED || !rings_shrink(rings))
			return -1;
		close_all(e);
		rings_release(rings);
	}
	if (e->trace_count)
		qsort(e->trace_ids, e->trace_count, sizeof *e->trace_ids, compare_ids);
	if (err)
		*err = (struct err){ 0 };
	return 0;
}

void events_stop(struct events *e)
{
	for (size_t i = 0; i < e->count; i++)
		if (e->list[i].leads && !is_inherited(e->list[i].kind))
			ioctl(e->list[i].fd, PERF_EVENT_IOC_DISABLE, 0);
}

void events_adopt_tasks(struct events *to, struct events *from)
{
	size_t kept = 0;

	for (size_t i = 0; i < to->count; i++)
		if (is_inherited(to->list[i].kind))
			close(to->list[i].fd);
		else
			to->list[kept++] = to->list[i];
	to->count = kept;
	kept = 0;
	for (size_t i = 0; i < from->count; i++) {
		if (!is_inherited(from->list[i].kind)) {
			from->list[kept++] = from->list[i];
			continue;
		}
		mem_grow(to->list, to->cap, to->count + 1);
		to->list[to->count++] = from->list[i];
	}
	from->count = kept;
}

void events_set_codes(struct events *e, bool on)
{
	if (e->codes_on == on)
		return;
	e->codes_on = on;
	for (size_t i = 0; i < e->count; i++)
		if (is_trace(e->list[i].kind))
			ioctl(e->list[i].fd, on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
}

bool events_is_trace(const struct events *e, uint64_t id)
{
	return e->trace_count && bsearch(&id, e->trace_ids, e->trace_count, sizeof id, compare_ids);
}

bool events_count_lost(const struct events *e)
{
	return e->attr.read_format;
}

uint64_t events_read_lost(struct events *e, const struct rings *rings)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < e->count; i++) {
		struct opened *o = &e->list[i];
		struct {
			uint64_t count, lost;
		} read_of;

		if ((o->kind == COUNT_MINOR || o->kind == COUNT_MAJOR) &&
		    rings_at(rings, ring_of(o->kind), o->cpu)->short_of_room &&
		    read(o->fd, &read_of, sizeof read_of) == sizeof read_of) {
			sum += read_of.lost - o->lost;
			o->lost = read_of.lost;
		}
	}
	return sum;
}

size_t events_record_bytes(const struct events *e)
{
	return e->attr.sample_stack_user + (size_t)1024;
}
