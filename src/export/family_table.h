/* The size of each of several watched processes, how much of it is its own, and the total. */
#ifndef EXPORT_FAMILY_TABLE_H
#define EXPORT_FAMILY_TABLE_H

#include <jansson.h>
#include <stdio.h>

#include "model/world.h"

/* Text for people, translated; nothing if there is only one process and none was left unwatched. */
void family_table_print(FILE *, const struct world *);
/* An array with an object for each process: see pagescape(1). */
json_t *family_table_json(const struct world *);
/* Sets the member `unseen` if there were processes that were not watched. */
void family_table_set_unseen(json_t *object, const struct world *);
/* The process with the largest resident memory at its last look, which is set in *rss, in bytes; NULL: it is
 * not known for any. */
const struct process *family_table_largest(const struct world *, uint64_t *rss);

#endif
