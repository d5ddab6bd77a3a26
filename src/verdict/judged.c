#include "verdict/judged.h"

#include "base/minmax.h"
#include "event/figures.h"

#define MIB (UINT64_C(1) << 20)

struct judged judged_last(const struct world *world, const struct process *process)
{
	return (struct judged){ process, world->now_ns, KERNEL_NONE };
}

struct judged judged_largest(const struct process *earlier, uint64_t now_ns, const struct process *last)
{
	return (struct judged){ earlier, now_ns, last->history.resident << last->space->page_shift };
}

bool judged_has_freed(const struct process *p, uint64_t pages)
{
	uint64_t counts[PAGE_STATES] = { 0 }, now;

	if (process_alive(p))
		return false;
	space_add_counts(p->space, counts);
	now = page_resident(counts);
	return pages > now + now / 4 + (MIB >> p->space->page_shift);
}

uint64_t judged_time(const struct process *p)
{
	const struct sample *largest = NULL, *next = NULL, *s;

	for (size_t back = 0; (s = history_at(&p->history, back)); back++)
		if (!largest || s->resident > largest->resident) {
			largest = s;
			next = back ? history_at(&p->history, back - 1) : NULL;
		}
	if (!largest || !judged_has_freed(p, largest->resident))
		return UINT64_MAX;
	/* the last look that counted for the sample */
	return min(largest->time_ns + HISTORY_PERIOD_NS, next ? next->time_ns : UINT64_MAX) - 1;
}
