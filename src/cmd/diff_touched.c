#include "cmd/diff_touched.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cmd/operand.h"
#include "export/touched_report.h"
#include "store/session.h"

/* One of the two: a sink that comes before the world. */
struct touched_run {
	struct sink sink;
	struct world *world;
	struct touched touched;
	char *shown;
	uint64_t faults;
	bool broken; /* damaged, which was reported */
};

static void take(struct sink *sink, const struct event *e)
{
	struct touched_run *run = (struct touched_run *)sink;

	run->faults += e->type == EVENT_FAULT && (!run->touched.pid || run->touched.pid == e->pid);
	touched_take(&run->touched, run->world, e);
}

/* Plays all of it. Of a damaged session the valid part counts, which is reported on standard error. */
static void play(struct touched_run *run, struct session *session, struct err *err)
{
	struct pollfd fd = { .fd = session_fd(session), .events = POLLIN };
	enum session_result result;
	struct fanout fanout;
	struct event e;

	session_watch_world(session, run->world);
	fanout_init(&fanout, &run->world->sink);
	fanout_add(&fanout, &run->sink);
	while ((result = session_next(session, &e, err)) == SESSION_EVENT || result == SESSION_WAIT) {
		if (result == SESSION_WAIT && poll(&fd, 1, -1) < 0)
			break;
		if (result == SESSION_EVENT)
			sink_send(&fanout.sink, &e);
	}
	run->broken = result == SESSION_BROKEN;
	if (run->broken)
		fprintf(stderr, "pagescape: %s\n", err->text);
}

static int open_run(struct touched_run *run, const char *operand, const struct options *options,
		    struct err *err)
{
	struct operand_parts parts;
	struct session *session;
	int result = 0;

	*run = (struct touched_run){ .sink = { .before = take }, .world = world_create() };
	run->shown = text_printable_dup(operand, strlen(operand));
	run->touched.own = options->screen.own;
	if (text_begins(operand, "pid:"))
		return err_set(err, ERR_USAGE, _("--touched compares recorded runs, not a live process: %s"),
			       run->shown);
	parts = operand_take_apart(operand);
	if (parts.at_ns != UINT64_MAX)
		result = err_set(err, ERR_USAGE, _("--touched takes a whole run, not a moment of it: %s"),
				 run->shown);
	else if (operand_is_snapshot(parts.path, err) != 0)
		result = err->code ? -1
				   : err_set(err, ERR_USAGE,
					     _("a snapshot does not say what was touched: %s"), run->shown);
	run->touched.pid = parts.pid;
	session = result == 0 ? session_open(parts.path, err) : NULL;
	free(parts.path);
	if (!session)
		return -1;
	play(run, session, err);
	session_close(session);
	*err = (struct err){ 0 };
	if (run->faults)
		return 0;
	return err_set(err, ERR_UNSUPPORTED,
		       _("no page fault was recorded%s in %s: what it touched is not known"),
		       run->touched.pid ? _(" of that process") : "", run->shown);
}

static void fini_run(struct touched_run *run)
{
	touched_fini(&run->touched);
	world_destroy(run->world);
	free(run->shown);
}

static int report(const struct touched_run *a, const struct touched_run *b, const struct options *options,
		  struct err *err)
{
	struct touched_side side_a = { a->shown, &a->touched }, side_b = { b->shown, &b->touched };
	bool differ;

	if (a->touched.page_size != b->touched.page_size)
		return err_set(err, ERR_UNSUPPORTED, "%s", _("pages of different sizes cannot be compared"));
	differ = (options->output.json ? touched_report_json : touched_report_text)(stdout, &side_a, &side_b,
										    options->output.pages);
	return (options->diff.exit_code && differ) || a->broken || b->broken ? 1 : 0;
}

int diff_touched(const struct options *options, struct err *err)
{
	struct touched_run a = { 0 }, b = { 0 };
	int result = open_run(&a, options->input.operands[0], options, err);

	if (result == 0)
		result = open_run(&b, options->input.operands[1], options, err);
	if (result == 0)
		result = report(&a, &b, options, err);
	fini_run(&a);
	fini_run(&b);
	return result;
}
