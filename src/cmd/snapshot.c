/* snapshot: one look at a running process, no screen. */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/look.h"
#include "cmd/subcommand.h"
#include "export/snapshot.h"

/* Lines are cut to the terminal's width, and not at all elsewhere. */
static int output_columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static size_t read_frames(void *context, uint64_t first, uint64_t *frames, size_t n)
{
	return reader_frames(context, first, frames, n);
}

/* Prints the process, with frame numbers from `reader` where that is not NULL. */
static void print(const struct process *process, const struct options *options, struct reader *reader)
{
	struct snapshot_options how = {
		.pages = options->pages,
		.frames = reader ? read_frames : NULL,
		.frames_context = reader,
		.columns = output_columns(),
		.ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
	};
	char time[32];

	if (options->json)
		snapshot_print_json(stdout, process, clock_wall_iso(time), &how);
	else
		snapshot_print_table(stdout, process, &how);
}

/* Frame numbers that are not told are an error, where they were asked for. */
static int check_frames(const struct reader *reader, struct err *err)
{
	const char *why;

	if (reader_source(reader, SOURCE_FRAMES, &why))
		return 0;
	return err_set(err, ERR_DENIED, _("frame numbers cannot be read: %s"), why);
}

static int run_snapshot(const struct options *options, struct err *err)
{
	struct reader_options how = options->reader;
	struct reader *reader;
	struct world *world;
	int result;

	if (!options->pid)
		return err_set(err, ERR_USAGE, _("snapshot needs -p PID (see pagescape snapshot --help)"));
	how.flags = options->pages;
	reader = reader_open(options->pid, &how, err);
	if (!reader)
		return -1;
	world = world_create();
	result = look_at(reader, options->pid, world, err);
	if (result == 0 && options->frames)
		result = check_frames(reader, err);
	if (result == 0)
		print(world_find(world, options->pid), options, options->frames ? reader : NULL);
	world_destroy(world);
	reader_close(reader);
	return result;
}

static const char *const usage[] = {N_("snapshot -p PID [OPTION ...]"), NULL};

const struct subcommand subcommand_snapshot = {
	.name = "snapshot",
	.bit = COMMAND_SNAPSHOT,
	.usage = usage,
	.help = N_("Prints one look at a running process: its regions, and what of them is really in\n"
		   "memory. The process is not stopped."),
	.run = run_snapshot,
};
