/* snapshot: prints a running process, or a moment of a session. A running one is read by the first sweep
 * of the live source, so that it shows what the screen would show. */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/draw_live.h"
#include "cmd/option_rows.h"
#include "cmd/options.h"
#include "cmd/operand.h"
#include "cmd/start.h"
#include "cmd/subcommand.h"
#include "draw/drawing.h"
#include "export/json.h"
#include "export/sharing_report.h"
#include "export/snapshot_json.h"
#include "export/snapshot_table.h"
#include "store/session.h"

#define SHARING_ROWS 20 /* of the table */

/* Lines are cut only on a terminal, to its width. */
static int output_columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static size_t read_frames(void *context, uint64_t first, uint64_t *frames, size_t n)
{
	return reader_frames(context, first, frames, n);
}

/* What is read in addition to the sweep. */
struct more {
	struct reader *reader; /* NULL: nothing was */
	struct region_sums *sums;
	size_t sums_count;
	struct err sums_err; /* its code: could they not be read? */
};

/* Frame numbers were requested: not being able to read them is an error. */
static int check_frames(const struct more *more, struct err *err)
{
	const struct err *failure = reader_source(more->reader, SOURCE_FRAMES);

	if (!failure->code)
		return 0;
	return err_set(err, failure->code, _("frame numbers cannot be read: %s"), failure->text);
}

/* If there are no sums, the reason is printed. */
static void read_sums(struct more *more)
{
	const struct err *failure = reader_source(more->reader, SOURCE_SMAPS);

	more->sums_err = *failure;
	if (!failure->code)
		reader_smaps(more->reader, &more->sums, &more->sums_count, &more->sums_err);
}

static int more_read(struct more *more, int32_t pid, const struct options *options, struct err *err)
{
	if (!options->snapshot.frames && !options->snapshot.smaps)
		return 0;
	more->reader = reader_open(pid, &options->reader, err);
	if (!more->reader || (options->snapshot.frames && check_frames(more, err) < 0))
		return -1;
	if (options->snapshot.smaps)
		read_sums(more);
	return 0;
}

static void more_fini(struct more *more)
{
	reader_close(more->reader);
	free(more->sums);
}

/* Prints the process as it was at `time`. */
static void print(const struct process *process, const struct options *options, const char *time,
		  const struct more *more)
{
	struct snapshot_options how = {
		.pages = options->output.pages || options->snapshot.frames,
		.frames = options->snapshot.frames ? read_frames : NULL,
		.frames_context = more->reader,
		.smaps = options->snapshot.smaps,
		.sums = more->sums,
		.sums_count = more->sums_count,
		.sums_err = more->sums_err,
		.columns = output_columns(),
		.ascii = options_ascii(options),
	};

	if (options->output.json)
		snapshot_print_json(stdout, process, time, &how);
	else
		snapshot_print_table(stdout, process, &how);
}

/* With what is read in addition to the sweep. */
static int print_live(const struct process *process, const struct options *options, const char *time,
		      struct err *err)
{
	struct more more = { 0 };
	int result = more_read(&more, process->pid, options, err);

	if (result == 0)
		print(process, options, time, &more);
	more_fini(&more);
	return result;
}

/* Prints which processes share what. */
static void print_sharing(const struct world *world, struct source *source, bool json)
{
	struct sharing sharing;
	struct err failure = { 0 };
	json_t *object = json ? json_object() : NULL;

	sharing_take(&sharing, world, source, 0, &failure);
	if (object) {
		json_object_set_new(object, "sharing", sharing_json(&sharing, &failure));
		fputs(", ", stdout);
		json_print(stdout, object, JSON_EMBED);
	} else {
		fputc('\n', stdout);
		sharing_print(stdout, &sharing, &failure, SHARING_ROWS);
	}
	sharing_fini(&sharing);
}

/* Several processes are separate snapshots, followed by what they share. */
static int print_several(const struct world *world, struct source *source, const struct left_out *left_out,
			 const struct options *options, const char *time, struct err *err)
{
	int result = 0;

	if (options->output.json) {
		printf("{\"schema\": \"pagescape.snapshots/1\", \"time\": \"%s\", ", time);
		left_out_print_json(stdout, left_out);
		fputs(", \"processes\": [\n", stdout);
	}
	for (size_t i = 0; i < world->count && result == 0; i++) {
		if (i)
			fputs(options->output.json ? "," : "\n", stdout);
		result = print_live(world->processes[i], options, time, err);
	}
	if (options->output.json)
		fputs("]", stdout);
	print_sharing(world, source, options->output.json);
	if (options->output.json)
		fputs("}\n", stdout);
	return result;
}

static int show(struct source *source, struct world *world, const struct left_out *left_out,
		const struct options *options, struct err *err)
{
	char time[32];

	if (source->ops->sweep(source, &world->sink, err) < 0)
		return -1;
	if (options->picture.file)
		return draw_live(source, world, options, err);
	clock_wall_iso(time);
	return options_several(options) ? print_several(world, source, left_out, options, time, err)
					: print_live(world->processes[0], options, time, err);
}

