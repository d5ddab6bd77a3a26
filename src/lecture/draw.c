#include "lecture/draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "render/glyph.h"

#define MARGIN 2
#define BODY_MIN 5       /* rows of source and pages */
#define NUMBER_COLUMNS 6 /* of a line of the source */
#define WIDE 100         /* columns from which the pages have more room */
#define PAGES_WIDE 48
#define PAGES_NARROW 36
#define LEAST_COLUMNS 20
#define LEAST_ROWS 6
#define BODY_COLUMNS 60 /* below, there is no room for source and pages: words alone */
#define TAB 4
#define MEASURE_ROWS 400

static const struct pen plain = { INK_TEXT, PAPER_PLAIN, 0 };

/* ---- words ---- */

/* Paragraphs of the narration; a line that begins with a blank stays as it is. Returns the rows used. */
static int draw_text(struct area a, int row, struct pen pen, const char *text)
{
	int used = 0;

	while (text && *text && row + used < a.rows) {
		size_t len = strcspn(text, "\n");
		char *line = mem_strndup(text, len);

		used +=
		    *line ? area_wrap(a, row + used, *line == ' ' ? 2 : 0, a.columns - (*line == ' ' ? 2 : 0),
				      a.rows - row - used, pen, line + strspn(line, " "))
			  : 1;
		free(line);
		text += len + (text[len] == '\n');
	}
	return used;
}

bool lecture_is_right(const struct slide *s, const struct lecture_answer *a)
{
	const struct slide_right *r = &s->right;

	if (!r->known || !a->given)
		return false;
	if (r->kind == ASK_CHOICE)
		return a->choice == r->choice;
	for (size_t i = 0; i < r->count; i++) {
		if (r->kind == ASK_NUMBER && r->numbers[i] == a->number)
			return true;
		if (r->kind == ASK_PAGE && r->pages[i].first <= a->page && a->page < r->pages[i].end)
			return true;
	}
	return false;
}

/* "page 5 of area" */
static void page_words(struct strbuf *out, const struct slide *s, uint64_t page)
{
	for (size_t i = 0; i < s->place_count; i++) {
		const struct slide_place *p = &s->places[i];

		if (p->first <= page && page < p->first + p->count && !p->child) {
			strbuf_printf(out, _("page %llu of %s"), (unsigned long long)(page - p->first),
				      p->name);
			return;
		}
	}
	strbuf_printf(out, _("page 0x%llx"), (unsigned long long)page);
}

void lecture_right_words(struct strbuf *out, const struct slide *s)
{
	const struct slide_right *r = &s->right;

	if (!r->known)
		strbuf_printf(out, _("unknown: %s"), r->why ? r->why : "");
	else if (r->kind == ASK_CHOICE)
		strbuf_puts(out, s->question.choices[r->choice]);
	for (size_t i = 0; i < r->count; i++) {
		strbuf_puts(out, i ? _(" or ") : "");
		if (r->kind == ASK_NUMBER)
			strbuf_printf(out, "%lld", (long long)r->numbers[i]);
		else
			page_words(out, s, r->pages[i].first);
	}
}

static void answer_words(struct strbuf *out, const struct slide *s, const struct lecture_answer *a)
{
	if (s->right.kind == ASK_CHOICE)
		strbuf_puts(out, a->choice < s->question.choice_count ? s->question.choices[a->choice] : "");
	else if (s->right.kind == ASK_NUMBER)
		strbuf_printf(out, "%lld", (long long)a->number);
	else
		page_words(out, s, a->page);
}

