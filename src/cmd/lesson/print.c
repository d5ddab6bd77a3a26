/* A lesson as plain text, for use without a screen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/strbuf.h"
#include "cmd/lesson/forms.h"
#include "cmd/lesson/needs.h"
#include "cmd/lesson/parts.h"
#include "cmd/lesson/recording.h"
#include "cmd/lesson/session.h"
#include "cmd/loop.h"
#include "lecture/slide_words.h"

#define PATIENCE_NS (600 * CLOCK_SECOND)

static void print_words(const char *text, const struct lesson_step *step, const struct expect_facts *facts)
{
	struct strbuf out = { 0 };

	lesson_words_fill(&out, text, &step->figures, facts);
	printf("%s\n", out.text);
	strbuf_fini(&out);
}

/* " 3 anon 5 reserved" */
static void print_counts(const uint64_t counts[static RUNS_VALUES])
{
	bool any = false;

	for (int state = PAGE_NONE + 1; state < PAGE_STATES; state++) {
		if (counts[state])
			printf(" %llu %s", (unsigned long long)counts[state],
			       page_state_name((enum page_state)state));
		any |= counts[state];
	}
	printf("%s%s\n", any ? "" : " ", any ? "" : _("nothing is mapped there"));
}

/* Counts the states of its pages, including those that a slide leaves out, if they are contiguous. */
static void count_states(const struct slide_place *p, const struct expect_facts *facts,
			 uint64_t counts[static RUNS_VALUES])
{
	const struct process *process = expect_process(facts, p->child);

	if (process && p->in_one && p->count)
		runs_count(process->space->pages, p->pages->number, p->pages->number + p->count + p->more,
			   counts);
	else
		for (size_t i = 0; i < p->count; i++)
			counts[page_state(p->pages[i].word)]++;
}

/* "  area: 64 reserved", "  area child 1: 64 reserved" */
static void print_places(const struct slide *slide, const struct expect_facts *facts)
{
	for (size_t i = 0; i < slide->place_count; i++) {
		const struct slide_place *p = &slide->places[i];
		uint64_t counts[RUNS_VALUES] = { 0 };

		printf("  %s", p->name);
		if (p->child)
			printf(_(" child %u"), p->child);
		if (!p->found) {
			printf(": %s\n", p->why);
			continue;
		}
		printf(":");
		count_states(p, facts, counts);
		print_counts(counts);
	}
}

/* "= 2  No. It may only be read.": what is right, as the kernel has it. */
static void print_right(const struct slide *slide)
{
	struct strbuf out = { 0 };

	if (slide->right.known && slide->right.kind == LESSON_ASK_CHOICE)
		strbuf_printf(&out, "%zu  ", slide->right.choice + 1);
	lecture_right_words(&out, slide);
	printf("= %s\n", out.text);
	strbuf_fini(&out);
}

/* As it is put, then what is said after the answer. */
static void print_question(const struct lesson_step *step, const struct slide *slide,
			   const struct expect_facts *facts)
{
	const struct lesson_question *q = &step->question;

	if (!q->kind)
		return;
	printf("? ");
	print_words(q->text.text, step, facts);
	for (size_t i = 0; i < q->choice_count; i++) {
		printf("  %zu  ", i + 1);
		print_words(q->choices[i].text.text, step, facts);
	}
	print_right(slide);
	if (q->why.text) {
		printf("? ");
		print_words(q->why.text, step, facts);
	}
	if (q->explain.text) {
		printf("! ");
		print_words(q->explain.text, step, facts);
	}
}

static void print_step(const struct lesson_folder *f, size_t number, const struct expect_facts *facts)
{
	const struct lesson *l = f->lesson;
	const struct lesson_step *step = &l->steps[number];
	const struct lesson_mark *mark = lesson_marks_find(&f->marks, step->mark);
	struct slide_before before = { 0 };
	struct slide *slide = slide_take(l, &f->marks, number, facts, &before);

	if (!number)
		printf("%s\n", l->title.text);
	printf("\n%zu/%zu  ", number + 1, l->step_count);
	print_words(step->title.text, step, facts);
	if (mark)
		printf(_("%s, line %u\n"), f->source_name, mark->line);
	print_question(step, slide, facts);
	if (step->text.text)
		print_words(step->text.text, step, facts);
	print_places(slide, facts);
	if (slide->untrue.is)
		printf("%s\n", slide->untrue.what);
	slide_destroy(slide);
	fflush(stdout);
}

static void take_recorded(void *context, const struct lesson_folder *f, size_t step,
			  const struct expect_facts *facts)
{
	(void)context;
	print_step(f, step, facts);
}

static int print_recording(const char *path, const struct options *options, struct err *err)
{
	struct lesson_folder *f = lesson_visit_recording(path, options->language, take_recorded, NULL, err);

	lesson_folder_close(f);
	return f ? 0 : -1;
}

static int print_lesson(struct lesson_folder *f, size_t number, const struct options *options, int *ended_by,
			struct err *err)
{
	struct lesson_session s;
	int there;

	if (lesson_begin(&s, f, number, options, err) < 0)
		return -1;
	while ((there = lesson_next(&s, PATIENCE_NS, err)) > 0)
		print_step(f, lesson_run_step(s.run), lesson_run_facts(s.run));
	*ended_by = s.signal;
	return lesson_end(&s, there < 0 ? NULL : err) < 0 || there < 0 ? -1 : 0;
}

int lesson_print(char *const *parts, const struct options *options, int *ended_by, struct err *err)
{
	int result = 0;

	loop_catch_signals(); /* a program may be compiled into a folder that has to be removed */
	for (size_t i = 0; parts[i] && result == 0 && !*ended_by; i++) {
		if (lesson_is_recording(parts[i])) {
			result = print_recording(parts[i], options, err);
			continue;
		}
		struct lesson_folder *f = lesson_open(parts[i], options, err);
		struct err missing = { 0 };

		if (f && parts[1] && lesson_check_needs(f->lesson->needs.text, &missing) < 0)
			printf("%s: %s\n", f->lesson->title.text, missing.text);
		else
			result = f ? print_lesson(f, i, options, ended_by, err) : -1;
		lesson_folder_close(f);
	}
	return result;
}
