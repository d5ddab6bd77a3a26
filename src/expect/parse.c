/* An expectation is a comparison: a term, an operator, and what the term may be. */
#include "expect/expect.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "expect/parse_term.h"

static struct expect_term *fail_term(struct expect_term *term)
{
	expect_term_destroy(term);
	return NULL;
}

static bool parse_op(struct parser *p, enum value_op *op)
{
	static const char *const signs[] = { "=", "!=", "<", "<=", ">", ">=", "contains" };

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (lexer_take(&p->lexer, signs[i])) {
			*op = (enum value_op)i;
			return true;
		}
	return parser_expected(p, _("=, !=, <, <=, >, >= or contains"));
}

/* What a term is, as far as that is known before it is evaluated. */
static enum value_kind kind_of(const struct expect_term *term)
{
	if (term->kind == EXPECT_TERM_FIGURE)
		return term->of_fault && term->figure->id == FIGURE_KIND ? VALUE_WORD : term->figure->kind;
	return term->kind == EXPECT_TERM_TEXT   ? VALUE_TEXT
	       : term->kind == EXPECT_TERM_WORD ? VALUE_WORD
						: VALUE_NUMBER;
}

static struct expect_term *parse_word(struct parser *p, const struct expect_term *left)
{
	struct strbuf words = { 0 };
	struct expect_term *term = parse_new_term(EXPECT_TERM_WORD);
	const struct token *t = &p->lexer.token;

	/* two figures of one kind may be compared too */
	struct lexer after = p->lexer;
	lexer_next(&after);
	unsigned detail = 0;
	const struct figure *figure =
	    t->kind == TOKEN_NAME ? figure_find(t->start, t->length, &detail) : NULL;
	if (figure && figure->kind == VALUE_WORD && lexer_is(&after, "of")) {
		expect_term_destroy(term);
		return parse_figure(p, figure, detail);
	}
	term->text = t->kind == TOKEN_NAME ? lexer_text(&p->lexer) : mem_strdup("");
	if (figure_word(left->figure, left->of_fault, term->text, &words) < 0) {
		parser_expected(p, words.text);
		term = fail_term(term);
	} else {
		lexer_next(&p->lexer);
	}
	strbuf_fini(&words);
	return term;
}

static struct expect_term *parse_right(struct parser *p, const struct expect *e)
{
	enum value_kind left = kind_of(e->left);
	struct lexer before = p->lexer;

	if (left == VALUE_WORD)
		return parse_word(p, e->left);
	struct expect_term *term = parse_sum(p);
	if (term && kind_of(term) != left) {
		p->lexer = before;
		parser_expected(p, left == VALUE_TEXT ? _("a text in quotes") : _("a number"));
		return fail_term(term);
	}
	return term;
}

/* After these several values make sense. */
static bool takes_several(enum value_op op)
{
	return op == VALUE_OP_EQUAL || op == VALUE_OP_DIFFERENT || op == VALUE_OP_CONTAINS;
}

static bool parse_comparison(struct parser *p, struct expect *e)
{
	e->left = parse_sum(p);
	if (!e->left)
		return false;
	struct lexer before = p->lexer;
	if (!parse_op(p, &e->op))
		return false;
	bool number = kind_of(e->left) == VALUE_NUMBER;
	if ((e->op == VALUE_OP_CONTAINS && kind_of(e->left) != VALUE_TEXT) ||
	    (e->op != VALUE_OP_EQUAL && e->op != VALUE_OP_DIFFERENT && e->op != VALUE_OP_CONTAINS &&
	     !number)) {
		p->lexer = before;
		return parser_expected(p, number ? _("=, !=, <, <=, > or >=") : _("= or !="));
	}
	do {
		if (e->rights == EXPECT_CHOICES)
			return parser_expected(p, _("fewer values after \"or\""));
		e->right[e->rights] = parse_right(p, e);
		if (!e->right[e->rights])
			return false;
		e->rights++;
	} while (takes_several(e->op) && lexer_take(&p->lexer, "or"));
	return true;
}

static bool begin(struct parser *p, const char *text, struct err *err)
{
	if (strlen(text) > EXPECT_TEXT_MAX) {
		err_set(err, ERR_INPUT, _("it is longer than %d bytes"), EXPECT_TEXT_MAX);
		return false;
	}
	p->depth = 0;
	p->alone = false;
	p->places = 0;
	p->variable = (struct token){ 0 };
	p->err = err;
	lexer_init(&p->lexer, text);
	return true;
}

static bool at_end(struct parser *p)
{
	return p->lexer.token.kind == TOKEN_END || parser_expected(p, _("the end"));
}

struct expect *expect_parse(const char *text, struct err *err)
{
	struct parser p;

	if (!begin(&p, text, err))
		return NULL;
	struct expect *e = mem_zalloc(sizeof *e);
	e->text = mem_strdup(text);
	if (parse_comparison(&p, e) && at_end(&p))
		return e;
	expect_destroy(e);
	return NULL;
}

struct expect_term *expect_parse_term(const char *text, struct err *err)
{
	struct parser p;

	if (!begin(&p, text, err))
		return NULL;
	struct expect_term *term = parse_sum(&p);
	return term && !at_end(&p) ? fail_term(term) : term;
}

struct expect_place *expect_parse_place(const char *text, struct err *err)
{
	struct parser p;

	if (!begin(&p, text, err))
		return NULL;
	struct expect_place *place = parse_place(&p);
	if (place && !at_end(&p)) {
		expect_place_destroy(place);
		return NULL;
	}
	return place;
}
