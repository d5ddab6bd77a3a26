/* From options to a live source and a session writer. */
#include "cmd/start.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "live/family.h"

#define LAUNCH_ROWS 24 /* until the screen says how large the output panel is */
#define LAUNCH_COLUMNS 80

/* A job in the background must not read from the terminal: the shell does. */
static bool in_background(int fd)
{
	return isatty(fd) && tcgetpgrp(fd) != getpgrp();
}

void start_options(const struct options *options, bool screen, struct live_options *live)
{
	live_options_init(live);
	live->reader = options->reader;
	live->interval_ns = options->screen.interval_ns;
	live->sample = options->sample;
	live->own_input = !screen && fcntl(STDIN_FILENO, F_GETFD) >= 0 && !in_background(STDIN_FILENO);
}

int start_check_screen(const struct options *options, struct err *err)
{
	if (!options_given(options, "do") || isatty(STDOUT_FILENO))
		return 0;
	return err_set(err, ERR_USAGE, "%s",
		       _("--do is for the screen, and standard output is not a terminal"));
}

struct source *start_watching(const struct options *options, const struct live_options *live, char **program,
			      int32_t *pid, struct world *world, struct err *err)
{
	if (!program)
		return options->follow ? family_attach(pid, live, world, err)
				       : live_attach(pid, live, world, err);
	if (options->follow)
		return family_launch(program, LAUNCH_ROWS, LAUNCH_COLUMNS, live, world, pid, err);
	return live_launch(program, LAUNCH_ROWS, LAUNCH_COLUMNS, live, world, pid, err);
}

struct session_writer *start_recording(const struct options *options, const struct world *world,
				       struct err *err)
{
	struct session_writer_options how = {
		.force = options->force,
		.page_shift = (unsigned)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE)),
		.world = world,
	};

	return session_writer_create(options->output, &how, err);
}
