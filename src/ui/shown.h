/* What is shown: a process, of a source, at a time. */
#ifndef UI_SHOWN_H
#define UI_SHOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "compare/pair.h"
#include "compare/sharing.h"
#include "event/source.h"
#include "model/physical.h"
#include "model/world.h"
#include "render/process_rows.h"

struct shown {
	struct world *world;
	struct source *source;
	struct sink *sink;       /* takes the events of the source; NULL: the world alone */
	struct process *process; /* the one shown, as it is now */
	struct process *still;   /* a copy of it while the picture is paused, else NULL; owned */
	uint64_t still_ns;
	struct process_order order; /* the order of the world's processes, and the shown one's place */
	uint64_t now_ns;            /* of the watch */
	bool has_time;              /* the source can be moved in time ... */
	struct time_status time;    /* ... and stands so */
	unsigned gaps_seen;         /* time.gaps_met, as far as reported */
	struct pair pair;           /* where view.pair */
	struct err pair_err;        /* why the two could not be compared; code 0: they were */
	struct shown_sharing {
		bool known;
		struct sharing of;
		struct err err;    /* why pages are not identified by frame */
		uint64_t taken_ns; /* of the watch */
		size_t alive;      /* how many were alive then */
		uint64_t due_ns;   /* of the clock: when it may be taken again */
	} sharing;                 /* which processes share what, as last determined */
	struct shown_frames {
		bool known;
		struct physical of;
		uint64_t taken_ns;
	} frames; /* which frames neighbours have, as last determined */
};

/* Shows the process `pid` of the world; world and source stay the caller's. */
void shown_init(struct shown *, struct world *, struct source *, int32_t pid);
void shown_fini(struct shown *);
/* How the source stands in time, where it can be moved. */
void shown_update_time(struct shown *);
/* Freezes the picture, or makes it live again. */
void shown_hold(struct shown *, bool);
/* The process to draw: as it is, or as it was when the picture was frozen. */
const struct process *shown_process(struct shown *);
struct space *shown_space(const struct shown *);
/* The time of the picture. */
uint64_t shown_picture_ns(const struct shown *);
/* The program that was started here, or NULL. */
const struct process *shown_launched(const struct shown *);
/* Determines which processes share what now. */
void shown_take_sharing(struct shown *);
/* The same again if that was long ago (in relation to its cost), if a process has ended since, or if the
 * recorded time has changed. */
void shown_update_sharing(struct shown *);
/* Reads which frames the pages around this one have now. */
void shown_take_frames(struct shown *, uint64_t page);
/* Is any of the watched processes alive? */
bool shown_any_alive(const struct shown *);
/* The sink for events that the user causes: the same as for the source's. */
struct sink *shown_sink(struct shown *);
/* The marks of the recording, or those set here. */
const struct marks *shown_marks(const struct shown *);
/* Sets a mark with this text at the time shown, kept for good where that can be. -1 with err. */
int shown_mark(struct shown *, const char *text, struct err *);
/* Asks the source to do something to the process shown, or to the program that was started here.
 * -1 with err. */
int shown_control(struct shown *, enum control, const struct control_arg *, struct err *);

#endif
