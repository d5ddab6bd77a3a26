/* Pictures of the frames that a process had: when its watch began, and right after each fork, then with what its child
 * had. They show who held a page at a write though nobody saw what the other did to it, or looked only when the other was
 * gone:
 *
 *     picture   fork   picture
 *        |       |        |
 *        |       | write  |          the child still had the page at the picture: it held it
 *        |       | write  |
 *        |       |        | write    the frame is the same as in the last picture before: nobody else held it, and the
 *        |       |        |          process kept it; or it is another: somebody did, and it got a copy
 *
 * Frame numbers need root, and say nothing if the kernel has moved pages to other frames (kern/frame_moves.h). */
#ifndef LIVE_FORK_FRAMES_H
#define LIVE_FORK_FRAMES_H

#include "kern/perf/faultring.h"
#include "kern/reader.h"
#include "model/process.h"

#define FORK_FRAMES_KEPT 4

struct frame_picture {
	int32_t child;  /* that was forked just before; 0: none */
	bool numbered;  /* frame numbers are known */
	uint64_t moves; /* by the kernel until then, as frame_moves_read has them */
	struct frame_run {
		uint64_t first, end; /* pages */
		size_t at;           /* where its frames begin */
		uint64_t taken_ns;   /* CLOCK_MONOTONIC: its frames before, what the child had after that */
	} * runs;
	size_t count, cap;
	uint64_t *frames; /* 0: not known, or no longer so; with a mark where the child had the page too */
	/* by page, like frames: where the process had a fault on it since, how long after the run its frame was read */
	uint32_t *later_us;
	size_t frame_count, frame_cap, later_cap;
};

/* Zeroes: no picture yet. */
struct fork_frames {
	struct frame_picture pictures[FORK_FRAMES_KEPT]; /* a ring: the one before `next` is the last */
	size_t next;
	uint64_t next_ns; /* CLOCK_MONOTONIC: when one may be taken again: it costs time for each page */
};

/* Frees the pictures. */
void fork_frames_fini(struct fork_frames *);

/* Takes a picture of the private, writable pages of the process that the reader reads and `space` is the model of; where
 * `child` is not 0, also of which of them that process has. False: none was taken, because one cost much lately, or
 * frame numbers are not known and there is no child. */
bool fork_frames_take(struct fork_frames *, struct reader *, const struct space *, int32_t child);
/* The child of the last picture has turned out to be something else. */
void fork_frames_forget_child(struct fork_frames *);
/* What these pages [first, end) had is elsewhere now: their frames in all pictures count no more. What a child had
 * still does. */
void fork_frames_forget(struct fork_frames *, uint64_t first, uint64_t end);

/* Did a child have the page at some time after its fork and at or after time_ns (CLOCK_MONOTONIC)? False: that was not
 * seen. */
bool fork_frames_child_had(const struct fork_frames *, int32_t child, uint64_t page, uint64_t time_ns);
/* Does a page still have the frame that it had? The answer holds if it has had no later fault, and if the kernel has moved
 * no more pages (kern/frame_moves.h) when it is used. */
struct frame_answer {
	bool known;
	bool kept;
	uint64_t moves; /* by the kernel, when it had that */
};
/* The process had a fault on the page; to be called for each of its faults, in order of time. `ask`: an answer is wanted.
 * `read`: the frame that it has now is noted. */
struct frame_answer fork_frames_fault(struct fork_frames *, struct reader *, uint64_t page,
				      const struct fault_record *, bool read, bool ask);

#endif
