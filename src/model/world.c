/* Applies events. The same events give the same world, whichever source sends them.
 *
 * `generation` goes up only when something on the screen changed, so that the screen of a quiet process is
 * not redrawn: a reading with nothing new (the same counters, the same status) leaves it alone. */
#include "model/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/mem.h"
#include "model/forks.h"
#include "model/mates.h"

static void take(struct sink *sink, const struct event *e)
{
	world_apply((struct world *)sink, e);
}

struct world *world_create(void)
{
	struct world *w = mem_zalloc(sizeof *w);
	w->sink.take = take;
	return w;
}

static void note_generation(struct world *w, uint64_t generation)
{
	if (w->cleared_generation < generation)
		w->cleared_generation = generation;
}

static void keep_spares(struct world *w, struct process *p)
{
	if (p->faults.stories.size > w->spare_stories.size) {
		stories_fini(&w->spare_stories);
		w->spare_stories = p->faults.stories;
		stories_clear(&w->spare_stories);
		p->faults.stories = (struct stories){ 0 };
	}
	if (p->faults.log.cap > w->spare_faults.cap) {
		fault_log_fini(&w->spare_faults);
		w->spare_faults = p->faults.log;
		fault_log_clear(&w->spare_faults);
		p->faults.log = (struct fault_log){ 0 };
	}
}

static void take_spares(struct world *w, struct process *p)
{
	p->faults.stories = w->spare_stories;
	p->faults.log = w->spare_faults;
	w->spare_stories = (struct stories){ 0 };
	w->spare_faults = (struct fault_log){ 0 };
}

void world_clear(struct world *w)
{
	for (size_t i = 0; i < w->count; i++) {
		keep_spares(w, w->processes[i]);
		note_generation(w, w->processes[i]->space->generation);
		note_generation(w, w->processes[i]->space->region_generation);
		process_destroy(w->processes[i]);
	}
	marks_fini(&w->marks);
	w->count = 0;
	w->family_generation++;
	w->now_ns = w->ticks = w->dropped = 0;
	w->generation++;
}

void world_destroy(struct world *w)
{
	if (!w)
		return;
	world_clear(w);
	stories_fini(&w->spare_stories);
	fault_log_fini(&w->spare_faults);
	free(w->processes);
	free(w->by_pid);
	free(w);
}

/* The first position in by_pid that is not before the pid's. */
static size_t position_of(const struct world *w, int32_t pid)
{
	size_t at;

	bisect(at, 0, w->count, w->by_pid[at]->pid < pid);
	return at;
}

struct process *world_find(const struct world *w, int32_t pid)
{
	size_t position = position_of(w, pid);

	return position < w->count && w->by_pid[position]->pid == pid ? w->by_pid[position] : NULL;
}

static void forget_at(struct world *w, size_t i)
{
	size_t position = position_of(w, w->processes[i]->pid);

	process_destroy(w->processes[i]);
	w->count--;
	w->family_generation++;
	memmove(w->by_pid + position, w->by_pid + position + 1, (w->count - position) * sizeof *w->by_pid);
	memmove(w->processes + i, w->processes + i + 1, (w->count - i) * sizeof *w->processes);
}

/* Makes room if too many have ended: drops the one that came first, preferably one whose memory was never
 * seen. */
static void forget_oldest(struct world *w)
{
	size_t ended = 0, oldest = 0;
	bool unseen = false;
	for (size_t i = w->count; i-- > 1;)
		if (!process_alive(w->processes[i])) {
			bool empty = !w->processes[i]->space->count;
			ended++;
			if (empty >= unseen)
				oldest = i;
			unseen |= empty;
		}
	if (ended < WORLD_ENDED_MAX)
		return;
	forget_at(w, oldest);
	w->dropped++;
}

/* Drops an ended process whose pid another one has got. */
static void forget_namesake(struct world *w, int32_t pid)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->processes[i]->pid == pid) {
			forget_at(w, i);
			w->dropped++;
			return;
		}
}

void world_add(struct world *w, struct process *p)
{
	size_t position = position_of(w, p->pid);

	mem_grow(w->processes, w->cap, w->count + 1);
	mem_grow(w->by_pid, w->by_pid_cap, w->count + 1);
	memmove(w->by_pid + position + 1, w->by_pid + position, (w->count - position) * sizeof *w->by_pid);
	w->by_pid[position] = p;
	w->processes[w->count++] = p;
	w->family_generation++;
}

static struct process *add_process(struct world *w, int32_t pid, unsigned page_shift, uint64_t now_ns)
{
	struct process *p = process_create(pid, page_shift, now_ns);
	forget_oldest(w);
	take_spares(w, p);
	p->space->generation = p->space->region_generation = w->cleared_generation + 1;
	world_add(w, p);
	return p;
}

/* The process that an EVENT_PROCESS is about. */
static struct process *find_or_add(struct world *w, const struct event *e)
{
	struct process *p = world_find(w, e->pid);
	if (p && !process_alive(p) && e->process.parent && !e->process.exec) {
		forget_namesake(w, e->pid);
		p = NULL;
	}
	return p ? p : add_process(w, e->pid, e->process.page_shift, e->time_ns);
}

/* Marks the parent, so that children are looked up at a fault only for processes that have some. Either may
 * come first. */
static void note_parent(struct world *w, struct process *p)
{
	struct process *parent = p->parent ? world_find(w, p->parent) : NULL;

	if (parent)
		parent->forked_any = true;
	for (size_t i = 0; !p->forked_any && i < w->count; i++)
		p->forked_any = w->processes[i]->parent == p->pid;
}

static void use_later_names(const struct world *w, struct process *p)
{
	names_use(p->names, later_names_of(w->later, p->pid, p->course.execs));
}

void world_use_later_names(struct world *w, const struct later_names *later)
{
	w->later = later;
	for (size_t i = 0; i < w->count; i++)
		use_later_names(w, w->processes[i]);
}

static bool apply_to(struct world *w, struct process *p, const struct event *e)
{
	struct forks all = { w->processes, w->count };
	struct run pages = forks_before(&all, p, e);
	int32_t parent = p->parent;
	bool changed = process_apply(p, e);

	w->family_generation += p->parent != parent;

	mates_note(&all, p, e);
	if (w->later && (e->type == EVENT_PROCESS || e->type == EVENT_PAST))
		use_later_names(w, p);
	forks_after(&all, p, e, &pages);
	return changed;
}

void world_apply(struct world *w, const struct event *e)
{
	bool changed = false;
	if (e->time_ns > w->now_ns)
		w->now_ns = e->time_ns;
	if (e->type == EVENT_TICK)
		w->ticks++;
	if (e->type == EVENT_MARK) {
		marks_add(&w->marks, e->time_ns, e->pid, e->mark.text);
		changed = true;
	} else {
		struct process *p = e->type == EVENT_PROCESS ? find_or_add(w, e) : world_find(w, e->pid);
		if (e->type == EVENT_PAST)
			w->dropped = e->past.dropped;
		if (p)
			changed = apply_to(w, p, e);
		if (p && e->type == EVENT_PROCESS)
			note_parent(w, p);
	}
	if (changed)
		w->generation++;
}
