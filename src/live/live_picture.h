/* The model's picture of the process, and bringing it up to date: counters, threads, regions and pages, the
 * kernel's own figures, and which sources of data there are. */
#ifndef LIVE_LIVE_PICTURE_H
#define LIVE_LIVE_PICTURE_H

#include "live/live_figures.h"
#include "live/schedule.h"
#include "live/source_states.h"
#include "live/thread_list.h"

struct live_picture {
	struct watch *watch; /* these are the caller's */
	struct reader *reader;
	const struct fault_reader *faults;
	const bool *off; /* by source kind: switched off */
	struct counters counters;
	struct schedule schedule;
	struct thread_list threads;
	struct live_figures figures;
	struct source_states sources;
	struct err maps_failure; /* why regions can no longer be read; ERR_NONE while they can */
};

/* Starts from zeroes. Everything that is passed in stays the caller's and lives longer. `cache`: the page
 * cache may be used. */
void live_picture_init(struct live_picture *, struct watch *, struct reader *, const struct fault_reader *,
		       const bool *off, bool cache);
void live_picture_fini(struct live_picture *);
/* Parts of it that other modules work with; they belong to it. */
struct schedule *live_picture_schedule(struct live_picture *);
struct counters *live_picture_counters(struct live_picture *);
struct live_figures *live_picture_figures(struct live_picture *);

/* Takes the whole picture, however long that takes, and sends what differs, then EVENT_TICK. 0, or -1 with
 * ERR_GONE if the memory that was being read is gone. */
int live_picture_take(struct live_picture *, struct sink *, struct err *);
/* Brings it up to date with what can have changed, within a budget (schedule_look). False: the process has
 * become another program, and nothing was sent. */
bool live_picture_update(struct live_picture *, struct sink *, uint64_t interval_ns, uint64_t budget_ns);
/* An exec has happened: forgets everything about the memory. */
void live_picture_forget(struct live_picture *);

/* Notes that taking the picture failed, and sends that regions cannot be read if that is the reason. */
void live_picture_note_failure(struct live_picture *, struct sink *, const struct err *);
void live_picture_send_threads(struct live_picture *, struct sink *);
/* Sends the states of the sources of data, if it is time to check them; `now`: at once. */
void live_picture_send_sources(struct live_picture *, struct sink *, bool now);

#endif
