/* Plural forms: two are chosen as in English, three as in Russian. */
#include "lesson/lesson_words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "expect/figure.h"

#define FORMS_MAX 3

/* A piece in braces: { expression | form | form | form } */
struct braced_piece {
	char *expression;
	char *forms[FORMS_MAX];
	size_t form_count;
	const char *end; /* after its closing brace */
};

static void piece_fini(struct braced_piece *piece)
{
	free(piece->expression);
	for (size_t i = 0; i < piece->form_count; i++)
		free(piece->forms[i]);
}

/* `at` is after the opening brace. */
static int read_piece(struct braced_piece *piece, const char *at, struct err *err)
{
	const char *close = strchr(at, '}');

	*piece = (struct braced_piece){ 0 };
	if (!close)
		return err_set(err, ERR_INPUT, "%s", _("expected } after { ({{ stands for a brace itself)"));
	piece->end = close + 1;
	const char *bar = memchr(at, '|', (size_t)(close - at));
	piece->expression = mem_strndup(at, (size_t)((bar ? bar : close) - at));
	while (bar && piece->form_count < FORMS_MAX) {
		const char *start = bar + 1;
		bar = memchr(start, '|', (size_t)(close - start));
		piece->forms[piece->form_count++] = mem_strndup(start, (size_t)((bar ? bar : close) - start));
	}
	if (!bar && piece->form_count != 1)
		return 0;
	piece_fini(piece);
	return err_set(err, ERR_INPUT, "%s", _("expected two or three forms of the word after |"));
}

void lesson_figures_fini(struct lesson_figures *figures)
{
	for (size_t i = 0; i < figures->count; i++) {
		free(figures->list[i].expression);
		expect_term_destroy(figures->list[i].term);
	}
	free(figures->list);
	*figures = (struct lesson_figures){ 0 };
}

static int parse_piece(struct lesson_figures *figures, const char *at, unsigned line, const char **end,
		       struct err *err)
{
	struct braced_piece piece;
	struct err failure = { 0 };

	if (read_piece(&piece, at, err) < 0)
		return -1;
	struct expect_term *term = expect_parse_term(piece.expression, &failure);
	*end = piece.end;
	if (term) {
		mem_grow(figures->list, figures->cap, figures->count + 1);
		figures->list[figures->count++] =
		    (struct lesson_figure){ mem_strdup(piece.expression), term, line };
	} else {
		err_set(err, ERR_INPUT, "{%s}: %s", piece.expression, failure.text);
	}
	piece_fini(&piece);
	return term ? 0 : -1;
}

int lesson_words_parse(struct lesson_figures *figures, const char *text, unsigned line, struct err *err)
{
	for (const char *at = strchr(text, '{'); at; at = strchr(at, '{')) {
		if (at[1] == '{')
			at += 2;
		else if (parse_piece(figures, at + 1, line, &at, err) < 0)
			return -1;
	}
	return 0;
}

static const char *form_for(const struct braced_piece *piece, int64_t n)
{
	int64_t tens = n % 100, ones = n % 10;

	if (piece->form_count == 2)
		return piece->forms[n != 1];
	if (ones == 1 && tens != 11)
		return piece->forms[0];
	return piece->forms[ones >= 2 && ones <= 4 && (tens < 12 || tens > 14) ? 1 : 2];
}

static const struct expect_term *find_figure(const struct lesson_figures *figures, const char *expression)
{
	for (size_t i = 0; i < figures->count; i++)
		if (!strcmp(figures->list[i].expression, expression))
			return figures->list[i].term;
	return NULL;
}

static void fill_piece(struct strbuf *out, const struct braced_piece *piece,
		       const struct lesson_figures *figures, const struct expect_facts *facts)
{
	const struct expect_term *term = find_figure(figures, piece->expression);

	if (!term)
		return;
	struct expect_value v = expect_evaluate(facts, term);
	if (term->kind == EXPECT_TERM_FIGURE && term->figure->id == FIGURE_FRAME)
		v.unit = VALUE_UNIT_ADDRESS; /* as in the grid */
	value_print(out, &v, 0);
	if (piece->form_count)
		strbuf_printf(out, " %s",
			      form_for(piece, v.kind == VALUE_NUMBER && v.high >= 0 ? v.high : 0));
	value_fini(&v);
}

void lesson_words_fill(struct strbuf *out, const char *text, const struct lesson_figures *figures,
		       const struct expect_facts *facts)
{
	const char *brace;

	while ((brace = strchr(text, '{'))) {
		struct braced_piece piece;
		strbuf_add(out, text, (size_t)(brace - text));
		if (brace[1] == '{') {
			strbuf_puts(out, "{");
			text = brace + 2;
			continue;
		}
		if (read_piece(&piece, brace + 1, NULL) < 0)
			return;
		fill_piece(out, &piece, figures, facts);
		text = piece.end;
		piece_fini(&piece);
	}
	strbuf_puts(out, text);
}
