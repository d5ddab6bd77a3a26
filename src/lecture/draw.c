#include "lecture/draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "lecture/page_cells.h"
#include "lecture/source_lines.h"

#define MARGIN 2
#define BODY_MIN 5 /* rows of source and pages */
#define WIDE 100   /* columns from which the pages have more room */
#define PAGES_WIDE 48
#define PAGES_NARROW 36
#define LEAST_COLUMNS 20
#define LEAST_ROWS 6
#define BODY_COLUMNS 60 /* below, there is no room for source and pages: words alone */
#define MEASURE_ROWS 400
#define LEGEND_ROWS 10 /* of source and pages, from which a legend has room */

static const struct pen plain = { INK_TEXT, PAPER_PLAIN, 0 };

/* Paragraphs, with a blank row between them where there is room; a line that begins with a blank stays as it is.
 * Returns the rows used. */
static int draw_text(struct area a, int row, struct pen pen, bool airy, const char *text)
{
	int used = 0;
	bool apart = false; /* the line before was a paragraph */

	while (text && *text && row + used < a.rows) {
		size_t len = strcspn(text, "\n");
		char *line = mem_strndup(text, len);
		int indent = *line == ' ' ? 2 : 0;

		used += airy && apart && !indent && *line;
		used += *line ? area_wrap(a, row + used, indent, a.columns - indent, a.rows - row - used, pen,
					  line + strspn(line, " "))
			      : 1;
		apart = *line && !indent;
		free(line);
		text += len + (text[len] == '\n');
	}
	return used;
}

/* Right or wrong, beside what is true. */
static int draw_verdict(struct area a, int row, struct pen pen, const struct slide *s,
			const struct lecture_answer *answer)
{
	struct strbuf out = { 0 };

	if (answer->given) {
		strbuf_puts(&out, !s->right.known ? "? " : lecture_is_right(s, answer) ? "✔ " : "✘ ");
		lecture_answer_words(&out, s, answer);
		strbuf_puts(&out, "   ");
	}
	strbuf_puts(&out, _("the kernel: "));
	lecture_right_words(&out, s);
	pen.style = STYLE_BOLD;
	int used = draw_text(a, row, pen, false, out.text);
	strbuf_fini(&out);
	return used;
}

/* The question, how it was answered, and why that is so. Returns the rows used. */
static int draw_reveal(struct area a, int row, const struct lecture_picture *p)
{
	const struct slide *s = p->slide;
	int from = row;

	if (!s->right.kind || !p->answer)
		return 0;
	struct pen pen = PEN(p->answer->given && lecture_is_right(s, p->answer) ? INK_GOOD : INK_ACCENT);
	row += draw_text(a, row, pen, false, s->question.text);
	row += draw_verdict(a, row, pen, s, p->answer);
	row += draw_text(a, row, pen, false, s->question.why);
	row += draw_text(a, row, pen, false, s->explain);
	return row - from;
}

static int draw_choices(struct area a, int row, const struct lecture_picture *p)
{
	const struct slide_question *q = p->question;

	for (size_t i = 0; i < q->choice_count && row < a.rows; i++) {
		struct pen pen = i == p->choice ? PEN_ON(INK_STRONG, PAPER_SELECTED) : PEN(INK_TEXT);

		area_printf(a, row, 0, PEN(INK_ACCENT), "%zu", i + 1);
		row += area_wrap(a, row, 3, a.columns - 3, a.rows - row, pen, q->choices[i]);
	}
	return row;
}

/* The question that stands before the audience. Returns the rows used. */
static int draw_question(struct area a, const struct lecture_picture *p, bool airy)
{
	const struct slide_question *q = p->question;
	struct pen strong = { INK_STRONG, PAPER_PLAIN, STYLE_BOLD };
	int row = airy + draw_text(a, airy, strong, false, p->phase == LECTURE_WHY ? q->why : q->text);

	if (p->phase == LECTURE_WHY || q->kind == LESSON_ASK_NUMBER) {
		int end = area_printf(a, row, 0, PEN(INK_ACCENT), "> %s", p->typed ? p->typed : "");

		area_put(a, row, end, '_', PEN(INK_ACCENT));
		return row + 1;
	}
	if (q->kind == LESSON_ASK_CHOICE)
		return draw_choices(a, row, p);
	return row + draw_text(a, row, PEN(INK_DIM), false, _("Arrows point at a page, Enter answers."));
}

