/* Who takes events, and in which order.
 *
 * An event goes round twice. First each sink may look at it while the world is still as it was. Then each
 * takes it, the world first, so that the others find the world as the event says:
 *
 *     sink_send(fanout, e)     before: world -    recorder -    lines: print what was and is
 *                              take:   world +    recorder +    lines -
 *
 * So the order of sinks does not matter, as long as the world comes first. A sink that passes events on
 * passes both halves on. */
#ifndef EVENT_SINK_H
#define EVENT_SINK_H

#include "event/event.h"

/* Either may be NULL. */
struct sink {
	void (*take)(struct sink *, const struct event *);   /* the world has taken it, or is this sink */
	void (*before)(struct sink *, const struct event *); /* the world has not taken it yet */
};

static inline void sink_before(struct sink *sink, const struct event *e)
{
	if (sink->before)
		sink->before(sink, e);
}

static inline void sink_take(struct sink *sink, const struct event *e)
{
	if (sink->take)
		sink->take(sink, e);
}

/* Senders of events call this: both halves, in this order. */
static inline void sink_send(struct sink *sink, const struct event *e)
{
	sink_before(sink, e);
	sink_take(sink, e);
}

#define FANOUT_SINKS 5

/* One stream of events for several sinks. */
struct fanout {
	struct sink sink; /* first */
	struct sink *sinks[FANOUT_SINKS];
	size_t count;
};

/* Events go to `first`, usually the world, then to the sinks that are added, in order of adding. All stay the
 * caller's. */
void fanout_init(struct fanout *, struct sink *first);
void fanout_add(struct fanout *, struct sink *); /* NULL adds nothing */

#endif
