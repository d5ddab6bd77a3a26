/* why: the verdict on a process. A running one is looked at once, or watched for a while; a program is
 * watched until its end, and the verdict is about the last look before that; for a session it can be about
 * any moment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cmd/judged_session.h"
#include "cmd/largest_look.h"
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
#include "verdict/words.h"

static int output_columns(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* Are stacks of children left out? With all their stacks, faults would be lost when a child copies much at
 * once. */
static bool has_bare_children(const struct options *options)
{
	return !options->input.operands[0] && !options_several(options) && !options->input.sample;
}

static bool any_child_copied(const struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		if (world->processes[i]->forked.figures.by_child)
			return true;
	return false;
}

/* How to get the verdict on the largest process, if it is not the one `shown`. */
static void print_largest(FILE *out, const struct world *world, const struct process *shown,
			  const struct options *options)
{
	uint64_t counts[PAGE_STATES] = { 0 }, rss = 0, of_shown;
	const struct process *largest = family_table_largest(world, &rss);
	const char *session = options->input.operands[0];
	char size[WORDS_SIZE];
	int pid;

	space_add_counts(shown->space, counts); /* its history may not have this look yet */
	of_shown = page_resident(counts) << shown->space->page_shift;
	if (!largest || largest->pid == shown->pid || rss <= of_shown)
		return;
	pid = (int)largest->pid;
	words_size(size, rss);
	if (session)
		fprintf(out, _("process %d is larger, with %s: see why '%.*s#%d'\n"), pid, size,
			(int)strcspn(session, "#"), session, pid);
	else if (process_alive(largest))
		fprintf(out, _("process %d is larger, with %s: see why -p %d\n"), pid, size, pid);
	else
		fprintf(out, _("process %d was larger, with %s: record -f, and then see why 'FILE#%d'\n"),
			pid, size, pid);
}

/* Prints, after the verdict, the size of each process, and what happened to memory that forks shared. */
static void print_family(const struct world *world, struct source *source, const struct process *shown,
			 const struct options *options)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return;
	family_table_print(out, world);
	if (shown)
		print_largest(out, world, shown, options);
	if (ftell(out) > 0)
		fputc('\n', out);
	fork_report_print(out, world, source);
	if (has_bare_children(options) && any_child_copied(world))
		fprintf(out, "%s\n",
			_("What children copied is listed by the innermost function; --sample 1 also takes "
			  "their stacks."));
	fclose(out);
	if (len)
		printf(options->why.markdown ? "\n```\n%s```\n" : "\n%s", text);
	free(text);
}

static void print(const struct world *world, struct source *source, struct judged judged, const char *time,
		  const struct options *options)
{
	struct verdict verdict;
	bool several = options_several(options);

	verdict_init(&verdict, world, judged.process, judged.now_ns, judged.at_end);
	if (options->output.json)
		verdict_print_json(stdout, &verdict, several ? NULL : world, source, time);
	else if (options->why.markdown)
		verdict_print_markdown(stdout, &verdict);
	else
		verdict_print_text(stdout, &verdict, output_columns());
	verdict_fini(&verdict);
	if (!options->output.json && !several)
		print_family(world, source, judged.process, options);
}

static void print_forks_json(const struct world *world, struct source *source)
{
	json_t *object = json_object();

	json_object_set_new(object, "forks", fork_report_json(world, source));
	family_table_set_unseen(object, world);
	fputs(", ", stdout);
	json_print(stdout, object, JSON_EMBED);
}

