/* The functions panel's lines: the tally of model/profile.h joined by the functions' names. */
#ifndef RENDER_PROFILE_ROWS_H
#define RENDER_PROFILE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "model/world.h"

struct profile_row {
	char *name;            /* of the function, raw, owned; "" where it has none */
	char *object;          /* the file that it is in, without folders, or its region: raw, owned */
	uint64_t minor, major; /* faults */
	uint64_t pages;        /* brought in */
	size_t stamp;          /* the last entry that was counted here */
};

struct profile_rows {
	struct profile_row *rows; /* the most pages first */
	size_t count, cap;
	struct hash hash; /* of name and object: index + 1, while the rows are made */
	uint64_t pages;   /* of all faults */
	uint64_t counted; /* faults: fewer than there were, where the tally began late */
	/* what it was made from */
	const struct process *process;
	uint64_t faults;
	uint64_t names; /* their generation */
	bool callers;
	uint64_t due_ns; /* when it may be made anew: what is costly is made less often */
	bool pending;    /* there is news, but it is not due yet */
};

/* `callers`: a fault counts for every function on its stack, once each; else for the innermost one
 * alone. Starts from zeroes. */
void profile_rows_update(struct profile_rows *, const struct process *, bool callers, uint64_t now_ns);
void profile_rows_fini(struct profile_rows *);

#endif
