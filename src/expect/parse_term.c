#include "expect/parse_term.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "expect/figure.h"
#include "expect/lexer.h"

#define DEPTH_MAX 24

static struct expect_place *parse_place_alone(struct parser *);

/* "NAME of": what was taken for a variable should have been a figure. */
static bool is_slip(const struct parser *p)
{
	const char *end = p->variable.start ? p->variable.start + p->variable.length : NULL;

	return end && lexer_is(&p->lexer, "of") && end + strspn(end, " \t") == p->lexer.token.start;
}

void *parser_expected(struct parser *p, const char *what)
{
	struct strbuf found = { 0 };
	const struct token *token = is_slip(p) ? &p->variable : &p->lexer.token;

	if (token == &p->variable)
		what = _("a figure before \"of\"");
	if (token->kind == TOKEN_END)
		strbuf_puts(&found, _("the end"));
	else {
		strbuf_puts(&found, "\"");
		text_printable(&found, token->start, token->length);
		strbuf_puts(&found, "\"");
	}
	err_set(p->err, ERR_INPUT, _("expected %s, found %s"), what, found.text);
	strbuf_fini(&found);
	return NULL;
}

struct expect_term *parse_new_term(enum expect_term_kind kind)
{
	struct expect_term *term = mem_zalloc(sizeof *term);

	term->kind = kind;
	term->faults.cause = term->faults.access = term->faults.major = -1;
	return term;
}

static struct expect_term *fail_term(struct expect_term *term)
{
	expect_term_destroy(term);
	return NULL;
}

static struct expect_place *fail_place(struct expect_place *place)
{
	expect_place_destroy(place);
	return NULL;
}

/* "M", "kB": meant as a unit, but none of ours. */
static bool is_foreign_unit(const struct token *t)
{
	return t->length <= 3 && strspn(t->start, "kKmMgGtTiIbB") >= t->length;
}

/* "pages", "KiB": what follows a number. */
static bool parse_unit(struct parser *p, struct expect_term *term)
{
	struct lexer after = p->lexer;
	int64_t times;

	if (lexer_take(&after, "pages") && lexer_is(&after, "of")) /* a figure, not a unit */
		return true;
	if (p->lexer.token.kind != TOKEN_NAME)
		return true;
	if (!value_unit_find(p->lexer.token.start, p->lexer.token.length, &term->unit, &times))
		return !is_foreign_unit(&p->lexer.token) ||
		       parser_expected(p, _("pages, bytes, KiB, MiB, GiB or TiB"));
	lexer_next(&p->lexer);
	if (term->kind == EXPECT_TERM_NUMBER && __builtin_mul_overflow(term->number, times, &term->number))
		return parser_expected(p, _("a smaller number"));
	if (term->kind != EXPECT_TERM_NUMBER)
		term->number = times;
	return true;
}

static struct expect_term *parse_number(struct parser *p)
{
	struct expect_term *term = parse_new_term(EXPECT_TERM_NUMBER);

	term->number = p->lexer.token.number;
	term->unit = p->lexer.token.hex ? VALUE_UNIT_ADDRESS : VALUE_UNIT_NONE;
	lexer_next(&p->lexer);
	return parse_unit(p, term) ? term : fail_term(term);
}

/* A name, or anything in quotes. */
static char *parse_name(struct parser *p, const char *what)
{
	if (p->lexer.token.kind != TOKEN_NAME && p->lexer.token.kind != TOKEN_TEXT)
		return parser_expected(p, what);
	char *name = lexer_text(&p->lexer);
	lexer_next(&p->lexer);
	return name;
}

/* The n of `child n`; 1 if it is not given. False: it is not a child's number. */
static bool parse_child(struct parser *p, unsigned *child)
{
	*child = 1;
	if (lexer_take(&p->lexer, "parent") || lexer_take(&p->lexer, "program"))
		*child = 0;
	else if (!lexer_take(&p->lexer, "child"))
		return parser_expected(p, _("child, child NUMBER or parent"));
	else if (p->lexer.token.kind == TOKEN_NUMBER) {
		if (p->lexer.token.number < 1 || p->lexer.token.number > 1000)
			return parser_expected(p, _("the number of a child, from 1"));
		*child = (unsigned)p->lexer.token.number;
		lexer_next(&p->lexer);
	}
	return true;
}

