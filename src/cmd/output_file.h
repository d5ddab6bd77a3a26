/* A file that gets its name when it is complete. */
#ifndef CMD_OUTPUT_FILE_H
#define CMD_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "base/new_file.h"

struct output_file {
	const char *name;     /* the caller's; NULL: standard output */
	FILE *out;            /* the stream to write to */
	struct new_file file; /* unless it is standard output */
};

/* Opens `name`; NULL or "-" is standard output. Returns 0, or -1 with err, also if the file exists and
 * `force` is false, or if it is the `input`. */
int output_file_open(struct output_file *, const char *name, const char *input, bool force, struct err *);
/* Closes the file and gives it its name. Returns 0, or -1 with err and no file if a write failed. */
int output_file_finish(struct output_file *, struct err *);
/* Closes and removes the file. Fills err only if a write had failed. */
void output_file_abandon(struct output_file *, struct err *);

#endif
