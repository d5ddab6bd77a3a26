/* replay: the screen on a recorded session. Without a terminal on standard output all its
 * lines at once. */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/screen.h"
#include "cmd/subcommand.h"
#include "export/lines.h"
#include "store/replay.h"

static int show(const struct options *options, struct session *session, struct world *world, struct err *err)
{
	struct ui_options screen = screen_options(options);
	struct source *source = replay_create(session, world);
	int result = source->ops->sweep(source, &world->sink, err);

	if (result == 0)
		result = ui_run(source, world, NULL, world->processes[0]->pid, &screen, err);
	source->ops->destroy(source);
	return result < 0 ? -1 : 0;
}

static int print_lines(struct session *session, struct world *world, struct err *err)
{
	struct pollfd fd = {.fd = session_fd(session), .events = POLLIN};
	enum session_result result;
	struct lines lines;
	struct event e;

	lines_init(&lines, stdout, world);
	while ((result = session_next(session, &e, err)) == SESSION_EVENT || result == SESSION_WAIT) {
		if (result == SESSION_EVENT)
			lines.sink.take(&lines.sink, &e);
		else if (fflush(stdout) || ferror(stdout) || poll(&fd, 1, -1) < 0)
			break;
	}
	lines_fini(&lines);
	return result == SESSION_BROKEN ? -1 : 0;
}

static int run_replay(const struct options *options, struct err *err)
{
	struct session *session;
	struct world *world;
	int result;

	if (!options->session)
		return err_set(err, ERR_USAGE, _("replay needs a SESSION (see pagescape replay --help)"));
	session = session_open(options->session, err);
	if (!session)
		return -1;
	world = world_create();
	result =
	    isatty(STDOUT_FILENO) ? show(options, session, world, err) : print_lines(session, world, err);
	world_destroy(world);
	session_close(session);
	return result;
}

static const char *const usage[] = {N_("replay [OPTION ...] SESSION"), NULL};

const struct subcommand subcommand_replay = {
    .name = "replay",
    .bit = COMMAND_REPLAY,
    .operand = OPERAND_SESSION,
    .usage = usage,
    .help = N_("Shows a recorded session on the screen, as fast as it was. Without a terminal on\n"
	       "standard output, prints a line per change."),
    .run = run_replay,
};
