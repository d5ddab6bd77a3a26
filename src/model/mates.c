#include "model/mates.h"

/* Does it run in its parent's memory? */
static bool is_guest(const struct process *p)
{
	return p->forked.vfork && !p->course.execs;
}

/* The process in whose memory it runs: itself, or the first ancestor that is not a guest, or is no longer
 * known. */
static int32_t host_of(const struct forks *all, const struct process *p)
{
	for (size_t n = 0; n < all->count && is_guest(p); n++) {
		const struct process *parent = NULL;

		for (size_t i = 0; i < all->count; i++)
			if (all->list[i]->pid == p->parent)
				parent = all->list[i];
		if (!parent)
			return p->parent;
		p = parent;
	}
	return p->pid;
}

void mates_note(const struct forks *all, const struct process *p, const struct event *e)
{
	if (e->type != EVENT_FAULT || (!p->forked_any && !is_guest(p)))
		return;
	int32_t host = host_of(all, p);
	for (size_t i = 0; i < all->count; i++) {
		struct process *other = all->list[i];

		if (other == p || !process_alive(other) || (other->pid != host && !is_guest(other)) ||
		    host_of(all, other) != host)
			continue;
		fault_history_add_other(&other->faults, e->time_ns, &e->fault,
					stacks_add(&other->stacks, &e->stack),
					space_page(p->space, e->fault.address));
	}
}
