/* A database being written: statements by number, and where it went wrong. */
#ifndef EXPORT_SQLITE_DB_H
#define EXPORT_SQLITE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

extern const char sqlite_db_tables[]; /* before anything is put in */
extern const char sqlite_db_views[];  /* and when all of it is: indexes, views */

#define SQLITE_DB_STATEMENTS 32

struct sqlite_db {
	sqlite3 *db;
	char *shown; /* path, printable */
	sqlite3_stmt *statements[SQLITE_DB_STATEMENTS];
	bool failed;
	struct err err;
};

/* Opens the file, makes the tables and prepares the statements, of which there are n. */
int sqlite_db_open(struct sqlite_db *, const char *path, const char *const *statements, size_t n,
		   struct err *);
/* Runs SQL without values. Once something failed nothing is done. */
void sqlite_db_run(struct sqlite_db *, const char *sql);
/* Runs a statement with values: i an int64_t, s a uint64_t of nanoseconds as seconds, t a text of any bytes,
 * 0 a text that is NULL where it is empty. Returns the row that was put in or, of a query, the first
 * column, 0 where there is none. */
int64_t sqlite_db_put(struct sqlite_db *, int statement, const char *types, ...);
void sqlite_db_close(struct sqlite_db *);

#endif
