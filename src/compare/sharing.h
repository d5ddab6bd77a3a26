/* Which processes share which memory: resident pages of several processes, each frame counted once.
 *
 * With frame numbers, two pages are one if they have the same frame. Without, they are one if both are the
 * same page of the same file (by device, inode and offset) and neither is a private copy. Private memory that
 * is still shared since a fork cannot be recognised then: it counts as each process's own, and `perhaps` says
 * how much of it others map, too. */
#ifndef COMPARE_SHARING_H
#define COMPARE_SHARING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "event/source.h"
#include "model/world.h"

#define SHARING_PROCESSES 64 /* a bit each */

/* Reads the numbers of the frames behind n pages from `first` on, 0: there is none. Returns how many it
 * read. */
typedef size_t (*sharing_frames_fn)(void *context, int32_t pid, uint64_t first, uint64_t *frames, size_t n);

/* What is held: a file's pages, private copies of them, or private memory of a kind. */
struct sharing_object {
	char *path; /* raw; "": memory without a file */
	uint64_t inode;
	uint32_t dev_major, dev_minor;
	uint8_t kind; /* enum region_kind, where there is no file */
	bool copies;  /* private copies of the file's pages */
};

/* The part of an object that exactly these processes hold. */
struct sharing_row {
	uint32_t object;
	uint64_t holders;                 /* a bit for each process */
	uint64_t once;                    /* pages */
	uint64_t held[SHARING_PROCESSES]; /* resident pages of each process, which may map a frame twice */
};

struct sharing {
	bool by_frame;
	int32_t pids[SHARING_PROCESSES];
	size_t count;
	unsigned page_shift;
	struct sharing_object *objects;
	size_t objects_count, objects_cap;
	/* those with several holders first, and of these the largest */
	struct sharing_row *rows;
	size_t rows_count, rows_cap;
	uint64_t resident; /* pages, the sum of all */
	uint64_t once;     /* each frame once */
	uint64_t by_all;   /* of these: frames that all processes have */
	/* counted as one process's own, but mapped by others as well, watched or not; 0 with frame numbers */
	uint64_t perhaps;
	uint64_t unread; /* in no figure: they had no frame at the time */
	/* sharing.c's own, until it is finished */
	struct sharing_run *runs;
	size_t runs_count, runs_cap;
	struct hash by_object, by_holders;
};

/* Begins without any process. `by_frame`: pages are identified by frame numbers, else by files. The caller
 * ends it with sharing_fini. */
void sharing_init(struct sharing *, bool by_frame);
/* Adds a process as the model has it now; `frames` is NULL if pages are identified by file. False: there are
 * SHARING_PROCESSES already. */
bool sharing_add(struct sharing *, const struct process *, sharing_frames_fn frames, void *context);
/* Makes the rows and sums of what was added. */
void sharing_finish(struct sharing *);
void sharing_fini(struct sharing *);

/* The functions below are for a finished account. */
bool sharing_is_held_by(const struct sharing_row *, size_t process);
/* How many rows have several holders: these come first. */
size_t sharing_together(const struct sharing *);
/* Resident pages of all holders of a row. */
uint64_t sharing_sum(const struct sharing *, const struct sharing_row *);
/* Pages of a process that none of the others has. */
uint64_t sharing_alone(const struct sharing *, size_t process);

/* Does all of it: takes the living processes of a world, or, if none is alive, the ended ones as they were at
 * their end, at most SHARING_PROCESSES, and finishes the account; the caller ends it with sharing_fini. Pages
 * are identified by frame if the source can read the frames of each process, and at most `most` pages are
 * resident (0: any number), since each has to be read; else by file, and err says why. */
void sharing_take(struct sharing *, const struct world *, struct source *, uint64_t most, struct err *);

#endif
