/* What came since the watch began and is still there: pages that are resident now and were not at the first
 * look. By region, by file, and by the program's own function that touched them first. */
#ifndef VERDICT_ARRIVALS_H
#define VERDICT_ARRIVALS_H

#include "model/process.h"

#define ARRIVAL_ROWS 8

struct arrival_row {
	char *name;     /* function, path or region: raw, owned; "": it has no name */
	char *object;   /* of a function: the file that its code is in; of a region: its kind. Raw, owned */
	char *source;   /* of a function: where most of its pages were touched, "leak.c:31"; raw, owned; "" */
	uint64_t start; /* of a region: its address */
	unsigned
	    share; /* hundredths of what came; those of a list, its others and what was not seen make 100 */
	uint64_t bytes; /* at least, of functions: a page belongs to nobody if its fault was not seen */
};

struct arrival_rows {
	struct arrival_row list[ARRIVAL_ROWS]; /* largest first */
	size_t count;
	uint64_t others; /* bytes of those that there is no row for */
	unsigned others_share;
};

struct arrivals {
	bool known;       /* it was watched for a while */
	uint64_t span_ns; /* how long */
	uint64_t came;    /* bytes */
	uint64_t unseen;  /* of them: no fault was seen that brought them in */
	unsigned unseen_share;
	bool faults; /* were faults seen at all? */
	bool lost;   /* were some of them lost? */
	bool net_known;
	int64_t net;        /* bytes: resident now minus at the first look: what went is subtracted */
	uint64_t stayed;    /* bytes that were there at the first look and still are */
	uint64_t peak;      /* the most that was resident at any look */
	uint64_t before;    /* resident when three quarters of the time had passed, ... */
	uint64_t lately_ns; /* ... which was so long ago */
	struct arrival_rows functions, files, regions;
};

/* The caller ends it with arrivals_fini. */
void arrivals_take(struct arrivals *, const struct process *, uint64_t now_ns);
void arrivals_fini(struct arrivals *);

#endif
