/* What a live source keeps to name code: for live.c, live_faults.c, status.c. */
#ifndef LIVE_LIVE_NAMES_H
#define LIVE_LIVE_NAMES_H

#include "event/sink.h"
#include "symbol/modules.h"
#include "symbol/symbolizer.h"

struct live_names {
	struct modules *modules;
	struct symbolizer *symbolizer;  /* NULL: switched off */
	const struct module *read_last; /* the file that the thread was last asked to read; only compared */
	uint64_t patience_ns;           /* until when the end waits for names; 0: it has not come */
};

struct live;

void live_names_open(struct live *);
void live_names_fini(struct live *);
/* Another image. */
void live_names_forget(struct live *);

/* Has the code named that an event (a fault, a call) and its stack tell of: before it returns, or
 * later (live_options.names). Call it before the event is sent. */
void live_names_want(struct live *, struct sink *, const struct event *);
/* Tells the names that have been found. */
void live_names_tell(struct live *, struct sink *);
/* source_ops.locate: where data lies. */
void live_names_locate(struct live *, const struct process *, uint64_t address, struct location *);
/* Are there names still to come that the end of the process has to wait for? Not for ever. */
bool live_names_awaited(struct live *);

#endif
