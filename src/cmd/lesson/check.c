/* lesson --check: goes through a lesson without a screen. A line for each expectation that fails or
 * cannot be checked, and one for the whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "cmd/check_report.h"
#include "cmd/lesson/forms.h"
#include "cmd/lesson/parts.h"
#include "cmd/lesson/recording.h"
#include "cmd/lesson/session.h"
#include "cmd/loop.h"

#define PATIENCE_NS (60 * CLOCK_SECOND)

static char *place_of(const struct lesson *l, unsigned line)
{
	struct strbuf where = { 0 };

	strbuf_printf(&where, "%s:%u", l->file, line);
	return where.text;
}

static void check_expects(const struct lesson *l, const struct lesson_step *step,
			  const struct expect_facts *facts, struct check_report *report)
{
	for (size_t i = 0; i < step->expect_count; i++) {
		char *where = place_of(l, step->expects[i].text.line);
		check_report_judge(report, where, step->expects[i].expect, facts);
		free(where);
	}
}

/* How many of a question's answers are right, and for how many that is not known. */
struct answers {
	unsigned right, unknown;
};

static void count_choices(const struct lesson_question *q, const struct expect_facts *facts,
			  struct answers *answers)
{
	for (size_t i = 0; i < q->choice_count; i++) {
		struct expect_result r;
		expect_judge(facts, q->choices[i].when, &r);
		answers->right += r.outcome == EXPECT_HOLDS;
		answers->unknown += r.outcome == EXPECT_UNKNOWN;
		expect_result_fini(&r);
	}
}

static void count_rights(const struct lesson_question *q, const struct expect_facts *facts,
			 struct answers *answers)
{
	for (size_t i = 0; i < q->right_count; i++) {
		struct expect_where where = { 0 };
		struct expect_value v = { 0 };
		if (q->rights[i].term)
			v = expect_evaluate(facts, q->rights[i].term);
		else if (expect_find_place(facts, expect_process(facts, 0), q->rights[i].place, &where, &v) &&
			 where.count)
			v.kind = VALUE_NUMBER;
		bool known = v.kind == VALUE_NUMBER && v.low == v.high;
		answers->right += known;
		answers->unknown += !known;
		value_fini(&v);
		expect_where_fini(&where);
	}
}

/* Exactly one choice has to be right, and a right number or page has to be known. */
static void check_question(const struct lesson *l, const struct lesson_step *step,
			   const struct expect_facts *facts, struct check_report *report)
{
	const struct lesson_question *q = &step->question;
	struct answers answers = { 0 };
	struct strbuf actual = { 0 };

	if (!q->kind)
		return;
	count_choices(q, facts, &answers);
	count_rights(q, facts, &answers);
	char *where = place_of(l, q->text.line);
	strbuf_printf(&actual, "%u", answers.right);
	bool enough = q->kind == LESSON_ASK_CHOICE ? answers.right == 1 : answers.right > 0;
	bool unknown = !enough && answers.unknown;
	check_report_add_text(report, where,
			      q->kind == LESSON_ASK_CHOICE ? "right choices = 1" : "right answers >= 1",
			      enough    ? EXPECT_HOLDS
			      : unknown ? EXPECT_UNKNOWN
					: EXPECT_FAILS,
			      actual.text, unknown ? _("the right answer is not known") : NULL);
	strbuf_fini(&actual);
	free(where);
}

static void add_step(const struct lesson *l, size_t number, const struct expect_facts *facts,
		     struct check_report *report)
{
	check_expects(l, &l->steps[number], facts, report);
	check_question(l, &l->steps[number], facts, report);
}

struct checked {
	struct check_report *report;
	size_t steps; /* how many were recorded */
};

static void take_recorded(void *context, const struct lesson_folder *f, size_t step,
			  const struct expect_facts *facts)
{
	struct checked *c = context;

	c->steps = step + 1;
	add_step(f->lesson, step, facts, c->report);
}

/* A lecture that was left early: nothing is known of the steps that did not come. */
static void check_missing(struct checked *c, const struct lesson *l)
{
	for (size_t i = c->steps; i < l->step_count; i++) {
		struct strbuf where = { 0 }, step = { 0 };
		strbuf_printf(&where, "%s:%u", l->file, l->steps[i].line);
		strbuf_printf(&step, "== %s", l->steps[i].mark);
		check_report_add_text(c->report, where.text, step.text, EXPECT_UNKNOWN, NULL,
				      _("the recording ends before this step"));
		strbuf_fini(&where);
		strbuf_fini(&step);
	}
}

/* A damaged one of several counts as failed, as far as it could not be read, and the others follow. */
static int check_recording(const char *path, bool several, const struct options *options,
			   struct check_report *report, struct err *err)
{
	struct checked c = { .report = report };
	struct err failure = { 0 };
	struct lesson_folder *f =
	    lesson_visit_recording(path, options->language, take_recorded, &c, &failure);

	if (!f && several) {
		struct strbuf actual = { 0 };

		strbuf_printf(&actual, _("no (%s)"), failure.text);
		report->name = mem_strdup(path_name(path));
		check_report_add_text(report, path_name(path), _("the recording can be read"), EXPECT_FAILS,
				      actual.text, NULL);
		strbuf_fini(&actual);
		return 0;
	}
	if (!f) {
		*err = failure;
		return -1;
	}
	report->name = mem_strdup(f->name);
	check_missing(&c, f->lesson);
	lesson_folder_close(f);
	return 0;
}

