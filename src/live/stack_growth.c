#include "live/stack_growth.h"

#include "live/touches.h"

void stack_growth_note(struct stack_growth *g, const struct event *e)
{
	if ((e->type != EVENT_MAP && e->type != EVENT_CHANGE) || e->region.attr.kind != REGION_STACK)
		return;
	g->seen = e->region.attr.start;
	g->seen_ns = e->time_ns;
	if (e->type == EVENT_MAP)
		g->start = g->seen;
}

bool stack_growth_by(struct stack_growth *g, uint64_t page_start, uint64_t time_ns)
{
	if (time_ns > g->seen_ns + TOUCHES_LATE_NS && g->seen < g->start)
		g->start = g->seen;
	if (!g->start || page_start >= g->start)
		return false;
	g->start = page_start;
	return true;
}
