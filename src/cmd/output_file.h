/* A file that gets its name when it is complete. */
#ifndef CMD_OUTPUT_FILE_H
#define CMD_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "base/new_file.h"

struct output_file {
	const char *name;     /* the caller's; NULL: standard output */
	const char *path;     /* where it is written until then, for who opens it by himself; else NULL */
	FILE *out;            /* NULL: who writes it opens the path */
	struct new_file file; /* not of standard output */
};

/* "-" or NULL is standard output. Refused where the file is there, unless forced, and always where it is
 * the `input`. */
int output_file_open(struct output_file *, const char *name, const char *input, bool force, bool by_path,
		     struct err *);
/* -1 where not all could be written: then there is no file. */
int output_file_finish(struct output_file *, struct err *);
/* There is no file then. Where it could not be written err says so, else err is left alone. */
void output_file_abandon(struct output_file *, struct err *);

#endif
