/* snapshot: one look at a running process, no screen. The look is the live source's first
 * sweep, so that it says what the screen would say. */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/subcommand.h"
#include "export/snapshot.h"
#include "target/live.h"

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
static struct reader *open_frames(int32_t pid, const struct reader_options *how, struct err *err)
{
	struct reader *reader = reader_open(pid, how, err);
	const char *why;

	if (!reader || reader_source(reader, SOURCE_FRAMES, &why))
		return reader;
	err_set(err, ERR_DENIED, _("frame numbers cannot be read: %s"), why);
	reader_close(reader);
	return NULL;
}

static int print_with_frames(const struct process *process, const struct options *options, struct err *err)
{
	struct reader *reader = open_frames(process->pid, &options->reader, err);

	if (!reader)
		return -1;
	print(process, options, reader);
	reader_close(reader);
	return 0;
}

static int look(struct source *source, struct world *world, const struct options *options, struct err *err)
{
	if (source->ops->sweep(source, &world->sink, err) < 0)
		return -1;
	if (options->frames)
		return print_with_frames(world->processes[0], options, err);
	print(world->processes[0], options, NULL);
	return 0;
}

static int run_snapshot(const struct options *options, struct err *err)
{
	int32_t pid = options->pid;
	struct live_options live;
	struct source *source;
	struct world *world;
	int result = -1;

	if (!options->pid)
		return err_set(err, ERR_USAGE, _("snapshot needs -p PID (see pagescape snapshot --help)"));
	live_options_init(&live);
	live.reader = options->reader;
	live.reader.flags = options->pages;
	world = world_create();
	source = live_attach(&pid, &live, world, err);
	if (source) {
		result = look(source, world, options, err);
		source->ops->destroy(source);
	}
	world_destroy(world);
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
