/* How large each of several watched processes is, what of it is its own, and all of them together. */
#ifndef EXPORT_FAMILY_TABLE_H
#define EXPORT_FAMILY_TABLE_H

#include <jansson.h>
#include <stdio.h>

#include "model/world.h"

/* Text for people, translated; nothing where there is only one. */
void family_table_print(FILE *, const struct world *);
/* An array with an object a process: see pagescape(1). */
json_t *family_table_json(const struct world *);

#endif
