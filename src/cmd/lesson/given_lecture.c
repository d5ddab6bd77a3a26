#include "cmd/lesson/given_lecture.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "cmd/lesson/parts.h"
#include "ui/lecture/lecture_run.h"

void given_lecture_fini(struct given_lecture *g)
{
	lecture_plan_fini(&g->plan);
}

const struct planned_step *given_lecture_next(const struct given_lecture *g)
{
	return g->plan.next < g->plan.count ? &g->plan.steps[g->plan.next] : NULL;
}

bool given_lecture_is_within(const struct given_lecture *g)
{
	const struct planned_step *next = given_lecture_next(g);

	return next && g->begun && g->current == next->lesson;
}

const struct planned_lesson *given_lecture_next_lesson(const struct given_lecture *g)
{
	return lecture_plan_lesson(&g->plan, g->plan.next);
}

void given_lecture_begin(struct given_lecture *g)
{
	g->begun = true;
	g->current = g->plan.steps[g->plan.next].lesson;
	g->before = (struct slide_before){ 0 };
	g->plan.lost = (struct err){ 0 };
}

void given_lecture_end(struct given_lecture *g)
{
	g->begun = false;
}

void given_lecture_ask(struct given_lecture *g, const struct expect_facts *facts,
		       struct slide_question *question)
{
	static const struct world nothing;
	const struct expect_facts none = { .world = &nothing };
	const struct planned_step *next = given_lecture_next(g);

	*question = (struct slide_question){ 0 };
	if (!next)
		return;
	const struct lesson *lesson = given_lecture_next_lesson(g)->folder->lesson;
	slide_question_take(question, &lesson->steps[next->step], facts ? facts : &none);
	if (question->kind)
		lecture_keeper_ask(&g->keeper, lesson, next->step,
				   lecture_plan_title_after(&g->plan, g->plan.next));
}

struct slide *given_lecture_take(struct given_lecture *g, const struct expect_facts *facts)
{
	const struct lesson_folder *f = given_lecture_next_lesson(g)->folder;
	size_t step = g->plan.steps[g->plan.next].step;
	struct slide *slide = slide_take(f->lesson, &f->marks, step, facts, &g->before);

	slide->number = g->plan.next++;
	return slide;
}

/* What the driver of every lecture has. */

static size_t contents(void *lecture, const struct lecture_entry **entries)
{
	const struct given_lecture *g = lecture;

	*entries = g->plan.entries;
	return g->plan.count;
}

static void around(void *lecture, size_t number, const char **title, struct lecture_source *source)
{
	const struct given_lecture *g = lecture;
	const struct lesson_folder *f = lecture_plan_lesson(&g->plan, number)->folder;

	*title = f->lesson->title.text;
	*source = (struct lecture_source){ f->source_name, f->source };
}

static void shown(void *lecture, const struct slide *slide, const char *score)
{
	struct given_lecture *g = lecture;

	lecture_keeper_show(&g->keeper, lecture_plan_lesson(&g->plan, slide->number)->folder->lesson, slide,
			    lecture_plan_title_after(&g->plan, slide->number), score);
}

int given_lecture_run(struct given_lecture *g, const struct lecture_driver *driver,
		      const struct lecture_position *left, const struct options *options, int *ended_by,
		      struct err *err)
{
	struct lecture_options lecture = { .terminal = options->screen.terminal,
					   .asking = !options->lesson.no_questions,
					   .begin = left ? left->number : 0,
					   .score = left ? left->score : NULL };
	struct lecture_driver whole = *driver;
	struct strbuf message = { 0 };
	char **names = lecture_plan_names(&g->plan);
	size_t left_out = lesson_parts_left_out(options);
	int result;

	whole.contents = contents;
	whole.around = around;
	whole.shown = shown;
	whole.context = g;
	if (left_out)
		strbuf_printf(
		    &message,
		    ngettext("%zu recording is left out; the terminal behind this screen says why",
			     "%zu recordings are left out; the terminal behind this screen says why",
			     left_out),
		    left_out);
	lecture_keeper_init(&g->keeper, names, options->language, left);
	if (g->keeper.err.code) {
		strbuf_puts(&message, left_out ? "; " : "");
		strbuf_printf(&message, _("--notes and --resume will not work: %s"), g->keeper.err.text);
	}
	lecture.message = message.text;
	lecture.unsaved = &g->keeper.err;
	result = lecture_run(&whole, &lecture, err);
	*ended_by = max(result, 0);
	lecture_keeper_end(&g->keeper);
	free(names);
	strbuf_fini(&message);
	return result < 0 ? -1 : 0;
}
