/* The verdict of a process as JSON, pagescape.verdict/1. */
#ifndef EXPORT_VERDICT_JSON_H
#define EXPORT_VERDICT_JSON_H

#include <stdio.h>

#include "verdict/verdict.h"

/* `time`: of the picture, as ISO 8601. */
void verdict_print_json(FILE *, const struct verdict *, const char *time);

#endif
