#include "export/html_left.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "event/call.h"
#include "model/departures.h"

#define LEFT_MAX 200000

/* The event being taken. */
struct html_left_event {
	struct html_left *left;
	const struct changes *changes;
	const struct process *process;
	const struct event *event;
};

static uint32_t reason_of(struct html_left *l, const struct event_left *left)
{
	char words[512];

	snprintf(words, sizeof words, "%s\n%s",
		 left->reason == LEFT_CALL ? call_name(left->call) : left_reason_name(left->reason),
		 left_reason_text(left->reason));
	return html_text(&l->reasons, words);
}

static void add(void *context, const struct event_left *left)
{
	const struct html_left_event *t = context;
	const struct plan *plan = t->changes->plan;
	const struct space *space = t->process->space;
	const struct region *in = space_find(space, space_address(space, left->first));
	const struct plan_region *r =
	    in ? plan_region(plan, plan_process(plan, t->event->pid, t->changes->seen), in->id) : NULL;
	uint64_t first = left->first, end = left->end;

	if (!r)
		return;
	first = max(first, r->first);
	end = min(end, r->end);
	if (first >= end)
		return;
	if (t->left->count == LEFT_MAX) {
		t->left->dropped++;
		return;
	}
	uint64_t base = r->first >> r->shift, from = (first >> r->shift) - base,
		 to = ((end - 1) >> r->shift) - base + 1;

	mem_grow(t->left->list, t->left->cap, t->left->count + 1);
	t->left->list[t->left->count++] = (struct unit_left){
		.time_ns = t->event->time_ns,
		.unit = r->unit + (uint32_t)from,
		.count = (uint32_t)(to - from),
		.reason = reason_of(t->left, left),
	};
}

void html_left_take(struct html_left *l, const struct changes *changes, const struct event *e)
{
	struct html_left_event taking = { l, changes, world_find(changes->world, e->pid), e };

	if (taking.process)
		departures_each(taking.process->space, &taking.process->calls, e, add, &taking);
}

void html_left_pack(const struct html_left *l, struct pack *pack, uint64_t begin_ns)
{
	uint64_t before = 0;
	int64_t unit = 0;

	pack_begin(pack, "left_time");
	for (size_t i = 0; i < l->count; i++) {
		uint64_t time_ns = l->list[i].time_ns;
		uint64_t us = time_ns > begin_ns ? (time_ns - begin_ns) / 1000 : 0;

		pack_number(pack, us - before);
		before = us;
	}
	pack_begin(pack, "left_unit");
	for (size_t i = 0; i < l->count; i++) {
		pack_signed(pack, (int64_t)l->list[i].unit - unit);
		unit = l->list[i].unit;
	}
	pack_begin(pack, "left_count");
	for (size_t i = 0; i < l->count; i++)
		pack_number(pack, l->list[i].count);
	pack_begin(pack, "left_reason");
	for (size_t i = 0; i < l->count; i++)
		pack_number(pack, l->list[i].reason);
}

void html_left_fini(struct html_left *l)
{
	free(l->list);
	texts_fini(&l->reasons);
}
