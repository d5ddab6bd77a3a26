/* Lessons, once they are parsed. */
#include "lesson/lesson.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

static void text_fini(struct lesson_text *text)
{
	free(text->text);
	*text = (struct lesson_text){ 0 };
}

static void shows_fini(struct lesson_shows *shows)
{
	for (size_t i = 0; i < shows->count; i++) {
		text_fini(&shows->list[i].text);
		free(shows->list[i].name);
		expect_place_destroy(shows->list[i].place);
	}
	free(shows->list);
}

static void question_fini(struct lesson_question *q)
{
	for (size_t i = 0; i < q->right_count; i++) {
		text_fini(&q->rights[i].text);
		expect_term_destroy(q->rights[i].term);
		expect_place_destroy(q->rights[i].place);
	}
	for (size_t i = 0; i < q->choice_count; i++) {
		text_fini(&q->choices[i].text);
		text_fini(&q->choices[i].condition);
		expect_destroy(q->choices[i].when);
	}
	free(q->rights);
	free(q->choices);
	text_fini(&q->text);
	text_fini(&q->why);
	text_fini(&q->explain);
}

static void step_fini(struct lesson_step *step)
{
	lesson_figures_fini(&step->figures);
	free(step->mark);
	text_fini(&step->title);
	text_fini(&step->text);
	text_fini(&step->notes);
	shows_fini(&step->shows);
	question_fini(&step->question);
	for (size_t i = 0; i < step->expect_count; i++) {
		text_fini(&step->expects[i].text);
		expect_destroy(step->expects[i].expect);
	}
	free(step->expects);
}

void lesson_destroy(struct lesson *l)
{
	if (!l)
		return;
	struct lesson_text *texts[] = { &l->title, &l->about,   &l->translates, &l->program,
					&l->needs, &l->compile, &l->args };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		text_fini(texts[i]);
	shows_fini(&l->shows);
	for (size_t i = 0; i < l->step_count; i++)
		step_fini(&l->steps[i]);
	free(l->steps);
	free(l->file);
	free(l->language);
	free(l);
}

static void take_words(struct lesson_text *to, struct lesson_text *from)
{
	text_fini(to);
	*to = *from;
	*from = (struct lesson_text){ 0 };
}

static int differ(const struct lesson *words, unsigned line, struct err *err, const char *what)
{
	return err_set(err, ERR_INPUT, "%s:%u: %s", words->file, line, what);
}

/* Questions of a step: what is there in one must be there in the other. */
static int match_question(const struct lesson_question *a, const struct lesson_question *b,
			  const struct lesson *words, unsigned line, struct err *err)
{
	if (a->kind != b->kind)
		return differ(words, b->kind ? b->text.line : line, err,
			      b->kind ? _("the other language asks no such question here")
				      : _("the question of the other language is missing in this step"));
	if (a->choice_count != b->choice_count)
		return differ(words, b->text.line, err, _("not as many answers as in the other language"));
	if (!a->why.text != !b->why.text || !a->explain.text != !b->explain.text)
		return differ(words, b->text.line, err,
			      _("why: and explain: must be in both languages, or in none"));
	return 0;
}

static int match_step(const struct lesson_step *a, const struct lesson_step *b, const struct lesson *words,
		      struct err *err)
{
	if (strcmp(a->mark, b->mark) || a->pass != b->pass || a->in_child != b->in_child)
		return err_set(err, ERR_INPUT, _("%s:%u: expected the step \"%s\", as in the other language"),
			       words->file, b->line, a->mark);
	if (!a->notes.text != !b->notes.text)
		return differ(words, b->line, err,
			      _("speaker's notes must be in both languages, or in none"));
	if (!a->text.text != !b->text.text)
		return differ(words, b->line, err, _("narration must be in both languages, or in none"));
	return match_question(&a->question, &b->question, words, b->line, err);
}

