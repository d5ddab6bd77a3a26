/* Starts what the command line requests: a live source, and a recording. */
#ifndef CMD_START_H
#define CMD_START_H

#include "cmd/left_out.h"
#include "cmd/options.h"
#include "event/source.h"
#include "model/world.h"
#include "store/writer.h"
#include "live/live.h"

/* Fills the live source's options from the command line. Without a screen a launched program reads our
 * standard input; with one, what is sent to its terminal. */
void start_options(const struct options *, bool screen, struct live_options *);

/* Is there a screen for --do to act on? -1 with ERR_USAGE. */
int start_check_screen(const struct options *, struct err *);

/* What is watched. */
struct watched {
	char **program;           /* the program to launch; NULL: running processes are watched */
	int32_t pid;              /* its pid, or that of the first of several */
	struct left_out left_out; /* of several */
};

/* Launches the program, or attaches to `pid` or to all that the options name; with -f follows forks. Sets
 * `pid` and `left_out`, and prints on standard error which processes were left out; watched_fini is needed
 * even if it fails. Returns the source, which the caller destroys, or NULL with err. */
struct source *start_watching(const struct options *, const struct live_options *, struct watched *,
			      struct world *, struct err *);
void watched_fini(struct watched *);

/* Do stops at lines need single steps, because of the option, or for lack of working debug registers? */
bool start_needs_single_steps(const struct options *);

/* Creates the session file of -o; the world must get every event before the writer does. The caller
 * closes it. NULL with err. */
struct session_writer *start_recording(const struct options *, const struct world *, struct err *);

#endif
