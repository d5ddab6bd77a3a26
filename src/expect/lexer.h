/* The words of an expectation. */
#ifndef EXPECT_LEXER_H
#define EXPECT_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_SIGN, TOKEN_LARGE, TOKEN_BAD };

/* TOKEN_LARGE is a number of INT64_MAX or more, which means "unbounded". */
struct token {
	enum token_kind kind;
	const char *start; /* in the text; for TOKEN_TEXT, after the quote */
	size_t length;
	int64_t number;
	bool hex; /* written as 0x... */
};

struct lexer {
	const char *at;
	struct token token; /* the current one */
};

/* Begins at the first token of a text, which stays the caller's and must live longer; lexer_next moves to the
 * next. */
void lexer_init(struct lexer *, const char *text);
void lexer_next(struct lexer *);
/* Is the token this name, or this sign? */
bool lexer_is(const struct lexer *, const char *word);
/* The same, and moves on to the next one. */
bool lexer_take(struct lexer *, const char *word);
/* The token's text, a new string that the caller frees. */
char *lexer_text(const struct lexer *);

#endif
