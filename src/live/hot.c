/* A handful of ranges, each with its latest change. Ranges that are near each other are one. If there are too
 * many, the one that has been quiet longest goes. */
#include "live/hot.h"

#include "base/minmax.h"

static int near_by(const struct hot_range *r, uint64_t first, uint64_t end)
{
	return first <= r->end + HOT_MARGIN && end + HOT_MARGIN >= r->first;
}

static struct hot_range *oldest(struct hot *hot)
{
	struct hot_range *found = &hot->range[0];
	for (size_t i = 1; i < hot->count; i++)
		if (hot->range[i].changed_ns < found->changed_ns)
			found = &hot->range[i];
	return found;
}

void hot_note(struct hot *hot, uint64_t first, uint64_t end, uint64_t now_ns)
{
	struct hot_range *slot = NULL;
	for (size_t i = 0; i < hot->count && !slot; i++)
		if (near_by(&hot->range[i], first, end))
			slot = &hot->range[i];
	if (slot && slot->changed_ns == now_ns) {
		/* another change of the same look: both belong to it */
		first = min(first, slot->first);
		end = max(end, slot->end);
	}
	if (!slot)
		slot = hot->count < HOT_RANGES ? &hot->range[hot->count++] : oldest(hot);
	*slot = (struct hot_range){ first, end, now_ns };
}

void hot_cool(struct hot *hot, uint64_t now_ns)
{
	for (size_t i = 0; i < hot->count;) {
		if (now_ns - hot->range[i].changed_ns > HOT_NS)
			hot->range[i] = hot->range[--hot->count];
		else
			i++;
	}
}

void hot_forget(struct hot *hot)
{
	hot->count = 0;
}

bool hot_reach(const struct hot *hot, size_t i, uint64_t *first, uint64_t *end)
{
	if (i >= hot->count)
		return false;
	const struct hot_range *range = &hot->range[i];
	uint64_t more = range->end - range->first + HOT_MARGIN;
	*first = range->first > more ? range->first - more : 0;
	*end = range->end + more;
	return true;
}
