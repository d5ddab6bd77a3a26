/* A string that grows. `text` is terminated once anything was added. */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdarg.h>
#include <stddef.h>

struct strbuf {
	char *text;
	size_t len, cap;
};

/* Appends bytes as they are. */
void strbuf_add(struct strbuf *, const char *bytes, size_t len);
void strbuf_puts(struct strbuf *, const char *text);
void strbuf_printf(struct strbuf *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void strbuf_clear(struct strbuf *);
void strbuf_fini(struct strbuf *);

#endif
