#include "model/forks.h"

#include "model/world.h"

/* Calls `take` for the process's own account and those of its children. */
static void each_account(struct world *w, struct process *p,
			 void (*take)(struct forked *, struct process *, bool of_parent, const void *),
			 const void *context)
{
	if (p->forked.stage != FORKED_NO)
		take(&p->forked, p, false, context);
	for (size_t i = 0; i < w->count; i++)
		if (w->processes[i]->parent == p->pid && w->processes[i]->forked.stage != FORKED_NO)
			take(&w->processes[i]->forked, p, true, context);
}

static void take_exec(struct forked *f, struct process *p, bool of_parent, const void *context)
{
	forked_keep_names(f, of_parent, p->names);
	forked_end(f, of_parent ? FORKED_PARENT_EXEC : FORKED_EXEC);
}

static void take_end(struct forked *f, struct process *p, bool of_parent, const void *context)
{
	forked_keep_names(f, of_parent, p->names);
	forked_end(f, of_parent ? FORKED_PARENT_END : FORKED_END);
}

static void take_fault(struct forked *f, struct process *p, bool of_parent, const void *fault)
{
	const struct event_fault *e = fault;

	forked_fault(f, e, space_page(p->space, e->address), of_parent);
}

static void check_pages(struct forked *f, struct process *p, bool of_parent, const void *pages)
{
	const struct run *run = pages;

	forked_check(f, p->space, run->first, run->end);
}

static bool may_matter(const struct event_fault *e)
{
	return e->cause == FAULT_COW_FORK || e->cause == FAULT_REUSE || e->cause == FAULT_CAUSE_UNKNOWN;
}

/* An ended process may be forgotten, and an exec changes its names: what is to be kept, now. */
struct run forks_before(struct world *w, const struct event *e)
{
	struct process *p = world_find(w, e->pid);
	const struct region *r;

	if (!p)
		return (struct run){ 0 };
	if (e->type == EVENT_PROCESS && e->process.exec)
		each_account(w, p, take_exec, NULL);
	else if (e->type == EVENT_STATUS && e->status.status >= PROCESS_EXITED)
		each_account(w, p, take_end, NULL);
	else if (e->type == EVENT_FAULT && may_matter(&e->fault))
		each_account(w, p, take_fault, &e->fault);
	if ((e->type != EVENT_UNMAP && e->type != EVENT_CHANGE) ||
	    !(r = space_find_id(p->space, e->region.id)))
		return (struct run){ 0 };
	return (struct run){ region_first(p->space, r), region_end(p->space, r), 0 };
}

static void look(struct world *w, struct process *p, uint64_t now_ns)
{
	const struct process *parent = world_find(w, p->parent);

	forked_look(&p->forked, p->space, &p->faults.log, parent ? parent->space : NULL,
		    parent ? &parent->faults.log : NULL, now_ns);
}

static void check_stretch(struct world *w, struct process *p, uint64_t first, uint64_t end)
{
	struct run pages = { first, end, 0 };

	if (first < end)
		each_account(w, p, check_pages, &pages);
}

/* What a region has given up. */
static void check_region(struct world *w, struct process *p, const struct event *e, const struct run *before)
{
	uint64_t first = space_page(p->space, e->region.attr.start),
		 end = space_page(p->space, e->region.attr.end);

	if (e->type == EVENT_UNMAP || end <= before->first || first >= before->end) {
		check_stretch(w, p, before->first, before->end);
		return;
	}
	check_stretch(w, p, before->first, first);
	check_stretch(w, p, end, before->end);
}

void forks_after(struct world *w, const struct event *e, const struct run *before)
{
	struct process *p = world_find(w, e->pid);

	if (!p)
		return;
	if (e->type == EVENT_TICK && p->forked.stage == FORKED_AWAITED)
		look(w, p, e->time_ns);
	else if (before->first < before->end)
		check_region(w, p, e, before);
	for (size_t i = 0; e->type == EVENT_PAGES && i < e->pages.n; i++)
		if (!forked_may_stay(e->pages.tiles[i].value))
			each_account(w, p, check_pages, &e->pages.tiles[i]);
}
