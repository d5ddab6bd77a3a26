/* Two lists that grow away from each other:
 *
 *     faults        ... 97 98 99 | 100 101 102 ...
 *     looked at          <-- older | newer -->
 *     positions        -2     -1 |  0   1
 *
 * Faults and calls have numbers of their own; a call knows how many faults came before
 * it, which is its place among them. */
#include "model/event_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void push(struct event_items *list, struct event_item item)
{
	if (list->begin > 4096 && list->begin > list->end / 2) { /* room before is used again */
		memmove(list->items, list->items + list->begin, (list->end - list->begin) * sizeof item);
		list->end -= list->begin;
		list->begin = 0;
	}
	mem_grow(list->items, list->cap, list->end + 1);
	list->items[list->end++] = item;
}

struct event_item event_index_at(const struct event_index *x, int64_t position)
{
	int64_t older = (int64_t)(x->older.end - x->older.begin), at = position - x->first;

	return at < older ? x->older.items[x->older.end - 1 - (size_t)at]
			  : x->newer.items[x->newer.begin + (size_t)(at - older)];
}

int64_t event_index_find(const struct event_index *x, uint64_t order)
{
	int64_t low = x->first, high = x->end;

	while (low < high) {
		int64_t mid = low + (high - low) / 2;

		if (event_index_at(x, mid).order < order)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void add_newer(struct event_index *x, struct event_item item)
{
	push(&x->newer, item);
	x->end++;
}

static void add_older(struct event_index *x, struct event_item item)
{
	push(&x->older, item);
	x->first--;
}

static struct event_item fault_item(uint64_t number)
{
	return (struct event_item){ 2 * number + 1, number };
}

static struct event_item call_item(const struct process *p, uint64_t number)
{
	return (struct event_item){ 2 * calls_at(&p->calls, number)->after_faults, number };
}

static void start(struct event_index *x, const struct process *p)
{
	x->process = p;
	x->older.begin = x->older.end = x->newer.begin = x->newer.end = 0;
	x->first = x->end = 0;
	x->low = x->high = p->faults.log.end;
	x->call_low = x->call_high = p->calls.end;
	x->unnamed = false;
	x->seen_names = names_generation(p->names);
	x->restarts++;
	event_filter_renamed(&x->filter);
}

/* Is it still the log that was looked at, and has it gone on so little that it is worth going on? */
static bool same_log(const struct event_index *x, const struct process *p)
{
	const struct fault_entry *last = fault_log_at(&p->faults.log, x->high - 1);

	if (x->process != p || x->high > p->faults.log.end || x->call_high > p->calls.end ||
	    x->call_high < p->calls.begin)
		return false;
	if (x->high == x->low && x->high == p->faults.log.end)
		return true;
	return x->high == x->low ? x->high >= p->faults.log.begin : last && last->time_ns == x->high_ns;
}

static bool names_matter(const struct event_index *x, const struct process *p)
{
	return x->filter.by_name && x->unnamed && x->seen_names != names_generation(p->names);
}

static bool is_forgotten(const struct process *p, struct event_item item)
{
	return item.order < 2 * p->faults.log.begin ||
	       (event_item_is_call(item) && item.number < p->calls.begin);
}

/* At the old end. A call between faults that are kept longer stays in its place, without its words. */
static void drop_forgotten(struct event_index *x, const struct process *p)
{
	while (x->older.end > x->older.begin && is_forgotten(p, x->older.items[x->older.end - 1])) {
		x->older.end--;
		x->first++;
	}
	while (x->older.end == x->older.begin && x->newer.end > x->newer.begin &&
	       is_forgotten(p, x->newer.items[x->newer.begin])) {
		x->newer.begin++;
		x->first++;
	}
	if (x->low < p->faults.log.begin)
		x->low = p->faults.log.begin;
	if (x->call_low < p->calls.begin)
		x->call_low = p->calls.begin;
}

static bool call_is_next(const struct event_index *x, const struct process *p)
{
	return x->call_high < p->calls.end && calls_at(&p->calls, x->call_high)->after_faults <= x->high;
}

static size_t go_on(struct event_index *x, const struct process *p, size_t most)
{
	for (; most > 0 && (x->high < p->faults.log.end || call_is_next(x, p)); most--) {
		if (call_is_next(x, p)) {
			if (event_filter_call(&x->filter, p, x->call_high, &x->unnamed))
				add_newer(x, call_item(p, x->call_high));
			x->call_high++;
			continue;
		}
		if (event_filter_fault(&x->filter, p, x->high, &x->unnamed))
			add_newer(x, fault_item(x->high));
		x->high++;
	}
	return most;
}

static bool call_is_before(const struct event_index *x, const struct process *p)
{
	return x->call_low > p->calls.begin && calls_at(&p->calls, x->call_low - 1)->after_faults >= x->low;
}

static void go_back(struct event_index *x, const struct process *p, size_t most)
{
	for (; most > 0 && (x->low > p->faults.log.begin || call_is_before(x, p)); most--) {
		if (call_is_before(x, p)) {
			x->call_low--;
			if (event_filter_call(&x->filter, p, x->call_low, &x->unnamed))
				add_older(x, call_item(p, x->call_low));
			continue;
		}
		x->low--;
		if (event_filter_fault(&x->filter, p, x->low, &x->unnamed))
			add_older(x, fault_item(x->low));
	}
}

static void set_filter(struct event_index *x, const char *text)
{
	event_filter_fini(&x->filter);
	free(x->text);
	x->text = mem_strdup(text);
	event_filter_parse(&x->filter, text, NULL);
	x->process = NULL;
}

void event_index_update(struct event_index *x, const struct process *p, const char *text, size_t most)
{
	const struct fault_entry *last;

	if (!x->text || strcmp(x->text, text) != 0)
		set_filter(x, text);
	if (!same_log(x, p) || names_matter(x, p))
		start(x, p);
	drop_forgotten(x, p);
	go_back(x, p, go_on(x, p, most));
	x->pending = x->high < p->faults.log.end || call_is_next(x, p) || x->low > p->faults.log.begin ||
		     call_is_before(x, p);
	last = fault_log_at(&p->faults.log, x->high - 1);
	x->high_ns = last ? last->time_ns : 0;
}

void event_index_fini(struct event_index *x)
{
	event_filter_fini(&x->filter);
	free(x->text);
	free(x->older.items);
	free(x->newer.items);
	*x = (struct event_index){ 0 };
}
