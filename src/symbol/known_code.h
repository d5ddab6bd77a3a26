/* What was found at places of a file, for the next process of a family that asks. */
#ifndef SYMBOL_KNOWN_CODE_H
#define SYMBOL_KNOWN_CODE_H

#include "event/event.h"

struct known_code;

/* Empty. The caller frees it with known_code_destroy. */
struct known_code *known_code_create(void);
void known_code_destroy(struct known_code *);

/* Keeps a copy of what is at an offset of the file; up to a limit, and only if the source lines, if there are any, have
 * no text to be read for each process: they are in no file that can be named. */
void known_code_add(struct known_code *, uint64_t offset, const struct event_symbol *);
/* What is there: valid as long as the table, with ip and object left empty; NULL: not known. */
const struct event_symbol *known_code_find(const struct known_code *, uint64_t offset);

#endif
