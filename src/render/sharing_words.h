/* Words for which processes share what (compare/sharing.h), the same in tables and on the screen. */
#ifndef RENDER_SHARING_WORDS_H
#define RENDER_SHARING_WORDS_H

#include "base/strbuf.h"
#include "compare/sharing.h"

/* "4242 4250", "4242 4250 4251 +3", "all 12". */
void sharing_add_holders(struct strbuf *, const struct sharing *, const struct sharing_row *);
/* "libc.so.6", "libc.so.6, copies", "heap": printable. */
void sharing_add_object(struct strbuf *, const struct sharing_object *);

#endif