/* Right or wrong, beside what is true; then why. One paragraph each. */
static char *reveal_words(const struct slide *s, const struct lecture_answer *a)
{
	struct strbuf out = { 0 };

	if (!s->right.kind || !a)
		return NULL;
	strbuf_puts(&out, s->question.text);
	strbuf_puts(&out, "\n");
	if (a->given) {
		strbuf_puts(&out, !s->right.known ? "? " : lecture_is_right(s, a) ? "✔ " : "✘ ");
		answer_words(&out, s, a);
		strbuf_puts(&out, "   ");
	}
	strbuf_puts(&out, _("the kernel: "));
	lecture_right_words(&out, s);
	if (s->explain) {
		strbuf_puts(&out, "\n");
		strbuf_puts(&out, s->explain);
	}
	strbuf_puts(&out, "\n");
	return out.text;
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
static int draw_question(struct area a, const struct lecture_picture *p)
{
	const struct slide_question *q = p->question;
	struct pen strong = { INK_STRONG, PAPER_PLAIN, STYLE_BOLD };
	int row = draw_text(a, 0, strong, p->phase == LECTURE_WHY ? q->why : q->text);

	if (p->phase == LECTURE_WHY || q->kind == ASK_NUMBER) {
		int end = area_printf(a, row, 0, PEN(INK_ACCENT), "> %s", p->typed ? p->typed : "");

		area_put(a, row, end, '_', PEN(INK_ACCENT));
		return row + 1;
	}
	if (q->kind == ASK_CHOICE)
		return draw_choices(a, row, p);
	return row + draw_text(a, row, PEN(INK_DIM), _("Arrows point at a page, Enter answers."));
}

/* What the picture says, above: rows used, of a canvas that has enough of them. */
static int draw_words(struct area a, const struct lecture_picture *p)
{
	const struct slide *s = p->slide;
	int row = 0;

	if (p->phase == LECTURE_ASKS || p->phase == LECTURE_WHY)
		return draw_question(a, p);
	if (!s)
		return 0;
	char *reveal = reveal_words(s, p->answer);
	struct pen title = { INK_STRONG, PAPER_PLAIN, STYLE_BOLD };
	row = draw_text(a, 0, title, s->title);
	row += draw_text(a, row,
			 p->answer && p->answer->given && lecture_is_right(s, p->answer) ? PEN(INK_GOOD)
											 : PEN(INK_ACCENT),
			 reveal);
	free(reveal);
	return row + draw_text(a, row, plain, s->text);
}

static int measure_words(int columns, const struct lecture_picture *p)
{
	struct canvas scratch;
	int rows;

	canvas_init(&scratch, MEASURE_ROWS, columns, 0);
	rows = draw_words(area_all(&scratch), p);
	canvas_fini(&scratch);
	return rows;
}

/* ---- the source ---- */

/* A line without its mark, tabs made blanks. */
static char *source_line(const char *line, size_t len)
{
	struct strbuf out = { 0 };
	size_t end = len;

	for (size_t i = 0; i + 4 < len; i++)
		if ((!strncmp(line + i, "/* @", 4) || !strncmp(line + i, "// @", 4))) {
			end = i;
			break;
		}
	while (end && (line[end - 1] == ' ' || line[end - 1] == '\t'))
		end--;
	strbuf_puts(&out, "");
	for (size_t i = 0; i < end; i++) {
		if (line[i] == '\t')
			do
				strbuf_puts(&out, " ");
			while (out.len % TAB);
		else
			strbuf_add(&out, line + i, 1);
	}
	char *shown = text_printable_dup(out.text, out.len);
	strbuf_fini(&out);
	return shown;
}

static unsigned count_lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		n++;
	return n;
}

static void draw_source(struct area a, const struct lecture_source *source, unsigned at)
{
	unsigned total = count_lines(source->text), rows = (unsigned)a.rows, top = 1, number = 1;

	if (at > rows / 2 && total > rows)
		top = (unsigned)clamp_int((int)(at - rows / 2), 1, (int)(total - rows + 1));
	for (const char *c = source->text; *c && number < top + rows; number++) {
		size_t len = strcspn(c, "\n");
		int row = (int)(number - top);

		if (number >= top) {
			struct pen pen = number == at ? PEN_ON(INK_STRONG, PAPER_SELECTED) : PEN(INK_TEXT);
			char *line = source_line(c, len);

			if (number == at)
				area_fill(area_part(a, row, 0, 1, a.columns), pen);
			area_text(a, row, 0, number == at ? pen : PEN(INK_ACCENT), number == at ? "▸" : " ");
			area_printf(a, row, 1, number == at ? pen : PEN(INK_DIM), "%3u", number);
			area_fit(a, row, NUMBER_COLUMNS, a.columns - NUMBER_COLUMNS, pen, line,
				 TEXT_CUT_RIGHT);
			free(line);
		}
		c += len + (c[len] == '\n');
	}
}

/* ---- the pages ---- */

/* Cells of this size for all places: does it fit? */
struct cell_size {
	int columns, rows;
};

