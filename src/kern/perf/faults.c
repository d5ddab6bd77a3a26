/* Events write into rings (events.h, rings.h); draining merges the rings by time.
 *
 * The ring says whether a fault was minor or major. The id in a record does not: if several events watch a
 * thread, the kernel writes the id of the one that it serves first into the records of all (seen in Linux
 * 6.18; older ones may not). For tracepoints the id is right.
 *
 * A thread that was created while we were opening may have both inherited events and been opened. Then its
 * faults come twice: two records of one fault follow one another, at the same time, or nearly, if each event
 * reads the clock by itself. So do its forks, its execs and its end.
 *
 * The same happens when only some faults have their stacks: such a fault has two records, one with its stack
 * and one without, in either order. They are merged.
 *
 * A ring reports what it had no room for with the next record that fits, of any of its events, and not at all
 * if no more come. So if there was no room, the events that write into it are read, each of which counts what
 * it lost. */
#include "kern/perf/faults.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/perf/events.h"
#include "kern/perf/fault_codes.h"
#include "kern/perf/kin.h"
#include "kern/perf/rings.h"

#define KIN_KEPT_NS CLOCK_SECOND /* processes that left longer ago are forgotten */
#define THREADS 256              /* threads whose last fault is kept */
#define TWICE_NS 400         /* two records of one fault are at most this far apart, two faults are further */
#define HEIR_RECORD_MAX 1024 /* bytes in a ring */
#define PAIR_NS 50000        /* ... if only one has a stack, which takes time to be copied */
#define TASK_TWICE_NS (20 * CLOCK_MS) /* the same of a fork, an exec or an end, by two events */

/* The last fault of a thread that was taken. */
struct last_fault {
	int32_t tid;
	bool major;
	bool stack; /* its record has one */
	bool twice; /* it had its second record */
	uint64_t time_ns, address, ip;
};

/* What happened to a thread last, by the events of one processor. */
struct last_task {
	int32_t own_tid;
	enum fault_task_kind kind;
	const struct ring *ring; /* of that processor */
	uint64_t event;          /* that reported it first */
	uint64_t time_ns;
};

struct faults {
	int32_t pid;
	struct events events;
	struct rings rings;
	struct fault_codes codes;
	struct last_fault last[THREADS];
	struct last_task last_tasks[THREADS];
	uint64_t begin_ns, end_ns;
	struct fault_task *late; /* tasks that came before others of their time */
	size_t late_count, late_cap;
	struct unseen unseen;
	struct kin *kin, *family; /* its own kin; that of the first of its family, NULL: none */
	bool heirs;               /* its children are found in /proc */
	bool tasks_lost;          /* forks, exits and execs were lost */
	uint64_t lost_ns;         /* no faults were lost after this; 0: none at all */
	bool swaps;   /* the machine's swap held something at the last draining or the one before */
	bool swapped; /* ... at the last */
	unsigned page_shift;
};

/* Is anything in swap? If that cannot be known, something may be. */
static void look_at_swap(struct faults *f)
{
	struct sysinfo info;
	bool before = f->swapped;

	f->swapped = sysinfo(&info) != 0 || info.freeswap < info.totalswap;
	f->swaps = before || f->swapped;
}

struct faults *faults_open(int32_t pid, const struct faults_options *options, struct err *err)
{
	struct faults *f = mem_zalloc(sizeof *f);

	f->pid = pid;
	f->kin = kin_create(pid);
	if (options->held)
		kin_is_held(f->kin);
	look_at_swap(f);
	f->page_shift = (unsigned)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE));
	f->end_ns = UINT64_MAX;
	f->heirs = options->heirs;
	if (options->heirs)
		kin_report_heirs(f->kin);
	events_init(&f->events, pid, options->stack_bytes, options->stack_every, options->codes,
		    options->heirs);
	if (rings_init(&f->rings, options->stack_bytes != 0, options->smaller, options->pool, err) < 0 ||
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
	kin_destroy(f->kin);
	unseen_fini(&f->unseen);
	free(f->late);
	events_fini(&f->events); /* before the rings that they write into */
	rings_fini(&f->rings);
	free(f);
}