static bool parse_with(struct parser *p, struct expect_faults *faults)
{
	bool cause = lexer_is(&p->lexer, "cause");
	int none = cause ? FAULT_CAUSES : FAULT_EXEC + 1;
	struct strbuf words = { 0 };

	if (!cause && !lexer_is(&p->lexer, "access"))
		return parser_expected(p, _("cause or access"));
	lexer_next(&p->lexer);
	char *word = p->lexer.token.kind == TOKEN_NAME ? lexer_text(&p->lexer) : mem_strdup("");
	int number = figure_word(figure_of(cause ? FIGURE_CAUSE : FIGURE_ACCESS), true, word, &words);
	if (number < 0 || number == none)
		parser_expected(p, number < 0 ? words.text : _("a word other than none"));
	else
		*(cause ? &faults->cause : &faults->access) = number;
	free(word);
	strbuf_fini(&words);
	if (number < 0 || number == none)
		return false;
	lexer_next(&p->lexer);
	return true;
}

static bool parse_function(struct parser *p, struct expect_term *term, enum expect_by by)
{
	term->faults.by = by;
	free(term->faults.function);
	term->faults.function = parse_name(p, _("the name of a function"));
	return term->faults.function;
}

/* "own function": a region or a variable can be called "own" too. */
static bool is_own_function(const struct parser *p)
{
	struct lexer ahead = p->lexer;

	return lexer_take(&ahead, "own") && lexer_is(&ahead, "function");
}

/* under function NAME: including what it called */
static bool parse_under(struct parser *p, struct expect_term *term)
{
	if (term->place || term->faults.function)
		return parser_expected(p, _("one \"of\""));
	if (!lexer_take(&p->lexer, "function"))
		return parser_expected(p, _("\"function\" and its name"));
	return parse_function(p, term, EXPECT_BY_STACK);
}

static bool parse_about(struct parser *p, struct expect_term *term)
{
	if (term->place || term->faults.function)
		return parser_expected(p, _("one \"of\""));
	if (lexer_take(&p->lexer, "fault")) {
		if (!term->figure->fault)
			return parser_expected(
			    p, _("a place: a fault has only kind, cause, access and function"));
		if (!lexer_take(&p->lexer, "at"))
			return parser_expected(p, _("\"at\" and a place"));
		term->of_fault = true;
	} else if (term->figure->about == FIGURE_ABOUT_FAULTS && lexer_take(&p->lexer, "function")) {
		return parse_function(p, term, EXPECT_BY_INNERMOST);
	} else if (term->figure->about == FIGURE_ABOUT_FAULTS && is_own_function(p)) {
		lexer_next(&p->lexer);
		lexer_next(&p->lexer);
		return parse_function(p, term, EXPECT_BY_OWN);
	}
	p->places++;
	term->place = parse_place(p);
	p->places--;
	return term->place;
}

/* in ..., at mark ...: of which process, and when */
static bool parse_moment(struct parser *p, struct expect_term *term, bool *more)
{
	*more = true;
	if (lexer_take(&p->lexer, "in"))
		return parse_child(p, &term->child);
	if (lexer_take(&p->lexer, "at")) {
		if (!lexer_take(&p->lexer, "mark"))
			return parser_expected(p, _("\"mark\" and a mark's name"));
		free(term->mark);
		return (term->mark = parse_name(p, _("a mark's name"))) != NULL;
	}
	*more = false;
	return true;
}

/* One of: of ..., under ..., since MARK, with ..., in ..., at mark ...; false with err; *more: there was one. */
static bool parse_suffix(struct parser *p, struct expect_term *term, bool *more)
{
	bool faults = term->figure->about == FIGURE_ABOUT_FAULTS;

	*more = true;
	if (term->figure->about > FIGURE_ABOUT_PROCESS && lexer_take(&p->lexer, "of"))
		return parse_about(p, term);
	if (faults && lexer_take(&p->lexer, "under"))
		return parse_under(p, term);
	if (faults && lexer_take(&p->lexer, "since")) {
		free(term->faults.since);
		return (term->faults.since = parse_name(p, _("a mark"))) != NULL;
	}
	if (faults && lexer_take(&p->lexer, "with"))
		return parse_with(p, &term->faults);
	return parse_moment(p, term, more);
}

struct expect_term *parse_figure(struct parser *p, const struct figure *figure, unsigned detail)
{
	struct expect_term *term = parse_new_term(EXPECT_TERM_FIGURE);
	const char *start = p->lexer.token.start;
	bool more = true;

