/* What expectations need to know about a running program beyond the model: its variables, and single pages.
 *
 * Variables are found by the program's debug information, and read without bringing a page in. */
#ifndef LESSON_PROGRAM_FACTS_H
#define LESSON_PROGRAM_FACTS_H

#include "event/source.h"
#include "expect/evaluate.h"
#include "model/world.h"

struct program_facts;

/* `program` is the path of its file, `shown` what messages call it, `pid` the process that runs it. Source
 * and world stay the caller's. Never NULL: a program without debug information has no lines and no variables,
 * which lookups report. */
struct program_facts *program_facts_create(const char *program, const char *shown, int32_t pid,
					   struct source *, const struct world *);
void program_facts_destroy(struct program_facts *); /* NULL is fine */

extern const struct expect_facts_ops program_facts_ops; /* their context is a struct program_facts */

/* The address, in the process, of the first instruction of a line. ERR_NOT_FOUND. */
int program_facts_line(struct program_facts *, const char *file, unsigned line, uint64_t *address,
		       struct err *);

/* The same of a mark in a comment of the program's sources, as far as they can be read, or of a line
 * ("demo.c:14"). ERR_NOT_FOUND; ERR_INPUT: the sources have it twice, or its name is reserved. */
int program_facts_mark(struct program_facts *, const char *mark, uint64_t *address, struct err *);
/* Checks that a name that every program has ("end") is not also a mark in the sources, which would be
 * ambiguous. 0, or -1 with ERR_INPUT. */
int program_facts_unmarked(struct program_facts *, const char *taken, struct err *);
/* Checks that the program has this variable, at a fixed address. 0, or -1 with ERR_NOT_FOUND,
 * ERR_UNSUPPORTED. */
int program_facts_has(struct program_facts *, const char *variable, struct err *);

#endif