bool faults_may_grow(const struct faults *f)
{
	return rings_may_grow(&f->rings);
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

uint64_t faults_begun(const struct faults *f)
{
	return f->begin_ns;
}

void faults_end(struct faults *f, uint64_t clock_ns)
{
	f->end_ns = clock_ns;
}

void faults_inherit(struct faults *f, struct faults *from)
{
	struct kin *kin = f->kin;

	f->kin = from->kin;
	from->kin = kin;
	f->family = from->family;
	unseen_fini(&f->unseen);
	f->unseen = from->unseen;
	from->unseen = (struct unseen){ 0 };
	free(f->late);
	f->late = from->late;
	f->late_count = from->late_count;
	f->late_cap = from->late_cap;
	from->late = NULL;
	from->late_count = from->late_cap = 0;
	events_adopt_tasks(&f->events, &from->events);
	rings_adopt_tasks(&f->rings, &from->rings);
}

struct kin *faults_kin(const struct faults *f)
{
	return f->kin;
}

void faults_join(struct faults *f, struct faults *elder)
{
	uint64_t now = clock_now_ns();
	f->family = elder->kin;
	if (elder->heirs)
		faults_begin(f, now);
	if (kin_is_heir(f->family, f->pid, now)) {
		kin_has_rings(f->family, f->pid, now);
		faults_begin(f, now);
	}
}

struct unseen *faults_unseen(struct faults *f)
{
	return &f->unseen;
}

bool faults_filling(const struct faults *f)
{
	return rings_any_filling(&f->rings);
}

int faults_fd(const struct faults *f)
{
	return f->rings.epoll;
}

/* Do only some faults have their stacks? */
static bool some_sampled(const struct faults *f)
{
	return f->events.attr.sample_stack_user && f->events.stack_every > 1;
}

/* Is it the same fault as the thread's last one? */
static bool is_twice(struct faults *f, const struct fault_record *record)
{
	struct last_fault *last = &f->last[(uint32_t)record->tid % THREADS];
	bool same = last->tid == record->tid && last->address == record->address && last->ip == record->ip &&
		    last->major == record->major;
	bool stack = record->length, pair = some_sampled(f) && !last->twice && last->stack != stack;
	bool twice = same && record->time_ns - last->time_ns < (pair ? PAIR_NS : TWICE_NS);

	*last = (struct last_fault){
		.tid = record->tid,
		.major = record->major,
		.stack = stack,
		.twice = twice,
		.time_ns = record->time_ns,
		.address = record->address,
		.ip = record->ip,
	};
	return twice;
}

/* The last record of the batch is the second one of a fault. If it has the stack and the first one, right before
 * it, does not, the stack is moved to the first. True: it was. */
static bool give_stack(struct fault_batch *batch)
{
	struct fault_record *second = &batch->records[batch->count - 1], *first = second - 1;

	if (batch->count < 2 || batch->length > FAULTS_BYTES_MAX || !second->length || first->length ||
	    first->tid != second->tid || first->address != second->address || first->ip != second->ip)
		return false;
	first->more = second->more;
	first->length = second->length;
	first->unsampled = false;
	return true;
}

static bool is_ours(const struct faults *f, int32_t pid, uint64_t time_ns)
{
	return pid == f->pid && time_ns >= f->begin_ns && time_ns < f->end_ns;
}

/* A page that was shared since a fork and has a fault no longer is: a write gave the process a frame of its
 * own, or left it one that it has alone; a page that was not there had been given up. But a page that comes
 * from swap, or is there and is only read, may still be shared. */
static void note_for_kin(struct faults *f, const struct fault_record *record)
{
	unsigned in_place = FAULT_CODE_PRESENT | FAULT_CODE_WRITE;
	bool sure =
	    record->has_code ? (record->code & in_place) != FAULT_CODE_PRESENT : !record->major && !f->swaps;
	uint64_t page = record->address >> f->page_shift;

	kin_runs(f->kin, record->tid, record->time_ns);
	kin_fault(f->kin, record->pid, page, record->time_ns, sure);
	if (!f->family)
		return;
	kin_runs(f->family, record->tid, record->time_ns);
	kin_fault(f->family, record->pid, page, record->time_ns, sure);
}

/* What a record is: not one of the process's faults, the second one of a fault, or a fault. */
enum record_is { RECORD_OTHER, RECORD_SECOND, RECORD_FAULT };

/* Fills in what is known from its ring. */
static enum record_is read_front(struct faults *f, const struct ring *ring, const struct fault_batch *batch,
				 struct fault_record *record)
{
	if (record->time_ns < f->begin_ns || record->time_ns >= f->end_ns)
		return RECORD_OTHER;
	if (events_is_trace(&f->events, record->id)) {
		fault_codes_note(&f->codes, batch, record);
		return RECORD_OTHER;
	}
	record->major = rings_is_major(&f->rings, ring);
	record->swaps = f->swaps;
	record->unsampled = some_sampled(f) && !record->length && !record->major;
	const struct last_fault last = f->last[(uint32_t)record->tid % THREADS];
	if (is_twice(f, record))
		return RECORD_SECOND;
	record->after_ns = last.tid == record->tid ? last.time_ns : 0;
	fault_codes_take(&f->codes, record);
	note_for_kin(f, record);
	record->forked_ns = kin_forked(f->kin, record->pid, record->time_ns);
	return record->pid == f->pid ? RECORD_FAULT : RECORD_OTHER;
}

/* Keeps the last record of the batch as a deep one: its fault also comes as an ordinary record. */
static void keep_deep(const struct faults *f, struct fault_batch *batch)
{
	const struct fault_record *record = &batch->records[--batch->count];

	if (!is_ours(f, record->pid, record->time_ns) || batch->length > FAULTS_BYTES_MAX) {
		batch->length = record->more;
		return;
	}
	mem_grow(batch->deep, batch->deep_cap, batch->deep_count + 1);
	batch->deep[batch->deep_count++] = *record;
}

/* Takes the fault that is next in a ring, if it should be reported. */
static void take_record(struct faults *f, struct ring *ring, struct fault_batch *batch)
{
	faultring_take(&ring->records, batch);
	struct fault_record *record = &batch->records[batch->count - 1];

	if (rings_is_deep(&f->rings, ring)) {
		keep_deep(f, batch);
		return;
	}
	if (rings_is_of_heirs(&f->rings, ring)) {
		unseen_fault(&f->unseen, record->pid);
		if (kin_is_heir(f->kin, record->pid, record->time_ns))
			kin_fault(f->kin, record->pid, record->address >> f->page_shift, record->time_ns,
				  !f->swaps);
		batch->length = record->more;
		batch->count--;
		return;
	}
	enum record_is what = read_front(f, ring, batch, record);

	if (what != RECORD_FAULT) {
		if (what != RECORD_SECOND || !give_stack(batch))
			batch->length = record->more;
		batch->count--;
	} else if (batch->length > FAULTS_BYTES_MAX) {
		batch->length = record->more;
		record->length = 0;
	}
}

/* Drops, from mapping n on, those of children, and those of a time outside ours. */
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

static int by_time(const void *a, const void *b)
{
	const struct fault_task *x = a, *y = b;

	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static void apply_task(struct faults *f, const struct fault_task *task)
{
	switch (task->kind) {
	case FAULT_TASK_FORK:
		if (f->heirs)
			unseen_fork(&f->unseen, task);
		kin_fork(f->kin, task->pid, task->child, task->time_ns);
		kin_forker(f->kin, task->child, task->tid);
		break;
	case FAULT_TASK_THREAD:
		unseen_thread(&f->unseen, task->pid);
		kin_thread(f->kin, task->pid, task->time_ns);
		break;
	case FAULT_TASK_EXIT:
		unseen_exit(&f->unseen, task);
		kin_exit(f->kin, task->pid, task->time_ns);
		break;
	case FAULT_TASK_EXEC:
		unseen_exec(&f->unseen, task);
		kin_exec(f->kin, task->pid, task->time_ns);
		break;
	}
}

/* Passes what happened before a time on to the kin. */
static void apply_tasks(struct faults *f, uint64_t until_ns)
{
	size_t n = 0;

	while (n < f->late_count && f->late[n].time_ns <= until_ns)
		apply_task(f, &f->late[n++]);
	if (n)
		memmove(f->late, f->late + n, (f->late_count - n) * sizeof *f->late);
	f->late_count -= n;
}

/* Is it the second record of what happened to a thread last? */
static bool is_task_twice(struct faults *f, const struct ring *ring, const struct fault_task *task)
{
	struct last_task *last = &f->last_tasks[(uint32_t)task->own_tid % THREADS];
	bool same = last->own_tid == task->own_tid && last->kind == task->kind && last->ring == ring;

	if (same && last->event != task->event && task->time_ns - last->time_ns < TASK_TWICE_NS)
		return true;
	*last = (struct last_task){ task->own_tid, task->kind, ring, task->event, task->time_ns };
	return false;
}

/* Keeps all tasks of a ring from number n on for the kin until their time has come; the process's own also
 * stay in the batch. */
static void keep_tasks(struct faults *f, const struct ring *ring, struct fault_batch *batch, size_t n)
{
	size_t kept = n;

	for (size_t i = n; i < batch->task_count; i++) {
		const struct fault_task *task = &batch->tasks[i];

		if (task->time_ns < f->begin_ns || is_task_twice(f, ring, task))
			continue;
		mem_grow(f->late, f->late_cap, f->late_count + 1);
		f->late[f->late_count++] = *task;
		if (task->pid == f->pid)
			batch->tasks[kept++] = *task;
	}
	batch->task_count = kept;
	qsort(f->late, f->late_count, sizeof *f->late, by_time);
}

/* Finds the next fault of a ring, and takes what comes before it: what happened to processes, and what ours
 * mapped. */
static void find_next(struct faults *f, struct ring *ring, struct fault_batch *batch)
{
	size_t mappings = batch->mapping_count, tasks = batch->task_count;
	uint64_t lost = batch->lost;

	ring->next_ns = faultring_next(&ring->records, batch);
	if (rings_is_of_heirs(&f->rings, ring) && batch->lost > lost)
		kin_blind_heirs(f->kin, min(ring->next_ns, clock_now_ns()));
	if (rings_is_deep(&f->rings, ring) || rings_is_of_heirs(&f->rings, ring)) /* not to be reported */
		batch->lost = lost;
	else if (batch->lost > lost && !rings_is_of_tasks(&f->rings, ring)) {
		ring->short_of_room = true;
		f->lost_ns = max(f->lost_ns, min(ring->next_ns, clock_now_ns()));
	}
	if (batch->mapping_count > mappings)
		drop_foreign(f, batch, mappings);
	if (!rings_is_of_tasks(&f->rings, ring))
		batch->task_count = tasks; /* duplicates */
	else if (batch->task_count > tasks)
		keep_tasks(f, ring, batch, tasks);
	if (rings_is_of_tasks(&f->rings, ring) && batch->lost > lost) {
		f->tasks_lost = true;
		batch->lost = lost; /* those are not faults */
	}
}

/* Begins a drain. Returns whether a ring was full. */
static bool begin_drain(struct faults *f, struct fault_batch *batch)
{
	bool full;

	rings_begin(&f->rings);
	full = rings_any_full(&f->rings, events_record_bytes(&f->events));
	if (rings_any_heirs_full(&f->rings, HEIR_RECORD_MAX))
		kin_blind_heirs(f->kin, clock_now_ns());
	for (size_t i = 0; i < f->rings.count; i++)
		if (f->rings.list[i].map)
			find_next(f, &f->rings.list[i], batch);
	return full;
}

static void blind_kin(struct faults *f, uint64_t time_ns)
{
	kin_blind_one(f->kin, f->pid, time_ns);
	if (f->family)
		kin_blind_one(f->family, f->pid, time_ns);
}

void faults_drain(struct faults *f, struct fault_batch *batch, uint64_t until_ns)
{
	struct epoll_event woken[16];
	struct ring *ring;
	uint64_t up_to, lost = batch->lost;

	/* events that are not read from epoll would keep waking us */
	while (epoll_wait(f->rings.epoll, woken, 16, 0) == 16)
		;
	batch->lost = 0;
	look_at_swap(f);
	bool full = begin_drain(f, batch);
	while (batch->count < FAULTS_MAX && (ring = rings_earliest(&f->rings, until_ns, &up_to)))
		while (ring->next_ns <= up_to && batch->count < FAULTS_MAX) {
			apply_tasks(f, ring->next_ns);
			take_record(f, ring, batch);
			find_next(f, ring, batch);
		}
	full |= rings_end(&f->rings, events_record_bytes(&f->events));
	if (batch->count < FAULTS_MAX)
		apply_tasks(f, until_ns);
	if (events_count_lost(&f->events) && (full || batch->lost))
		batch->lost = events_read_lost(&f->events, &f->rings);
	if (f->tasks_lost)
		kin_blind(f->kin, clock_now_ns());
	f->tasks_lost = false;
	if (batch->lost)
		blind_kin(f, full || !f->lost_ns ? clock_now_ns() : f->lost_ns);
	f->lost_ns = 0;
	if (until_ns != UINT64_MAX && until_ns > KIN_KEPT_NS)
		kin_trim(f->kin, until_ns - KIN_KEPT_NS);
	batch->lost += lost;
}
