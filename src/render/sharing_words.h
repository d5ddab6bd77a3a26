/* Words for who holds what together (compare/sharing.h), the same in tables and on the screen. */
#ifndef RENDER_SHARING_WORDS_H
#define RENDER_SHARING_WORDS_H

#include "base/strbuf.h"
#include "compare/sharing.h"

static inline bool sharing_is_held_by(const struct sharing_row *row, size_t process)
{
	return row->holders >> process & 1;
}

/* How many of the rows are of what several hold: these come first. */
size_t sharing_together(const struct sharing *);
/* Resident pages of all holders of a row. */
uint64_t sharing_sum(const struct sharing *, const struct sharing_row *);
/* Pages of a process that none of the others has. */
uint64_t sharing_alone(const struct sharing *, size_t process);
/* "4242 4250", "4242 4250 4251 +3", "all 12". */
void sharing_add_holders(struct strbuf *, const struct sharing *, const struct sharing_row *);
/* "libc.so.6", "libc.so.6, copies", "heap": printable. */
void sharing_add_object(struct strbuf *, const struct sharing_object *);

#endif
