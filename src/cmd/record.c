/* record: a session without a screen. A launched program reads our standard input, and what it writes to
 * its terminal goes to standard output, as without us; its exit status becomes ours. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/loop.h"
#include "cmd/options.h"
#include "cmd/subcommand.h"
#include "cmd/start.h"
#include "event/sink.h"

static void echo_take(struct sink *sink, const struct event *e)
{
	if (e->type == EVENT_OUTPUT)
		fwrite(e->output.bytes, 1, e->output.len, stdout);
}

/* How far it has come, in one line on the terminal, if there is one. */
struct progress {
	struct sink sink; /* first */
	const struct world *world;
	const struct session_writer *writer;
	uint64_t events, shown_ns;
	bool wanted, shown;
	bool mid_line; /* the program wrote half a line: ours would follow it */
};

#define PROGRESS_INTERVAL (250 * CLOCK_MS)

static void progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}

static void progress_show(struct progress *p)
{
	uint64_t counts[PAGE_STATES] = { 0 }, faults = 0;
	char time[24], size[16], resident[16];

	for (size_t i = 0; i < p->world->count; i++) {
		const struct process *process = p->world->processes[i];

		space_add_counts(process->space, counts);
		faults += process_minor(process) + process_major(process);
	}
	progress_clear(p);
	fprintf(stderr,
		ngettext("%s  %s page resident, ", "%s  %s pages resident, ",
			 (unsigned long)page_resident(counts)),
		text_clock(time, p->world->now_ns), text_count(resident, page_resident(counts)));
	fprintf(stderr, ngettext("%llu fault, ", "%llu faults, ", (unsigned long)faults),
		(unsigned long long)faults);
	fprintf(stderr, ngettext("%llu event, ", "%llu events, ", (unsigned long)p->events),
		(unsigned long long)p->events);
	fprintf(stderr, _("%s written"), text_size(size, session_writer_size(p->writer)));
	fflush(stderr);
	p->shown = true;
}

static void progress_take(struct sink *sink, const struct event *e)
{
	struct progress *p = (struct progress *)sink;

	p->events++;
	if (!p->wanted)
		return;
	if (e->type == EVENT_OUTPUT && e->output.len) {
		progress_clear(p);
		p->mid_line = e->output.bytes[e->output.len - 1] != '\n';
	}
	if (e->type != EVENT_TICK || p->mid_line || clock_now_ns() - p->shown_ns < PROGRESS_INTERVAL)
		return;
	p->shown_ns = clock_now_ns();
	progress_show(p);
}

/* As in a shell. */
static int exit_status(const struct world *world, int32_t pid, int signal_number)
{
	const struct process *p = world_find(world, pid);

	if (p && p->status == PROCESS_EXITED)
		return p->status_code;
	if (p && p->status == PROCESS_KILLED)
		return 128 + p->status_code;
	return signal_number ? 128 + signal_number : 0;
}

static int record(const struct options *options, struct world *world, struct session_writer *writer,
		  struct err *err)
{
	struct progress progress = { .sink = { .take = progress_take }, .world = world, .writer = writer };
	struct sink echo = { .take = echo_take };
	struct loop_limit limit;
	struct fanout fanout;
	struct watched watched = { .pid = options->input.pid, .program = options->input.program };
	struct live_options live;
	struct source *source;
	int result;

	start_options(options, false, &live);
	live.faults = live.stacks = live.figures = true;
	source = start_watching(options, &live, &watched, world, err);
	watched_fini(&watched);
	if (!source)
		return -1;
	/* the reader of a pipe may be a screen on the same terminal */
	progress.wanted = !path_is_standard(options->output.file) && isatty(STDERR_FILENO);
	fanout_init(&fanout, &world->sink);
	fanout_add(&fanout, session_writer_sink(writer));
	fanout_add(&fanout, &progress.sink);
	fanout_add(&fanout, !path_is_standard(options->output.file) ? &echo : NULL);
	loop_limit_init(&limit, options, session_writer_failed(writer));
	fanout_add(&fanout, &limit.sink);
	result =
	    loop_run(source, world, &fanout.sink, options->input.program ? watched.pid : 0, &limit.over, err);
	if (progress.wanted && world->count && !progress.mid_line) { /* the last line stays */
		progress_show(&progress);
		fputc('\n', stderr);
	}
	source->ops->destroy(source);
	if (result < 0)
		return -1;
	return options->input.program ? exit_status(world, watched.pid, result) : 0;
}

static int check(const struct options *options, struct err *err)
{
	if (!options->output.file)
		return err_set(err, ERR_USAGE, _("record needs -o FILE (see pagescape record --help)"));
	if (!options_running(options) && !options->input.program)
		return err_set(err, ERR_USAGE,
			       _("record needs a PROGRAM or -p PID (see pagescape record --help)"));
	if (path_is_standard(options->output.file) && isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE,
			       _("a session cannot be written to a terminal: use -o FILE, or a pipe"));
	return 0;
}

static int run_record(const struct options *options, struct err *err)
{
	struct world *world;
	struct session_writer *writer;
	int result = -1;

	if (check(options, err) < 0)
		return -1;
	world = world_create();
	writer = start_recording(options, world, err);
	if (writer) {
		result = record(options, world, writer, err);
		if (session_writer_close(writer, result < 0 ? NULL : err) < 0)
			result = -1;
		if (result < 0 && err->errnum == EPIPE && path_is_standard(options->output.file))
			loop_die_of(SIGPIPE); /* silently, like any program whose reader has gone */
	}
	world_destroy(world);
	return result;
}

static const char *const usage[] = {
	N_("record -o FILE [OPTION ...] [--] PROGRAM [ARG ...]"),
	N_("record -o FILE [OPTION ...] -p PID[,PID ...]"),
	NULL,
};

static const enum option_id taken[] = { OPTION_PID,       OPTION_CGROUP,       OPTION_NAME,
					OPTION_OUTPUT,    OPTION_FOLLOW_FORKS, OPTION_FORCE,
					OPTION_INTERVAL,  OPTION_SAMPLE,       OPTION_FOR,
					OPTION_PROC_ROOT, OPTION_NO_SOURCE,    OPTION_IDS };

static const struct option_words words[] = {
	{ OPTION_OUTPUT, N_("record to FILE; - is standard output") },
	{ OPTION_FOR, N_("stop after this long, and end the PROGRAM") },
	{ OPTION_IDS, NULL },
};

const struct subcommand subcommand_record = {
	.name = "record",
	.usage = usage,
	.example = "pagescape record -o python.pgs python3 -c pass",
	.options = taken,
	.words = words,
	.program = true,
	.help = N_("Records what a process does with its memory, without a screen. Ends with the\n"
		   "process, or on Ctrl-C. The exit status is the PROGRAM's."),
	.run = run_record,
};
