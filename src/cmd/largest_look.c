/* A copy is made each time that the process is an eighth larger than at the copy before, so that a program that grows
 * all its life costs a few dozen of them. */
#include "cmd/largest_look.h"

#include "verdict/judged.h"

static uint64_t resident_of(const struct process *p)
{
	uint64_t counts[PAGE_STATES] = { 0 };

	space_add_counts(p->space, counts);
	return page_resident(counts);
}

/* Do the kernel's figures match these pages? They are read before it is known which pages have gone
 * meanwhile. */
static bool figures_fit(const struct process *p, uint64_t pages)
{
	uint64_t rss = p->figures.read.values[KERNEL_RSS] >> p->space->page_shift;

	return rss + rss / 20 >= pages;
}

static void keep(struct largest_look *l, const struct process *p, uint64_t resident, uint64_t now_ns)
{
	process_destroy(l->process);
	l->process = process_copy(p);
	l->resident = resident;
	l->time_ns = now_ns;
}

static void take(struct sink *sink, const struct event *e)
{
	struct largest_look *l = (struct largest_look *)sink;
	const struct process *p = l->world->count ? l->world->processes[0] : NULL;
	uint64_t resident;

	if (!p || e->pid != p->pid || !process_alive(p))
		return;
	if (l->process && l->process->course.execs != p->course.execs)
		l->resident = 0; /* another program */
	if (e->type != EVENT_TICK && e->type != EVENT_FIGURES)
		return;
	resident = resident_of(p);
	if (e->type == EVENT_TICK && resident > l->resident + l->resident / 8) {
		keep(l, p, resident, e->time_ns);
		l->source->ops->control(l->source, p->pid, CONTROL_FIGURES, NULL, NULL);
	} else if (e->type == EVENT_FIGURES && l->process && resident >= l->resident &&
		   figures_fit(p, resident)) {
		keep(l, p, resident, e->time_ns);
	}
}

void largest_look_init(struct largest_look *l, const struct world *world, struct source *source)
{
	*l = (struct largest_look){ .sink = { .take = take }, .world = world, .source = source };
}

void largest_look_fini(struct largest_look *l)
{
	process_destroy(l->process);
	l->process = NULL;
}

bool largest_look_counts(const struct largest_look *l)
{
	const struct process *p = l->world->count ? l->world->processes[0] : NULL;

	if (!p || !l->process || l->process->course.execs != p->course.execs ||
	    !judged_has_freed(p, l->resident))
		return false;
	names_use(l->process->names, p->names);
	return true;
}
