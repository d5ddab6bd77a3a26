#include "model/forks.h"

#include "base/minmax.h"
#include "model/own_code.h"

/* Calls `take` for the process's own account and those of its children. */
static void each_account(const struct forks *all, struct process *p,
			 void (*take)(struct forked *, struct process *, bool of_parent, const void *),
			 const void *context)
{
	if (p->forked.stage != FORKED_NO)
		take(&p->forked, p, false, context);
	for (size_t i = 0; p->forked_any && i < all->count; i++)
		if (all->list[i]->parent == p->pid && all->list[i]->forked.stage != FORKED_NO)
			take(&all->list[i]->forked, p, true, context);
}

static void take_exec(struct forked *f, struct process *p, bool of_parent, const void *context)
{
	forked_keep_names(f, of_parent, p->names, p->space);
	forked_end(f, of_parent ? FORKED_PARENT_EXEC : FORKED_EXEC);
}

static void take_end(struct forked *f, struct process *p, bool of_parent, const void *context)
{
	forked_keep_names(f, of_parent, p->names, p->space);
	if (!of_parent)
		forked_keep_own(f, p->space);
	forked_end(f, of_parent ? FORKED_PARENT_END : FORKED_END);
}

static void take_fault(struct forked *f, struct process *p, bool of_parent, const void *fault)
{
	const struct event_fault *e = fault;

	forked_fault(f, e, space_page(p->space, e->address), of_parent);
}

/* Attributes the fault to the program's own code if its stack has some: memcpy wrote, but what matters is its
 * caller. */
static void take_own_fault(const struct forks *all, struct process *p, const struct event *e)
{
	struct event_fault fault = e->fault;
	struct own_frame frame = { 0 };

	if (fault.cause == FAULT_COW_FORK)
		frame = own_code_find(NULL, p, fault.ip, &e->stack, NULL, NULL);
	if (frame.own && e->stack.count)
		fault.ip = e->stack.ips[frame.at];
	each_account(all, p, take_fault, &fault);
}

static void check_pages(struct forked *f, struct process *p, bool of_parent, const void *pages)
{
	const struct run *run = pages;

	forked_check(f, p->space, run->first, run->end, of_parent);
}

static bool may_matter(const struct event_fault *e)
{
	return e->cause == FAULT_COW_FORK || e->cause == FAULT_CAUSE_UNKNOWN;
}

/* An ended process may be forgotten, and an exec changes its names: keeps what is needed, now. */
struct run forks_before(const struct forks *all, struct process *p, const struct event *e)
{
	const struct region *r;

	if (e->type == EVENT_PROCESS && e->process.exec)
		each_account(all, p, take_exec, NULL);
	else if (e->type == EVENT_STATUS && e->status.status >= PROCESS_EXITED)
		each_account(all, p, take_end, NULL);
	else if (e->type == EVENT_FAULT && may_matter(&e->fault))
		take_own_fault(all, p, e);
	if ((e->type != EVENT_UNMAP && e->type != EVENT_CHANGE) ||
	    !(r = space_find_id(p->space, e->region.id)))
		return (struct run){ 0 };
	return (struct run){ region_first(p->space, r), region_end(p->space, r), 0 };
}

static void look(const struct forks *all, struct process *p, uint64_t now_ns)
{
	const struct process *parent = NULL;

	for (size_t i = 0; i < all->count; i++)
		if (all->list[i]->pid == p->parent)
			parent = all->list[i];
	p->forked.lost_before = parent ? parent->course.lost : 0;
	p->forked.lost_early = p->course.lost;
	forked_look(&p->forked, p->space, &p->faults.log, parent ? parent->space : NULL,
		    parent ? &parent->faults.log : NULL, now_ns);
}

static void check_stretch(const struct forks *all, struct process *p, uint64_t first, uint64_t end)
{
	struct run pages = { first, end, 0 };

	if (first < end)
		each_account(all, p, check_pages, &pages);
}

/* Checks the pages that a region has given up. */
static void check_region(const struct forks *all, struct process *p, const struct event *e,
			 const struct run *before)
{
	uint64_t first = space_page(p->space, e->region.attr.start),
		 end = space_page(p->space, e->region.attr.end);

	if (e->type == EVENT_UNMAP || end <= before->first || first >= before->end) {
		check_stretch(all, p, before->first, before->end);
		return;
	}
	check_stretch(all, p, before->first, first);
	check_stretch(all, p, end, before->end);
}

void forks_after(const struct forks *all, struct process *p, const struct event *e, const struct run *before)
{
	if (e->type == EVENT_TICK && p->forked.stage == FORKED_AWAITED)
		look(all, p, e->time_ns);
	else if (before->first < before->end)
		check_region(all, p, e, before);
	for (size_t i = 0; e->type == EVENT_PAGES && i < e->pages.n; i++)
		if (!forked_may_stay(e->pages.tiles[i].value))
			each_account(all, p, check_pages, &e->pages.tiles[i]);
		else if (p->forked.stage == FORKED_COUNTED)
			forked_doubt(&p->forked, &e->pages.tiles[i]);
}

uint64_t forks_lost(const struct process *child, const struct process *parent)
{
	const struct forked *f = &child->forked;
	uint64_t of_parent = parent ? parent->course.lost : 0, own = child->course.lost;

	return own - (f->whole ? min(f->lost_early, own) : 0) + of_parent - min(f->lost_before, of_parent);
}
