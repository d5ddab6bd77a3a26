/* From options to a live source and a session writer. */
#include "cmd/start.h"

#include <unistd.h>

#include "live/family.h"

#define LAUNCH_ROWS 24 /* until the screen says how large the output panel is */
#define LAUNCH_COLUMNS 80

struct source *start_watching(const struct options *options, char **program, int32_t *pid,
			      struct world *world, struct err *err)
{
	struct live_options live;

	live_options_init(&live);
	live.reader = options->reader;
	live.interval_ns = options->screen.interval_ns;
	/* lines do not show who touched a page */
	live.faults = isatty(STDOUT_FILENO) || options->output;
	live.stacks = true;
	live.paused = options->paused && isatty(STDOUT_FILENO); /* else no one is there to let it go on */
	return start_watching_with(options, &live, program, pid, world, err);
}

struct source *start_watching_with(const struct options *options, const struct live_options *live,
				   char **program, int32_t *pid, struct world *world, struct err *err)
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
