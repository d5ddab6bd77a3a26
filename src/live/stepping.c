/* The tracer does the stopping (trace/step.h). This file shows it to the user. */
#include "live/stepping.h"

#include "base/clock.h"
#include "base/i18n.h"

/* A fault comes within microseconds; we do not wait for a program that sleeps. */
#define STEP_WAIT_NS (2 * CLOCK_MS)
#define CALL_BUDGET_NS (20 * CLOCK_MS)

void stepping_init(struct stepping *s, struct live_program *program, bool pause_first)
{
	*s = (struct stepping){ .program = program, .pause_first = pause_first };
}

int stepping_pause(struct stepping *s, struct err *err)
{
	s->interval_ns = 0;
	return live_program_pause(s->program, err);
}

void stepping_resume(struct stepping *s)
{
	s->interval_ns = 0;
	live_program_resume(s->program);
}

void stepping_forget(struct stepping *s)
{
	s->interval_ns = 0;
	s->stops = 0;
	step_calls_fini(&s->calls);
}

static int step_once(struct stepping *s, struct err *err)
{
	struct control_step one = s->step;
	if (s->interval_ns)
		one.count = 1;
	return live_program_step(s->program, &one, STEP_WAIT_NS, err);
}

int stepping_step(struct stepping *s, const struct control_step *step, const struct err *no_faults,
		  struct err *err)
{
	struct live_program *p = s->program;
	const struct trace_news *news = live_program_news(p);
	live_program_update(p);
	if (news->stepping && (step->per_second || s->interval_ns) && stepping_pause(s, err) != 0)
		return -1;
	live_program_update(p);
	if (news->stepping)
		return err_set(err, ERR_SYSTEM, "%s", _("a step is under way: pause it before another one"));
	if (step->kind == STEP_FAULT && no_faults)
		return err_set(err, no_faults->code, _("stepping by faults needs them to be reported: %s"),
			       no_faults->text);
	if (step->kind == STEP_CODE && !live_program_is_traced(p))
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("only a program that was started from here can be stopped at its lines"));
	if (!news->paused && stepping_pause(s, err) != 0)
		return -1;
	s->step = *step;
	s->interval_ns = step->per_second ? CLOCK_SECOND / step->per_second : 0;
	s->next_ns = clock_now_ns() + s->interval_ns;
	if (step_once(s, err) == 0)
		return 0;
	s->interval_ns = 0;
	return -1;
}

int stepping_drive(struct stepping *s, struct err *err)
{
	struct live_program *p = s->program;
	const struct trace_news *news = live_program_news(p);
	bool first = s->pause_first && live_program_is_traced(p);
	struct err failure = { 0 };
	s->pause_first = s->pause_first && !first;
	if (first && stepping_pause(s, &failure) != 0 && failure.code != ERR_GONE) {
		if (err)
			*err = failure;
		return -1;
	}
	if (!s->interval_ns || clock_now_ns() < s->next_ns)
		return first;
	live_program_update(p);
	if (news->ended || !news->paused || stepping_stands(s))
		return first;
	s->next_ns = clock_now_ns() + s->interval_ns;
	if (step_once(s, NULL) != 0)
		s->interval_ns = 0;
	return 1;
}

uint64_t stepping_due_ns(const struct stepping *s)
{
	return s->interval_ns && live_program_news(s->program)->paused ? s->next_ns : UINT64_MAX;
}

bool stepping_stands(const struct stepping *s)
{
	const struct trace_news *news = live_program_news(s->program);
	return live_program_has_tracer(s->program) && news->paused && news->stops != s->stops;
}

/* Reads the pages that a call was about, at once, whatever else is due. */
static void read_call_pages(struct watch *watch, struct schedule *schedule, struct sink *sink,
			    const struct event_call *call)
{
	const struct process *process = watch_process(watch);
	struct err failure = { 0 };
	uint64_t done;
	schedule_want_pass(schedule);
	if (!process || call->start == call->end)
		return;
	struct page_range range = { space_page(process->space, call->start),
				    space_page(process->space, call->end - 1) + 1 };
	if (schedule_ranges(schedule, sink, &range, 1, CALL_BUDGET_NS, &done, &failure) < 0)
		schedule_want_maps(schedule);
}

bool stepping_take_calls(struct stepping *s)
{
	step_calls_fini(&s->calls);
	s->calls = live_program_take_calls(s->program);
	return s->calls.count > 0;
}

void stepping_send_calls(struct stepping *s, struct watch *watch, struct code_names *names, struct sink *sink)
{
	for (size_t i = 0; i < s->calls.count; i++) {
		const struct step_call *call = &s->calls.list[i];
		struct event e = { .type = EVENT_CALL, .pid = watch->pid, .call = call->call };
		e.stack = (struct event_stack){ call->ips, call->count, call->end, call->deduced };
		if (e.stack.count)
			code_names_want(names, sink, &e);
		watch_send(watch, sink, &e);
	}
}

void stepping_read_calls(struct stepping *s, struct watch *watch, struct schedule *schedule,
			 struct sink *sink)
{
	for (size_t i = 0; i < s->calls.count; i++)
		read_call_pages(watch, schedule, sink, &s->calls.list[i].call);
	step_calls_fini(&s->calls);
}

void stepping_send_stop(struct stepping *s, struct watch *watch, struct sink *sink)
{
	const struct trace_news *news = live_program_news(s->program);
	struct event e = { .type = EVENT_STOP, .stop = { news->why, news->who, news->address } };
	s->stops = news->stops;
	watch_send(watch, sink, &e);
}

void stepping_send_exit(struct stepping *s, struct watch *watch, struct sink *sink)
{
	struct event e = { .type = EVENT_STOP, .stop = { STOP_EXIT, watch->pid, 0 } };
	if (s->exit_shown)
		return;
	s->exit_shown = true;
	watch_send(watch, sink, &e);
}

bool stepping_waits_at_exit(const struct stepping *s)
{
	return s->exit_shown && !s->exit_let && live_program_news(s->program)->hold == TRACEE_AT_EXIT;
}

bool stepping_has_let_exit(const struct stepping *s)
{
	return s->exit_let;
}

bool stepping_let_exit(struct stepping *s)
{
	if (!stepping_waits_at_exit(s))
		return false;
	s->exit_let = true;
	return true;
}
