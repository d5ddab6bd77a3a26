/* check: expectations about a program, a running process, or a recording.
 *
 *     check 'resident of heap < 100' -- ./demo     at the program's end, and at its marks
 *     check 'faults = 0' -p 4242                   now
 *     check 'faults of heap <= 5' run.pgs          at the recording's end, and at its marks */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cmd/check_report.h"
#include "cmd/lesson/needs.h"
#include "cmd/lesson/parts.h"
#include "cmd/loop.h"
#include "cmd/options.h"
#include "cmd/start.h"
#include "cmd/subcommand.h"
#include "expect/figure.h"
#include "expect/keeper.h"
#include "kern/procfile.h"
#include "lesson/marked_run.h"
#include "lesson/program_facts.h"
#include "lesson/text_file.h"
#include "live/family.h"
#include "store/session.h"
#include "lesson/lesson.h"

struct check {
	const struct options *options;
	struct expect **expects;
	char **where; /* "file:3", NULL; as many */
	size_t count, cap, where_cap;
	bool children; /* some are about children */
	struct world *world;
	struct source *source; /* NULL: a recording */
	struct program_facts *program;
	struct moments moments;
	struct expect_facts facts;
	struct expect_keeper keeper;
	struct fanout fanout;
	struct sink echo;
	int32_t pid;
	int ended_by; /* a signal; 0: none */
};

/* Reading expectations. */

static int add_expect(struct check *c, const char *text, char *where, struct err *err)
{
	struct err failure = { 0 };
	struct expect *e = expect_parse(text, &failure);

	if (!e) {
		err_set(err, ERR_USAGE, "%s: %s", where ? where : text, failure.text);
		free(where);
		return -1;
	}
	mem_grow(c->expects, c->cap, c->count + 1);
	mem_grow(c->where, c->where_cap, c->count + 1);
	c->where[c->count] = where;
	c->expects[c->count++] = e;
	return 0;
}

/* A line "needs: ..." of a file: what the machine lacks is not a failure of the graded program. */
static int take_needs(const char *needs, const char *where, struct err *err)
{
	struct err missing = { 0 };

	if (!lesson_needs_known(needs))
		return err_set(
		    err, ERR_USAGE, "%s: %s", where,
		    _("expected root, frames, faults, swap, huge, 32-bit or zero-page after needs:"));
	if (lesson_check_needs(needs, &missing) < 0)
		return err_set(err, missing.code, "%s: %s", where, missing.text);
	return 0;
}

/* Reads one per line; skips blank lines and those that begin with #. */
static int read_expects(struct check *c, const char *path, struct err *err)
{
	size_t length;
	char *text = text_file_read(path, &length, err), *save = text;
	int result = text ? 0 : -1;
	unsigned number = 0;

	for (char *line; result == 0 && (line = strsep(&save, "\n"));) {
		struct strbuf where = { 0 };
		number++;
		line += strspn(line, " \t");
		line[strcspn(line, "\r")] = '\0';
		if (!*line || *line == '#')
			continue;
		strbuf_printf(&where, "%s:%u", path, number);
		if (!text_begins(line, "needs:")) {
			result = add_expect(c, line, where.text, err);
		} else {
			result = take_needs(line + strlen("needs:"), where.text, err);
			strbuf_fini(&where);
		}
	}
	free(text);
	return result;
}

/* Was the word that was taken for the program meant as an expectation, with its comparison forgotten, or
 * split by the shell? */
static bool is_half(const struct options *o)
{
	const char *word = o->input.program ? o->input.program[0] : "";
	size_t length = strcspn(word, " ");

	return figure_find(word, length, NULL) && access(word, F_OK) < 0 && (word[length] || !o->check.count);
}

static int refuse_half(const char *word, struct err *err)
{
	struct err failure = { 0 };

	expect_destroy(expect_parse(word, &failure));
	return err_set(err, ERR_USAGE,
		       _("%s: %s (an expectation is one argument: 'resident of heap < 100 pages')"), word,
		       failure.text);
}