/* What could not be gone through. `why` says failure. */
static void add_steps_reached(struct check_report *report, const struct lesson *l, size_t reached,
			      enum expect_outcome outcome, const char *why)
{
	struct strbuf text = { 0 }, actual = { 0 };

	strbuf_printf(&text, "steps reached = %zu", l->step_count);
	if (outcome == EXPECT_FAILS)
		strbuf_printf(&actual, "%zu (%s)", reached, why);
	check_report_add_text(report, l->file, text.text, outcome, actual.text, why);
	strbuf_fini(&text);
	strbuf_fini(&actual);
}

/* How long a step may take to come. */
static uint64_t patience(const struct lesson_session *s, const struct options *options)
{
	if (options->check.timeout_ns)
		return options->check.timeout_ns;
	return s->single_steps ? 10 * PATIENCE_NS : PATIENCE_NS;
}

/* On standard error, if it is a terminal: a step may take a minute. `step` beyond the last one: it is
 * over. */
static void show_awaited(const struct lesson *l, size_t step)
{
	if (!isatty(STDERR_FILENO))
		return;
	fputs("\r\33[K", stderr);
	if (step < l->step_count)
		fprintf(stderr, _("waiting for step %zu of %zu: %s"), step + 1, l->step_count,
			l->steps[step].mark);
	fflush(stderr);
}

/* Goes to its end. Returns how many steps it came to; *err if these are not all. */
static size_t go_through(struct lesson_folder *f, size_t number, const struct options *options,
			 struct check_report *report, int *ended_by, struct err *err)
{
	struct lesson_session s;
	struct err unwritten = { 0 };
	size_t reached = 0;
	int there;

	if (lesson_begin(&s, f, number, options, err) < 0)
		return 0;
	show_awaited(f->lesson, 0);
	while ((there = lesson_next(&s, patience(&s, options), err)) > 0) {
		add_step(f->lesson, lesson_run_step(s.run), lesson_run_facts(s.run), report);
		show_awaited(f->lesson, ++reached);
	}
	show_awaited(f->lesson, f->lesson->step_count);
	*ended_by = s.signal;
	if (lesson_end(&s, &unwritten) < 0 && there >= 0)
		*err = unwritten;
	return reached;
}

/* Of one of several lessons, what went wrong is reported, and the others follow; alone it is the command's own
 * error. */
static int check_lesson(const char *name, size_t number, bool several, const struct options *options,
			struct check_report *report, int *ended_by, struct err *err)
{
	struct lesson_folder *f = lesson_open(name, options, err);
	struct err failure = { 0 };

	if (!f)
		return -1;
	report->name = mem_strdup(f->name);
	size_t reached = go_through(f, number, options, report, ended_by, &failure);
	bool lacking = failure.code == ERR_UNSUPPORTED && !reached;
	if (lacking && (several || options->report.allow_unknown))
		add_steps_reached(report, f->lesson, reached, EXPECT_UNKNOWN, failure.text);
	else if (failure.code && several)
		add_steps_reached(report, f->lesson, reached, EXPECT_FAILS, failure.text);
	else if (failure.code)
		*err = failure;
	lesson_folder_close(f);
	return failure.code && !several && !(lacking && options->report.allow_unknown) ? -1 : 0;
}

/* As in "promise/en.lesson:12". */
static void add_all(struct check_report *all, const struct check_report *one)
{
	for (size_t i = 0; i < one->count; i++) {
		const struct check_case *c = &one->cases[i];
		struct strbuf where = { 0 };

		strbuf_printf(&where, "%s/%s", one->name, c->where ? c->where : "");
		check_report_add_text(all, where.text, c->text, c->outcome, c->actual, c->why);
		if (c->note)
			all->cases[all->count - 1].note = mem_strdup(c->note);
		strbuf_fini(&where);
	}
}

static int report_whole(const struct check_report *report, const struct options *options, struct err *err)
{
	if (options->report.junit && check_report_write_junit(options->report.junit, report, err) < 0)
		return -1;
	return check_report_status(report, options->report.allow_unknown);
}

/* Adds it to the whole, and prints it as soon as it is known. */
static int check_part(const char *part, size_t number, bool several, const struct options *options,
		      struct check_report *all, int *ended_by, struct err *err)
{
	struct check_report one = { 0 };
	int result = lesson_is_recording(part)
			 ? check_recording(part, several, options, &one, err)
			 : check_lesson(part, number, several, options, &one, ended_by, err);

	if (result == 0 && !*ended_by) {
		if (!options->output.json)
			check_report_print(stdout, &one);
		fflush(stdout);
		if (several)
			add_all(all, &one);
		else if (options->output.json)
			check_report_print_json(stdout, &one);
		if (!several)
			result = report_whole(&one, options, err);
		else if (!one.count)
			result = 1;
	}
	free((char *)one.name);
	check_report_fini(&one);
	return result;
}

int lesson_check(char *const *parts, const struct options *options, int *ended_by, struct err *err)
{
	struct check_report all = { .name = "lecture" };
	bool several = parts[0] && parts[1];
	int result = 0, status;

	loop_catch_signals();
	for (size_t i = 0; parts[i] && result >= 0 && !*ended_by; i++) {
		status = check_part(parts[i], i, several, options, &all, ended_by, err);
		result = status < 0 ? -1 : max(result, status);
	}
	if (several && result >= 0 && !*ended_by) {
		if (options->output.json)
			check_report_print_json(stdout, &all);
		else
			check_report_print_sum(stdout, &all);
		status = report_whole(&all, options, err);
		result = status < 0 ? -1 : max(result, status);
	}
	check_report_fini(&all);
	return result;
}
