/* The fan-out: passes each half of the round to all of them. */
#include "event/sink.h"

#include <assert.h>

static void before(struct sink *sink, const struct event *e)
{
	const struct fanout *f = (const struct fanout *)sink;

	for (size_t i = 0; i < f->count; i++)
		sink_before(f->sinks[i], e);
}

static void take(struct sink *sink, const struct event *e)
{
	const struct fanout *f = (const struct fanout *)sink;

	for (size_t i = 0; i < f->count; i++)
		sink_take(f->sinks[i], e);
}

void fanout_init(struct fanout *f, struct sink *first)
{
	*f = (struct fanout){ .sink = { .take = take, .before = before } };
	fanout_add(f, first);
}

void fanout_add(struct fanout *f, struct sink *sink)
{
	assert(f->count < FANOUT_SINKS);
	if (sink)
		f->sinks[f->count++] = sink;
}
