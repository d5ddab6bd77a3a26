/* A child of a process that was attached to has already run when it is first looked at. If it has a page
 * alone by then, it or its parent has written or discarded that page since its birth. When that was is not
 * known, so the time before is left open (kin_gone). */
#include "live/kinship.h"

#include "base/clock.h"

#define ALONE_AT_ONCE 512

/* NULL if there are no rings. */
static struct kin *kin_of(const struct kinship *k)
{
	const struct kinship *first = k->elder ? k->elder : k;

	return first->intake->capture.rings ? faults_kin(first->intake->capture.rings) : NULL;
}

void kinship_init(struct kinship *k, struct reader *reader, struct fault_intake *intake)
{
	*k = (struct kinship){ .reader = reader, .intake = intake };
}

void kinship_join(struct kinship *k, struct kinship *elder)
{
	k->elder = elder;
	k->next = elder->next;
	elder->next = k;
	if (k->intake->capture.rings)
		faults_set_family(k->intake->capture.rings, kin_of(k));
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

static bool is_own(uint32_t word)
{
	enum page_state state = page_state(word);

	return state == PAGE_ANON || state == PAGE_COPY || state == PAGE_SWAP;
}

/* Notes which pages the process has alone. */
static void note_alone(const struct kinship *k, struct kin *kin, const struct process *process)
{
	struct runs_iter iter = runs_iter(process->space->pages, 0, RUNS_END);
	struct run run;
	bool alone[ALONE_AT_ONCE];

	while (runs_next(&iter, &run)) {
		for (uint64_t page = run.first; page < run.end && is_own(run.value);) {
			size_t n = run.end - page < ALONE_AT_ONCE ? (size_t)(run.end - page) : ALONE_AT_ONCE;
			size_t got = reader_alone(k->reader, page, n, alone);

			for (size_t i = 0; i < n; i++)
				if (i >= got || alone[i])
					kin_gone(kin, process->pid, page + i, page + i + 1, clock_now_ns());
			page += n;
		}
		if (!is_own(run.value))
			kin_gone(kin, process->pid, run.first, run.end, clock_now_ns());
	}
}

/* Its first look is whole, or the first of another program. */
static void announce(struct kinship *k, struct kin *kin, const struct process *process)
{
	k->announced = true;
	if (process->course.execs) {
		kin_watch(kin, process->pid);
		return;
	}
	if (process->forked.vfork) {
		kin_vfork(kin, process->pid);
		return;
	}
	if (!process->forked.whole)
		note_alone(k, kin, process);
	kin_watch(kin, process->pid);
}

/* Pages that a region no longer has: others may have taken them over. */
static void add_lost(struct kinship *k, struct kin *kin, const struct process *process, uint64_t first,
		     uint64_t end)
{
	struct runs_iter iter;
	struct run run;

	if (first >= end)
		return;
	iter = runs_iter(process->space->pages, first, end);
	while (runs_next(&iter, &run)) {
		if (page_state(run.value) != PAGE_NONE)
			continue;
		if (k->lost_count == KINSHIP_LOST_MAX)
			kin_replaced(kin, process->pid, run.first, run.end);
		else
			k->lost[k->lost_count++] = (struct page_stretch){ run.first, run.end };
	}
}

/* Finds what is now where regions gave up memory: nothing, or something new. */
static void settle(struct kinship *k, struct kin *kin, const struct process *process)
{
	uint64_t now = clock_now_ns();

	for (size_t i = 0; i < k->lost_count; i++) {
		struct runs_iter iter = runs_iter(process->space->pages, k->lost[i].first, k->lost[i].end);
		struct run run;

		while (runs_next(&iter, &run))
			if (page_state(run.value) == PAGE_NONE)
				kin_gone(kin, process->pid, run.first, run.end, now);
			else
				kin_replaced(kin, process->pid, run.first, run.end);
	}
	k->lost_count = 0;
	k->moved = false;
}

/* Pages that are no longer there. If regions have moved, something new may be there instead. */
static void note_pages(const struct kinship *k, struct kin *kin, const struct event *e,
		       const struct process *process)
{
	uint64_t now = clock_now_ns();

	for (size_t i = 0; i < e->pages.n; i++) {
		const struct run *tile = &e->pages.tiles[i];
		struct runs_iter iter = runs_iter(process->space->pages, tile->first, tile->end);
		struct run was;

		if (is_own(tile->value) || page_state(tile->value) == PAGE_UNKNOWN)
			continue;
		while (runs_next(&iter, &was))
			if (is_own(was.value) && k->moved)
				kin_replaced(kin, process->pid, was.first, was.end);
			else if (is_own(was.value))
				kin_gone(kin, process->pid, was.first, was.end, now);
	}
}

void kinship_note(struct kinship *k, const struct event *e, const struct process *process)
{
	struct kin *kin = kin_of(k);

	if (!kin || !process)
		return;
	k->region = (struct page_stretch){ 0 };
	if (e->type == EVENT_PROCESS && e->process.exec)
		k->announced = false;
	if (e->type == EVENT_UNMAP || e->type == EVENT_CHANGE) {
		const struct region *r = space_find_id(process->space, e->region.id);

		k->moved = true;
		if (r && !(r->attr.perms & REGION_MAY_SHARE))
			k->region = (struct page_stretch){ region_first(process->space, r),
							   region_end(process->space, r) };
	} else if (e->type == EVENT_PAGES) {
		note_pages(k, kin, e, process);
	} else if (e->type == EVENT_TICK) {
		settle(k, kin, process);
		if (k->elder && !k->announced && k->intake->capture.rings)
			announce(k, kin, process);
	}
}

void kinship_noted(struct kinship *k, const struct event *e, const struct process *process)
{
	struct kin *kin = kin_of(k);

	if (!kin || !process || (e->type != EVENT_UNMAP && e->type != EVENT_CHANGE))
		return;
	add_lost(k, kin, process, k->region.first, k->region.end);
}

/* If a process was looked at for the last time before its memory went, that look reported what it had
 * lost. */
static bool has_page(void *context, int32_t pid, uint64_t page)
{
	const struct kinship *first = context;
	int has = -1;

	for (const struct kinship *k = first; k && has < 0; k = k->next)
		if (k->intake->capture.watch->pid == pid)
			has = reader_has_own(k->reader, page);
	return has > 0 || (has < 0 && kin_all_held(kin_of(first)));
}

void kinship_relieve(struct kinship *k, struct sink *sink)
{
	for (struct kinship *other = k->elder ? k->elder : k; other; other = other->next)
		if (other != k && other->intake->capture.rings &&
		    faults_filling(other->intake->capture.rings))
			fault_intake_drain_to(other->intake, sink, clock_now_ns());
}

enum kin_held kinship_held(struct kinship *k, struct sink *sink, int32_t pid, uint64_t page, uint64_t time_ns)
{
	struct kinship *first = k->elder ? k->elder : k;
	const struct kin *kin = kin_of(k);
	bool all = true;

	for (struct kinship *other = first; other; other = other->next)
		all &= !other->intake->capture.rings || fault_intake_drain_to(other->intake, sink, time_ns);
	if (!all || !kin || !kin_has(kin, pid, time_ns))
		return KIN_UNKNOWN;
	enum kin_held held = kin_held(kin, pid, page, time_ns, &(struct kin_check){ has_page, first });
	return held == KIN_NOBODY_SEEN && first->whole ? KIN_NOBODY : held;
}
