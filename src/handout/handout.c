#include "handout/handout.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "lecture/page_cells.h"
#include "lecture/source_lines.h"
#include "lecture/slide_words.h"
#include "render/glyph.h"

#define PICTURE_COLUMNS 96
#define PICTURE_ROWS 18 /* cells are as large as these let them be; */
#define PICTURE_MOST 60 /* the smallest may take so many */
#define SOURCE_ROWS 9   /* around the current line */
#define ROOM_ANSWER 2
#define ROOM_WHY 3

struct writer {
	const struct handout_format *format;
	const struct handout *handout;
	void *page;
};

static const struct handout_format *const formats[] = { &handout_html, &handout_pdf };

const struct handout_format *handout_format_of_file(const char *path)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (text_ends(path, formats[i]->suffix))
			return formats[i];
	return NULL;
}

static void heading(const struct writer *w, enum handout_heading kind, size_t lesson, size_t step,
		    const char *text)
{
	char *shown = text_printable_dup(text, strlen(text));

	w->format->heading(w->page, kind, lesson, step, shown);
	free(shown);
}

/* A text of several lines, each of them a paragraph; what begins with a blank stays as it is. */
static void put(const struct writer *w, enum handout_text kind, const char *text)
{
	for (size_t len; text && *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		char *line = text_printable_dup(text, len);

		if (line[strspn(line, " ")])
			w->format->text(
			    w->page, kind == HANDOUT_NARRATION && *line == ' ' ? HANDOUT_AS_IS : kind, line);
		free(line);
	}
}

static void put_source(const struct writer *w, const struct handout_lesson *l, unsigned first, unsigned count,
		       unsigned current)
{
	char *name = text_printable_dup(l->source_name, strlen(l->source_name));
	const struct handout_lines lines = { name, l->source, first, count, current };

	w->format->source(w->page, &lines);
	free(name);
}

/* "area: 4 of 64 pages are resident": for readers who cannot see the picture. */
static void picture_words(struct strbuf *out, const struct slide *s, bool unsolved)
{
	strbuf_puts(out, "");
	for (size_t i = 0; i < s->place_count; i++) {
		const struct slide_place *p = &s->places[i];
		unsigned long long resident = 0;

		for (size_t page = 0; page < p->count; page++)
			resident += page_state_resident(page_state(p->pages[page].word));
		strbuf_puts(out, i ? "; " : "");
		if (unsolved)
			strbuf_puts(out, p->name);
		else if (!p->found)
			strbuf_printf(out, "%s: %s", p->name, p->why);
		else
			strbuf_printf(out,
				      ngettext("%s: %llu of %llu page is resident",
					       "%s: %llu of %llu pages are resident",
					       (unsigned long)(p->count + p->more)),
				      p->name, resident, (unsigned long long)(p->count + p->more));
	}
}

static bool has_child(const struct slide *s)
{
	for (size_t i = 0; i < s->place_count; i++)
		if (s->places[i].child)
			return true;
	return false;
}

static void put_picture(const struct writer *w, const struct slide *s, bool unsolved)
{
	/* the caption has the states, but not what two processes share */
	bool legend = has_child(s) && !unsolved;
	const struct lecture_pages pages = {
		.slide = s, .faults_shown = SIZE_MAX, .legend = legend, .unsolved = unsolved
	};
	int need = lecture_pages_rows(s, PICTURE_COLUMNS, PICTURE_ROWS) + legend;
	struct strbuf words = { 0 };
	struct canvas canvas;

	if (!s->place_count)
		return;
	canvas_init(&canvas, clamp(need, 1, PICTURE_MOST), PICTURE_COLUMNS, 0);
	lecture_pages_draw(area_all(&canvas), &pages);
	picture_words(&words, s, unsolved);
	char *shown = text_printable_dup(words.text, words.len);
	w->format->picture(w->page, &canvas, shown);
	if (need > PICTURE_MOST)
		w->format->text(w->page, HANDOUT_CAPTION,
				_("There are more pages than this picture has room for."));
	free(shown);
	strbuf_fini(&words);
	canvas_fini(&canvas);
}

/* "· reserved 60, ■ anon 4" */
static void put_legend(const struct writer *w, const struct slide *s)
{
	unsigned long long counts[PAGE_STATES] = { 0 };
	struct strbuf words = { 0 };
	char glyph[5];

	for (size_t i = 0; i < s->place_count; i++)
		for (size_t page = 0; page < s->places[i].count; page++)
			counts[page_state(s->places[i].pages[page].word)]++;
	for (int state = PAGE_NONE + 1; state < PAGE_STATES; state++) {
		if (!counts[state])
			continue;
		text_encode(glyph, glyph_page((enum page_state)state, 0));
		strbuf_printf(&words, "%s%s %s %llu", words.len ? ", " : "", glyph,
			      page_state_name((enum page_state)state), counts[state]);
	}
	put(w, HANDOUT_CAPTION, words.text);
	strbuf_fini(&words);
}

