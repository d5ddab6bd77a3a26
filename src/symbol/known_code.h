/* A cache of what is at offsets of a file, for other processes of a family that map it. */
#ifndef SYMBOL_KNOWN_CODE_H
#define SYMBOL_KNOWN_CODE_H

#include "event/event.h"

struct known_code;

/* Empty. The caller frees it with known_code_destroy. */
struct known_code *known_code_create(void);
void known_code_destroy(struct known_code *);

/* Keeps a copy of what is at an offset of the file, up to a limit, and only if no function there has a source file
 * with an absolute path, because source text has to be read for each process. */
void known_code_add(struct known_code *, uint64_t offset, const struct event_symbol *);
/* What is at an offset: valid as long as the table, with ip and object left empty; NULL: not known. */
const struct event_symbol *known_code_find(const struct known_code *, uint64_t offset);

#endif
