/* Two lists that grow away from each other:
 *
 *     faults        ... 97 98 99 | 100 101 102 ...
 *     looked at          <-- older | newer -->
 *     positions        -2     -1 |  0   1
 *
 * Each kind has its own numbers. Calls, departures and execs also record how many faults came before them,
 * which is their place among faults. */
#include "model/event_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/mem.h"

static void push(struct event_items *list, struct event_item item)
{
	if (list->begin > 4096 && list->begin > list->end / 2) { /* room before this is used again */
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
	size_t at;

	bisect(at, 0, (size_t)(x->end - x->first), event_index_at(x, x->first + (int64_t)at).order < order);
	return x->first + (int64_t)at;
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
	return (struct event_item){ 2 * number + 1, number, EVENT_KIND_FAULT };
}

/* The numbers of a kind that are kept. */
static struct event_span kept(const struct process *p, enum event_kind kind)
{
	if (kind == EVENT_KIND_CALL)
		return (struct event_span){ p->calls.begin, p->calls.end };
	if (kind == EVENT_KIND_EXEC)
		return (struct event_span){ p->execs.begin, p->execs.end };
	return (struct event_span){ p->departures.begin, p->departures.end };
}

/* The place of a kept entry: the faults before it, and its time. */
static uint64_t after_faults(const struct process *p, enum event_kind kind, uint64_t number,
			     uint64_t *time_ns)
{
	if (kind == EVENT_KIND_CALL) {
		*time_ns = calls_at(&p->calls, number)->time_ns;
		return calls_at(&p->calls, number)->after_faults;
	}
	if (kind == EVENT_KIND_EXEC) {
		*time_ns = exec_log_at(&p->execs, number)->time_ns;
		return exec_log_at(&p->execs, number)->after_faults;
	}
	*time_ns = departures_at(&p->departures, number)->time_ns;
	return departures_at(&p->departures, number)->after_faults;
}

static struct event_item other_item(const struct process *p, enum event_kind kind, uint64_t number)
{
	uint64_t time_ns;

	return (struct event_item){ 2 * after_faults(p, kind, number, &time_ns), number, kind };
}

static bool fits(struct event_index *x, const struct process *p, enum event_kind kind, uint64_t number)
{
	if (kind == EVENT_KIND_CALL)
		return event_filter_call(&x->filter, p, number, &x->unnamed);
	if (kind == EVENT_KIND_EXEC)
		return event_filter_exec(&x->filter, p, number);
	return event_filter_left(&x->filter, p, number);
}

static void start(struct event_index *x, const struct process *p)
{
	x->process = p;
	x->older.begin = x->older.end = x->newer.begin = x->newer.end = 0;
	x->first = x->end = 0;
	x->low = x->high = p->faults.log.end;
	for (int kind = 0; kind < EVENT_KINDS_OTHER; kind++)
		x->others[kind].low = x->others[kind].high = kept(p, (enum event_kind)kind).high;
	x->unnamed = false;
	x->seen_names = names_generation(p->names);
	x->restarts++;
	event_filter_renamed(&x->filter);
}

/* Is it still the log that was indexed, and has it advanced so little that continuing is worthwhile? */
static bool same_log(const struct event_index *x, const struct process *p)
{
	const struct fault_entry *last = fault_log_at(&p->faults.log, x->high - 1);

	if (x->process != p || x->high > p->faults.log.end)
		return false;
	for (int kind = 0; kind < EVENT_KINDS_OTHER; kind++) {
		struct event_span span = kept(p, (enum event_kind)kind);

		if (x->others[kind].high > span.high || x->others[kind].high < span.low)
			return false;
	}
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
	       (item.kind != EVENT_KIND_FAULT && item.number < kept(p, item.kind).low);
}

/* Drops forgotten entries at the old end. Entries among faults that are kept longer keep their place, without
 * their words. */
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
	for (int kind = 0; kind < EVENT_KINDS_OTHER; kind++)
		if (x->others[kind].low < kept(p, (enum event_kind)kind).low)
			x->others[kind].low = kept(p, (enum event_kind)kind).low;
}

/* The kind of the earliest one before the next fault; EVENT_KIND_FAULT: none. */
static enum event_kind next_beside(const struct event_index *x, const struct process *p)
{
	enum event_kind next = EVENT_KIND_FAULT;
	uint64_t first_ns = UINT64_MAX, time_ns;

	for (int i = 0; i < EVENT_KINDS_OTHER; i++) {
		enum event_kind kind = (enum event_kind)i;

		if (x->others[i].high >= kept(p, kind).high ||
		    after_faults(p, kind, x->others[i].high, &time_ns) > x->high || time_ns >= first_ns)
			continue;
		first_ns = time_ns;
		next = kind;
	}
	return next;
}

static size_t go_on(struct event_index *x, const struct process *p, size_t most)
{
	enum event_kind kind;

	for (; most > 0; most--) {
		if ((kind = next_beside(x, p)) != EVENT_KIND_FAULT) {
			if (fits(x, p, kind, x->others[kind].high))
				add_newer(x, other_item(p, kind, x->others[kind].high));
			x->others[kind].high++;
			continue;
		}
		if (x->high == p->faults.log.end)
			break;
		if (event_filter_fault(&x->filter, p, x->high, &x->unnamed))
			add_newer(x, fault_item(x->high));
		x->high++;
	}
	return most;
}

/* The same for the latest one after the oldest fault that was looked at. */
static enum event_kind beside_before(const struct event_index *x, const struct process *p)
{
	enum event_kind before = EVENT_KIND_FAULT;
	uint64_t last_ns = 0, time_ns;

	for (int i = EVENT_KINDS_OTHER; i-- > 0;) {
		enum event_kind kind = (enum event_kind)i;

		if (x->others[i].low <= kept(p, kind).low ||
		    after_faults(p, kind, x->others[i].low - 1, &time_ns) < x->low ||
		    (before != EVENT_KIND_FAULT && time_ns <= last_ns))
			continue;
		last_ns = time_ns;
		before = kind;
	}
	return before;
}

static void go_back(struct event_index *x, const struct process *p, size_t most)
{
	enum event_kind kind;

	for (; most > 0; most--) {
		if ((kind = beside_before(x, p)) != EVENT_KIND_FAULT) {
			x->others[kind].low--;
			if (fits(x, p, kind, x->others[kind].low))
				add_older(x, other_item(p, kind, x->others[kind].low));
			continue;
		}
		if (x->low == p->faults.log.begin)
			break;
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
	x->pending = x->high < p->faults.log.end || next_beside(x, p) != EVENT_KIND_FAULT ||
		     x->low > p->faults.log.begin || beside_before(x, p) != EVENT_KIND_FAULT;
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
