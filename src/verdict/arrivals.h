/* What came since the watch began and is still there: pages that are resident now and were not at the first
 * look. By region, by file, and by the program's own function that touched them first. */
#ifndef VERDICT_ARRIVALS_H
#define VERDICT_ARRIVALS_H

#include "base/strbuf.h"
#include "model/process.h"

#define ARRIVAL_ROWS 8

/* Of functions: what is known of who it was. */
enum arrival_who {
	ARRIVAL_KNOWN, /* the code, if not its name */
	ARRIVAL_NO_STACK, /* it is not the program's own, and the stack was not taken: who called it is not known */
	ARRIVAL_NOT_SAMPLED, /* the same: only one fault in several has its stack, and it was not one of these */
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
	/* hundredths of what came; those of a list, its others and what was not seen make 100 */
	unsigned share;
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
	bool faults;    /* were faults seen at all? */
	bool lost;      /* were some of them lost? */
	bool user_only; /* those within system calls cannot be seen by this user */
	bool net_known;
	int64_t net;          /* bytes: resident now minus at the first look: what went is subtracted */
	uint64_t stayed;      /* bytes that were there at the first look and still are */
	uint64_t peak;        /* the most that was resident at any look */
	uint64_t before;      /* resident when three quarters of the time had passed, ... */
	uint64_t lately_ns;   /* ... which was so long ago */
	uint64_t lately_peak; /* the most that was resident at any look since then */
	struct arrival_rows functions, files, regions;
};

/* Appends a function's name, or what is said of code that has none: translated, raw. */
void arrival_function(struct strbuf *out, const struct arrival_row *);
/* The caller ends it with arrivals_fini. */
void arrivals_take(struct arrivals *, const struct process *, uint64_t now_ns);
void arrivals_fini(struct arrivals *);

#endif
