/* The status of a process, and why it is paused, in a few words: a call is cut to what a header has room for;
 * all of it is in the message below and in the list of events. */
#include "render/status.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/i18n.h"
#include "base/signal_name.h"
#include "render/canvas.h"

/* With the access that the signal answered: the last thing known about its memory. */
static void print_killed(const struct process *p, char *text, size_t size)
{
	const struct fault_entry *last = p->faults.log.end > p->faults.log.begin
					     ? fault_log_at(&p->faults.log, p->faults.log.end - 1)
					     : NULL;
	char buf[16];
	const char *name = signal_name(p->status_code, buf);

	if (last && fault_is_fatal(last->fault.cause) &&
	    p->status_code == (last->fault.cause == FAULT_NO_PAGE ? SIGBUS : SIGSEGV))
		snprintf(text, size, _("killed by %s at 0x%" PRIx64 " (%s)"), name, last->fault.address,
			 fault_cause_name(last->fault.cause));
	else
		snprintf(text, size, _("killed by %s"), name);
}

struct status status_of(const struct process *p)
{
	struct status s = { 0x25ba, '>', INK_GOOD, "" };
	const char *text = _("running");

	switch (p->status) {
	case PROCESS_RUNNING:
		break;
	case PROCESS_STOPPED:
		s = (struct status){ 0x25a0, '#', INK_WARN, "" };
		text = _("stopped");
		break;
	case PROCESS_PAUSED:
		s = (struct status){ 0x2016, '"', INK_WARN, "" };
		text = _("paused");
		break;
	case PROCESS_ZOMBIE:
		s = (struct status){ 0x25a1, 'z', INK_WARN, "" };
		text = _("zombie");
		break;
	case PROCESS_EXITED:
		s = (struct status){ 0x25cf, '.', p->status_code ? INK_WARN : INK_TEXT, "" };
		snprintf(s.text, sizeof s.text, _("exited %d"), p->status_code);
		return s;
	case PROCESS_KILLED:
		s = (struct status){ 0x2715, 'x', INK_BAD, "" };
		print_killed(p, s.text, sizeof s.text);
		return s;
	case PROCESS_GONE:
		s = (struct status){ 0x25cc, '-', INK_WARN, "" };
		text = _("gone");
		break;
	}
	snprintf(s.text, sizeof s.text, "%s", text);
	return s;
}

#define ARGS_SHOWN 2 /* "mmap(NULL, 8192, ...) = 0x7f1200000000" */
#define SMALL 4096   /* results below this are no addresses */

static void print_result(struct strbuf *out, const struct event_call *call)
{
	const char *name = call->error ? err_name(call->error) : NULL;

	if (call->error && name)
		strbuf_printf(out, " = -1 %s", name);
	else if (call->error)
		strbuf_printf(out, " = -1 (%d)", call->error);
	else if (call->result < SMALL)
		strbuf_printf(out, " = %" PRIu64, call->result);
	else
		strbuf_printf(out, " = 0x%" PRIx64, call->result);
}

void stop_print_call(struct strbuf *out, const struct event_call *call)
{
	call_print(out, call, CALL_ARGS);
	print_result(out, call);
}

/* Is it a fatal fault, with the thread stopped before its signal? */
static const struct event_fault *fatal_at(const struct process *p)
{
	const struct fault_entry *last =
	    p->faults.log.end ? fault_log_at(&p->faults.log, p->faults.log.end - 1) : NULL;

	return last && last->fault.tid == p->stop.tid && fault_is_fatal(last->fault.cause) ? &last->fault
											   : NULL;
}

void stop_print(struct strbuf *out, const struct process *p)
{
	const struct call_entry *entry = p->calls.end ? calls_at(&p->calls, p->calls.end - 1) : NULL;

	if (p->stop.known && p->stop.why == STOP_FAULT && p->stop.tid) {
		const struct event_fault *fatal = fatal_at(p);
		if (fatal)
			strbuf_printf(out,
				      fatal->cause == FAULT_NO_PAGE
					  ? _("paused before SIGBUS for thread %d")
					  : _("paused before SIGSEGV for thread %d"),
				      (int)p->stop.tid);
		else
			strbuf_printf(out, _("paused at a fault in thread %d"), (int)p->stop.tid);
	} else if (p->stop.known && p->stop.why == STOP_CALL && entry) {
		struct strbuf call = { 0 };
		call_print(&call, &entry->call, ARGS_SHOWN);
		print_result(&call, &entry->call);
		strbuf_printf(out, _("paused at %s"), call.text);
		strbuf_fini(&call);
	} else if (p->stop.known && p->stop.why == STOP_EXEC) {
		strbuf_puts(out, _("paused before its first instruction"));
	} else if (p->stop.known && p->stop.why == STOP_EXIT) {
		strbuf_puts(out, _("paused at its end"));
	} else if (p->stop.known && p->stop.why == STOP_CODE) {
		strbuf_puts(out, _("paused at the line it was to stop at"));
	} else {
		strbuf_puts(out, _("paused"));
	}
}
