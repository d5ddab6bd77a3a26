#include "live/exec_reader.h"

#include <string.h>

#include "base/clock.h"
#include "live/code_names.h"

#define FIRST_TRIES 5
#define NAMES_NS (10 * CLOCK_MS) /* how long an exec waits for names of the code of the program before */

void exec_reader_init(struct exec_reader *x, const struct exec_parts *parts)
{
	*x = (struct exec_reader){ .parts = *parts };
}

bool exec_reader_has_executed(const struct exec_reader *x)
{
	return execs_count(&x->execs) > 0;
}

/* `exec_ns`: as in struct status_origin. */
static int send_identity(struct exec_reader *x, struct sink *sink, bool exec, uint64_t exec_ns,
			 struct err *err)
{
	const struct exec_parts *p = &x->parts;
	struct status_origin origin = descent_origin(p->descent, p->program, p->watch, sink, exec, !x->begun);
	origin.exec_ns = exec_ns;
	return live_status_send_identity(p->status, &origin, p->reader, p->watch, sink, err);
}

int exec_reader_identify(struct exec_reader *x, struct sink *sink, bool became, struct err *err)
{
	return send_identity(x, sink, became, 0, err);
}

/* Did it become another program just now? Then the memory that was opened is gone, but the process is not. One that
 * ends has no memory any more for a while before it is a zombie. */
static bool has_executed(struct exec_reader *x, const struct err *failure)
{
	struct process_stat now;
	if (failure->code != ERR_GONE || reader_stat(x->parts.reader, &now, NULL) != 0 ||
	    strchr("ZX", now.counters.state) || !now.vsize)
		return false;
	live_picture_forget(x->parts.picture);
	return true;
}

/* Has this exec been sent already? Yes, if the rings have reported no more execs than were sent. If it came before the
 * process's rings were opened, the elder's had it. */
static bool is_sent(const struct exec_reader *x, struct sink *sink, bool became)
{
	unsigned sent = execs_unreported(&x->execs);
	return (became || sent) && fault_reader_is_on(x->parts.faults) &&
	       fault_reader_count_execs(x->parts.faults, sink) <= sent;
}

/* Sends who it has become, unless that has been sent. */
static int identify_again(struct exec_reader *x, struct sink *sink, bool became, struct err *err)
{
	if (is_sent(x, sink, became))
		return 0;
	execs_sent(&x->execs);
	return send_identity(x, sink, true, 0, err);
}

int exec_reader_take_first(struct exec_reader *x, struct sink *sink, bool became, struct err *err)
{
	struct err failure = { 0 };
	int taken = live_picture_take(x->parts.picture, sink, &failure);
	for (int i = 0; taken < 0 && i < FIRST_TRIES && has_executed(x, &failure); i++) {
		failure = (struct err){ 0 };
		if (identify_again(x, sink, became, &failure) == 0)
			taken = live_picture_take(x->parts.picture, sink, &failure);
	}
	if (taken < 0 && err)
		*err = failure;
	return taken;
}

void exec_reader_begin(struct exec_reader *x)
{
	x->begun = true;
	execs_catch_up(&x->execs, live_program_news(x->parts.program)->execs);
	if (live_program_is_traced(x->parts.program))
		execs_traced(&x->execs);
}

/* Does the tracer stop it at each exec? */
static bool has_stops(const struct live_program *p)
{
	return live_program_is_traced(p) || live_program_news(p)->stepping;
}

/* When reports are looked through. */
enum when {
	WHILE_IT_RUNS,
	AT_AN_EXEC, /* before the new program's picture */
	AT_ITS_END, /* the tracer stops at no further exec */
};

/* Finds the execs that only the rings have reported, after the faults that wait behind others. Returns how many. */
static size_t find_reported(struct exec_reader *x, struct sink *sink, enum when when,
			    const struct fault_task **reports)
{
	const struct exec_parts *p = &x->parts;
	bool stops = when != AT_ITS_END && has_stops(p->program);
	for (;;) {
		size_t count = fault_reader_execs(p->faults, reports);
		size_t fresh = stops ? count - execs_settled(&x->execs, *reports, count)
				     : execs_reported(&x->execs, reports, count);
		if (fresh == count)
			return stops ? 0 : fresh;
		fault_reader_pass(p->faults, count - fresh);
		if (when == AT_AN_EXEC && !fresh)
			fault_reader_take_all(p->faults, sink);
		else
			fault_reader_take(p->faults, sink, when == WHILE_IT_RUNS);
	}
}

