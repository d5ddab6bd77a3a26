/* The file in TMPDIR that SQLite makes a database in. It has no name, so it is gone however this process
 * ends. On a file system without unnamed files it has a name briefly, until SQLite has opened it. */
#ifndef EXPORT_DATABASE_FILE_H
#define EXPORT_DATABASE_FILE_H

#include <sqlite3.h>
#include <stdio.h>

#include "base/err.h"

struct database_file {
	sqlite3 *db;
	int fd;
	char *folder; /* the folder that it is in, printable */
};

/* Makes an empty one. 0, or -1 with err; fini is needed in either case. */
int database_file_open(struct database_file *, struct err *);
/* Appends its contents to the stream; the caller checks the stream for errors. Everything must be committed.
 * 0, or -1 with err: the file cannot be read. */
int database_file_copy(const struct database_file *, FILE *out, struct err *);
/* An operation of SQLite failed: fills err with what and where. Returns -1. */
int database_file_fail(const struct database_file *, struct err *);
/* Statements must be finalized first. */
void database_file_fini(struct database_file *);

#endif
