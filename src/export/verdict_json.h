/* The verdict of a process as JSON, pagescape.verdict/1. */
#ifndef EXPORT_VERDICT_JSON_H
#define EXPORT_VERDICT_JSON_H

#include <stdio.h>

#include "event/source.h"
#include "model/world.h"
#include "verdict/verdict.h"

/* `time`: of the picture, as ISO 8601. If `world` is not NULL, adds what children shared with their parents;
 * `source` may be NULL (export/fork_report.h). */
void verdict_print_json(FILE *, const struct verdict *, const struct world *world, struct source *source,
			const char *time);

#endif
