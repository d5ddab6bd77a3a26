/* asciicast: the replay as a film for asciinema, version 2 of the format:
 *
 *   {"version": 2, "width": 120, "height": 36, "timestamp": 1764374400, "title": "demo"}
 *   [0.5, "o", "\u001b[3;7H\u001b[0;38;5;214;48;5;234m\u25a0"]
 *   [0.7, "m", "half way"]
 *
 * (docs.asciinema.org/manual/asciicast/v2.) For each picture only the cells that differ from the previous one
 * are sent, as to a terminal; nothing if none differs. Notes of the session become markers. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/text.h"
#include "export/exporter.h"
#include "export/json.h"

#define PICTURES_A_SECOND 10
/* An hour's pictures; a longer film has longer steps, and so does a small file that claims to last long:
 * drawing costs more than reading it. */
#define PICTURES_MAX 36000
#define PICTURES_OF_ANY 6000
#define BYTES_A_PICTURE 2048

struct film {
	const struct export_job *job;
	struct cell *last; /* what the player shows; NULL: nothing yet */
	size_t marks;      /* how many have been written */
	struct strbuf bytes;
};

static void *open(const struct export_job *job, struct err *err)
{
	struct film *f = mem_zalloc(sizeof *f);

	f->job = job;
	return f;
}

static void write_head(const struct film *f)
{
	const struct export_job *job = f->job;

	fprintf(job->out, "{\"version\": 2, \"width\": %d, \"height\": %d, ", job->picture->columns,
		job->picture->rows);
	if (job->wall_ns)
		fprintf(job->out, "\"timestamp\": %" PRIu64 ", ", job->wall_ns / CLOCK_SECOND);
	fputs("\"title\": ", job->out);
	json_print(job->out, json_from_text(job->from), JSON_ENCODE_ANY);
	fputs(", \"env\": {\"TERM\": \"xterm-256color\"}}\n", job->out);
}

static void write_event(const struct film *f, double at, const char *code, const char *text)
{
	fprintf(f->job->out, "[%.6f, \"%s\", ", at, code);
	json_print(f->job->out, json_from_text(text), JSON_ENCODE_ANY);
	fputs("]\n", f->job->out);
}

/* Appends the appearance of a cell, for a terminal with 256 colours. */
static void add_style(struct strbuf *out, const struct theme *theme, const struct cell *cell)
{
	struct theme_attributes a = theme_attributes(theme, 256, cell->ink, cell->paper, cell->style);

	strbuf_puts(out, "\033[0");
	if (a.style & STYLE_BOLD)
		strbuf_puts(out, ";1");
	if (a.style & STYLE_UNDERLINE)
		strbuf_puts(out, ";4");
	if (a.style & STYLE_REVERSE)
		strbuf_puts(out, ";7");
	if (a.ink != THEME_DEFAULT)
		strbuf_printf(out, ";38;5;%d", a.ink);
	if (a.paper != THEME_DEFAULT)
		strbuf_printf(out, ";48;5;%d", a.paper);
	strbuf_puts(out, "m");
}

static bool same_style(const struct cell *a, const struct cell *b)
{
	return a->ink == b->ink && a->paper == b->paper && a->style == b->style;
}

static bool same(const struct cell *a, const struct cell *b)
{
	return a->ch == b->ch && same_style(a, b);
}

/* Appends the cells of a row that differ. A wide character is two cells, and is sent whole. */
static void add_row(struct film *f, const struct canvas *canvas, int row)
{
	const struct cell *now = canvas->cells + (size_t)row * (size_t)canvas->columns;
	const struct cell *was = f->last + (size_t)row * (size_t)canvas->columns, *pen = NULL;
	int there = -1; /* where the player's cursor is */

	for (int i = 0; i < canvas->columns; i++) {
		bool wide = i + 1 < canvas->columns && now[i + 1].ch == 0;
		char text[5];

		if (!now[i].ch || (same(&now[i], &was[i]) && (!wide || same(&now[i + 1], &was[i + 1]))))
			continue;
		if (there != i)
			strbuf_printf(&f->bytes, "\033[%d;%dH", row + 1, i + 1);
		if (!pen || !same_style(pen, &now[i]))
			add_style(&f->bytes, f->job->picture->theme, &now[i]);
		pen = &now[i];
		text_encode(text, now[i].ch);
		strbuf_puts(&f->bytes, text);
		there = i + (wide ? 2 : 1);
	}
}

static void write_canvas(struct film *f, double at, const struct canvas *canvas)
{
	size_t cells = (size_t)canvas->rows * (size_t)canvas->columns;

	strbuf_clear(&f->bytes);
	if (!f->last) {
		f->last = mem_zalloc(cells * sizeof *f->last);
		strbuf_puts(&f->bytes, "\033[?25l\033[2J");
	}
	for (int row = 0; row < canvas->rows; row++)
		add_row(f, canvas, row);
	memcpy(f->last, canvas->cells, cells * sizeof *f->last);
	if (f->bytes.len)
		write_event(f, at, "o", f->bytes.text);
}

/* Writes the notes up to a time. */
static void write_marks(struct film *f, uint64_t until_ns)
{
	const struct export_screens *s = f->job->screens;

	for (; s->marks && f->marks < s->marks->count && s->marks->items[f->marks].time_ns <= until_ns;
	     f->marks++) {
		const struct mark *mark = &s->marks->items[f->marks];
		uint64_t at = mark->time_ns > s->begin_ns ? mark->time_ns - s->begin_ns : 0;
		char *text = text_printable_dup(mark->text, strlen(mark->text));

		write_event(f, (double)at / (double)CLOCK_SECOND / f->job->picture->speed, "m", text);
		free(text);
	}
}

/* The time from one picture to the next, in a film of this length. */
static uint64_t step_of(const struct film *f, uint64_t whole)
{
	double step = (double)CLOCK_SECOND / PICTURES_A_SECOND * f->job->picture->speed;
	uint64_t most = min(PICTURES_OF_ANY + f->job->screens->bytes / BYTES_A_PICTURE, PICTURES_MAX);
	uint64_t least = whole / most + 1;

	return step > (double)least ? (uint64_t)step : least;
}

static int finish(void *context, struct err *err)
{
	struct film *f = context;
	struct export_screens *s = f->job->screens;
	double speed = f->job->picture->speed;
	uint64_t whole = s->end_ns - s->begin_ns;
	uint64_t step = step_of(f, whole);

	write_head(f);
	for (uint64_t at = 0;; at = min(at + step, whole)) {
		const struct canvas *canvas = s->at(s, s->begin_ns + at, err);

		if (!canvas)
			return -1;
		if (at)
			write_marks(f, s->begin_ns + at);
		write_canvas(f, (double)at / (double)CLOCK_SECOND / speed, canvas);
		if (at == whole || ferror(f->job->out) || (f->job->stopped && f->job->stopped()))
			return 0;
	}
}

static void close(void *context)
{
	struct film *f = context;

	free(f->last);
	strbuf_fini(&f->bytes);
	free(f);
}

const struct exporter export_asciicast = {
	.name = "asciicast",
	.help = N_("the replay as a film: asciinema"),
	.film = true,
	.speaks = true,
	.open = open,
	.finish = finish,
	.close = close,
};
