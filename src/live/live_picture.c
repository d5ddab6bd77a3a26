#include "live/live_picture.h"

void live_picture_init(struct live_picture *p, struct watch *watch, struct reader *reader,
		       const struct fault_reader *faults, const bool *off, bool cache)
{
	*p = (struct live_picture){ .watch = watch, .reader = reader, .faults = faults, .off = off };
	schedule_init(&p->schedule, watch, reader, counters_balance(&p->counters), cache);
}

void live_picture_fini(struct live_picture *p)
{
	schedule_fini(&p->schedule);
	thread_list_fini(&p->threads);
	source_states_fini(&p->sources);
}

struct schedule *live_picture_schedule(struct live_picture *p)
{
	return &p->schedule;
}

struct counters *live_picture_counters(struct live_picture *p)
{
	return &p->counters;
}

struct live_figures *live_picture_figures(struct live_picture *p)
{
	return &p->figures;
}

void live_picture_send_threads(struct live_picture *p, struct sink *sink)
{
	const struct event_counters *last = counters_last(&p->counters);
	if (last)
		thread_list_send(&p->threads, p->watch, p->reader, last->threads, sink);
}

void live_picture_send_sources(struct live_picture *p, struct sink *sink, bool now)
{
	struct source_parts parts = { p->reader, p->faults, p->off, &p->maps_failure };
	if (now)
		source_states_hurry(&p->sources);
	source_states_send(&p->sources, p->watch, sink, &parts);
}

static void send_tick(struct live_picture *p, struct sink *sink)
{
	struct event e = { .type = EVENT_TICK };
	watch_send(p->watch, sink, &e);
}

/* If the memory is gone, the status will show that, or the next step finds an exec. If we are no longer
 * allowed to read it, that is the state of a source. */
void live_picture_note_failure(struct live_picture *p, struct sink *sink, const struct err *failure)
{
	if (failure->code == ERR_GONE) {
		schedule_want_maps(&p->schedule);
		return;
	}
	p->maps_failure = *failure;
	live_picture_send_sources(p, sink, true);
}

static void note_success(struct live_picture *p, int64_t differ)
{
	if (differ > 0)
		p->watch->changed = true;
	p->maps_failure = (struct err){ 0 };
}

int live_picture_take(struct live_picture *p, struct sink *sink, struct err *err)
{
	struct counters_change change;
	counters_read(&p->counters, p->watch, p->reader, &change, NULL);
	counters_send(&p->counters, p->watch, sink);
	int64_t differ = schedule_everything(&p->schedule, sink, err);
	if (differ < 0)
		return -1;
	note_success(p, differ);
	live_figures_picture(&p->figures, p->watch, p->reader, sink);
	send_tick(p, sink);
	return 0;
}

bool live_picture_update(struct live_picture *p, struct sink *sink, uint64_t interval_ns, uint64_t budget_ns)
{
	struct err failure = { 0 };
	struct counters_change change;
	if (counters_read(&p->counters, p->watch, p->reader, &change, &failure) != 0)
		return true;
	if (change.exec || reader_is_renewed(p->reader))
		return false;
	counters_send(&p->counters, p->watch, sink);
	live_picture_send_threads(p, sink);
	int64_t differ = schedule_look(&p->schedule, sink, &change, interval_ns, budget_ns, &failure);
	if (differ < 0) {
		live_picture_note_failure(p, sink, &failure);
		return true;
	}
	note_success(p, differ);
	live_figures_look(&p->figures, p->watch, p->reader, sink);
	send_tick(p, sink);
	return true;
}

void live_picture_forget(struct live_picture *p)
{
	reader_renew(p->reader);
	schedule_forget(&p->schedule);
	counters_forget_image(&p->counters);
}
