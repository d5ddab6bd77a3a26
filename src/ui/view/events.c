/* The selected line is an event, not a place in the list: where the list is made anew (another
 * filter, names that came late) it is found again by its order. */
#include "ui/view/events.h"

#include <inttypes.h>
#include <stdio.h>

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
	return value > high ? (high < low ? low : high) : value < low ? low : value;
}

static void keep_in_list(const struct event_index *index, struct view *v, int rows)
{
	int64_t room = rows > 1 ? rows : 1;

	v->events_at = clamp(v->events_at, index->first, index->end - 1);
	if (v->events_top > v->events_at)
		v->events_top = v->events_at;
	if (v->events_top <= v->events_at - room)
		v->events_top = v->events_at - room + 1;
	v->events_top = clamp(v->events_top, index->first, index->end - room);
}

void events_update(struct event_index *index, const struct process *p, struct view *v, int rows, size_t most)
{
	unsigned restarts = index->restarts;
	char page[40];

	snprintf(page, sizeof page, "page:0x%" PRIx64, space_address(p->space, v->grid.cursor));
	event_index_update(index, p, v->biography ? page : v->events_filter, most);
	if (!v->events_held)
		v->events_at = index->end - 1;
	else if (restarts != index->restarts || index->pending)
		v->events_at = event_index_find(index, v->events_order);
	keep_in_list(index, v, rows);
}

void events_move(const struct event_index *index, struct view *v, int64_t lines, int rows)
{
	if (index->first == index->end)
		return;
	v->events_at += lines;
	keep_in_list(index, v, rows);
	v->events_held = v->events_at < index->end - 1;
	v->events_order = event_index_at(index, v->events_at).order;
}

bool events_selected(const struct event_index *index, const struct view *v, struct view_event *event)
{
	struct event_item item;

	if (v->events_at < index->first || v->events_at >= index->end)
		return false;
	item = event_index_at(index, v->events_at);
	*event =
	    (struct view_event){ .known = true, .call = event_item_is_call(item), .number = item.number };
	return true;
}
