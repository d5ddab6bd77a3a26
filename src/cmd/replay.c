/* replay: a recorded session on the screen. Without a terminal on standard output, prints all its lines, and
 * for a session that is still being recorded also those to come. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/path.h"
#include "cmd/loop.h"
#include "cmd/options.h"
#include "cmd/start.h"
#include "cmd/subcommand.h"
#include "export/lines.h"
#include "store/replay.h"

#define GROWTH_INTERVAL_MS 100 /* between looks at whether a file has grown */

/* Returns 0, -1 with err, or the number of the signal that ended it. */
static int show(const struct options *options, struct session *session, struct spool *spool,
		struct world *world, struct err *err)
{
	struct source *source =
	    replay_create(session, world, spool ? NULL : options->input.operands[0], spool);
	int result = source->ops->sweep(source, &world->sink, err);

	if (result == 0)
		result = ui_run(source, world, NULL, world->processes[0]->pid, &options->screen, err);
	source->ops->destroy(source);
	return result;
}

/* Standard input is the session: takes keys from the terminal itself. */
static int take_keys_from_terminal(struct err *err)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
		return err_system(err, errno, _("there is no terminal to read keys from"));
	close(fd);
	return 0;
}

static bool is_file(int fd)
{
	struct stat status;

	return fstat(fd, &status) < 0 || S_ISREG(status.st_mode);
}

/* What is not a regular file is copied to one that grows. *spool stays NULL where that is not needed. */
static int open_spool(const char *path, struct spool **spool, struct err *err)
{
	bool standard = path_is_standard(path);
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int result = 0;

	if (fd < 0)
		return 0; /* opening the session reports why */
	if (!is_file(fd) || standard) {
		*spool = spool_create(fd, err);
		result = *spool ? 0 : -1;
	}
	if (!standard)
		close(fd);
	return result == 0 && standard ? take_keys_from_terminal(err) : result;
}

static int show_session(const struct options *options, struct err *err)
{
	struct world *world = world_create();
	struct session *session = NULL;
	struct spool *spool = NULL;
	int result = -1;

	if (open_spool(options->input.operands[0], &spool, err) == 0)
		session = session_open(spool ? spool_path(spool) : options->input.operands[0], err);
	if (session)
		result = show(options, session, spool, world, err);
	session_close(session);
	spool_destroy(spool);
	world_destroy(world);
	if (result > 0)
		loop_die_of(result);
	return result < 0 ? -1 : 0;
}

/* Waits until there may be more to read. False: nothing reads our output any more. */
static bool wait_for_more(const struct session *session, bool is_file)
{
	struct pollfd fds[] = { { .fd = STDOUT_FILENO },
				{ .fd = is_file ? -1 : session_fd(session), .events = POLLIN } };

	if (fflush(stdout) || ferror(stdout))
		return false;
	return poll(fds, 2, is_file ? GROWTH_INTERVAL_MS : -1) >= 0 && !(fds[0].revents & POLLERR);
}

static int print_lines(struct session *session, struct world *world, struct err *err)
{
	bool is_file = session_wait_for_more(session);
	enum session_result result;
	struct lines lines;
	struct fanout fanout;
	struct event e;

	lines_init(&lines, stdout, world);
	fanout_init(&fanout, &world->sink);
	fanout_add(&fanout, &lines.sink);
	session_watch_world(session, world);
	while ((result = session_next(session, &e, err)) == SESSION_EVENT || result == SESSION_WAIT) {
		if (result == SESSION_EVENT)
			sink_send(&fanout.sink, &e);
		else if (!wait_for_more(session, is_file))
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

	if (!options->input.operands[0])
		return err_set(err, ERR_USAGE, _("replay needs a SESSION (see pagescape replay --help)"));
	if (start_check_screen(options, err) < 0)
		return -1;
	if (isatty(STDOUT_FILENO))
		return show_session(options, err);
	session = session_open(options->input.operands[0], err);
	if (!session)
		return -1;
	world = world_create();
	result = print_lines(session, world, err);
	world_destroy(world);
	session_close(session);
	return result;
}

static const char *const usage[] = { N_("replay [OPTION ...] SESSION"), NULL };

static const enum option_id taken[] = { OPTION_THEME, OPTION_OWN,      OPTION_ASCII,
					OPTION_DO,    OPTION_NO_MOUSE, OPTION_IDS };

const struct subcommand subcommand_replay = {
	.name = "replay",
	.usage = usage,
	.example = "pagescape replay python.pgs",
	.options = taken,
	.operands = 1,
	.help = N_("Shows a recorded session on the screen, back and forth in time; - is standard\n"
		   "input. A session that is still being recorded is followed. Without a terminal on\n"
		   "standard output, it prints a line for each change."),
	.interactive = true,
	.run = run_replay,
};
