/* The names of code of a whole session, read ahead. In a recording the name of an address comes after the
 * fault that needs it, because names are looked up when there is time. It names code of the program, and so
 * is valid at any time from one exec to the next.
 *
 * A world that uses them (world_use_later_names) finds them whenever it is asked for a name. If two processes
 * had the same pid, one after the other, there are none for it: it is not known which of the two they belong
 * to. */
#ifndef MODEL_LATER_NAMES_H
#define MODEL_LATER_NAMES_H

#include <stddef.h>

#include "base/hash.h"
#include "event/sink.h"
#include "model/names.h"

struct later_names {
	struct sink sink; /* first: takes the events of the session; all but those of names are ignored */
	struct named_image *images; /* one for each program that each process ran */
	size_t count, cap;
	struct hash by_image; /* by pid and how many execs came before: number of an image */
	struct hash by_pid;   /* number of the first */
	size_t processes;     /* how many began */
};

/* End with later_names_fini. */
void later_names_init(struct later_names *);
void later_names_fini(struct later_names *);
/* Adds a process that exists before the first event, after `execs` execs. */
void later_names_begin(struct later_names *, int32_t pid, unsigned execs);
/* The names of a process after `execs` execs; NULL: none. Valid until later_names_fini; `later_names` may be
 * NULL. */
const struct names *later_names_of(const struct later_names *, int32_t pid, unsigned execs);

#endif