/* What the picture says, above: rows used, of a canvas that has enough of them. */
static int draw_words(struct area a, const struct lecture_picture *p, bool airy)
{
	const struct slide *s = p->slide;

	if (p->phase == LECTURE_ASKS || p->phase == LECTURE_WHY)
		return draw_question(a, p, airy);
	if (!s)
		return 0;
	int row = draw_text(a, 0, (struct pen){ INK_STRONG, PAPER_PLAIN, STYLE_BOLD }, false, s->title);
	int reveal = draw_reveal(a, row, p);
	row += reveal + (airy && reveal && s->text && *s->text);
	return row + draw_text(a, row, plain, airy, s->text);
}

static int measure_words(int columns, const struct lecture_picture *p, bool airy)
{
	struct canvas scratch;
	int rows;

	canvas_init(&scratch, MEASURE_ROWS, columns, 0);
	rows = draw_words(area_all(&scratch), p, airy);
	canvas_fini(&scratch);
	return rows;
}

/* ---- the border around ---- */

static void draw_head(struct area a, const struct lecture_picture *p)
{
	struct pen bar = PEN_ON(INK_TITLE, PAPER_BAR), strong = { INK_TITLE, PAPER_BAR, STYLE_BOLD };
	const struct slide *s = p->slide;
	struct strbuf right = { 0 };
	char step[48];
	int column;

	area_fill(area_part(a, 0, 0, 1, a.columns), bar);
	strbuf_puts(&right, "");
	if (p->asked)
		strbuf_printf(&right, _("score %u/%u  "), p->right, p->asked);
	if (p->recorded)
		strbuf_puts(&right, _("recorded"));
	else if (p->phase == LECTURE_ON_ITS_WAY)
		strbuf_puts(&right, _("running"));
	else if (s && s->ended)
		strbuf_puts(&right, _("ended"));
	else
		strbuf_puts(&right, _("live"));
	/* the title is what is cut: where we are stays whole */
	snprintf(step, sizeof step, "  %zu/%zu", s ? s->step + 1 : 0, s ? s->steps : 0);
	column = area_fit(a, 0, 1, a.columns - 4 - (s ? text_columns(step) : 0) - text_columns(right.text),
			  strong, p->lesson, TEXT_CUT_RIGHT);
	if (s)
		area_text(a, 0, column, bar, step);
	area_text_right(a, 0, a.columns - 1, bar, right.text);
	strbuf_fini(&right);
}

static void fault_words(struct strbuf *out, const struct lecture_picture *p)
{
	const struct slide *s = p->slide;
	const struct slide_fault *f = &s->faults.list[p->faults_shown - 1];

	strbuf_printf(out, _("fault %zu of %zu: "), p->faults_shown, s->faults.count);
	lecture_page_words(out, s, f->page);
	strbuf_printf(out, "  %s  %s  %s", fault_access_name(f->fault.access),
		      fault_cause_name(f->fault.cause), f->function);
}

static void draw_figures(struct area a, int row, const struct lecture_picture *p)
{
	const struct slide *s = p->slide;
	struct strbuf left = { 0 }, right = { 0 };

	if (p->faults_shown != SIZE_MAX && p->faults_shown > 0) {
		fault_words(&left, p);
	} else {
		lecture_faults_words(&left, s);
	}
	int end = area_fit(a, row, MARGIN, a.columns - 2 * MARGIN, PEN(INK_FAULT), left.text, TEXT_CUT_RIGHT);
	/* in whole words: with what is resident where there is room for it */
	for (int brief = 0; brief < 2; brief++) {
		strbuf_clear(&right);
		strbuf_puts(&right, "");
		lecture_counters_words(&right, s, brief);
		if (end + 2 + text_columns(right.text) > a.columns - MARGIN)
			continue;
		area_text_right(a, row, a.columns - MARGIN, PEN(INK_DIM), right.text);
		break;
	}
	strbuf_fini(&left);
	strbuf_fini(&right);
}

