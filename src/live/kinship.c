/* A child of a process that was attached to has already run when it is first looked at. If it has a page
 * alone by then, it or its parent has written or discarded that page since the fork. It is not known when, so
 * the time before is left open (kin_gone). */
#include "live/kinship.h"

#include "base/clock.h"
#include "base/minmax.h"
#include "kern/common.h"
#include "kern/frame_moves.h"
#include "kern/pagemap.h"
#include "model/departures.h"

#define ALONE_AT_ONCE 512
#define APART_AT_ONCE 64
#define ASKED_AT_ONCE 64

/* NULL if there are no rings. */
static struct kin *kin_of(const struct kinship *k)
{
	const struct kinship *first = k->elder ? k->elder : k;

	return fault_intake_rings(first->intake) ? faults_kin(fault_intake_rings(first->intake)) : NULL;
}

void kinship_init(struct kinship *k, struct watch *watch, struct reader *reader, struct fault_intake *intake)
{
	*k = (struct kinship){ .watch = watch, .reader = reader, .intake = intake };
}

void kinship_know_alone(struct kinship *k)
{
	k->whole = true;
}

void kinship_join(struct kinship *k, struct kinship *elder)
{
	k->elder = elder;
	k->next = elder->next;
	elder->next = k;
	if (fault_intake_rings(k->intake) && fault_intake_rings(elder->intake))
		faults_join(fault_intake_rings(k->intake), fault_intake_rings(elder->intake));
}

void kinship_leave(struct kinship *k)
{
	if (!k->elder)
		return;
	for (struct kinship *other = k->elder; other; other = other->next)
		if (other->next == k)
			other->next = k->next;
	k->elder = NULL;
}

void kinship_fini(struct kinship *k)
{
	kinship_leave(k);
	fork_frames_fini(&k->frames);
}

static bool is_own(uint32_t word)
{
	return page_state_own(page_state(word));
}

/* Notes which pages the process has alone, or no longer has. If all faults since its birth have come, it is
 * also known what it or another process has written. */
static void note_alone(const struct kinship *k, struct kin *kin, const struct process *process)
{
	bool reported = kin_is_reported(kin, process->pid);
	struct runs_iter iter = runs_iter(process->space->pages, 0, RUNS_END);
	struct run run;
	bool alone[ALONE_AT_ONCE];

	while (runs_next(&iter, &run)) {
		for (uint64_t page = run.first; page < run.end && is_own(run.value) && !reported;) {
			size_t n = run.end - page < ALONE_AT_ONCE ? (size_t)(run.end - page) : ALONE_AT_ONCE;
			size_t got = reader_alone(k->reader, page, n, alone);

			for (size_t i = 0; i < n; i++)
				if (i >= got || alone[i])
					kin_gone(kin, process->pid, page + i, page + i + 1, clock_now_ns());
			page += n;
		}
		if (!is_own(run.value))
			kin_replaced(kin, process->pid, run.first, run.end, clock_now_ns());
	}
}

/* The process has not run yet: takes a picture of it, and one of its parent that shows what both have. */
static void picture_both(struct kinship *k, const struct process *process)
{
	fork_frames_take(&k->frames, k->reader, process->space, 0);
	for (struct kinship *other = k->elder; other; other = other->next) {
		const struct process *parent =
		    other->watch->pid == process->parent ? watch_process(other->watch) : NULL;

		if (parent)
			fork_frames_take(&other->frames, other->reader, parent->space, process->pid);
	}
}

static void inherit(struct kinship *k, const struct process *process)
{
	for (const struct kinship *other = k->elder; other; other = other->next)
		k->discards |= other->watch->pid == process->parent && other->discards;
}

/* Its first look is whole, or the first of another program. */
static void announce(struct kinship *k, struct kin *kin, const struct process *process)
{
	k->announced = true;
	if (!kin_has(kin, process->pid, clock_now_ns()))
		kin_found(kin, process->pid);
	if (process->course.execs) {
		kin_watch(kin, process->pid);
		return;
	}
	if (process->forked.vfork) {
		kin_vfork(kin, process->pid);
		return;
	}
	inherit(k, process);
	if (!process->forked.whole)
		note_alone(k, kin, process);
	else
		picture_both(k, process);
	kin_watch(kin, process->pid);
}

/* Notes pages that a region no longer has. Their contents may be elsewhere now, because mremap is not
 * reported. */
static void note_lost(struct kinship *k, struct kin *kin, const struct process *process, uint64_t first,
		      uint64_t end)
{
	if (first >= end)
		return;
	struct runs_iter iter = runs_iter(process->space->pages, first, end);
	for (struct run run; runs_next(&iter, &run);) {
		if (page_state(run.value) != PAGE_NONE)
			continue;
		fork_frames_forget(&k->frames, run.first, run.end);
		kin_replaced(kin, process->pid, run.first, run.end, clock_now_ns());
	}
}