static int rows_of(const struct slide_place *p, int columns, struct cell_size size)
{
	int across = columns / size.columns;

	if (p->why || !*p->kind || across < 1)
		return 1;
	return 1 + (int)((p->count + (size_t)across - 1) / (size_t)across) * size.rows;
}

static int rows_of_all(const struct slide *s, int columns, struct cell_size size)
{
	int rows = 0;

	for (size_t i = 0; i < s->place_count && rows < MEASURE_ROWS; i++)
		rows += rows_of(&s->places[i], columns, size);
	return rows;
}

/* The largest that fits. */
static struct cell_size fit_cells(const struct slide *s, int columns, int rows)
{
	static const struct cell_size sizes[] = { { 10, 3 }, { 8, 3 }, { 6, 3 }, { 6, 2 }, { 4, 2 },
						  { 3, 2 },  { 4, 1 }, { 3, 1 }, { 2, 1 } };

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		if (rows_of_all(s, columns, sizes[i]) <= rows)
			return sizes[i];
	return (struct cell_size){ 1, 1 };
}

static bool just_came(const struct lecture_picture *p, const struct slide_place *place, uint64_t page)
{
	for (size_t i = 0; i < p->slide->fault_count && i < p->faults_shown; i++) {
		const struct slide_fault *f = &p->slide->faults[i];

		if (f->page == page && f->child == place->child)
			return p->faults_shown == SIZE_MAX || i + 1 == p->faults_shown;
	}
	return false;
}

/* While faults are shown one by one, a page whose fault is still to come looks as it did before. */
static uint32_t word_of(const struct lecture_picture *p, const struct slide_place *place, size_t i)
{
	uint64_t page = place->first + i;

	for (size_t n = p->faults_shown; n < p->slide->fault_count; n++) {
		const struct slide_fault *f = &p->slide->faults[n];

		if (f->page == page && f->child == place->child)
			return page_state(f->fault.was) == PAGE_UNKNOWN ? PAGE_RESERVED : f->fault.was;
	}
	return place->pages[i].word;
}

static void draw_cell(struct area a, const struct lecture_picture *p, const struct slide_place *place,
		      size_t i, struct cell_size size)
{
	uint32_t word = word_of(p, place, i);
	enum page_state state = page_state(word);
	uint32_t glyph = glyph_page(state, a.canvas->ascii);
	bool pointed = p->pointing && place == &p->slide->places[p->place] && i == p->page;
	bool fresh = just_came(p, place, place->first + i);
	struct pen pen = PEN_ON(INK_STATE + (int)state, pointed ? PAPER_CURSOR
							: fresh ? PAPER_FRESH2
								: PAPER_PLAIN);
	int wide = size.columns > 1 ? size.columns - 1 : 1, high = size.rows > 2 ? size.rows - 1 : size.rows;
	bool solid = page_state_resident(state);

	for (int row = 0; row < high; row++)
		for (int column = 0; column < wide; column++) {
			bool centre = row == (high - 1) / 2 && column == wide / 2;

			area_put(a, row, column, solid || centre ? glyph : ' ', pen);
		}
	if (wide >= 8 && high > 1 && place->pages[i].frame && solid)
		area_printf(a, high - 1, 0, pen, "%.*llx", wide, (unsigned long long)place->pages[i].frame);
	if (wide >= 5 && high > 1)
		area_printf(a, 0, 0, pen, "%zu", i);
}

static uint64_t resident_of(const struct slide_place *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->count; i++)
		n += page_state_resident(page_state(p->pages[i].word));
	return n;
}

static void draw_heading(struct area a, int row, const struct slide_place *p)
{
	int column =
	    area_printf(a, row, 0, (struct pen){ INK_STRONG, PAPER_PLAIN, STYLE_BOLD }, "%s", p->name);

	if (p->child)
		column = area_printf(a, row, column, PEN(INK_ACCENT), _(" in child %u"), p->child);
	if (p->why) {
		area_fit(a, row, column + 2, a.columns - column - 2, PEN(INK_DIM), p->why, TEXT_CUT_RIGHT);
		return;
	}
	if (!*p->kind) {
		area_fit(a, row, column + 2, a.columns - column - 2, PEN(INK_DIM),
			 _("nothing is mapped there"), TEXT_CUT_RIGHT);
		return;
	}
	column = area_printf(a, row, column, PEN(INK_TEXT), "  %s %s ", p->kind, p->rights);
	column = area_printf(a, row, column, PEN(INK_STRONG), " %llu/%llu",
			     (unsigned long long)resident_of(p), (unsigned long long)(p->count + p->more));
	if (column + 16 <= a.columns)
		area_printf(a, row, column, PEN(INK_DIM), "  0x%llx", (unsigned long long)p->address);
}

