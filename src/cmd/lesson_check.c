/* lesson --check: goes through a lesson without a screen. A line for each expectation that fails or
 * cannot be checked, and one for the whole. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/strbuf.h"
#include "cmd/lesson.h"

#define PATIENCE_NS (60 * CLOCK_SECOND)

struct tally {
	unsigned holds, fails, unknown;
};

static void report(const struct lesson *l, unsigned line, const struct expect *e,
		   const struct expect_result *r, struct tally *tally)
{
	struct strbuf text = { 0 };

	tally->holds += r->outcome == EXPECT_HOLDS;
	tally->fails += r->outcome == EXPECT_FAILS;
	tally->unknown += r->outcome == EXPECT_UNKNOWN;
	if (r->outcome == EXPECT_HOLDS)
		return;
	expect_explain(&text, e, r);
	printf("%s:%u: %s\n", l->file, line, text.text);
	strbuf_fini(&text);
}

static void check_expects(const struct lesson *l, const struct lesson_step *step,
			  const struct expect_facts *facts, struct tally *tally)
{
	for (size_t i = 0; i < step->expect_count; i++) {
		struct expect_result r;
		expect_check(facts, step->expects[i].expect, &r);
		report(l, step->expects[i].text.line, step->expects[i].expect, &r, tally);
		expect_result_fini(&r);
	}
}

/* Exactly one choice has to be right, and a right number has to be known. */
static void check_question(const struct lesson *l, const struct lesson_step *step,
			   const struct expect_facts *facts, struct tally *tally)
{
	const struct lesson_question *q = &step->question;
	unsigned right = 0, unknown = 0;

	for (size_t i = 0; i < q->choice_count; i++) {
		struct expect_result r;
		expect_check(facts, q->choices[i].when, &r);
		right += r.outcome == EXPECT_HOLDS;
		unknown += r.outcome == EXPECT_UNKNOWN;
		expect_result_fini(&r);
	}
	for (size_t i = 0; i < q->right_count; i++) {
		struct expect_where where = { 0 };
		struct expect_value v = { 0 };
		if (q->rights[i].term)
			v = expect_evaluate(facts, q->rights[i].term);
		else if (expect_find_place(facts, expect_process(facts, 0), q->rights[i].place, &where, &v) &&
			 where.count)
			v.kind = VALUE_NUMBER;
		right += v.kind == VALUE_NUMBER && v.low == v.high;
		unknown += v.kind != VALUE_NUMBER || v.low != v.high;
		value_fini(&v);
		expect_where_fini(&where);
	}
	if (!q->kind)
		return;
	if (unknown && right != 1) {
		tally->unknown++;
		printf(_("%s:%u: the right answer cannot be known here\n"), l->file, q->text.line);
	} else if (q->kind == ASK_CHOICE && right != 1) {
		tally->fails++;
		printf(_("%s:%u: %u choices are right: expected one\n"), l->file, q->text.line, right);
	} else {
		tally->holds++;
	}
}

static void check_step(struct lesson_session *s, struct tally *tally)
{
	const struct lesson *l = s->folder->lesson;
	const struct lesson_step *step = &l->steps[lesson_run_step(s->run)];
	const struct expect_facts *facts = lesson_run_facts(s->run);

	check_expects(l, step, facts, tally);
	check_question(l, step, facts, tally);
}

int lesson_check_folder(struct lesson_folder *f, const struct options *options, int *ended_by,
			struct err *err)
{
	struct lesson_session s;
	struct tally tally = { 0 };
	int there;

	if (lesson_begin(&s, f, options, err) < 0) {
		if (err->code != ERR_UNSUPPORTED || !options->lesson.allow_unknown)
			return -1;
		printf(_("%s: cannot be checked here: %s\n"), f->name, err->text);
		return 0;
	}
	while ((there = lesson_next(&s, PATIENCE_NS, err)) > 0)
		check_step(&s, &tally);
	*ended_by = s.signal;
	lesson_end(&s);
	if (there < 0 || *ended_by)
		return there;
	printf(_("%s: %u hold, %u fail, %u cannot be checked here\n"), f->name, tally.holds, tally.fails,
	       tally.unknown);
	return tally.fails || (tally.unknown && !options->lesson.allow_unknown) || !tally.holds;
}
