/* Which processes of a family still share which private page. The rings of the family's first process report
 * all forks, exits and execs; each process's own rings report its faults; looks show which memory is gone.
 * All of this is collected in the kin of the first process (kern/perf/kin.h). */
#ifndef LIVE_KINSHIP_H
#define LIVE_KINSHIP_H

#include "event/sink.h"
#include "kern/reader.h"
#include "live/fault_intake.h"
#include "live/fork_frames.h"
#include "model/process.h"

struct kinship {
	struct kinship *elder; /* of the family's first process; NULL: it is the first, or has no family */
	struct kinship *next;  /* in the elder's list */
	struct watch *watch;   /* the caller's, like the reader and the intake */
	struct reader *reader;
	struct fault_intake *intake; /* its own faults */
	struct page_stretch {
		uint64_t first, end;
	} region; /* the region that is about to be changed */
	struct fork_frames frames;
	uint64_t forks_noted; /* 1 + how many forks that has; 0: none yet */
	bool whole;           /* when its rings were opened, nobody shared memory with it */
	bool announced;       /* known to the kin: its faults come */
	bool discards; /* it, or who forked it, has been seen to lose pages that it could touch again */
};

/* Starts from zeroes, without a family. */
void kinship_init(struct kinship *, struct watch *, struct reader *, struct fault_intake *);
/* Notes that nobody shared memory with it when its rings were opened. */
void kinship_know_alone(struct kinship *);
/* Joins the family of the elder, which must live longer. */
void kinship_join(struct kinship *, struct kinship *elder);
void kinship_leave(struct kinship *);
void kinship_fini(struct kinship *);
/* Its rings were emptied: if it has forked since, notes which pages it and its child have. */
void kinship_note_forks(struct kinship *, struct sink *, const struct process *);
/* Takes an event that is about to change the model of the process: what a reading found, or that a look is
 * whole. To be called before the model takes it. */
void kinship_note(struct kinship *, const struct event *, const struct process *);
/* To be called after the model has taken it. */
void kinship_noted(struct kinship *, const struct event *, const struct process *);
/* Does its program, or does who forked it, give up pages of memory that stays mapped (madvise), or does somebody cut its
 * files? Then a page that looks the same before and after a fault may have gone in between. */
bool kinship_discards(const struct kinship *);
/* Empties the rings of others of the family if they are filling. */
void kinship_relieve(struct kinship *, struct sink *);
/* Determines for the records of a batch, unless that was done before, who else held their pages, if that can
 * matter: the sooner the better, before those processes have gone. */
void kinship_ask(struct kinship *, struct sink *, struct fault_batch *);
/* When its memory was last forked before the record's fault (CLOCK_MONOTONIC); 0: that was not seen. */
uint64_t kinship_forked(const struct kinship *, const struct fault_record *);
/* When another process that runs in its memory last had a fault on the page before that time; 0: that was not
 * seen. Drains the rings of the family up to then if there is such a process. */
uint64_t kinship_touched_by_other(struct kinship *, struct sink *, int32_t pid, uint64_t page,
				  uint64_t time_ns);
/* Who else holds the page that the process writes at that time. First drains the rings of the family up to
 * then. */
enum kin_held kinship_held(struct kinship *, struct sink *, int32_t pid, uint64_t page, uint64_t time_ns);

#endif
