/* A call is cut to what a header has room for; all of it is in the message below and in the
 * list of events. */
#include "render/stop.h"

#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/i18n.h"

#define ARGS_SHOWN 2 /* "mmap(NULL, 8192, ...) = 0x7f1200000000" */
#define SMALL 4096   /* results below are no addresses */

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

/* Is it a fatal fault, so that the thread stands before its signal? */
static const struct event_fault *fatal_at(const struct process *p)
{
	const struct fault_entry *last = p->faults.end ? fault_log_at(&p->faults, p->faults.end - 1) : NULL;

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
			strbuf_printf(out, _("paused at a fault of thread %d"), (int)p->stop.tid);
	} else if (p->stop.known && p->stop.why == STOP_CALL && entry) {
		struct strbuf call = { 0 };
		call_print(&call, &entry->call, ARGS_SHOWN);
		print_result(&call, &entry->call);
		strbuf_printf(out, _("paused at %s"), call.text);
		strbuf_fini(&call);
	} else if (p->stop.known && p->stop.why == STOP_EXEC) {
		strbuf_puts(out, _("paused before its first instruction"));
	} else {
		strbuf_puts(out, _("paused"));
	}
}
