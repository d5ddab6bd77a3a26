/* Pauses and steps, as the user asks for them, and their events.
 *
 *     CONTROL_STEP    paused first, where it is not; then to what is waited for
 *     at the stop     regions that have changed, FAULT..., CALL..., STATUS (paused), what else
 *                     has changed, TICK, STOP
 *
 * so that what the stop is about is in the picture by the time that STOP says so. Slow
 * motion is a step of one fault, told, and another one when it is time. While a step is
 * under way another one is refused; a pause ends it where the program just is. Slow motion
 * gives way to any step, and any step to slow motion: the program goes on from where it is. */
#include "live/live_state.h"

#include "base/clock.h"
#include "base/i18n.h"

/* A fault comes within microseconds; a program that sleeps is not waited for. */
#define STEP_WAIT_NS (2 * CLOCK_MS)
#define CALL_BUDGET_NS (20 * CLOCK_MS)

int live_pause(struct live *live, struct err *err)
{
	live->slow.interval_ns = 0;
	if (!live->tracer)
		live->tracer = tracer_attach(live->pid, err);
	if (!live->tracer || tracer_pause(live->tracer, err) != 0)
		return -1;
	live->due_ns = 0;
	return 0;
}

void live_resume(struct live *live)
{
	live->slow.interval_ns = 0;
	if (live->tracer)
		tracer_resume(live->tracer);
}

static int step_once(struct live *live, struct err *err)
{
	struct control_step one = live->slow.step;
	if (live->slow.interval_ns)
		one.count = 1;
	live->due_ns = 0; /* there will be something to tell */
	return tracer_step(live->tracer, &one, STEP_WAIT_NS, err);
}

int live_step(struct live *live, const struct control_step *step, struct err *err)
{
	if (live->tracer)
		live->news = tracer_news(live->tracer);
	if (live->news.stepping && (step->per_second || live->slow.interval_ns) && live_pause(live, err) != 0)
		return -1;
	if (live->tracer)
		live->news = tracer_news(live->tracer);
	if (live->news.stepping)
		return err_set(err, ERR_SYSTEM, "%s", _("a step is under way: pause it before another one"));
	if (step->kind == STEP_FAULT && !live->faults.capture)
		return err_set(err, ERR_DENIED, _("stepping by faults needs them to be told: %s"),
			       *live->faults.why ? live->faults.why : _("switched off"));
	if (!live->news.paused && live_pause(live, err) != 0)
		return -1;
	live->slow.step = *step;
	live->slow.interval_ns = step->per_second ? CLOCK_SECOND / step->per_second : 0;
	live->slow.next_ns = clock_now_ns() + live->slow.interval_ns;
	if (step_once(live, err) == 0)
		return 0;
	live->slow.interval_ns = 0;
	return -1;
}

void live_drive(struct live *live)
{
	if (live->options.paused && live->launched && live->tracer)
		live_pause(live, NULL);
	live->options.paused = false;
	if (!live->slow.interval_ns || clock_now_ns() < live->slow.next_ns)
		return;
	live->news = tracer_news(live->tracer);
	if (live->news.ended || !live->news.paused || live_stands(live))
		return;
	live->slow.next_ns = clock_now_ns() + live->slow.interval_ns;
	if (step_once(live, NULL) != 0)
		live->slow.interval_ns = 0;
}

bool live_stands(const struct live *live)
{
	return live->tracer && live->news.paused && live->news.stops != live->stops;
}

void live_read_regions(struct live *live, struct sink *sink)
{
	struct err failure = { 0 };
	live->schedule.maps_ns = 0; /* however recently they were read */
	if (!live->dead && schedule_regions(&live->schedule, sink, &failure) < 0)
		live->schedule.maps_wanted = true;
}

/* The pages that it was about: at once, whatever else is due. */
static void look_at_call(struct live *live, struct sink *sink, const struct event_call *call)
{
	const struct process *process = world_find(live->world, live->pid);
	struct err failure = { 0 };
	uint64_t done;
	live->schedule.chase_again = true;
	if (!process || call->start == call->end)
		return;
	struct page_range range = { space_page(process->space, call->start),
				    space_page(process->space, call->end - 1) + 1 };
	if (schedule_ranges(&live->schedule, sink, &range, 1, CALL_BUDGET_NS, &done, &failure) < 0)
		live->schedule.maps_wanted = true;
}

void live_tell_calls(struct live *live, struct sink *sink)
{
	struct step_calls calls = tracer_calls(live->tracer);
	for (size_t i = 0; i < calls.count; i++) {
		const struct step_call *call = &calls.list[i];
		struct event e = { .type = EVENT_CALL, .call = call->call };
		e.stack = (struct event_stack){ call->ips, call->count, call->cut };
		live_send(live, sink, &e);
		look_at_call(live, sink, &call->call);
	}
	step_calls_fini(&calls);
}

void live_tell_stop(struct live *live, struct sink *sink)
{
	struct event e = { .type = EVENT_STOP, .stop = { live->news.why, live->news.who } };
	live->stops = live->news.stops;
	live_send(live, sink, &e);
}
