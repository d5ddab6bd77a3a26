/* What came since the watch began and is still there: pages that are resident now and were not at the first
 * look. By region, by file, and by the program's own function that touched them first. */
#ifndef VERDICT_ARRIVALS_H
#define VERDICT_ARRIVALS_H

#include "base/strbuf.h"
#include "model/process.h"

#define ARRIVAL_ROWS 8

/* For functions: how far it is known which one it was. */
enum arrival_who {
	ARRIVAL_KNOWN,       /* the code is known, though perhaps not its name */
	ARRIVAL_NO_STACK,    /* it is not own code, and no stack was taken: its caller is not known */
	ARRIVAL_NOT_SAMPLED, /* the same: only one fault in several has its stack, and this one does not */
	ARRIVAL_WHOS,
};
const char *arrival_who_name(enum arrival_who); /* "no-stack": as in JSON, never translated */

struct arrival_row {
	enum arrival_who who;
	char *name; /* function, path or region: raw, owned; "": it has no name */
	char *
	    object; /* of a function: the file that its code is in, "[kernel]"; of a region: its kind. Raw, owned */
	char *source;   /* of a function: where most of its pages were touched, "leak.c:31"; raw, owned; "" */
	uint64_t start; /* of a region: its address */
	/* hundredths of what came; a list's shares, its others and the unseen add up to 100 */
	unsigned share;
	uint64_t bytes; /* for functions a lower bound: a page whose fault was not seen is counted for none */
};

struct arrival_rows {
	struct arrival_row list[ARRIVAL_ROWS]; /* largest first */
	size_t count;
	uint64_t others; /* bytes of those that have no row */
	unsigned others_share;
};

struct arrivals {
	bool known;       /* it was watched for a while */
	uint64_t span_ns; /* how long */
	uint64_t came;    /* bytes */
	uint64_t unseen;  /* bytes of these for which no fault was seen */
	unsigned unseen_share;
	bool faults;    /* were faults seen at all? */
	bool lost;      /* were some of them lost? */
	bool user_only; /* faults within system calls cannot be seen by this user */
	bool net_known;
	int64_t net;          /* bytes: resident now minus resident at the first look */
	uint64_t stayed;      /* bytes that were there at the first look and still are */
	uint64_t peak;        /* the most that was resident at any look */
	uint64_t before;      /* resident when three quarters of the time had passed, ... */
	uint64_t lately_ns;   /* ... which was so long ago */
	uint64_t lately_peak; /* the most that was resident at any look since then */
	uint64_t lately_seen; /* bytes brought by faults in the last quarter of the time */
	struct arrival_rows functions, files, regions;
};

/* Appends a function's name, or a description of code that has none: translated, raw. */
void arrival_function(struct strbuf *out, const struct arrival_row *);
/* Fills it in. The caller ends it with arrivals_fini. */
void arrivals_take(struct arrivals *, const struct process *, uint64_t now_ns);
void arrivals_fini(struct arrivals *);

#endif
