/* A live source with the world that it fills: begun, stepped and ended, for tests on real processes. */
#ifndef TESTS_LIVE_CHECK_H
#define TESTS_LIVE_CHECK_H

#include "check.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "live/live.h"

#define DEADLINE_NS (120 * CLOCK_SECOND)
#define BUDGET_NS (20 * CLOCK_MS)

/* Passes events on to the world and keeps what the tests look for. */
struct log {
	struct sink sink;
	struct world *world;
	int count[EVENT_TYPES];
	int execs;
};

static inline void take(struct sink *sink, const struct event *e)
{
	struct log *log = (struct log *)sink;
	world_apply(log->world, e);
	log->count[e->type]++;
	if (e->type == EVENT_PROCESS && e->process.exec)
		log->execs++;
}

struct watch {
	struct log log;
	struct source *source;
	struct process *process;
	int32_t pid;
};

static inline struct live_options options(void)
{
	struct live_options o;
	live_options_init(&o);
	o.interval_ns = 5 * CLOCK_MS;
	return o;
}

static inline void begin(struct watch *w)
{
	struct err err = { 0 };
	w->log.sink.take = take;
	if (w->source->ops->sweep(w->source, &w->log.sink, &err) != 0)
		fail_msg("sweep: %s", err.text);
	w->process = world_find(w->log.world, w->pid);
	assert_non_null(w->process);
}

static inline void finish(struct watch *w)
{
	w->source->ops->destroy(w->source);
	world_destroy(w->log.world);
}

/* Waits as a loop would, then steps. */
static inline void step(struct watch *w)
{
	struct pollfd fds[8];
	struct err err = { 0 };
	size_t n = w->source->ops->poll_fds(w->source, fds, 8);
	uint64_t now = clock_now_ns(), due = w->source->ops->due_ns(w->source);
	uint64_t left = due > now ? due - now : 0;
	poll(fds, (nfds_t)n, left > CLOCK_SECOND ? 1000 : (int)(left / CLOCK_MS));
	if (w->source->ops->step(w->source, &w->log.sink, BUDGET_NS, &err) < 0)
		fail_msg("step: %s", err.text);
}

#define STEP_UNTIL(w, condition)                                                                             \
	for (uint64_t until_ = clock_now_ns() + DEADLINE_NS; !(condition); step(w))                          \
		if (clock_now_ns() > until_)                                                                 \
	fail_msg("never: %s", #condition)

static inline uint64_t resident(const struct watch *w)
{
	uint64_t counts[PAGE_STATES] = { 0 };
	space_add_counts(w->process->space, counts);
	return page_resident(counts);
}

static inline void control(struct watch *w, enum control c)
{
	struct err err = { 0 };
	if (w->source->ops->control(w->source, w->pid, c, &(struct control_arg){ 0 }, &err) != 0)
		fail_msg("control: %s", err.text);
}

#endif
