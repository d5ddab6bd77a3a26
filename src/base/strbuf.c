/* A string that grows. */
#include "base/strbuf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void strbuf_add(struct strbuf *s, const char *bytes, size_t len)
{
	mem_grow(s->text, s->cap, s->len + len + 1);
	if (len)
		memcpy(s->text + s->len, bytes, len);
	s->len += len;
	s->text[s->len] = '\0';
}

void strbuf_puts(struct strbuf *s, const char *text)
{
	strbuf_add(s, text, strlen(text));
}

void strbuf_printf(struct strbuf *s, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int need = vsnprintf(NULL, 0, format, args);
	assert(need >= 0);
	mem_grow(s->text, s->cap, s->len + (size_t)need + 1);
	vsnprintf(s->text + s->len, (size_t)need + 1, format, again);
	s->len += (size_t)need;
	va_end(again);
	va_end(args);
}

void strbuf_clear(struct strbuf *s)
{
	s->len = 0;
	if (s->text)
		s->text[0] = '\0';
}

void strbuf_fini(struct strbuf *s)
{
	free(s->text);
	*s = (struct strbuf){ 0 };
}
