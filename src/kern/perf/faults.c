/* Events write into rings (events.h, rings.h); draining merges the rings by time.
 *
 * The ring says whether a fault was minor or major. The id in a record does not: where several
 * watch a thread, the kernel writes the id of the event that it serves first into the records of
 * all (seen in Linux 6.18; older ones may not). Of tracepoints the id is right.
 *
 * A thread that came while we opened may have inherited events and been opened too, and its faults
 * come twice then: two records of one fault follow one another, at the same time, or where each
 * event looks at the clock by itself nearly so.
 *
 * What a ring had no room for, it reports with the next record that it has room for: of any of
 * its events, and not at all when none comes any more. So where there was no room the events
 * themselves are read, which count what each of them lost. */
#include "kern/perf/faults.h"

#include <stdlib.h>
#include <sys/epoll.h>

#include "base/mem.h"
#include "kern/perf/events.h"
#include "kern/perf/fault_codes.h"
#include "kern/perf/rings.h"

#define THREADS 256  /* whose last fault is remembered */
#define TWICE_NS 400 /* two records of one fault are no further apart, and two faults are */

/* The last fault of a thread that was taken. */
struct last_fault {
	int32_t tid;
	bool major;
	uint64_t time_ns, address, ip;
};

struct faults {
	int32_t pid;
	struct events events;
	struct rings rings;
	struct fault_codes codes;
	struct last_fault last[THREADS];
	uint64_t begin_ns, end_ns;
	uint64_t forks_ns[2]; /* when it forked last, and before that */
};

struct faults *faults_open(int32_t pid, const struct faults_options *options, struct err *err)
{
	struct faults *f = mem_zalloc(sizeof *f);

	f->pid = pid;
	f->end_ns = UINT64_MAX;
	events_init(&f->events, pid, options->stack_bytes, options->codes);
	if (rings_init(&f->rings, options->stack_bytes != 0, options->small, err) < 0 ||
	    events_open(&f->events, &f->rings, err) < 0) {
		faults_close(f);
		return NULL;
	}
	return f;
}

void faults_close(struct faults *f)
{
	if (!f)
		return;
	rings_fini(&f->rings);
	events_fini(&f->events);
	free(f);
}

void faults_stop(struct faults *f)
{
	events_stop(&f->events);
}

bool faults_user_only(const struct faults *f)
{
	return f->events.attr.exclude_kernel;
}

bool faults_can_code(const struct faults *f)
{
	return f->events.codes_err.code == ERR_NONE;
}

const struct err *faults_code_err(const struct faults *f)
{
	return &f->events.codes_err;
}

void faults_set_codes(struct faults *f, bool on)
{
	events_set_codes(&f->events, on);
}

bool faults_last_code(const struct faults *f, int32_t tid, uint64_t address, uint32_t *code)
{
	return fault_codes_last(&f->codes, tid, address, code);
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
	return f->rings.epoll;
}

/* Is it the fault that was taken last of the thread? */
static bool is_twice(struct faults *f, const struct fault_record *record)
{
	struct last_fault *last = &f->last[(uint32_t)record->tid % THREADS];
	bool twice = last->tid == record->tid && last->address == record->address && last->ip == record->ip &&
		     last->major == record->major && record->time_ns - last->time_ns < TWICE_NS;

	*last =
	    (struct last_fault){ record->tid, record->major, record->time_ns, record->address, record->ip };
	return twice;
}

static bool is_ours(const struct faults *f, int32_t pid, uint64_t time_ns)
{
	return pid == f->pid && time_ns >= f->begin_ns && time_ns < f->end_ns;
}

/* Is it a fault, one of the process's, and here for the first time? Fills in what its ring
 * says. */
static bool accept(struct faults *f, const struct ring *ring, const struct fault_batch *batch,
		   struct fault_record *record)
{
	if (!is_ours(f, record->pid, record->time_ns))
		return false;
	if (events_is_trace(&f->events, record->id)) {
		fault_codes_note(&f->codes, batch, record);
		return false;
	}
	record->major = rings_is_major(&f->rings, ring);
	if (is_twice(f, record))
		return false;
	record->forked_ns = f->forks_ns[0] <= record->time_ns ? f->forks_ns[0] : f->forks_ns[1];
	fault_codes_take(&f->codes, record);
	return true;
}

/* Takes the fault that is next in a ring, if it is one to report. */
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

/* Of the mappings from number n on, those of children go, and those of a time that is not ours. */
static void drop_foreign(const struct faults *f, struct fault_batch *batch, size_t n)
{
	size_t kept = n;

	for (size_t i = n; i < batch->mapping_count; i++) {
		struct fault_mapping *mapping = &batch->mappings[i];

		if (is_ours(f, mapping->pid, mapping->time_ns))
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

/* Takes over what has come. Says whether a ring was full. */
static bool begin_drain(struct faults *f, struct fault_batch *batch)
{
	bool full;

	rings_begin(&f->rings);
	full = rings_any_full(&f->rings, events_record_bytes(&f->events));
	for (size_t i = 0; i < f->rings.count; i++)
		if (f->rings.list[i].map)
			find_next(f, &f->rings.list[i], batch);
	return full;
}

void faults_drain(struct faults *f, struct fault_batch *batch, uint64_t until_ns)
{
	struct epoll_event woken[16];
	struct ring *ring;
	uint64_t up_to, lost = batch->lost;

	/* an edge that was not taken would wake us again and again */
	while (epoll_wait(f->rings.epoll, woken, 16, 0) == 16)
		;
	batch->lost = 0;
	bool full = begin_drain(f, batch);
	while (batch->count < FAULTS_MAX && (ring = rings_earliest(&f->rings, until_ns, &up_to)))
		while (ring->next_ns <= up_to && batch->count < FAULTS_MAX) {
			take_record(f, ring, batch);
			find_next(f, ring, batch);
		}
	rings_end(&f->rings);
	if (events_count_lost(&f->events) && (full || batch->lost))
		batch->lost = events_read_lost(&f->events);
	batch->lost += lost;
}