/* One page a row, with its frame: where there are few and room enough. */
static bool as_list(const struct slide *s, int rows)
{
	size_t need = 0;
	bool frames = false;

	for (size_t i = 0; i < s->place_count; i++) {
		need += 1 + s->places[i].count;
		frames |= s->places[i].frames;
	}
	return frames && need <= (size_t)rows;
}

static void draw_page_row(struct area a, int row, const struct lecture_picture *p,
			  const struct slide_place *place, size_t i)
{
	enum page_state state = page_state(word_of(p, place, i));
	int column;

	area_printf(a, row, 0, PEN(INK_DIM), "%4zu", i);
	draw_cell(area_part(a, row, 5, 1, 6), p, place, i, (struct cell_size){ 6, 1 });
	column = area_printf(a, row, 11, PEN(INK_STATE + (int)state), "%-9s", page_state_name(state));
	if (place->pages[i].frame)
		area_printf(a, row, column, PEN(INK_TEXT), " ──▸ %s %llx", _("frame"),
			    (unsigned long long)place->pages[i].frame);
}

static int draw_place(struct area a, int row, const struct lecture_picture *p,
		      const struct slide_place *place, struct cell_size size, bool list)
{
	int across = a.columns / size.columns;

	draw_heading(a, row++, place);
	if (place->why || !*place->kind || (!list && across < 1))
		return row;
	for (size_t i = 0; i < place->count && row < a.rows; i++) {
		if (list) {
			draw_page_row(a, row++, p, place, i);
			continue;
		}
		int y = row + (int)(i / (size_t)across) * size.rows,
		    x = (int)(i % (size_t)across) * size.columns;

		if (y < a.rows)
			draw_cell(area_part(a, y, x, size.rows, size.columns), p, place, i, size);
	}
	if (!list)
		row += (int)((place->count + (size_t)across - 1) / (size_t)across) * size.rows;
	return row;
}

/* Parent and child side by side, where there are both. */
static void draw_places(struct area a, const struct lecture_picture *p)
{
	const struct slide *s = p->slide;
	struct slide part = *s;
	unsigned sides = 1;

	for (size_t i = 0; i < s->place_count; i++)
		sides = s->places[i].child ? 2 : sides;
	for (unsigned side = 0; side < sides; side++) {
		int columns = a.columns / (int)sides - (sides > 1), row = 0;
		struct area half = area_part(a, 0, (int)side * (a.columns / (int)sides), a.rows, columns);

		part.places = s->places;
		part.place_count = 0;
		while (part.place_count < s->place_count && !s->places[part.place_count].child)
			part.place_count++;
		if (side) {
			part.places += part.place_count;
			part.place_count = s->place_count - part.place_count;
		}
		bool list = as_list(&part, a.rows);
		struct cell_size size = fit_cells(&part, columns, a.rows);
		for (size_t i = 0; i < part.place_count && row < half.rows; i++)
			row = draw_place(half, row, p, &part.places[i], size, list);
	}
}

/* ---- the frame around ---- */

static void draw_head(struct area a, const struct lecture_picture *p)
{
	struct pen bar = PEN_ON(INK_TITLE, PAPER_BAR), strong = { INK_TITLE, PAPER_BAR, STYLE_BOLD };
	const struct slide *s = p->slide;
	struct strbuf right = { 0 };
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
	column = area_printf(a, 0, 1, strong, "%s", p->lesson);
	if (s)
		area_printf(a, 0, column, bar, "  %zu/%zu", s->step + 1, s->steps);
	area_text_right(a, 0, a.columns - 1, bar, right.text);
	strbuf_fini(&right);
}

/* The causes of the step's faults, each with how often. */
static void causes_words(struct strbuf *out, const struct slide *s)
{
	unsigned counts[FAULT_CAUSES] = { 0 };
	const char *separator = ": ";

	for (size_t i = 0; i < s->fault_count; i++)
		counts[s->faults[i].fault.cause]++;
	for (int cause = 0; cause < FAULT_CAUSES; cause++) {
		if (!counts[cause])
			continue;
		strbuf_printf(out, "%s%s", separator, fault_cause_name((enum fault_cause)cause));
		if (counts[cause] > 1)
			strbuf_printf(out, " ×%u", counts[cause]);
		separator = ", ";
	}
}

