/* Watching without a terminal: a line per change on standard output. */
#ifndef CMD_LOOP_H
#define CMD_LOOP_H

#include "cmd/options.h"
#include "event/source.h"
#include "model/world.h"

/* Watches until every process has ended, nothing reads our output any more, *stop (may be NULL) becomes true,
 * or a signal arrives; then ends what was launched (a pid; 0: nothing). If the world is empty, everything is
 * read once first. All events go to the sink, and through it to the world. Returns 0, -1 with err, or the
 * number of the signal: the caller closes the source, then calls loop_die_of. */
int loop_run(struct source *, const struct world *, struct sink *, int32_t launched, const bool *stop,
	     struct err *);

/* From here on SIGINT, SIGTERM, SIGHUP and SIGPIPE only end the loops. The loops call this themselves; a
 * caller that makes a file that has to be removed calls it earlier. */
void loop_catch_signals(void);

/* Steps the source, with everything sent to the sink, until done(context) is true after a step, every process
 * has ended, nothing reads our output any more, or a signal arrives. If nothing was swept yet, sweeps first.
 * Returns 0, -1 with err, or the number of the signal. */
int loop_until(struct source *, const struct world *, struct sink *, bool (*done)(void *context),
	       void *context, struct err *);

/* A sink that decides when to stop: after a time (--for), or as soon as *also is true. */
struct loop_limit {
	struct sink sink;
	uint64_t until_ns;
	const bool *also; /* NULL: nothing else */
	bool over;        /* for loop_run's `stop` */
};
void loop_limit_init(struct loop_limit *, const struct options *, const bool *also);

/* As loop_run, and prints a line per change. `more` (may be NULL) gets all events too. */
int loop_print(struct source *, struct world *, struct sink *more, int32_t launched, struct err *);

/* Has there been a write to a pipe without a reader? SIGPIPE is blocked, so it stays pending. */
bool loop_pipe_broken(void);

/* Ends this program as the signal would have ended it. */
void loop_die_of(int number);

#endif