static void draw_foot(struct area a, int row, const struct lecture_picture *p)
{
	struct pen bar = PEN_ON(INK_TEXT, PAPER_BAR);
	const char *keys = p->phase == LECTURE_ASKS ? _("Enter answer   PgDn skip   F1 help   q quit")
			   : p->phase == LECTURE_WHY
			       ? _("Enter answer   PgDn skip   F1 help   Ctrl-C quit")
			       : _("PgDn on   PgUp back   f faults   c contents   . blank   ? help   q quit");

	area_fill(area_part(a, row, 0, 1, a.columns), bar);
	area_fit(a, row, 1, a.columns - 2, p->message ? PEN_ON(INK_WARN, PAPER_BAR) : bar,
		 p->message ? p->message : keys, TEXT_CUT_RIGHT);
}

/* Columns of the source: as its lines need, but what the pages need is theirs. */
static int source_columns(int columns, const struct lecture_picture *p)
{
	int longest = 0, least = columns * 9 / 20, pages = columns >= WIDE ? PAGES_WIDE : PAGES_NARROW;

	for (const char *c = p->source.text; *c; c += strcspn(c, "\n"), c += *c == '\n') {
		char *line = lecture_source_line(c, strcspn(c, "\n"));

		longest = max(text_columns(line), longest);
		free(line);
	}
	for (size_t i = 0; p->slide && i < p->slide->place_count; i++)
		if (p->slide->places[i].child) { /* two processes side by side */
			least = columns * 17 / 40;
			pages = columns - least;
		}
	return clamp(longest + SOURCE_LINES_NUMBER_COLUMNS + 1, least, max(columns - pages, least));
}

static void draw_body(struct area a, const struct lecture_picture *p)
{
	/* before the first step there are no pages yet: the source has all columns */
	int left = p->slide ? source_columns(a.columns, p) : a.columns;
	bool marked = p->slide && p->phase != LECTURE_ON_ITS_WAY;

	lecture_source_draw(area_part(a, 0, 0, a.rows, left - 1), p->source.text, marked ? p->slide->line : 0,
			    p->slide ? p->slide->near : 0);
	if (!p->slide)
		return;
	for (int row = 0; row < a.rows; row++)
		area_put(a, row, left, 0x2502, PEN(INK_LINE));
	const struct lecture_pages pages = { .slide = p->slide,
					     .faults_shown = p->faults_shown,
					     .pointing = p->pointing,
					     .place = p->place,
					     .page = p->page,
					     .legend = a.rows >= LEGEND_ROWS };
	lecture_pages_draw(area_part(a, 0, left + 2, a.rows, a.columns - left - 3), &pages);
}

bool lecture_draw(struct area a, const struct lecture_picture *p)
{
	if (a.columns < LEAST_COLUMNS || a.rows < LEAST_ROWS) {
		area_wrap(a, 0, 0, a.columns, a.rows, plain, _("make the window larger"));
		return false;
	}
	int columns = a.columns - 2 * MARGIN, most = a.rows - 4;
	bool body = a.columns >= BODY_COLUMNS && most > BODY_MIN;
	most -= body ? BODY_MIN : 0;
	/* the rest stays where it is from step to step, but for longer texts */
	int least = min(a.rows * 2 / 7, most);
	bool airy = measure_words(columns, p, true) <= least;
	int words = measure_words(columns, p, airy);
	bool fits = words <= most;

	area_fill(a, plain);
	if (p->phase == LECTURE_BLANK)
		return true;
	draw_head(a, p);
	words = clamp(words, least, most);
	draw_words(area_part(a, 1, MARGIN, words, columns), p, airy);
	area_rule(a, 1 + words, PEN(INK_LINE), NULL);
	if (body)
		draw_body(area_part(a, 2 + words, 0, a.rows - words - 4, a.columns), p);
	if (body && p->slide)
		draw_figures(a, a.rows - 2, p);
	if (!body)
		area_fit(a, a.rows - 2, MARGIN, columns, PEN(INK_DIM), _("pages need a larger window"),
			 TEXT_CUT_RIGHT);
	draw_foot(a, a.rows - 1, p);
	return fits;
}
