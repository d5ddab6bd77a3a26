/* What is at addresses of code: functions and source lines, by EVENT_SYMBOL, and the text of source lines, by
 * EVENT_LINES. Whatever draws or prints a fault or a stack looks names up here. A name that is not there yet
 * may still come. */
#ifndef MODEL_NAMES_H
#define MODEL_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

struct names;

/* Nothing is known yet. The caller frees it with names_destroy. */
struct names *names_create(void);
struct names *names_copy(const struct names *); /* a deep copy */
void names_destroy(struct names *);

/* Replaces what was known of the ip. Adds nothing once about 64 MiB are taken. */
void names_add(struct names *, const struct event_symbol *);
/* NULL: nothing is known. Owned by names, valid until the next names_add or names_clear. */
const struct event_symbol *names_find(const struct names *, uint64_t ip);
/* An exec: addresses no longer mean what they meant. Source lines stay. */
void names_clear(struct names *);
/* Uses names that came later where nothing else is known; not owned, NULL for none. A copy keeps them;
 * names_clear forgets them. names_count and the functions after it leave them out. */
void names_use(struct names *, const struct names *later);

/* Lines of a file, numbered from `first`. */
void names_add_lines(struct names *, const char *path, uint32_t first, const char *text);
/* The text of one line, raw, without its newline; NULL: not known. */
const char *names_line(const struct names *, const char *path, uint32_t line);

/* Goes up with each name that comes, is replaced or goes: results of earlier lookups may have changed. */
uint64_t names_generation(const struct names *);

/* All that is known, in no order: for keyframes. */
size_t names_count(const struct names *);
const struct event_symbol *names_at(const struct names *, size_t i);
size_t names_line_count(const struct names *);
void names_line_at(const struct names *, size_t i, const char **path, uint32_t *line, const char **text);
/* About how many bytes all of it takes. */
size_t names_bytes(const struct names *);

struct strbuf;
/* Appends a short name of the code at an address, raw: "fill+0x2c", "libc.so.6 .text+0x1f2", "0x7f12...". */
void names_text(struct strbuf *out, const struct event_symbol *, uint64_t ip);

#endif
