/* pdf: sheets of A4. Text is set in lines that fill the sheet's width; pictures and source excerpts that
 * would be split by the end of a sheet begin the next. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "draw/cells.h"
#include "handout/handout.h"
#include "lecture/source_lines.h"

/* A sheet in points of the drawing, which is scaled to A4: sides as A4 has them within its margin. */
#define WIDTH 1000.0
#define HEIGHT 1450.0
#define FOOT 30.0        /* below: the sheet's number */
#define STEP_LEAST 700.0 /* a step begins where there is room for most of one */
#define LEADING 1.42
#define WORD_MOST 400 /* bytes: what is longer is broken within */
#define SOURCE_SIZE 16.0
#define SOURCE_PITCH 21.0

struct pdf_handout {
	const struct handout *handout;
	struct drawing *drawing;
	char *title;
	double y; /* what is free begins here */
	unsigned sheet;
};

struct text_style {
	struct drawing_text how;
	double indent, before; /* before: room above */
	const char *sign;      /* left of the first line; NULL: none */
};

static const uint32_t black = 0x111111, grey = 0x666666;

static void put_foot(struct pdf_handout *p)
{
	const struct drawing_text how = { DRAWING_FONT_LABEL, 15, false, grey };
	char number[16];

	snprintf(number, sizeof number, "%u", p->sheet);
	drawing_text_fit(p->drawing, 0, HEIGHT - 4, WIDTH - 100, &how, p->title);
	drawing_text_right(p->drawing, WIDTH, HEIGHT - 4, &how, number);
}

static void turn(struct pdf_handout *p)
{
	put_foot(p);
	drawing_next_sheet(p->drawing);
	p->sheet++;
	p->y = 0;
}

/* So much room from here on, on one sheet. */
static void need(struct pdf_handout *p, double height)
{
	if (p->y > 0 && p->y + height > HEIGHT - FOOT)
		turn(p);
}

static double width_of(struct pdf_handout *p, const struct drawing_text *how, const char *text, size_t len)
{
	char *part = mem_strndup(text, len);
	double width = drawing_text_width(p->drawing, how, part);

	free(part);
	return width;
}

/* The bytes of the first line of a text, without the blank after it: whole words, or as much of a word as
 * fits. At least one character. */
static size_t first_line(struct pdf_handout *p, const struct drawing_text *how, double room, const char *text)
{
	size_t fits = 0, at = 0;
	uint32_t ch;

	do {
		at += strcspn(text + at + 1, " ") + 1;
		if (at > WORD_MOST || width_of(p, how, text, at) > room)
			break;
		fits = at;
	} while (text[at]);
	for (at = 0; !fits && text[at];) {
		size_t next = at + text_decode(text + at, min(strlen(text + at), 4), &ch);

		if (at && width_of(p, how, text, next) > room)
			fits = at;
		at = next;
	}
	return fits ? fits : strlen(text);
}

static void put_text(struct pdf_handout *p, const struct text_style *style, const char *text)
{
	double pitch = style->how.size * LEADING;
	bool first = true;

	p->y += p->y > 0 ? style->before : 0;
	while (*text) {
		size_t len = first_line(p, &style->how, WIDTH - style->indent, text);
		char *line = mem_strndup(text, len);

		need(p, pitch);
		if (first && style->sign)
			drawing_text(p->drawing, style->indent - 30, p->y + style->how.size, &style->how,
				     style->sign);
		drawing_text(p->drawing, style->indent, p->y + style->how.size, &style->how, line);
		p->y += pitch;
		first = false;
		free(line);
		text += len;
		text += strspn(text, " ");
	}
}

static void *begin(FILE *out, const struct handout *handout, const char *title, struct err *err)
{
	const struct text_style style = { { DRAWING_FONT_LABEL, 44, true, black }, 0, 0, NULL };
	struct drawing *drawing = drawing_create(DRAW_PDF, out, WIDTH, HEIGHT, title, err);
	struct pdf_handout *p;

	if (!drawing)
		return NULL;
	p = mem_zalloc(sizeof *p);
	p->handout = handout;
	p->drawing = drawing;
	p->title = mem_strdup(title);
	p->sheet = 1;
	if (handout->count > 1) {
		put_text(p, &style, title);
		p->y += 30;
	}
	return p;
}

static void entry(void *context, size_t lesson, const char *title)
{
	const struct text_style style = { { DRAWING_FONT_LABEL, 22, false, black }, 50, 6, NULL };
	struct strbuf text = { 0 };

	strbuf_printf(&text, "%zu. %s", lesson, title);
	put_text(context, &style, text.text);
	strbuf_fini(&text);
}