static void fault_words(struct strbuf *out, const struct lecture_picture *p)
{
	const struct slide *s = p->slide;
	const struct slide_fault *f = &s->faults[p->faults_shown - 1];

	strbuf_printf(out, _("fault %zu of %zu: "), p->faults_shown, s->fault_count);
	page_words(out, s, f->page);
	strbuf_printf(out, "  %s  %s  %s", fault_access_name(f->fault.access),
		      fault_cause_name(f->fault.cause), f->function);
}

static void draw_figures(struct area a, int row, const struct lecture_picture *p)
{
	const struct slide *s = p->slide;
	struct strbuf left = { 0 }, right = { 0 };

	strbuf_puts(&right, "");
	if (p->faults_shown != SIZE_MAX && p->faults_shown > 0) {
		fault_words(&left, p);
	} else {
		strbuf_printf(&left, _("faults here %llu"),
			      (unsigned long long)(s->fault_count + s->faults_left_out));
		causes_words(&left, s);
	}
	if (s->counted)
		strbuf_printf(&right, _("all of it: minor +%llu, major +%llu, %llu pages resident"),
			      (unsigned long long)s->minor, (unsigned long long)s->major,
			      (unsigned long long)s->resident);
	int end = area_fit(a, row, MARGIN, a.columns - 2 * MARGIN, PEN(INK_FAULT), left.text, TEXT_CUT_RIGHT);
	if (end + 2 + text_columns(right.text) <= a.columns - MARGIN)
		area_text_right(a, row, a.columns - MARGIN, PEN(INK_DIM), right.text);
	strbuf_fini(&left);
	strbuf_fini(&right);
}

static void draw_foot(struct area a, int row, const struct lecture_picture *p)
{
	struct pen bar = PEN_ON(INK_TEXT, PAPER_BAR);
	const char *keys = p->phase == LECTURE_ASKS || p->phase == LECTURE_WHY
			       ? _("Enter answer   PgDn skip   ? help")
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
		char *line = source_line(c, strcspn(c, "\n"));

		longest = text_columns(line) > longest ? text_columns(line) : longest;
		free(line);
	}
	for (size_t i = 0; i < p->slide->place_count; i++)
		pages = p->slide->places[i].child ? columns - least : pages; /* two processes side by side */
	return clamp_int(longest + NUMBER_COLUMNS + 1, least,
			 columns - pages > least ? columns - pages : least);
}

static void draw_body(struct area a, const struct lecture_picture *p)
{
	int left = source_columns(a.columns, p);
	bool marked = p->phase != LECTURE_ON_ITS_WAY;

	draw_source(area_part(a, 0, 0, a.rows, left - 1), &p->source, marked ? p->slide->line : 0);
	for (int row = 0; row < a.rows; row++)
		area_put(a, row, left, 0x2502, PEN(INK_LINE));
	draw_places(area_part(a, 0, left + 2, a.rows, a.columns - left - 3), p);
}

bool lecture_draw(struct area a, const struct lecture_picture *p)
{
	if (a.columns < LEAST_COLUMNS || a.rows < LEAST_ROWS) {
		area_wrap(a, 0, 0, a.columns, a.rows, plain, _("make the window larger"));
		return false;
	}
	int words = measure_words(a.columns - 2 * MARGIN, p), most = a.rows - 4;
	bool body = p->slide && a.columns >= BODY_COLUMNS && most > BODY_MIN;
	most -= body ? BODY_MIN : 0;
	bool fits = words <= most;

	area_fill(a, plain);
	if (p->phase == LECTURE_BLANK)
		return true;
	draw_head(a, p);
	words = words < most ? words : most;
	draw_words(area_part(a, 1, MARGIN, words, a.columns - 2 * MARGIN), p);
	area_rule(a, 1 + words, PEN(INK_LINE), NULL);
	if (body) {
		draw_body(area_part(a, 2 + words, 0, a.rows - words - 4, a.columns), p);
		draw_figures(a, a.rows - 2, p);
	}
	draw_foot(a, a.rows - 1, p);
	return fits;
}
