/* The text of source files, in chunks, each of which is returned once. */
#ifndef SYMBOL_SOURCE_TEXT_H
#define SYMBOL_SOURCE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct source_text;

struct text_chunk {
	char *path;     /* owned, like the text */
	uint32_t first; /* number of the first line */
	char *text;     /* whole lines; each but the last ends with a newline */
};
#define SOURCE_TEXT_CHUNKS_MAX 2
void text_chunk_fini(struct text_chunk *);

/* Reads files below `root` (an fd that stays the caller's, -1: our own root), but only those that `uid`, the
 * process's user, may read: a program can name any file as its source. */
struct source_text *source_text_create(int root, uint32_t uid);
void source_text_destroy(struct source_text *);
/* After an exec: everything is returned again. */
void source_text_forget(struct source_text *);

/* Fills in the chunks that hold the line and some lines around it, without those that were returned before.
 * Returns how many, also 0 if the file cannot be read. Sets err to ERR_INPUT if the source is newer than the
 * program, which was written at `program_written` (seconds since 1970; 0: not known); otherwise err is left
 * alone. */
size_t source_text_take(struct source_text *, const char *path, uint32_t line, int64_t program_written,
			struct text_chunk chunks[static SOURCE_TEXT_CHUNKS_MAX], struct err *);

#endif
