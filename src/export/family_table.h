/* How large each of several watched processes is, what of it is its own, and all of them together. */
#ifndef EXPORT_FAMILY_TABLE_H
#define EXPORT_FAMILY_TABLE_H

#include <jansson.h>
#include <stdio.h>

#include "model/world.h"

/* Text for people, translated; nothing where there is only one, and none that was not watched. */
void family_table_print(FILE *, const struct world *);
/* An array with an object a process: see pagescape(1). */
json_t *family_table_json(const struct world *);
/* Sets `unseen` if there were processes that nobody watched. */
void family_table_set_unseen(json_t *object, const struct world *);
/* The process with the largest resident memory when last looked at, and how much that is, in bytes; NULL: of none is that
 * known. */
const struct process *family_table_largest(const struct world *, uint64_t *rss);

#endif