int lesson_match(const struct lesson *l, const struct lesson *words, struct err *err)
{
	for (size_t i = 0; i < l->step_count && i < words->step_count; i++)
		if (match_step(&l->steps[i], &words->steps[i], words, err) < 0)
			return -1;
	if (l->step_count > words->step_count)
		return err_set(err, ERR_INPUT,
			       _("%s: the step \"%s\" of the other language is missing at the end"),
			       words->file, l->steps[words->step_count].mark);
	if (l->step_count < words->step_count)
		return differ(words, words->steps[l->step_count].line, err,
			      _("the other language has no such step"));
	return 0;
}

static void translate_step(struct lesson_step *to, struct lesson_step *from)
{
	lesson_figures_fini(&to->figures);
	to->figures = from->figures;
	from->figures = (struct lesson_figures){ 0 };
	take_words(&to->title, &from->title);
	take_words(&to->text, &from->text);
	take_words(&to->notes, &from->notes);
	take_words(&to->question.text, &from->question.text);
	take_words(&to->question.why, &from->question.why);
	take_words(&to->question.explain, &from->question.explain);
	for (size_t i = 0; i < to->question.choice_count; i++)
		take_words(&to->question.choices[i].text, &from->question.choices[i].text);
}

void lesson_translate(struct lesson *l, struct lesson *words)
{
	take_words(&l->title, &words->title);
	take_words(&l->about, &words->about);
	for (size_t i = 0; i < l->step_count; i++)
		translate_step(&l->steps[i], &words->steps[i]);
	free(l->language);
	l->language = words->language;
	words->language = NULL;
	lesson_destroy(words);
}

const struct lesson_shows *lesson_step_shows(const struct lesson *l, const struct lesson_step *step)
{
	return step->shows.count ? &step->shows : &l->shows;
}

/* The next word; 0: there is none. */
static size_t next_need(const char **at)
{
	*at += strspn(*at, " ,\t");
	return strcspn(*at, " ,\t");
}

bool lesson_needs_has(const char *needs, const char *what)
{
	for (size_t word; needs && (word = next_need(&needs)); needs += word)
		if (word == strlen(what) && !memcmp(needs, what, word))
			return true;
	return false;
}

bool lesson_needs_known(const char *needs)
{
	static const char words[] = "root frames faults swap huge 32-bit zero-page";

	for (size_t word; needs && (word = next_need(&needs)); needs += word) {
		char what[16] = "";
		if (word < sizeof what)
			memcpy(what, needs, word);
		if (!*what || !lesson_needs_has(words, what))
			return false;
	}
	return true;
}

/* One visit of terms, for visitors that may end it. */
struct terms_visit {
	lesson_visitor *visit;
	void *context;
	unsigned line;
	int result;
};

static void visit_term(void *context, struct expect_term *term)
{
	struct terms_visit *v = context;

	if (!v->result)
		v->result = v->visit(v->context, term, v->line);
}

int lesson_visit_step(const struct lesson_step *step, lesson_visitor *visit, void *context)
{
	struct terms_visit v = { .visit = visit, .context = context };
	const struct lesson_question *q = &step->question;

	for (size_t i = 0; i < step->shows.count; i++) {
		v.line = step->shows.list[i].text.line;
		expect_visit_place(step->shows.list[i].place, visit_term, &v);
	}
	for (size_t i = 0; i < step->expect_count; i++) {
		v.line = step->expects[i].text.line;
		expect_visit(step->expects[i].expect, visit_term, &v);
	}
	for (size_t i = 0; i < q->choice_count; i++) {
		v.line = q->choices[i].condition.line;
		expect_visit(q->choices[i].when, visit_term, &v);
	}
	for (size_t i = 0; i < q->right_count; i++) {
		v.line = q->rights[i].text.line;
		expect_visit_term(q->rights[i].term, visit_term, &v);
		expect_visit_place(q->rights[i].place, visit_term, &v);
	}
	for (size_t i = 0; i < step->figures.count; i++) {
		v.line = step->figures.list[i].line;
		expect_visit_term(step->figures.list[i].term, visit_term, &v);
	}
	return v.result;
}