	term->figure = figure;
	term->detail = detail;
	if (figure->id == FIGURE_FAULTS && detail)
		term->faults.major = detail == 2;
	lexer_next(&p->lexer);
	while (more)
		if (!parse_suffix(p, term, &more))
			return fail_term(term);
	bool only_fault =
	    figure->id == FIGURE_CAUSE || figure->id == FIGURE_ACCESS || figure->id == FIGURE_FUNCTION;
	if ((figure->about == FIGURE_ABOUT_ADDRESS && !term->place) || (only_fault && !term->of_fault)) {
		parser_expected(p, only_fault ? _("\"of fault at\" and a place") : _("\"of\" and a place"));
		return fail_term(term);
	}
	const char *end = p->lexer.token.start;
	while (end > start && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '"'))
		end--;
	term->text = mem_strndup(start, (size_t)(end - start));
	return term;
}

static struct expect_term *parse_variable(struct parser *p)
{
	lexer_take(&p->lexer, "variable");
	if (p->lexer.token.kind != TOKEN_NAME)
		return parser_expected(p, _("the name of a variable"));
	struct expect_term *term = parse_new_term(EXPECT_TERM_VARIABLE);
	term->text = lexer_text(&p->lexer);
	term->number = 1;
	p->variable = p->lexer.token;
	lexer_next(&p->lexer);
	if (!parse_unit(p, term))
		return fail_term(term);
	for (bool more = !p->places; more;) /* within a place that belongs to the whole figure */
		if (!parse_moment(p, term, &more))
			return fail_term(term);
	return term;
}

static struct expect_term *parse_primary(struct parser *p)
{
	const struct token *t = &p->lexer.token;
	struct expect_term *term;

	if (t->kind == TOKEN_NUMBER)
		return parse_number(p);
	if (t->kind == TOKEN_TEXT) {
		term = parse_new_term(EXPECT_TERM_TEXT);
		term->text = lexer_text(&p->lexer);
		lexer_next(&p->lexer);
		return term;
	}
	if (t->kind == TOKEN_LARGE)
		return parser_expected(p, _("a number below 2^63 - 1"));
	if (lexer_take(&p->lexer, "(")) {
		bool alone = p->alone;
		p->alone = false;
		term = parse_sum(p);
		p->alone = alone;
		if (term && !lexer_take(&p->lexer, ")")) {
			parser_expected(p, "\")\"");
			return fail_term(term);
		}
		return term;
	}
	if (t->length && *t->start >= '0' && *t->start <= '9')
		return parser_expected(
		    p, _("a number and its unit, such as 10 MiB (pages, bytes, KiB, MiB, GiB, TiB)"));
	if (t->kind != TOKEN_NAME)
		return parser_expected(p, _("a number, a figure, or the name of a variable"));
	unsigned detail;
	const struct figure *figure = figure_find(t->start, t->length, &detail);
	return figure ? parse_figure(p, figure, detail) : parse_variable(p);
}

static struct expect_term *join(char op, struct expect_term *left, struct expect_term *right)
{
	if (!right)
		return fail_term(left);
	struct expect_term *term = parse_new_term(EXPECT_TERM_JOIN);
	term->op = op;
	term->left = left;
	term->right = right;
	return term;
}

static struct expect_term *parse_product(struct parser *p)
{
	struct expect_term *term = parse_primary(p);

	while (term && (lexer_is(&p->lexer, "*") || lexer_is(&p->lexer, "/"))) {
		char op = *p->lexer.token.start;
		lexer_next(&p->lexer);
		term = join(op, term, parse_primary(p));
	}
	return term;
}

struct expect_term *parse_sum(struct parser *p)
{
	struct expect_term *term = NULL;
	bool minus = false;

	if (++p->depth > DEPTH_MAX)
		return parser_expected(p, _("less nesting"));
	minus = lexer_take(&p->lexer, "-");
	term = parse_product(p);
	if (minus && term) {
		struct expect_term *zero = parse_new_term(EXPECT_TERM_NUMBER);
		term = join('-', zero, term);
	}
	while (term && (lexer_is(&p->lexer, "+") || lexer_is(&p->lexer, "-"))) {
		char op = *p->lexer.token.start;
		lexer_next(&p->lexer);
		term = join(op, term, parse_product(p));
	}
	p->depth--;
	return term;
}

/* After an address: + 3 pages. A figure after the sign is not part of the address. */
static struct expect_term *parse_address(struct parser *p)
{
	struct expect_term *term = parse_primary(p);

	while (term && !p->alone && (lexer_is(&p->lexer, "+") || lexer_is(&p->lexer, "-"))) {
		struct lexer before = p->lexer;
		char op = *p->lexer.token.start;
		lexer_next(&p->lexer);
		const struct token *t = &p->lexer.token;
		if (t->kind == TOKEN_NAME && figure_find(t->start, t->length, NULL)) {
			p->lexer = before;
			break;
		}
		term = join(op, term, parse_product(p));
	}
	return term;
}