/* Notes pages that are no longer there: discarded, or moved. */
static void note_pages(struct kin *kin, const struct event *e, const struct process *process)
{
	for (size_t i = 0; i < e->pages.n; i++) {
		const struct run *tile = &e->pages.tiles[i];
		struct runs_iter iter = runs_iter(process->space->pages, tile->first, tile->end);
		struct run was;

		if (is_own(tile->value) || page_state(tile->value) == PAGE_UNKNOWN)
			continue;
		while (runs_next(&iter, &was))
			if (is_own(was.value))
				kin_replaced(kin, process->pid, was.first, was.end, clock_now_ns());
	}
}

/* The region may have been unmapped between the readings of maps and of pages: then the program has not given up
 * pages of memory that stays mapped. */
static void note_left(void *context, const struct event_left *left)
{
	struct kinship *k = context;

	if (left->reason != LEFT_UNMAP && left->reason != LEFT_SWAPPED && !k->discards)
		k->discards = !reader_is_unmapped(k->reader, left->first, left->end);
}

void kinship_note(struct kinship *k, const struct event *e, const struct process *process)
{
	struct kin *kin = kin_of(k);

	if (!kin || !process)
		return;
	k->region = (struct page_stretch){ 0 };
	if (e->type == EVENT_PROCESS && e->process.exec)
		k->announced = k->discards = false;
	if (e->type == EVENT_PAGES && !k->discards)
		departures_each(process->space, &process->calls, e, note_left, k);
	if (e->type == EVENT_UNMAP || e->type == EVENT_CHANGE) {
		const struct region *r = space_find_id(process->space, e->region.id);

		if (r && !(r->attr.perms & REGION_MAY_SHARE))
			k->region = (struct page_stretch){ region_first(process->space, r),
							   region_end(process->space, r) };
	} else if (e->type == EVENT_PAGES) {
		note_pages(kin, e, process);
	} else if (e->type == EVENT_TICK) {
		if (k->elder && !k->announced && fault_intake_rings(k->intake))
			announce(k, kin, process);
	}
}

void kinship_noted(struct kinship *k, const struct event *e, const struct process *process)
{
	struct kin *kin = kin_of(k);

	if (!kin || !process || (e->type != EVENT_UNMAP && e->type != EVENT_CHANGE))
		return;
	note_lost(k, kin, process, k->region.first, k->region.end);
}

/* Has an unwatched process still not called exec, after it was looked at? The family's rings would show an
 * exec. */
static bool is_still(struct kinship *first, struct sink *sink, int32_t pid)
{
	fault_intake_drain_to(first->intake, sink, clock_now_ns());
	return kin_has(kin_of(first), pid, clock_now_ns());
}

/* Determines which unwatched processes have memory of their own. */
static void find_apart(struct kinship *first, struct sink *sink)
{
	struct kin *kin = kin_of(first);
	enum common_memory memory = COMMON_MEMORY_TWO;
	int32_t pid, parent;

	for (int n = 0;
	     n < APART_AT_ONCE && memory != COMMON_MEMORY_UNKNOWN && (pid = kin_find_unsure(kin, &parent));
	     n++) {
		memory = common_memory(parent, pid);
		if (!is_still(first, sink, pid))
			continue;
		if (memory == COMMON_MEMORY_ONE)
			kin_vfork(kin, pid);
		else if (memory == COMMON_MEMORY_TWO)
			kin_apart(kin, pid);
	}
}

/* Does an unwatched process have the page? */
static bool unwatched_has_page(struct kinship *first, struct sink *sink, int32_t pid, uint64_t page)
{
	uint64_t entry = pagemap_entry_of(pid, page << reader_page_shift(first->reader));

	return pagemap_is_own(entry) && is_still(first, sink, pid);
}

void kinship_note_forks(struct kinship *k, struct sink *sink, const struct process *process)
{
	const struct kin *own =
	    fault_intake_rings(k->intake) ? faults_kin(fault_intake_rings(k->intake)) : NULL;
	struct kinship *first = k->elder ? k->elder : k;
	uint64_t forks = own ? 1 + kin_count_forks(own) : 0;

	if (forks == k->forks_noted || !kin_of(k))
		return;
	bool begins =
	    !k->forks_noted && (k->elder || fault_capture_takes_heirs(fault_intake_capture(k->intake)));
	k->forks_noted = forks;
	if (forks == 1 && !begins)
		return;
	find_apart(first, sink);
	int32_t child = kin_last_child(own, process->pid);
	if (fork_frames_take(&k->frames, k->reader, process->space, child) && child &&
	    !is_still(first, sink, child))
		fork_frames_forget_child(&k->frames);
}

bool kinship_discards(const struct kinship *k)
{
	return k->discards;
}

struct asking {
	struct kinship *first;
	struct sink *sink;
	uint64_t time_ns;
};

/* If a process was looked at for the last time before its memory went, that look reported what it no longer
 * had. */
static bool has_page(void *context, int32_t pid, uint64_t page)
{
	const struct asking *a = context;
	int has = -1;

	for (const struct kinship *k = a->first; k; k = k->next) {
		if (fork_frames_child_had(&k->frames, pid, page, a->time_ns))
			return true;
		if (k->watch->pid == pid)
			has = reader_has_own(k->reader, page);
	}
	if (has >= 0)
		return has;
	return kin_all_held(kin_of(a->first)) || unwatched_has_page(a->first, a->sink, pid, page);
}