static void put_figures(const struct writer *w, const struct slide *s)
{
	struct strbuf words = { 0 };

	lecture_faults_words(&words, s);
	strbuf_puts(&words, "; ");
	lecture_counters_words(&words, s, false);
	if (!s->counters.known)
		words.text[words.len - 2] = '\0';
	put(w, HANDOUT_CAPTION, words.text);
	strbuf_fini(&words);
}

static void put_question(const struct writer *w, const struct slide_question *q)
{
	bool worksheet = w->handout->worksheet;

	put(w, HANDOUT_QUESTION, q->text);
	for (size_t i = 0; i < q->choice_count; i++)
		put(w, HANDOUT_CHOICE, q->choices[i]);
	if (worksheet && !q->choice_count)
		w->format->room(w->page, ROOM_ANSWER);
	put(w, HANDOUT_QUESTION, q->why);
	if (worksheet && q->why)
		w->format->room(w->page, ROOM_WHY);
}

static void put_step(const struct writer *w, const struct handout_lesson *l, size_t lesson,
		     const struct slide *s)
{
	bool hidden = w->handout->worksheet && s->question.kind;
	struct strbuf title = { 0 };

	if (hidden)
		strbuf_printf(&title, _("Step %zu"), s->step + 1);
	else
		strbuf_printf(&title, "%zu. %s", s->step + 1, s->title ? s->title : "");
	heading(w, HANDOUT_STEP, lesson, s->step + 1, title.text);
	strbuf_fini(&title);
	if (s->question.kind)
		put_question(w, &s->question);
	if (!hidden)
		put(w, HANDOUT_NARRATION, s->text);
	put_picture(w, s, hidden);
	if (!hidden) {
		put_legend(w, s);
		put_figures(w, s);
	}
	if (s->line)
		put_source(w, l, lecture_source_top(l->source, s->line, SOURCE_ROWS), SOURCE_ROWS, s->line);
}

static void put_lesson(const struct writer *w, const struct handout_lesson *l, size_t lesson)
{
	heading(w, HANDOUT_LESSON, lesson, 0, l->title);
	put(w, HANDOUT_ABOUT, l->about);
	if (l->missing) {
		put(w, HANDOUT_NARRATION,
		    _("This lesson could not be given on the machine that this was made on:"));
		put(w, HANDOUT_NARRATION, l->missing_why);
		return;
	}
	put_source(w, l, 1, lecture_source_lines(l->source), 0);
	for (size_t i = 0; i < l->count; i++)
		put_step(w, l, lesson, l->slides[i]);
}

static bool has_questions(const struct handout_lesson *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->slides[i]->question.kind)
			return true;
	return false;
}

static void put_answer(const struct writer *w, const struct slide *s)
{
	struct strbuf question = { 0 }, right = { 0 };

	strbuf_printf(&question, "%zu. %s", s->step + 1, s->question.text ? s->question.text : "");
	lecture_right_words(&right, s);
	put(w, HANDOUT_QUESTION, question.text);
	put(w, HANDOUT_RIGHT, right.text);
	put(w, HANDOUT_NARRATION, s->explain);
	strbuf_fini(&question);
	strbuf_fini(&right);
}

static void put_answers(const struct writer *w)
{
	bool any = false;

	for (size_t i = 0; i < w->handout->count; i++) {
		const struct handout_lesson *l = &w->handout->lessons[i];

		if (!has_questions(l))
			continue;
		if (!any)
			heading(w, HANDOUT_ANSWERS, 0, 0, _("Answers"));
		any = true;
		if (w->handout->count > 1)
			heading(w, HANDOUT_LESSON_ANSWERS, i + 1, 0, l->title);
		for (size_t k = 0; k < l->count; k++)
			if (l->slides[k]->question.kind)
				put_answer(w, l->slides[k]);
	}
}

int handout_write(FILE *out, const struct handout_format *format, const struct handout *handout,
		  struct err *err)
{
	struct writer w = { .format = format, .handout = handout };
	const char *title = handout->count == 1 ? handout->lessons->title : _("A lecture on virtual memory");
	char *shown = text_printable_dup(title, strlen(title));

	w.page = format->begin(out, handout, shown, err);
	free(shown);
	if (!w.page)
		return -1;
	for (size_t i = 0; i < handout->count && handout->count > 1; i++) {
		char *entry =
		    text_printable_dup(handout->lessons[i].title, strlen(handout->lessons[i].title));

		format->entry(w.page, i + 1, entry);
		free(entry);
	}
	for (size_t i = 0; i < handout->count; i++)
		put_lesson(&w, &handout->lessons[i], i + 1);
	if (!handout->worksheet)
		put_answers(&w);
	return format->finish(w.page, err);
}
