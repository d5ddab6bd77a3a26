/* faults: prints each page fault of a program as a line or a JSON object. */
#include <stdio.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/loop.h"
#include "cmd/options.h"
#include "cmd/subcommand.h"
#include "cmd/start.h"
#include "export/fault_lines.h"
#include "live/live.h"

static const struct source_status *faults_of(const struct world *world, size_t i)
{
	return &world->processes[i]->sources[SOURCE_FAULTS];
}

/* Without faults there is nothing to print. If the faults of only some processes cannot be seen, says so. */
static int check_source(const struct world *world, struct err *err)
{
	size_t seen = 0;

	for (size_t i = 0; i < world->count; i++)
		seen += faults_of(world, i)->known && faults_of(world, i)->ok;
	if (!seen)
		return err_set(err, ERR_DENIED, _("page faults cannot be seen here: %s"),
			       faults_of(world, 0)->why);
	for (size_t i = 0; i < world->count && seen < world->count; i++)
		if (!faults_of(world, i)->ok)
			fprintf(stderr, _("pagescape: page faults of process %d cannot be seen: %s\n"),
				(int)world->processes[i]->pid, faults_of(world, i)->why);
	return 0;
}

/* Are there processes whose faults are seen, but in user mode only? */
static bool user_only(const struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		if (faults_of(world, i)->ok && faults_of(world, i)->partial)
			return true;
	return false;
}

static int print_faults(struct source *source, struct world *world, const struct options *options,
			struct event_filter *filter, int32_t pid, struct err *err)
{
	struct fault_lines lines;
	struct loop_limit limit;
	struct fanout fanout;
	int result = source->ops->sweep(source, &world->sink, err);

	if (result >= 0)
		result = check_source(world, err);
	if (result < 0) {
		if (options->input.program)
			source->ops->control(source, pid, CONTROL_END, NULL, NULL);
		return -1;
	}
	fault_lines_init(&lines, stdout, stderr, world, options->output.json);
	lines.filter = filter->count ? filter : NULL;
	lines.stacks = options->faults.stacks;
	lines.summary = options->faults.summary || options->faults.by_own;
	lines.tables.by_own = options->faults.by_own;
	lines.tables.own = options->screen.own;
	lines.processes = options->input.forks || options_several(options);
	if (isatty(STDOUT_FILENO))
		fault_lines_print_header(&lines);
	fanout_init(&fanout, &world->sink);
	fanout_add(&fanout, &lines.sink);
	loop_limit_init(&limit, options, NULL);
	fanout_add(&fanout, &limit.sink);
	result = loop_run(source, world, &fanout.sink, options->input.program ? pid : 0, &limit.over, err);
	fault_lines_print_summary(&lines, source, user_only(world));
	fault_lines_fini(&lines);
	return result;
}

static int run_faults(const struct options *options, struct err *err)
{
	struct watched watched = { .pid = options->input.pid, .program = options->input.program };
	struct live_options live;
	struct source *source;
	struct world *world;
	struct event_filter filter;
	int result = -1;

	if (!options_running(options) && !options->input.program)
		return err_set(err, ERR_USAGE,
			       _("faults needs -p PID or a PROGRAM (see pagescape faults --help)"));
	if ((options->faults.summary || options->faults.by_own) && options->output.json)
		return err_set(err, ERR_USAGE, _("--%s and --json are mutually exclusive"),
			       options->faults.by_own ? "by-own" : "summary");
	if ((options->faults.summary || options->faults.by_own) && options->faults.stacks)
		return err_set(err, ERR_USAGE, _("--%s and --stacks are mutually exclusive"),
			       options->faults.by_own ? "by-own" : "summary");
	if (event_filter_parse(&filter, options->faults.filter, err) < 0)
		return -1;
	start_options(options, false, &live);
	live.faults = true;
	live.names = LIVE_NAMES_NOW; /* a printed line cannot be changed later */
	live.stacks = options->faults.stacks || options->faults.by_own || options->output.json ||
		      event_filter_asks_stacks(&filter);
	if (!options->input.sample && (options->faults.stacks || options->faults.by_own))
		live.sample = 1;
	world = world_create();
	source = start_watching(options, &live, &watched, world, err);
	if (source) {
		result = print_faults(source, world, options, &filter, watched.pid, err);
		source->ops->destroy(source);
	}
	watched_fini(&watched);
	world_destroy(world);
	event_filter_fini(&filter);
	if (result > 0) {
		fflush(stdout);
		loop_die_of(result);
	}
	return result;
}

static const char *const usage[] = {
	N_("faults [OPTION ...] [--] PROGRAM [ARG ...]"),
	N_("faults [OPTION ...] -p PID[,PID ...]"),
	NULL,
};

static const enum option_id taken[] = { OPTION_PID,          OPTION_CGROUP,    OPTION_NAME,
					OPTION_FOLLOW_FORKS, OPTION_INTERVAL,  OPTION_JSON,
					OPTION_SUMMARY,      OPTION_BY_OWN,    OPTION_OWN,
					OPTION_FILTER,       OPTION_STACKS,    OPTION_SAMPLE,
					OPTION_FOR,          OPTION_PROC_ROOT, OPTION_NO_SOURCE,
					OPTION_IDS };

static const struct option_words words[] = {
	{ OPTION_FOR, N_("stop after this long, and end the PROGRAM") },
	{ OPTION_IDS, NULL },
};

const struct subcommand subcommand_faults = {
	.name = "faults",
	.usage = usage,
	.example = "pagescape faults --summary python3 -c pass",
	.options = taken,
	.words = words,
	.program = true,
	.help = N_("Prints each page fault: when, which thread, which address, why, and the function\n"
		   "that touched it. The process is not stopped.\n"
		   "WORDS of --filter: cause:, kind:, access:, region:, thread:, page:, func:, and\n"
		   "in: for a function anywhere in the stack. An unknown word, such as cause:?,\n"
		   "lists the known ones."),
	.run = run_faults,
};
