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
	bool alone;            /* no sum is part of the place */
	unsigned places;       /* within how many places it is */
	struct token variable; /* the last one */
	struct err *err;
};

/* "expected X, found Y"; NULL. */
void *parser_expected(struct parser *, const char *what);
struct expect_term *parse_new_term(enum expect_term_kind);
/* Numbers, figures and variables, with + - * / between them. */
struct expect_term *parse_sum(struct parser *);
/* A figure, as figure_find has it: goes on past its name, at which the parser is, and past what follows it. */
struct expect_term *parse_figure(struct parser *, const struct figure *, unsigned detail);
struct expect_place *parse_place(struct parser *);

#endif
