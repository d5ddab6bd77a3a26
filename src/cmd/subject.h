/* What is watched: a process, or a program to be launched; and where it is recorded. */
#ifndef CMD_SUBJECT_H
#define CMD_SUBJECT_H

#include "cmd/options.h"
#include "event/source.h"
#include "model/world.h"
#include "store/writer.h"
#include "live/live.h"

/* Launches the program, or attaches to *pid where there is none; with -f all that it forks is
 * watched too. *pid becomes the process's. */
struct source *subject_open(const struct options *, char **program, int32_t *pid, struct world *,
			    struct err *);

/* The same, with options for the live source. */
struct source *subject_open_live(const struct options *, const struct live_options *, char **program,
				 int32_t *pid, struct world *, struct err *);

/* The session that -o asks for; the world gets every event first. */
struct session_writer *subject_record(const struct options *, const struct world *, struct err *);

#endif
