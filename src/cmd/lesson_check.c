/* lesson --check: goes through a lesson without a screen. A line for each expectation that fails or
 * cannot be checked, and one for the whole. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/strbuf.h"
#include "cmd/check_report.h"
#include "cmd/lesson.h"

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
		struct expect_result r;
		char *where = place_of(l, step->expects[i].text.line);
		expect_judge(facts, step->expects[i].expect, &r);
		check_report_add(report, where, step->expects[i].expect, &r);
		expect_result_fini(&r);
		free(where);
	}
}

/* How many of a question's answers are right, and of how many that is not known. */
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
			      actual.text, unknown ? _("no right answer is known") : NULL);
	strbuf_fini(&actual);
	free(where);
}

void lesson_check_step(const struct lesson *l, size_t number, const struct expect_facts *facts,
		       struct check_report *report)
{
	check_expects(l, &l->steps[number], facts, report);
	check_question(l, &l->steps[number], facts, report);
}

int lesson_check_finish(const struct check_report *report, const struct options *options, struct err *err)
{
	if (options->output.json)
		check_report_print_json(stdout, report);
	else
		check_report_print(stdout, report);
	if (options->report.junit && check_report_write_junit(options->report.junit, report, err) < 0)
		return -1;
	return check_report_status(report, options->report.allow_unknown);
}

int lesson_check_folder(struct lesson_folder *f, const struct options *options, int *ended_by,
			struct err *err)
{
	struct lesson_session s;
	struct check_report report = { .name = f->name };
	int there, status;

	if (lesson_begin(&s, f, options, err) < 0) {
		if (err->code != ERR_UNSUPPORTED || !options->report.allow_unknown)
			return -1;
		printf(_("%s: cannot be checked here: %s\n"), f->name, err->text);
		return 0;
	}
	while ((there = lesson_next(&s, s.single_steps ? 10 * PATIENCE_NS : PATIENCE_NS, err)) > 0)
		lesson_check_step(f->lesson, lesson_run_step(s.run), lesson_run_facts(s.run), &report);
	*ended_by = s.signal;
	if (lesson_end(&s, there < 0 ? NULL : err) < 0)
		there = -1;
	status = there < 0 || *ended_by ? there : lesson_check_finish(&report, options, err);
	check_report_fini(&report);
	return status;
}