/* Each of several has a verdict of its own. */
static void print_several(const struct world *world, struct source *source, const struct left_out *left_out,
			  const char *time, const struct options *options)
{
	if (options->output.json) {
		printf("{\"schema\": \"pagescape.verdicts/1\", \"time\": \"%s\", ", time);
		left_out_print_json(stdout, left_out);
		fputs(", \"processes\": [\n", stdout);
	}
	for (size_t i = 0; i < world->count; i++) {
		if (i)
			fputs(options->output.json ? ",\n" : "\n", stdout);
		print(world, source, judged_last(world, world->processes[i]), time, options);
	}
	if (!options->output.json) {
		print_family(world, source, NULL, options);
		return;
	}
	fputs("]", stdout);
	print_forks_json(world, source);
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
static int watch(struct source *source, struct world *world, struct sink *more, const struct options *options,
		 int32_t pid, struct err *err)
{
	bool once = !options->input.program && !options_given(options, OPTION_FOR);
	struct sink echo = { .take = echo_take };
	struct loop_limit limit;
	struct fanout fanout;
	int result;

	fanout_init(&fanout, &world->sink);
	loop_limit_init(&limit, options, NULL);
	fanout_add(&fanout, &echo);
	fanout_add(&fanout, &limit.sink);
	fanout_add(&fanout, more);
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

/* Chooses the look: for a program that has freed most of its memory, the one before that. */
static struct judged judged_of(const struct largest_look *largest)
{
	const struct process *last = largest->world->processes[0];

	return largest_look_counts(largest) ? judged_largest(largest->process, largest->time_ns, last)
					    : judged_last(largest->world, last);
}

static int why_live(const struct options *options, struct err *err)
{
	struct watched watched = { .pid = options->input.pid, .program = options->input.program };
	struct live_options live;
	struct source *source;
	struct world *world = world_create();
	struct largest_look largest = { 0 };
	char time[32];
	int result = -1;

	start_options(options, false, &live);
	live.figures = true;
	live.bytes = options->why.read;
	live.faults = live.stacks = options->input.program || options_given(options, OPTION_FOR);
	live.sample =
	    options->input.sample ? options->input.sample : 1; /* the caller matters more than the cost */
	live.bare_children = has_bare_children(options);
	source = start_watching(options, &live, &watched, world, err);
	largest_look_init(&largest, world, source);
	if (source)
		result = watch(source, world, &largest.sink, options, watched.pid, err);
	if (result >= 0 && options_several(options))
		print_several(world, source, &watched.left_out, clock_wall_iso(time), options);
	else if (result >= 0)
		print(world, source, judged_of(&largest), clock_wall_iso(time), options);
	largest_look_fini(&largest);
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
	struct judged_session session = { 0 };
	struct operand_parts parts;
	struct judged judged;
	int result;

	if (options_given(options, OPTION_FOR))
		return err_set(err, ERR_USAGE, _("--for needs -p PID or a PROGRAM"));
	if (options->why.read)
		return err_set(err, ERR_USAGE, _("the bytes of pages are not in a session"));
	if (operand_open(&picture, options->input.operands[0], options, err) < 0)
		return -1;
	parts = operand_take_apart(options->input.operands[0]);
	judged = picture.at_end && !picture.broken.code
		     ? judged_session_look(&session, parts.path, picture.world, picture.process)
		     : judged_last(picture.world, picture.process);
	print(picture.world, NULL, judged, session.open ? session.earlier.time : picture.time, options);
	result = operand_result(&picture.broken, 0);
	judged_session_fini(&session);
	operand_fini(&picture);
	free(parts.path);
	return result;
}

static int run_why(const struct options *options, struct err *err)
{
	if (options->output.json && options->why.markdown)
		return err_set(err, ERR_USAGE, _("--json and --markdown are mutually exclusive"));
	if (options->input.operands[0] && options_running(options))
		return err_set(err, ERR_USAGE, _("-p PID or a SESSION, not both: %s"),
			       options->input.operands[0]);
	if (options->input.operands[0])
		return why_session(options, err);
	if (options_given(options, OPTION_AT))
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

static const enum option_id taken[] = { OPTION_PID,       OPTION_CGROUP, OPTION_NAME,     OPTION_FOLLOW_FORKS,
					OPTION_AT,        OPTION_FOR,    OPTION_JSON,     OPTION_MARKDOWN,
					OPTION_READ,      OPTION_SAMPLE, OPTION_INTERVAL, OPTION_PROC_ROOT,
					OPTION_NO_SOURCE, OPTION_IDS };

const struct subcommand subcommand_why = {
	.name = "why",
	.usage = usage,
	.example = "pagescape why -p 4242",
	.options = taken,
	.operands = 1,
	.is_operand = operand_is_session,
	.program = true,
	.help = N_("Says what the memory of a process is made of, who owns it, and who made it grow:\n"
		   "up to five sentences, each with its evidence, then the figures. Of a PROGRAM,\n"
		   "the last look before its end is shown or, if it has freed much of what it had,\n"
		   "the look at which it was largest; the program's output goes to standard error."),
	.run = run_why,
};