static int read_all(struct check *c, struct err *err)
{
	const struct options *o = c->options;

	if (is_half(o))
		return refuse_half(o->input.program[0], err);

	for (size_t i = 0; i < o->check.count; i++)
		if (add_expect(c, o->check.expects[i], NULL, err) < 0)
			return -1;
	if (o->check.file && read_expects(c, o->check.file, err) < 0)
		return -1;
	if (!c->count)
		return err_set(err, ERR_USAGE, _("check needs an expectation (see pagescape check --help)"));
	return 0;
}

static void note_needs(void *context, struct expect_term *term)
{
	struct check *c = context;

	c->children |= term->child > 0;
}

static void note_all_needs(struct check *c)
{
	for (size_t i = 0; i < c->count; i++)
		expect_visit(c->expects[i], note_needs, c);
	c->children |= c->options->input.forks;
}

/* Beginning and end. */

static void set_facts(struct check *c)
{
	c->facts = (struct expect_facts){ .world = c->world, .pid = c->pid, .moments = &c->moments };
	if (c->program) {
		c->facts.ops = &program_facts_ops;
		c->facts.context = c->program;
	}
	expect_keeper_init(&c->keeper, c->expects, c->count, &c->facts, &c->moments);
	fanout_add(&c->fanout, &c->keeper.sink);
}

static void check_fini(struct check *c)
{
	program_facts_destroy(c->program);
	if (c->source)
		c->source->ops->destroy(c->source);
	world_destroy(c->world);
	moments_fini(&c->moments);
	for (size_t i = 0; i < c->count; i++) {
		expect_destroy(c->expects[i]);
		free(c->where[i]);
	}
	free(c->expects);
	free(c->where);
}

static int report(struct check *c, const char *name, struct err *err)
{
	struct check_report r = { .name = name };
	const struct options *o = c->options;
	int status;

	for (size_t i = 0; i < c->count; i++)
		check_report_judge(&r, c->where[i], c->expects[i], &c->facts);
	if (o->output.json)
		check_report_print_json(stdout, &r);
	else
		check_report_print(stdout, &r);
	status = check_report_status(&r, o->report.allow_unknown);
	if (o->report.junit && check_report_write_junit(o->report.junit, &r, err) < 0)
		status = -1;
	check_report_fini(&r);
	return status;
}

/* A typing error must not pass as something that happens to be unknown. */
struct name_search {
	struct check *check;
	struct marked_run *run; /* NULL: marks are not looked for */
	int result;
	struct err *err;
};

static void look_for_names(void *context, struct expect_term *term)
{
	struct name_search *s = context;
	const char *variable = expect_variable_name(term), *since = term->faults.since;

	if (!s->result && variable && !expect_errno(variable))
		s->result = program_facts_has(s->check->program, variable, s->err);
	if (!s->result && s->run && term->mark)
		s->result = strcmp(term->mark, MOMENT_END)
				? marked_run_want(s->run, term->mark, s->err)
				: program_facts_unmarked(s->check->program, MOMENT_END, s->err);
	if (!s->result && s->run && since && strcmp(since, MOMENT_START) && strcmp(since, MOMENT_LAST))
		s->result = marked_run_want(s->run, since, s->err);
}

static int look_for_all_names(struct check *c, struct marked_run *run, struct err *err)
{
	struct name_search s = { c, run, 0, err };

	for (size_t i = 0; i < c->count; i++)
		expect_visit(c->expects[i], look_for_names, &s);
	return s.result;
}

/* A program. */

static void echo_take(struct sink *sink, const struct event *e)
{
	if (e->type == EVENT_OUTPUT)
		fwrite(e->output.bytes, 1, e->output.len, stderr);
}

struct check_travel {
	struct check *check;
	struct marked_run *run;
	struct err *err;
	int result;
	uint64_t end_ns; /* when it must have ended; UINT64_MAX: no limit */
};

