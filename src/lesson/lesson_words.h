/* Texts of a lesson with figures in them.
 *
 *     {resident of area}                    3
 *     {resident of area|page|pages}         3 pages
 *     {resident of area|страница|страницы|страниц}
 *     {{                                    {
 *
 * A figure in braces is an expression of the expectation language, evaluated when the text is shown. After
 * bars are the forms of the word that it counts: two, or three if the language has three. */
#ifndef LESSON_LESSON_WORDS_H
#define LESSON_LESSON_WORDS_H

#include "base/err.h"
#include "base/strbuf.h"
#include "expect/evaluate.h"

/* An expression in braces, anywhere in a step's words. */
struct lesson_figure {
	char *expression; /* as written; owned */
	struct expect_term *term;
	unsigned line;
};

struct lesson_figures {
	struct lesson_figure *list;
	size_t count, cap;
};
void lesson_figures_fini(struct lesson_figures *);

/* Adds the figures of a text, which begins at this line. 0, or -1 with ERR_INPUT: an unclosed brace, or an
 * invalid expression. */
int lesson_words_parse(struct lesson_figures *, const char *text, unsigned line, struct err *);
/* Appends the text with its figures, which were parsed from it; what is not known is "unknown". */
void lesson_words_fill(struct strbuf *out, const char *text, const struct lesson_figures *,
		       const struct expect_facts *);

#endif