static int snapshot_session(const struct options *options, struct err *err)
{
	struct more nothing = { 0 };
	struct err failure = { 0 };
	struct session *session;
	struct world *world;
	char time[32];
	int result = -1;

	if (options->snapshot.frames)
		return err_set(err, ERR_USAGE, _("frame numbers are not in a session"));
	if (options->snapshot.smaps)
		return err_set(err, ERR_USAGE, _("the kernel's own sums are not in a session"));
	session = session_open(options->input.operands[0], err);
	if (!session)
		return -1;
	world = operand_session_world(session, options->time.at_ns, &failure, err);
	if (world->count) {
		clock_iso(time, session_info(session)->wall_ns + world->now_ns);
		print(world->processes[0], options, time, &nothing);
		result = operand_result(&failure, 0);
	}
	world_destroy(world);
	session_close(session);
	return result;
}

/* Options that only a picture has, and those that it does not have. */
static int check_picture(const struct options *options, struct err *err)
{
	static const enum option_id of_picture[] = { OPTION_VIEW, OPTION_SIZE,  OPTION_THEME,
						     OPTION_DO,   OPTION_FORCE, OPTION_IDS },
				    of_text[] = { OPTION_JSON, OPTION_PAGES, OPTION_FRAMES, OPTION_SMAPS,
						  OPTION_IDS };
	enum option_id stray = options_first_given(options, options->picture.file ? of_text : of_picture);
	const struct export_view_traits *view = export_view_traits(options->picture.view);

	if (stray != OPTION_IDS)
		return err_set(err, ERR_USAGE,
			       options->picture.file ? _("--picture and --%s are mutually exclusive")
						     : _("--%s needs --picture FILE"),
			       option_name(stray));
	if (!view->of_moment)
		return err_set(err, ERR_USAGE, _("--view %s needs a session: pagescape export png SESSION"),
			       view->name);
	if (!view->of_cells && options_given(options, OPTION_DO))
		return err_set(err, ERR_USAGE, _("--%s needs --view screen"), "do");
	if (options->picture.file && draw_format_of_file(options->picture.file) < 0)
		return err_set(err, ERR_USAGE, "%s", _("a picture's name ends with .svg, .png or .pdf"));
	if (options->picture.file && options->input.operands[0])
		return err_set(err, ERR_USAGE, "%s",
			       _("--picture needs -p PID; of a session: pagescape export png SESSION"));
	return 0;
}

static int run_snapshot(const struct options *options, struct err *err)
{
	struct watched watched = { .pid = options->input.pid };
	struct live_options live;
	struct source *source;
	struct world *world;
	int result = -1;

	if (options->input.operands[0] && options_running(options))
		return err_set(err, ERR_USAGE, _("-p PID or a SESSION, not both: %s"),
			       options->input.operands[0]);
	if (check_picture(options, err) < 0)
		return -1;
	if (options->input.operands[0])
		return snapshot_session(options, err);
	if (!options_running(options))
		return err_set(err, ERR_USAGE,
			       _("snapshot needs -p PID or a SESSION (see pagescape snapshot --help)"));
	if (options_given(options, OPTION_AT))
		return err_set(err, ERR_USAGE, _("--at needs a SESSION"));
	live_options_init(&live);
	live.reader = options->reader;
	live.reader.flags = options->output.pages || options->snapshot.frames || options_several(options);
	world = world_create();
	source = start_watching(options, &live, &watched, world, err);
	if (source) {
		result = show(source, world, &watched.left_out, options, err);
		source->ops->destroy(source);
	}
	watched_fini(&watched);
	world_destroy(world);
	return result;
}

static const char *const usage[] = { N_("snapshot -p PID[,PID ...] [OPTION ...]"),
				     N_("snapshot SESSION [--at SECONDS] [OPTION ...]"), NULL };

static const enum option_id taken[] = { OPTION_PID,       OPTION_CGROUP,  OPTION_NAME,  OPTION_AT,
					OPTION_ASCII,     OPTION_JSON,    OPTION_PAGES, OPTION_FRAMES,
					OPTION_SMAPS,     OPTION_PICTURE, OPTION_VIEW,  OPTION_SIZE,
					OPTION_THEME,     OPTION_DO,      OPTION_FORCE, OPTION_PROC_ROOT,
					OPTION_NO_SOURCE, OPTION_IDS };

static const struct option_words words[] = {
	{ OPTION_VIEW, N_("of a picture: screen, map") },
	{ OPTION_IDS, NULL },
};

const struct subcommand subcommand_snapshot = {
	.name = "snapshot",
	.usage = usage,
	.example = "pagescape snapshot -p 4242",
	.options = taken,
	.words = words,
	.operands = 1,
	.help = N_("Prints the regions of a running process, which is not stopped, or of a recorded\n"
		   "one, and how much of each is really in memory."),
	.run = run_snapshot,
};
