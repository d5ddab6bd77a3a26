/* Faults as tables of names and counts, the greatest first:
 *
 *     PAGES    MINOR    MAJOR  FUNCTION
 *      2048     2048        0  fill (demo)
 *       112       12        3  memcpy (libc.so.6)
 *
 * By own code, with what it called below it if that is a tenth of it or more:
 *
 *     PAGES    MINOR    MAJOR  OWN CODE, AND WHAT IT CALLED
 *      2160     2060        3  load (demo)
 *      2048     2048        0    memcpy (libc.so.6) */
#ifndef EXPORT_FAULT_TABLES_H
#define EXPORT_FAULT_TABLES_H

#include <stdio.h>

#include "base/strbuf.h"
#include "model/profile_tree.h"

/* Faults counted by a name: of a region, a file. */
struct tally_row {
	char *name; /* printable */
	struct profile_sum sum;
	size_t seen; /* in order of first appearance */
};

struct fault_tally {
	struct tally_row *rows;
	size_t count, cap;
};

/* Starts from zeroes. */
struct fault_tables {
	bool by_own;     /* count by own code, too */
	const char *own; /* as own_code_at's `paths` */
	struct profile_tree functions, own_code;
	struct fault_tally regions, files;
	struct strbuf line;
};

/* Counts a fault before the world takes it. region: the one that was touched; NULL: none. */
void fault_tables_add(struct fault_tables *, const struct process *, const struct event *fault,
		      const struct region *region);
void fault_tables_print(struct fault_tables *, FILE *);
void fault_tables_fini(struct fault_tables *);

#endif
