/* A file that gets its name when it is complete. */
#ifndef CMD_OUTPUT_FILE_H
#define CMD_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

struct output_file {
	const char *name; /* the caller's; NULL: standard output */
	char *path;       /* where it is written meanwhile; NULL: standard output */
	FILE *out;        /* NULL: who writes it opens the path himself */
	bool temporary;   /* path becomes name in the end: not of devices and pipes */
};

/* "-" or NULL is standard output. Refused where the file is there, unless forced, and always where it is
 * the `input`. */
int output_file_open(struct output_file *, const char *name, const char *input, bool force, bool by_path,
		     struct err *);
/* -1 where not all could be written: then there is no file. */
int output_file_finish(struct output_file *, struct err *);
/* Removes it. Where it could not be written err says so, else err is left alone. */
void output_file_abandon(struct output_file *, struct err *);

#endif
