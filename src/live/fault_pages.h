/* Where the faults of a batch were: what each page was before and is now, which neighbours came with it, and
 * which region it was in.
 *
 * The rings report a fault at once, but a reading may come at any time: if it saw the page before the fault
 * was taken from the ring, the model already shows the page as it is after the fault. So changes found by
 * readings are kept until the faults of that time have been taken (live/seen.h), and so are regions that have
 * gone (live/remap.h). */
#ifndef LIVE_FAULT_PAGES_H
#define LIVE_FAULT_PAGES_H

#include "live/remap.h"
#include "live/schedule.h"
#include "live/seen.h"
#include "live/touches.h"

struct fault_pages {
	struct watch *watch; /* these are the caller's */
	struct reader *reader;
	struct schedule *schedule;
	struct touches touches;
	struct seen seen;   /* what readings changed since the faults were last taken */
	struct remap remap; /* regions that faults may have been in, and that are gone */
	bool any_remap;     /* faults of the batch were in some of these */
	struct {
		bool known; /* for this batch, as remap_moved says */
		enum remap_moved kinds;
		bool zero;
	} moved;
	uint64_t known_ns; /* CLOCK_MONOTONIC: when the first picture was whole */
};

/* Everything that is passed in stays the caller's and lives longer. */
void fault_pages_init(struct fault_pages *, struct watch *, struct reader *, struct schedule *);
void fault_pages_fini(struct fault_pages *);

/* From now on (CLOCK_MONOTONIC) the model has the whole picture; 0: from the beginning on. */
void fault_pages_know_from(struct fault_pages *, uint64_t clock_ns);
/* Takes an event that is about to change the model. */
void fault_pages_note(struct fault_pages *, const struct event *, const struct process *);
/* Takes the mappings that a batch reports. */
void fault_pages_take(struct fault_pages *, struct fault_batch *);
/* Makes a touch of each fault of the batch. Returns whether some may be in regions that the model does not
 * have. */
bool fault_pages_gather(struct fault_pages *, const struct fault_batch *, const struct space *);

/* After that: determines how the pages were, then reads them, regions first if `regions` is set. *done is the
 * page that reading got to. False: the memory that they were in is gone, and *done is 0. */
bool fault_pages_read(struct fault_pages *, struct sink *, const struct process *, const struct fault_batch *,
		      bool regions, uint64_t *done);
/* The same for memory that can no longer be read: only how the pages were. */
void fault_pages_recall(struct fault_pages *, const struct process *, const struct fault_batch *);
/* Then: sets how the pages below `done` are now. `later` are `n` batches that came before they were read. */
void fault_pages_settle(struct fault_pages *, const struct process *, const struct fault_batch *,
			const struct fault_batch *later[], size_t n, uint64_t done);
/* Last: determines which faults were in regions that are gone, and which neighbours came with them. */
void fault_pages_complete(struct fault_pages *, const struct process *, const struct fault_batch *);

/* The touch of the record's fault, valid until the next batch is gathered. */
const struct touch *fault_pages_touch(const struct fault_pages *, size_t record);
/* As touches_read_to_own. */
bool fault_pages_read_to_own(const struct fault_pages *, const struct fault_batch *, const struct space *);
/* The region that the record's fault was in if the region is gone; else NULL. */
const struct region_attr *fault_pages_gone(const struct fault_pages *, size_t record);
/* Was something mapped there shortly before the record's fault? It may be the same memory with other rights,
 * or new. */
bool fault_pages_mapped(const struct fault_pages *, size_t record);
/* CLOCK_MONOTONIC: when the memory that it touched was newly mapped; 0: not known. */
uint64_t fault_pages_fresh_ns(const struct fault_pages *, size_t record);
/* Did the region grow down to the touched page? */
enum remap_growth fault_pages_growth(const struct fault_pages *, size_t record);
/* Was the memory of the record's fault moved by mremap? Then the page's earlier state is not known, except
 * for what follows from where it can have come from. */
enum fault_moved {
	FAULT_MOVED_NOT,
	FAULT_MOVED_SEEN,     /* yes, and the model has the region */
	FAULT_MOVED_UNKNOWN,  /* yes, and what memory it was is not known */
	FAULT_MOVED_WRITABLE, /* yes; if it is writable, it is private memory without a file */
	FAULT_MOVED_PRIVATE,  /* yes, and it is private memory without a file */
};
/* *zero: there may have been zero pages in it. */
enum fault_moved fault_pages_moved(struct fault_pages *, const struct space *, const struct fault_batch *,
				   size_t record, bool *zero);
/* Makes the model show the region that an address was in at a time (CLOCK_MONOTONIC). True: it is not there any more. */
bool fault_pages_show_at(struct fault_pages *, struct sink *, const struct space *, uint64_t address,
			 uint64_t time_ns);
/* As remap_rights_at. */
int fault_pages_rights_at(const struct fault_pages *, uint64_t address, uint64_t time_ns);
/* Makes the model show the region that the record's fault was in; SIZE_MAX: only what is there now. */
void fault_pages_show(struct fault_pages *, struct sink *, const struct space *, const struct fault_batch *,
		      size_t record);
/* How many readings there were since the faults were last taken. */
size_t fault_pages_parts(const struct fault_pages *);
/* The faults up to the first `parts` readings were sent: keeps of these readings' changes only what late
 * faults may still need. */
void fault_pages_age(struct fault_pages *, size_t parts);
/* Forgets regions that are gone, as remap_forget does. */
void fault_pages_forget(struct fault_pages *, uint64_t mapped_ns, uint64_t left_ns);

#endif