static void heading(void *context, enum handout_heading kind, size_t lesson, size_t step, const char *text)
{
	static const struct text_style styles[] = {
		[HANDOUT_LESSON] = { { DRAWING_FONT_LABEL, 36, true, 0x111111 }, 0, 0, NULL },
		[HANDOUT_STEP] = { { DRAWING_FONT_LABEL, 26, true, 0x111111 }, 0, 34, NULL },
		[HANDOUT_ANSWERS] = { { DRAWING_FONT_LABEL, 36, true, 0x111111 }, 0, 0, NULL },
		[HANDOUT_LESSON_ANSWERS] = { { DRAWING_FONT_LABEL, 24, true, 0x111111 }, 0, 24, NULL },
	};
	struct pdf_handout *p = context;

	(void)lesson;
	(void)step;
	if ((kind == HANDOUT_LESSON || kind == HANDOUT_ANSWERS) && p->y > 0)
		turn(p);
	need(p, kind == HANDOUT_STEP ? STEP_LEAST : 150);
	put_text(p, &styles[kind], text);
	if (kind == HANDOUT_STEP)
		drawing_line(p->drawing, 0, p->y, WIDTH, p->y, 1, grey);
	p->y += 8;
}

static void text(void *context, enum handout_text kind, const char *text)
{
	static const struct text_style styles[] = {
		[HANDOUT_ABOUT] = { { DRAWING_FONT_LABEL, 20, false, 0x555555 }, 0, 4, NULL },
		[HANDOUT_NARRATION] = { { DRAWING_FONT_LABEL, 20, false, 0x111111 }, 0, 10, NULL },
		[HANDOUT_AS_IS] = { { DRAWING_FONT_CELL, 17, false, 0x111111 }, 20, 0, NULL },
		[HANDOUT_QUESTION] = { { DRAWING_FONT_LABEL, 20, true, 0x111111 }, 26, 12, NULL },
		[HANDOUT_CHOICE] = { { DRAWING_FONT_LABEL, 20, false, 0x111111 }, 60, 5, "☐" },
		[HANDOUT_RIGHT] = { { DRAWING_FONT_LABEL, 20, true, 0x006644 }, 26, 4, NULL },
		[HANDOUT_CAPTION] = { { DRAWING_FONT_LABEL, 16, false, 0x555555 }, 0, 2, NULL },
	};
	struct pdf_handout *p = context;

	put_text(p, &styles[kind], kind == HANDOUT_AS_IS ? text : text + strspn(text, " "));
}

static void room(void *context, unsigned lines)
{
	struct pdf_handout *p = context;

	while (lines--) {
		need(p, 44);
		p->y += 40;
		drawing_line(p->drawing, 26, p->y, WIDTH, p->y, 1, grey);
	}
	p->y += 8;
}

static void picture(void *context, const struct canvas *canvas, const char *words)
{
	struct pdf_handout *p = context;
	double height = canvas->rows * CELL_HEIGHT;

	(void)words; /* the cells are text already */
	need(p, height + 44);
	p->y += 14;
	cells_draw(p->drawing, (WIDTH - canvas->columns * CELL_WIDTH) / 2, p->y, canvas, p->handout->theme);
	p->y += height + 12;
}

static void put_line(struct pdf_handout *p, unsigned number, bool current, const char *line)
{
	const struct drawing_text how = { DRAWING_FONT_CELL, SOURCE_SIZE, current, black },
				  dim = { DRAWING_FONT_CELL, SOURCE_SIZE, false, grey };
	char digits[16];

	need(p, SOURCE_PITCH);
	if (current)
		drawing_fill(p->drawing, 0, p->y, WIDTH, SOURCE_PITCH, 0xffe38a);
	snprintf(digits, sizeof digits, "%u", number);
	drawing_text_right(p->drawing, 44, p->y + SOURCE_SIZE, &dim, digits);
	drawing_text_fit(p->drawing, 60, p->y + SOURCE_SIZE, WIDTH - 60, &how, line);
	p->y += SOURCE_PITCH;
}

static void source(void *context, const struct handout_lines *lines)
{
	const struct text_style name = { { DRAWING_FONT_LABEL, 16, false, 0x555555 }, 0, 10, NULL };
	struct pdf_handout *p = context;
	unsigned number = 1;

	need(p, (lines->count + 2) * SOURCE_PITCH < HEIGHT / 2 ? (lines->count + 2) * SOURCE_PITCH : 100);
	put_text(p, &name, lines->name);
	for (const char *c = lines->text; *c && number < lines->first + lines->count; number++) {
		size_t len = strcspn(c, "\n");

		if (number >= lines->first) {
			char *line = lecture_source_line(c, len);

			put_line(p, number, number == lines->current, line);
			free(line);
		}
		c += len + (c[len] == '\n');
	}
}

static int finish(void *context, struct err *err)
{
	struct pdf_handout *p = context;
	int result;

	put_foot(p);
	result = drawing_finish(p->drawing, err);
	free(p->title);
	free(p);
	return result;
}

const struct handout_format handout_pdf = {
	.suffix = ".pdf",
	.begin = begin,
	.entry = entry,
	.heading = heading,
	.text = text,
	.room = room,
	.picture = picture,
	.source = source,
	.finish = finish,
};
