/* why: the verdict on a process. A running one is looked at once, or watched for a while; a program is watched
 * until its end, and what is said is of the last look before it; of a session any moment can be had. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/loop.h"
#include "cmd/options.h"
#include "cmd/operand.h"
#include "cmd/start.h"
#include "cmd/subcommand.h"
#include "export/family_table.h"
#include "export/fork_report.h"
#include "export/json.h"
#include "export/verdict_json.h"
#include "export/verdict_text.h"

static int output_columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* After the verdict comes how large each process is, and what became of what was forked, if anything was. */
static void print_family(const struct world *world, bool markdown)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return;
	family_table_print(out, world);
	if (world->count > 1)
		fputc('\n', out);
	fork_report_print(out, world);
	fclose(out);
	if (len)
		printf(markdown ? "\n```\n%s```\n" : "\n%s", text);
	free(text);
}

static void print(const struct world *world, const struct process *process, const char *time,
		  const struct options *options)
{
	struct verdict verdict;
	bool several = options_several(options);

	verdict_init(&verdict, process, world->now_ns);
	if (options->output.json)
		verdict_print_json(stdout, &verdict, several ? NULL : world, time);
	else if (options->why.markdown)
		verdict_print_markdown(stdout, &verdict);
	else
		verdict_print_text(stdout, &verdict, output_columns());
	verdict_fini(&verdict);
	if (!options->output.json && !several)
		print_family(world, options->why.markdown);
}

static void print_forks_json(const struct world *world)
{
	json_t *object = json_object();

	json_object_set_new(object, "forks", fork_report_json(world));
	fputs(", ", stdout);
	json_print(stdout, object, JSON_EMBED);
}

/* Each of several has a verdict of its own. */
static void print_several(const struct world *world, const struct left_out *left_out, const char *time,
			  const struct options *options)
{
	if (options->output.json) {
		printf("{\"schema\": \"pagescape.verdicts/1\", \"time\": \"%s\", ", time);
		left_out_print_json(stdout, left_out);
		fputs(", \"processes\": [\n", stdout);
	}
	for (size_t i = 0; i < world->count; i++) {
		if (i)
			fputs(options->output.json ? ",\n" : "\n", stdout);
		print(world, world->processes[i], time, options);
	}
	if (!options->output.json) {
		print_family(world, options->why.markdown);
		return;
	}
	fputs("]", stdout);
	print_forks_json(world);
	fputs("}\n", stdout);
}

/* Passes on what the program writes. */
static void echo_take(struct sink *sink, const struct event *e)
{
	if (e->type == EVENT_OUTPUT)
		fwrite(e->output.bytes, 1, e->output.len, stderr);
}

static bool any_alive(const struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		if (process_alive(world->processes[i]))
			return true;
	return false;
}

/* Returns 0, -1 with err, or the signal that ended the watch. */
static int watch(struct source *source, struct world *world, const struct options *options, int32_t pid,
		 struct err *err)
{
	bool once = !options->input.program && !options_given(options, "for");
	struct sink echo = { .take = echo_take };
	struct loop_limit limit;
	struct fanout fanout;
	int result;

	fanout_init(&fanout, &world->sink);
	loop_limit_init(&limit, options, NULL);
	fanout_add(&fanout, &echo);
	fanout_add(&fanout, &limit.sink);
	result = source->ops->sweep(source, &fanout.sink, err);
	if (result < 0 && options->input.program)
		source->ops->control(source, pid, CONTROL_END, NULL, NULL);
	if (result < 0 || once)
		return result;
	result = loop_run(source, world, &fanout.sink, 0, &limit.over, err);
	if (result >= 0 && any_alive(world))
		source->ops->sweep(source, &fanout.sink, NULL);
	if (options->input.program)
		source->ops->control(source, pid, CONTROL_END, NULL, NULL);
	return result;
}

static int why_live(const struct options *options, struct err *err)
{
	struct watched watched = { .pid = options->input.pid, .program = options->input.program };
	struct live_options live;
	struct source *source;
	struct world *world = world_create();
	char time[32];
	int result = -1;

	start_options(options, false, &live);
	live.figures = true;
	live.bytes = options->why.read;
	live.faults = live.stacks = options->input.program || options_given(options, "for");
	live.sample = options->input.sample ? options->input.sample
					    : 1; /* who it was matters more than what it costs */
	source = start_watching(options, &live, &watched, world, err);
	if (source)
		result = watch(source, world, options, watched.pid, err);
	if (result >= 0 && options_several(options))
		print_several(world, &watched.left_out, clock_wall_iso(time), options);
	else if (result >= 0)
		print(world, world->processes[0], clock_wall_iso(time), options);
	if (source)
		source->ops->destroy(source);
	watched_fini(&watched);
	world_destroy(world);
	if (result > 0) {
		fflush(stdout);
		loop_die_of(result);
	}
	return result;
}

static int why_session(const struct options *options, struct err *err)
{
	struct operand picture = { .later_names = true };
	int result;

	if (options_given(options, "for"))
		return err_set(err, ERR_USAGE, _("--for needs -p PID or a PROGRAM"));
	if (options->why.read)
		return err_set(err, ERR_USAGE, _("the bytes of pages are not in a session"));
	if (operand_open(&picture, options->input.operands[0], options, err) < 0)
		return -1;
	print(picture.world, picture.process, picture.time, options);
	result = operand_result(&picture.broken, 0);
	operand_fini(&picture);
	return result;
}

static int run_why(const struct options *options, struct err *err)
{
	if (options->output.json && options->why.markdown)
		return err_set(err, ERR_USAGE, _("--json and --markdown exclude each other"));
	if (options->input.operands[0] && options_running(options))
		return err_set(err, ERR_USAGE, _("-p PID or a SESSION, not both: %s"),
			       options->input.operands[0]);
	if (options->input.operands[0])
		return why_session(options, err);
	if (options_given(options, "at"))
		return err_set(err, ERR_USAGE, _("--at needs a SESSION"));
	if (!options_running(options) && !options->input.program)
		return err_set(err, ERR_USAGE,
			       _("why needs -p PID, a SESSION or a PROGRAM (see pagescape why --help)"));
	return why_live(options, err);
}

static const char *const usage[] = {
	N_("why [OPTION ...] -p PID[,PID ...] [--for SECONDS]"),
	N_("why [OPTION ...] SESSION[#PID] [--at SECONDS]"),
	N_("why [OPTION ...] [--] PROGRAM [ARG ...]"),
	NULL,
};

static const char *const taken[] = { "pid",       "cgroup",   "name", "follow-forks", "at",       "for",
				     "json",      "markdown", "read", "sample",       "interval", "proc-root",
				     "no-SOURCE", NULL };

const struct subcommand subcommand_why = {
	.name = "why",
	.usage = usage,
	.example = "pagescape why -p 4242",
	.options = taken,
	.operands = 1,
	.is_operand = operand_is_session,
	.program = true,
	.help = N_("Says what the memory of a process is made of, who owns it, and who made it grow:\n"
		   "up to five sentences, each with its evidence, then the figures. Of a PROGRAM, the\n"
		   "last look before its end is shown; its output goes to standard error."),
	.run = run_why,
};
