/* From a program's source to its addresses, by its debug information: lines, and variables of file
 * scope. All addresses are the file's own. */
#ifndef SYMBOL_DEBUG_LOOKUP_H
#define SYMBOL_DEBUG_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct debug_lookup;

/* Reads from an fd, which is taken over even if this fails: ERR_NOT_FOUND if the file has no debug
 * information, ERR_UNSUPPORTED, ERR_INPUT. */
struct debug_lookup *debug_lookup_open(int fd, struct err *);
void debug_lookup_close(struct debug_lookup *); /* NULL is fine */

/* The first instruction of a line (the lowest address that the table of lines marks as the beginning of a
 * statement). `file` is a source file's name without its folder. ERR_NOT_FOUND if the line has no code. */
int debug_lookup_line(struct debug_lookup *, const char *file, unsigned line, uint64_t *vaddr, struct err *);
/* The source files that were compiled, by their names without folders: calls `take` for each, with its full
 * path ("": not known). */
void debug_lookup_files(struct debug_lookup *,
			void (*take)(void *context, const char *name, const char *path), void *context);

struct debug_variable {
	uint64_t vaddr, size; /* bytes; size 0: not known */
	bool pointer;         /* its value is an address */
	bool number;          /* an integer, an enumeration or a boolean */
	bool is_signed;
	bool array;
};
/* Looks up a variable. 0, or -1 with ERR_NOT_FOUND if there is none of that name at file scope,
 * ERR_UNSUPPORTED if it has no fixed address (a thread-local one, say). */
int debug_lookup_variable(struct debug_lookup *, const char *name, struct debug_variable *, struct err *);

#endif