static void keep_end(void *context)
{
	expect_keeper_end(&((struct check *)context)->keeper);
}

static bool tick(void *context)
{
	struct check_travel *t = context;

	t->result = marked_run_tick(t->run, &t->check->fanout.sink, keep_end, t->check, t->err);
	return t->result < 0 || clock_now_ns() >= t->end_ns;
}

/* Has it run for longer than it may? */
static int check_in_time(const struct check_travel *t, struct err *err)
{
	const struct check *c = t->check;
	const struct process *p = world_find(c->world, c->pid);

	if (clock_now_ns() < t->end_ns || !p || !process_alive(p))
		return 0;
	return err_set(err, ERR_INPUT,
		       _("%s was still running after %g s: it was killed, and nothing was checked"),
		       c->options->input.program[0], (double)c->options->check.timeout_ns / CLOCK_SECOND);
}

static int run_program(struct check *c, struct marked_run *run, struct err *err)
{
	uint64_t timeout_ns = c->options->check.timeout_ns;
	struct check_travel t = { c, run, err, 0, timeout_ns ? clock_now_ns() + timeout_ns : UINT64_MAX };
	int result;

	if (look_for_all_names(c, run, err) < 0)
		return -1;
	result = loop_until(c->source, c->world, &c->fanout.sink, tick, &t, err);
	c->ended_by = max(result, 0);
	if (result < 0 || t.result < 0)
		return -1;
	return result ? 0 : check_in_time(&t, err);
}

/* Opens the program that it runs, by its own file. */
static void open_program(struct check *c, const char *shown)
{
	struct strbuf path = { 0 };

	procfile_program_path(c->pid, &path);
	c->program = program_facts_create(path.text, shown, c->pid, c->source, c->world);
	strbuf_fini(&path);
}

static int check_program(struct check *c, struct err *err)
{
	const struct options *o = c->options;
	struct live_options live;
	struct options how = *o;
	struct watched watched = { .program = o->input.program };
	int result = -1;

	start_options(o, false, &live);
	live.reader.flags = true;
	live.faults = live.stacks = live.paused = live.exit_paused = true;
	live.sample = 1; /* faults of functions are counted, so all stacks are needed */
	live.names = LIVE_NAMES_NOW;
	how.input.forks = c->children;
	c->source = start_watching(&how, &live, &watched, c->world, err);
	c->pid = watched.pid;
	watched_fini(&watched);
	if (!c->source || c->source->ops->sweep(c->source, &c->fanout.sink, err) < 0)
		return -1;
	open_program(c, o->input.program[0]);
	set_facts(c);
	c->echo.take = echo_take;
	fanout_add(&c->fanout, &c->echo);
	struct marked_run *run = marked_run_create(c->pid, c->source, c->world, c->program);
	fanout_add(&c->fanout, marked_run_sink(run));
	if (start_needs_single_steps(o))
		marked_run_single_steps(run);
	result = run_program(c, run, err);
	if (result == 0 && !c->ended_by)
		result = report(c, o->input.program[0], err);
	marked_run_destroy(run);
	c->source->ops->control(c->source, c->pid, CONTROL_END, NULL, NULL);
	return result;
}

/* A running process. */

static const char *process_name(const struct check *c)
{
	const struct process *p = world_find(c->world, c->pid);

	return p && p->identity.exe ? p->identity.exe : _("the program");
}

static int check_process(struct check *c, struct err *err)
{
	const struct options *o = c->options;
	struct live_options live;
	struct strbuf name = { 0 };
	int result = -1;

	start_options(o, false, &live);
	live.reader.flags = true;
	c->pid = o->input.pid;
	c->source = live_attach(&c->pid, &live, c->world, err);
	if (!c->source || c->source->ops->sweep(c->source, &c->fanout.sink, err) < 0)
		return -1;
	open_program(c, process_name(c));
	set_facts(c);
	strbuf_printf(&name, "%d", (int)c->pid);
	if (look_for_all_names(c, NULL, err) == 0)
		result = report(c, name.text, err);
	strbuf_fini(&name);
	return result;
}

