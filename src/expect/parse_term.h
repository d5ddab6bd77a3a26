/* Terms and places of the expectation language, by recursive descent: one function for each rule of the
 * grammar in pagescape-lesson(5). Each returns NULL with the parser's error if the text is something else. */
#ifndef EXPECT_PARSE_TERM_H
#define EXPECT_PARSE_TERM_H

#include "base/err.h"
#include "expect/expect.h"
#include "expect/figure.h"
#include "expect/lexer.h"

struct parser {
	struct lexer lexer;
	unsigned depth;
	bool alone;            /* the place may not contain a sum */
	unsigned places;       /* nesting depth of places */
	struct token variable; /* the last one */
	struct err *err;
};

/* Fills err with "expected X, found Y"; returns NULL. */
void *parser_expected(struct parser *, const char *what);
struct expect_term *parse_new_term(enum expect_term_kind);
/* Numbers, figures and variables, with + - * / between them. */
struct expect_term *parse_sum(struct parser *);
/* Parses a figure that figure_find has found: moves past its name, where the parser is, and past what belongs
 * to it. */
struct expect_term *parse_figure(struct parser *, const struct figure *, unsigned detail);
struct expect_place *parse_place(struct parser *);

#endif
