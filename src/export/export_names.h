/* The names of code of a whole session, read ahead: in a recording the name of an address comes
 * after the fault that needs it, for names are looked up when there is time. */
#ifndef EXPORT_EXPORT_NAMES_H
#define EXPORT_EXPORT_NAMES_H

#include <stddef.h>

#include "event/event.h"
#include "model/world.h"

struct export_names {
	struct sink sink;     /* first: takes all events of the session once, before anything is exported */
	struct image *images; /* processes, anew at each exec */
	size_t count, cap;
	size_t processes; /* that were watched */
};

void export_names_init(struct export_names *);
void export_names_fini(struct export_names *);

/* What lies at an ip of a process as it is now: as it was told last, or, where nothing was told yet, as
 * it is told first. NULL: it is never told. */
const struct event_symbol *export_names_find(const struct export_names *, const struct process *,
					     uint64_t ip);

/* One function of a stack, by name: "fill", "[libc.so.6]" where it has none, "[kernel]", "[unknown]". Into out,
 * printable. */
struct strbuf;
void export_function(struct strbuf *out, const struct process *, const struct event_symbol *, uint64_t ip);

#endif