/* A recording. */

static int check_session(struct check *c, const char *path, struct err *err)
{
	struct session *session = session_open(path, err);
	struct event e;
	struct err failure = { 0 };
	enum session_result got;
	uint64_t until = c->options->time.at_ns;

	if (!session)
		return -1;
	session_watch_world(session, c->world);
	set_facts(c);
	while ((got = session_next(session, &e, &failure)) == SESSION_EVENT && e.time_ns <= until) {
		if (e.type == EVENT_PROCESS && !c->facts.pid)
			c->facts.pid = e.pid;
		sink_send(&c->fanout.sink, &e);
	}
	session_close(session);
	if (got == SESSION_BROKEN) /* the missing part may be what matters */
		return err_set(err, ERR_INPUT, _("nothing can be checked against a damaged recording: %s"),
			       failure.text);
	if (!c->facts.pid)
		return err_set(err, ERR_INPUT, _("nothing was recorded by then"));
	return report(c, path, err);
}

static int check_any(struct check *c, struct err *err)
{
	const struct options *o = c->options;
	bool session = o->input.program && !o->input.program[1] && lesson_is_recording(o->input.program[0]);

	if (!o->input.program && !o->input.pid)
		return err_set(err, ERR_USAGE,
			       _("check needs a PROGRAM, -p PID or a SESSION (see pagescape check --help)"));
	if (options_given(o, OPTION_AT) && !session)
		return err_set(err, ERR_USAGE, _("--at needs a SESSION"));
	if (options_given(o, OPTION_TIMEOUT) && (session || o->input.pid))
		return err_set(err, ERR_USAGE, _("--timeout needs a PROGRAM"));
	if (options_given(o, OPTION_TIMEOUT) && !o->check.timeout_ns)
		return err_set(err, ERR_USAGE, _("--timeout takes more than 0 seconds"));
	if (o->input.pid)
		return check_process(c, err);
	return session ? check_session(c, o->input.program[0], err) : check_program(c, err);
}

static int run_check(const struct options *options, struct err *err)
{
	struct check c = { .options = options, .world = world_create() };
	int result;

	fanout_init(&c.fanout, &c.world->sink);
	result = read_all(&c, err);
	note_all_needs(&c);
	if (result == 0)
		result = check_any(&c, err);
	check_fini(&c);
	if (c.ended_by) {
		fflush(stdout);
		loop_die_of(c.ended_by);
	}
	return result;
}

static const char *const usage[] = {
	N_("check [OPTION ...] EXPECTATION ... [--] PROGRAM [ARG ...]"),
	N_("check [OPTION ...] EXPECTATION ... -p PID"),
	N_("check [OPTION ...] EXPECTATION ... SESSION"),
	NULL,
};

static const enum option_id taken[] = { OPTION_PID,          OPTION_EXPECT,   OPTION_ALLOW_UNKNOWN,
					OPTION_JSON,         OPTION_JUNIT,    OPTION_AT,
					OPTION_FOLLOW_FORKS, OPTION_INTERVAL, OPTION_PROC_ROOT,
					OPTION_SINGLE_STEPS, OPTION_TIMEOUT,  OPTION_NO_SOURCE,
					OPTION_IDS };

const struct subcommand subcommand_check = {
	.name = "check",
	.usage = usage,
	.options = taken,
	.expectations = true,
	.program = true,
	.help = N_("Checks expectations of memory: of a program at its end and at marked lines, of a\n"
		   "running process as it is, or of a recording. An EXPECTATION is, for example,\n"
		   "'resident of heap < 100 pages'; see pagescape-lesson(5). The exit status is 0 if\n"
		   "all hold, else 1."),
	.run = run_check,
};
