/* What the children of the watched processes had in common with their parents, and what of it has been
 * copied since: by whom, and by which functions (model/forked.h). */
#ifndef EXPORT_FORK_REPORT_H
#define EXPORT_FORK_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "event/source.h"
#include "model/world.h"

/* Text for people, translated; nothing where no child was forked. Where not all copies are known, the source is asked
 * what those that run have in common now; NULL: there is none to ask. */
void fork_report_print(FILE *, const struct world *, struct source *);
/* An array with an object a child, in the order in which they came: see pagescape(1). */
json_t *fork_report_json(const struct world *, struct source *);

#endif
