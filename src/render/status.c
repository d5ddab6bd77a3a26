#include "render/status.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "base/i18n.h"
#include "render/canvas.h"

static const char *signal_name(int number, char buf[static 16])
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{ SIGHUP, "SIGHUP" },   { SIGINT, "SIGINT" },   { SIGQUIT, "SIGQUIT" },
		{ SIGILL, "SIGILL" },   { SIGTRAP, "SIGTRAP" }, { SIGABRT, "SIGABRT" },
		{ SIGBUS, "SIGBUS" },   { SIGFPE, "SIGFPE" },   { SIGKILL, "SIGKILL" },
		{ SIGUSR1, "SIGUSR1" }, { SIGSEGV, "SIGSEGV" }, { SIGUSR2, "SIGUSR2" },
		{ SIGPIPE, "SIGPIPE" }, { SIGALRM, "SIGALRM" }, { SIGTERM, "SIGTERM" },
		{ SIGXCPU, "SIGXCPU" }, { SIGXFSZ, "SIGXFSZ" }, { SIGSYS, "SIGSYS" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].number == number)
			return names[i].name;
	snprintf(buf, 16, _("signal %d"), number);
	return buf;
}

/* With the touch that the signal was the answer to: the last thing that was told of its memory. */
static void print_killed(const struct process *p, char *text, size_t size)
{
	const struct fault_entry *last =
	    p->faults.end > p->faults.begin ? fault_log_at(&p->faults, p->faults.end - 1) : NULL;
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
