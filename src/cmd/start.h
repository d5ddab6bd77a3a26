/* Starts what the command line asks for: a live source, and a recording beside it. */
#ifndef CMD_START_H
#define CMD_START_H

#include "cmd/left_out.h"
#include "cmd/options.h"
#include "event/source.h"
#include "model/world.h"
#include "store/writer.h"
#include "live/live.h"

/* Fills options for the live source with those of the command line. Without a screen a launched program
 * reads our standard input; with one, what is sent to its terminal. */
void start_options(const struct options *, bool screen, struct live_options *);

/* Is there a screen for --do to act on? -1 with ERR_USAGE. */
int start_check_screen(const struct options *, struct err *);

/* What is watched. */
struct watched {
	char **program;           /* is launched; NULL: what runs already is watched */
	int32_t pid;              /* of it, or of the first of several */
	struct left_out left_out; /* of several */
};

/* Launches the program, or attaches to `pid` or to all that the options name; with -f follows forks. Sets
 * `pid` and `left_out`, and says on standard error who was left out; watched_fini is due, also where it fails. Returns
 * the source, which the caller destroys, or NULL with err. */
struct source *start_watching(const struct options *, const struct live_options *, struct watched *,
			      struct world *, struct err *);
void watched_fini(struct watched *);

/* Stops at lines take single steps: they were asked for, or there are no debug registers that work. */
bool start_needs_single_steps(const struct options *);

/* Creates the session file of -o; the world must get every event before the writer does. The caller
 * closes it. NULL with err. */
struct session_writer *start_recording(const struct options *, const struct world *, struct err *);

#endif