static bool parse_length(struct parser *p, struct expect_place *place)
{
	if (!lexer_take(&p->lexer, "["))
		return true;
	bool alone = p->alone;
	p->alone = false;
	place->length = parse_sum(p);
	p->alone = alone;
	if (place->length && !lexer_take(&p->lexer, "]"))
		return parser_expected(p, "\"]\"");
	return place->length;
}

static struct expect_place *new_place(enum expect_place_kind kind)
{
	struct expect_place *place = mem_zalloc(sizeof *place);

	place->kind = kind;
	place->region = -1;
	return place;
}

/* page N of PLACE, page N of PLACE + OFFSET, pages N to M of PLACE */
static struct expect_place *parse_pages(struct parser *p, bool several)
{
	struct expect_place *place = new_place(EXPECT_PLACE_PAGES);

	place->from = parse_sum(p);
	if (place->from && several) {
		if (!lexer_take(&p->lexer, "to")) {
			parser_expected(p, _("\"to\" and the last page"));
			return fail_place(place);
		}
		place->to = parse_sum(p);
	}
	if (!place->from || (several && !place->to))
		return fail_place(place);
	if (!lexer_take(&p->lexer, "of")) {
		parser_expected(p, _("\"of\" and a place"));
		return fail_place(place);
	}
	place->inner = parse_place_alone(p);
	if (!place->inner || several || !lexer_take(&p->lexer, "+"))
		return place->inner ? place : fail_place(place);
	place->address = parse_product(p);
	return place->address ? place : fail_place(place);
}

static int region_kind(const struct token *t)
{
	for (int i = 0; i < REGION_KINDS; i++) {
		const char *name = region_kind_name((enum region_kind)i);
		if (strlen(name) == t->length && !memcmp(name, t->start, t->length))
			return i;
	}
	return -1;
}

static struct expect_place *parse_regions(struct parser *p, int kind)
{
	struct expect_place *place = new_place(EXPECT_PLACE_REGIONS);

	place->region = kind;
	if (kind >= 0)
		lexer_next(&p->lexer);
	if (p->lexer.token.kind == TOKEN_TEXT) {
		place->name = lexer_text(&p->lexer);
		lexer_next(&p->lexer);
	}
	return place;
}

static struct expect_place *parse_variable_place(struct parser *p)
{
	struct lexer before = p->lexer;
	struct expect_place *place = new_place(EXPECT_PLACE_VARIABLE);

	lexer_take(&p->lexer, "variable");
	place->name = parse_name(p, _("a place"));
	if (!place->name)
		return fail_place(place);
	if (p->alone || (!lexer_is(&p->lexer, "+") && !lexer_is(&p->lexer, "-")))
		return parse_length(p, place) ? place : fail_place(place);
	p->lexer = before;
	place->address = parse_address(p);
	if (!place->address)
		return fail_place(place);
	if (place->address->kind == EXPECT_TERM_JOIN) {
		place->kind = EXPECT_PLACE_ADDRESS;
		free(place->name);
		place->name = NULL;
	} else {
		expect_term_destroy(place->address);
		place->address = NULL;
	}
	return parse_length(p, place) ? place : fail_place(place);
}

struct expect_place *parse_place(struct parser *p)
{
	const struct token *t = &p->lexer.token;
	struct expect_place *place = NULL;

	if (++p->depth > DEPTH_MAX)
		return parser_expected(p, _("less nesting"));
	if (t->kind == TOKEN_NUMBER || lexer_is(&p->lexer, "(")) {
		place = new_place(EXPECT_PLACE_ADDRESS);
		place->address = parse_address(p);
		if (!place->address || !parse_length(p, place))
			place = fail_place(place);
	} else if (t->kind == TOKEN_TEXT) {
		place = parse_regions(p, -1);
	} else if (t->kind != TOKEN_NAME) {
		parser_expected(p, _("a place"));
	} else if (lexer_take(&p->lexer, "everything")) {
		place = new_place(EXPECT_PLACE_EVERYTHING);
	} else if (lexer_take(&p->lexer, "page")) {
		place = parse_pages(p, false);
	} else if (lexer_take(&p->lexer, "pages")) {
		place = parse_pages(p, true);
	} else if (region_kind(t) >= 0) {
		place = parse_regions(p, region_kind(t));
	} else {
		place = parse_variable_place(p);
	}
	p->depth--;
	return place;
}

static struct expect_place *parse_place_alone(struct parser *p)
{
	bool before = p->alone;

	p->alone = true;
	struct expect_place *place = parse_place(p);
	p->alone = before;
	return place;
}
