/* What the children of the watched processes shared with their parents, and how much of it has been copied
 * since: by which process, and by which functions (model/forked.h). */
#ifndef EXPORT_FORK_REPORT_H
#define EXPORT_FORK_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "event/source.h"
#include "model/world.h"

/* Text for people, translated; nothing if no child was forked. If not all copies are known, asks the source
 * what running processes share now; NULL: there is no source. */
void fork_report_print(FILE *, const struct world *, struct source *);
/* An array with an object for each child, in the order in which they came: see pagescape(1). */
json_t *fork_report_json(const struct world *, struct source *);

#endif
