/* A name may have hyphens before letters, as in zero-fill, so a difference is written with blanks. */
#include "expect/lexer.h"

#include <string.h>

#include "base/mem.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void take_name(struct lexer *l)
{
	const char *at = l->at;

	while (is_letter(*at) || is_digit(*at) || (*at == '-' && is_letter(at[1])))
		at++;
	l->token.kind = TOKEN_NAME;
	l->token.length = (size_t)(at - l->at);
	l->at = at;
}

static void take_number(struct lexer *l)
{
	const char *at = l->at;
	int base = 10, digit;

	if (at[0] == '0' && (at[1] | 0x20) == 'x') {
		base = 16;
		at += 2;
	}
	const char *digits = at;
	l->token.kind = TOKEN_NUMBER;
	l->token.hex = base == 16;
	while ((digit = hex_digit(*at)) >= 0 && digit < base) {
		if (__builtin_mul_overflow(l->token.number, base, &l->token.number) ||
		    __builtin_add_overflow(l->token.number, digit, &l->token.number))
			l->token.kind = TOKEN_LARGE;
		at++;
	}
	if (l->token.number == INT64_MAX)
		l->token.kind = TOKEN_LARGE;
	if (at == digits || is_letter(*at))
		l->token.kind = TOKEN_BAD;
	while (is_letter(*at) || is_digit(*at))
		at++;
	l->token.length = (size_t)(at - l->at);
	l->at = at;
}

static void take_quoted(struct lexer *l)
{
	const char *end = strchr(l->at + 1, '"');

	l->token.kind = end ? TOKEN_TEXT : TOKEN_BAD;
	l->token.start = l->at + (end ? 1 : 0);
	l->token.length = end ? (size_t)(end - l->at - 1) : strlen(l->at);
	l->at += l->token.length + (end ? 2 : 0);
}

static void take_sign(struct lexer *l)
{
	bool two = (strchr("!<>", l->at[0]) && l->at[1] == '=');

	l->token.length = two ? 2 : 1;
	l->token.kind = two || strchr("=<>+-*/[](),", l->at[0]) ? TOKEN_SIGN : TOKEN_BAD;
	if (l->token.kind == TOKEN_BAD)
		while ((l->at[l->token.length] & 0xc0) == 0x80) /* a whole character */
			l->token.length++;
	l->at += l->token.length;
}

void lexer_next(struct lexer *l)
{
	l->at += strspn(l->at, " \t");
	l->token = (struct token){ .start = l->at };
	if (!*l->at)
		l->token.kind = TOKEN_END;
	else if (is_letter(*l->at))
		take_name(l);
	else if (is_digit(*l->at))
		take_number(l);
	else if (*l->at == '"')
		take_quoted(l);
	else
		take_sign(l);
}

void lexer_init(struct lexer *l, const char *text)
{
	*l = (struct lexer){ .at = text };
	lexer_next(l);
}

bool lexer_is(const struct lexer *l, const char *word)
{
	return (l->token.kind == TOKEN_NAME || l->token.kind == TOKEN_SIGN) &&
	       strlen(word) == l->token.length && memcmp(word, l->token.start, l->token.length) == 0;
}

bool lexer_take(struct lexer *l, const char *word)
{
	bool is = lexer_is(l, word);

	if (is)
		lexer_next(l);
	return is;
}

char *lexer_text(const struct lexer *l)
{
	return mem_strndup(l->token.start, l->token.length);
}