void kinship_relieve(struct kinship *k, struct sink *sink)
{
	struct kinship *first = k->elder ? k->elder : k;

	if (first != k) /* the first one's rings see all forks */
		fault_intake_drain_if_due(first->intake, sink);
	for (struct kinship *other = first; other; other = other->next)
		if (other != k && fault_intake_rings(other->intake) &&
		    faults_filling(fault_intake_rings(other->intake)))
			fault_intake_drain_to(other->intake, sink, clock_now_ns());
}

/* False: not everything that came before then is known. */
static bool drain_all(struct kinship *first, struct sink *sink, uint64_t time_ns)
{
	bool all = true;

	for (struct kinship *k = first; k; k = k->next)
		all &= !fault_intake_rings(k->intake) || fault_intake_drain_to(k->intake, sink, time_ns);
	return all;
}

uint64_t kinship_forked(const struct kinship *k, const struct fault_record *r)
{
	const struct kin *kin = kin_of(k);

	return kin && kin_has(kin, r->pid, r->time_ns) ? kin_forked(kin, r->pid, r->time_ns) : r->forked_ns;
}

uint64_t kinship_touched_by_other(struct kinship *k, struct sink *sink, int32_t pid, uint64_t page,
				  uint64_t time_ns)
{
	struct kinship *first = k->elder ? k->elder : k;
	const struct kin *kin = kin_of(k);

	if (!kin || !kin_has_mates(kin, pid, time_ns))
		return 0;
	drain_all(first, sink, time_ns);
	find_apart(first, sink);
	return kin_touched_by_other(kin, pid, page, time_ns);
}

enum kin_held kinship_held(struct kinship *k, struct sink *sink, int32_t pid, uint64_t page, uint64_t time_ns)
{
	struct kinship *first = k->elder ? k->elder : k;
	const struct kin *kin = kin_of(k);
	struct asking asking = { first, sink, time_ns };

	if (!drain_all(first, sink, time_ns) || !kin || !kin_has(kin, pid, time_ns))
		return KIN_UNKNOWN;
	find_apart(first, sink);
	enum kin_held held = kin_held(kin, pid, page, time_ns, &(struct kin_check){ has_page, &asking });
	return held == KIN_NOBODY_SEEN && first->whole ? KIN_NOBODY : held;
}

/* Can it be a write to a page that was shared since a fork? */
static bool may_be_common(const struct kinship *k, const struct fault_record *r, uint64_t page)
{
	unsigned in_place = FAULT_CODE_PRESENT | FAULT_CODE_WRITE;

	return (!r->has_code || (r->code & in_place) == in_place) &&
	       kin_may_be_common(kin_of(k), r->pid, page, r->time_ns);
}

/* A record for which the holders of the page are wanted. */
struct asked {
	struct fault_record r;
	uint64_t page;
	enum kin_held held;
	struct frame_answer frame;
};

static struct asked look(struct kinship *k, struct sink *sink, const struct fault_record *r, unsigned shift)
{
	struct asked a = { .r = *r, .page = r->address >> shift };
	bool may = may_be_common(k, r, a.page);
	a.held = may ? kinship_held(k, sink, r->pid, a.page, r->time_ns) : KIN_UNKNOWN;
	/* what the kernel or another process copies has no fault */
	bool ask = may && a.held != KIN_NOBODY;
	a.frame = fork_frames_fault(&k->frames, k->reader, a.page, r, may, ask);
	return a;
}

/* Applies what the frames show about pages without a later fault, as far as the rings have been drained. This
 * is more than faults show. */
static void believe_frames(struct kinship *k, struct sink *sink, struct asked *list, size_t count)
{
	bool any = false;
	uint64_t moves = 0;

	for (size_t i = 0; i < count; i++)
		any |= list[i].frame.known;
	any = any && frame_moves_read(&moves) && fault_intake_drain_to(k->intake, sink, clock_now_ns());
	for (size_t i = 0; i < count; i++) {
		struct asked *a = &list[i];
		bool known = any && a->frame.known && a->frame.moves == moves;
		if (known && !kin_may_have_faulted(kin_of(k), a->r.pid, a->page, a->r.time_ns))
			a->held = a->frame.kept ? KIN_NOBODY : KIN_HELD;
	}
}

/* Faults that come meanwhile are left for the next call: they can come faster than this works. */
void kinship_ask(struct kinship *k, struct sink *sink, struct fault_batch *batch)
{
	unsigned shift = reader_page_shift(k->reader);
	size_t i = batch->count, end = batch->count;

	while (i && !batch->records[i - 1].held)
		i--;
	while (kin_of(k) && i < end) {
		struct asked list[ASKED_AT_ONCE];
		size_t count = min(end - i, (size_t)ASKED_AT_ONCE);

		for (size_t j = 0; j < count; j++) {
			const struct fault_record r = batch->records[i + j]; /* this may move the records */
			list[j] = look(k, sink, &r, shift);
		}
		believe_frames(k, sink, list, count);
		for (size_t j = 0; j < count; j++)
			batch->records[i++].held = (uint8_t)(1 + list[j].held);
	}
}