/* Sends what the first `count` reported execs made of it, as far as it is known: their names; and the faults after each. */
static void send_names(struct exec_reader *x, struct sink *sink, size_t count)
{
	const struct exec_parts *p = &x->parts;
	const struct fault_task *reports;
	for (; count && fault_reader_execs(p->faults, &reports); count--) {
		struct status_origin origin =
		    descent_origin(p->descent, p->program, p->watch, sink, true, false);
		origin.exec_ns = reports[0].time_ns;
		live_status_send_name(&origin, reports[0].name, p->watch, sink);
		fault_reader_pass(p->faults, 1);
		fault_reader_take(p->faults, sink, false);
	}
}

/* Has it become yet another program by the time that its memory was opened, whose memory that then is? */
static bool has_gone_on(struct exec_reader *x, struct sink *sink, size_t reports)
{
	const struct exec_parts *p = &x->parts;
	return !has_stops(p->program) &&
	       fault_reader_count_execs(p->faults, sink) > reports + execs_unreported(&x->execs);
}

/* Sends the faults since the exec, `reports` of which have been reported: most are the kernel's, which writes to the new
 * memory before the program runs. False: it has become yet another program, whose exec is still to be sent. */
static bool take_since(struct exec_reader *x, struct sink *sink, size_t reports)
{
	const struct exec_parts *p = &x->parts;
	const struct fault_task *rest;
	struct counters_change change;
	/* where the new program's stack begins */
	counters_read(live_picture_counters(p->picture), p->watch, p->reader, &change, NULL);
	bool gone = has_gone_on(x, sink, reports);
	fault_reader_pass(p->faults, reports);
	if (gone)
		fault_reader_take(p->faults, sink, false);
	else
		fault_reader_take_all(p->faults, sink);
	return !find_reported(x, sink, AT_AN_EXEC, &rest);
}

/* Takes the new program, whose exec was reported so many times, and was at `exec_ns` (0: not known, just now). False: it
 * can no longer be seen. */
static bool take(struct exec_reader *x, struct sink *sink, size_t reports, uint64_t exec_ns)
{
	const struct exec_parts *p = &x->parts;
	struct err failure = { 0 };
	code_names_finish(p->names, sink, NAMES_NS);
	code_names_forget(p->names);
	live_picture_forget(p->picture);
	bool identified = send_identity(x, sink, true, exec_ns, &failure) == 0;
	bool stays = identified && take_since(x, sink, reports);
	if (identified && !stays)
		failure.code = ERR_GONE;
	if (!stays || live_picture_take(p->picture, sink, &failure) < 0)
		live_picture_note_failure(p->picture, sink, &failure);
	execs_catch_up(&x->execs, live_program_news(p->program)->execs);
	watch_note_move(p->watch);
	live_picture_send_threads(p->picture, sink);
	return identified;
}

/* Takes an exec that the tracer stops at; the rings report it too, now or later. */
static void take_traced(struct exec_reader *x, struct sink *sink)
{
	const struct fault_task *reports;
	fault_reader_take(x->parts.faults, sink, false);
	size_t count = fault_reader_execs(x->parts.faults, &reports);
	uint64_t exec_ns = execs_stopped_ns(&x->execs, reports, count);
	execs_traced(&x->execs);
	take(x, sink, 0, exec_ns);
	execs_traced(&x->execs);
}

bool exec_reader_take_held(struct exec_reader *x, struct sink *sink)
{
	enum execs_stop stop = execs_stop(&x->execs, live_program_news(x->parts.program)->execs);
	if (stop == EXECS_STOP_NEW)
		take_traced(x, sink);
	return stop != EXECS_STOP_NONE;
}

void exec_reader_go_on(struct exec_reader *x)
{
	execs_go_on(&x->execs);
}

bool exec_reader_take_reported(struct exec_reader *x, struct sink *sink)
{
	const struct fault_task *reports;
	size_t count = find_reported(x, sink, WHILE_IT_RUNS, &reports);
	if (!count)
		return false;
	send_names(x, sink, count - 1);
	if (fault_reader_execs(x->parts.faults, &reports) && !take(x, sink, 1, reports[0].time_ns))
		send_names(x, sink, 1);
	return true;
}

void exec_reader_take_last(struct exec_reader *x, struct sink *sink)
{
	const struct fault_task *reports;
	for (size_t count; (count = find_reported(x, sink, AT_ITS_END, &reports));)
		send_names(x, sink, count);
}

void exec_reader_take_seen(struct exec_reader *x, struct sink *sink)
{
	struct live_program *p = x->parts.program;
	if (live_program_has_tracer(p) && has_stops(p)) {
		live_program_await_exec(p, execs_count(&x->execs));
		execs_seen(&x->execs, live_program_news(p)->execs);
		take_traced(x, sink);
		return;
	}
	fault_reader_take(x->parts.faults, sink, false);
	if (exec_reader_take_reported(x, sink))
		return;
	execs_sent(&x->execs);
	take(x, sink, 0, 0);
}
