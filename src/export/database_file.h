/* The file that SQLite makes a database in, below TMPDIR: nobody sees it, and it is gone however this process ends. Where the
 * file system knows no files without a name it has one for a moment, for SQLite to open it by. */
#ifndef EXPORT_DATABASE_FILE_H
#define EXPORT_DATABASE_FILE_H

#include <sqlite3.h>
#include <stdio.h>

#include "base/err.h"

struct database_file {
	sqlite3 *db;
	int fd;
	char *folder; /* that it is in, printable */
};

/* Empty. -1 with err; fini is due in any case. */
int database_file_open(struct database_file *, struct err *);
/* Appends what is in it to the stream, whose errors are the caller's to find; all must be committed. -1 with err:
 * the file cannot be read. */
int database_file_copy(const struct database_file *, FILE *out, struct err *);
/* Something that SQLite did with it failed: err says what, and where. Returns -1. */
int database_file_fail(const struct database_file *, struct err *);
/* Statements must be finalized before. */
void database_file_fini(struct database_file *);

#endif
