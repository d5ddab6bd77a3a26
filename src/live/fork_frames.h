/* Records of which frames a process had: when the watch began and right after each fork, the latter with
 * which pages its child had. They show who held a page at the time of a write even if it was not seen what
 * the other process did to it, or if that process was gone by then:
 *
 *     picture   fork   picture
 *        |       |        |
 *        |       | write  |          the child still had the page at the second picture: it held the frame
 *        |       | write  |
 *        |       |        | write    the frame is the same as in the last picture: nobody else held it, and the
 *        |       |        |          process kept it; or it differs: somebody did, and the process got a copy
 *
 * Frame numbers need root, and prove nothing if the kernel has moved pages to other frames
 * (kern/frame_moves.h). */
#ifndef LIVE_FORK_FRAMES_H
#define LIVE_FORK_FRAMES_H

#include "kern/perf/faultring.h"
#include "kern/reader.h"
#include "model/process.h"

#define FORK_FRAMES_KEPT 4

struct frame_picture {
	int32_t child;  /* the child that was forked just before; 0: none */
	bool numbered;  /* frame numbers are known */
	uint64_t moves; /* pages moved by the kernel until then, from frame_moves_read */
	struct frame_run {
		uint64_t first, end; /* pages */
		size_t at;           /* index of its first frame */
		uint64_t taken_ns;   /* CLOCK_MONOTONIC: between reading its frames and what the child had */
	} * runs;
	size_t count, cap;
	uint64_t *frames; /* 0: not known, or no longer valid; marked where the child had the page, too */
	/* by page, like `frames`: if the process had a fault on it since, how long after the run its frame
	 * was read */
	uint32_t *later_us;
	size_t frame_count, frame_cap, later_cap;
};

/* Zeroes: no picture yet. */
struct fork_frames {
	struct frame_picture pictures[FORK_FRAMES_KEPT]; /* a ring: the one before `next` is the latest */
	size_t next;
	uint64_t next_ns; /* CLOCK_MONOTONIC: when one may be taken again, as it costs time for each page */
};

/* Frees the pictures. */
void fork_frames_fini(struct fork_frames *);

/* Takes a picture of the private, writable pages of the reader's process, whose model is `space`; if `child`
 * is not 0, also of which of them that process has. False: none was taken, because a recent one was
 * expensive, or because frame numbers are not available and there is no child. */
bool fork_frames_take(struct fork_frames *, struct reader *, const struct space *, int32_t child);
/* Forgets the child of the latest picture, which turned out not to be one. */
void fork_frames_forget_child(struct fork_frames *);
/* The contents of pages [first, end) have moved elsewhere: drops their frames from all pictures. What a child
 * had stays. */
void fork_frames_forget(struct fork_frames *, uint64_t first, uint64_t end);

/* Was the child seen to have the page after its fork, and at or after time_ns (CLOCK_MONOTONIC)? */
bool fork_frames_child_had(const struct fork_frames *, int32_t child, uint64_t page, uint64_t time_ns);
/* Does a page still have the frame that it had? The answer is valid only if the page has had no later fault
 * and the kernel has moved no more pages (kern/frame_moves.h) by the time of its use. */
struct frame_answer {
	bool known;
	bool kept;
	uint64_t moves; /* pages moved by the kernel when the page had that frame */
};
/* The process had a fault on the page; to be called for each of its faults, in order of time. `ask`: an
 * answer is wanted. `read`: note the frame that the page has now. */
struct frame_answer fork_frames_fault(struct fork_frames *, struct reader *, uint64_t page,
				      const struct fault_record *, bool read, bool ask);

#endif
