/* Where events come from: a live process, or a recorded session. One interface,
 * so that nothing past main asks which it is. */
#ifndef EVENT_SOURCE_H
#define EVENT_SOURCE_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "event/detail.h"
#include "event/page.h"
#include "event/sink.h"
#include "event/source_kind.h"

enum inspect_what { INSPECT_PAGE = 0, INSPECT_BYTES = 1 };

/* What a source can be asked to do, apart from watching. */
enum control {
	CONTROL_PAUSE, /* all threads of the process stop, without a signal */
	CONTROL_RESUME,
	CONTROL_SEND,    /* bytes to the launched program's terminal */
	CONTROL_END,     /* end the launched program: SIGHUP, then SIGKILL */
	CONTROL_RELEASE, /* let the launched program live on without us */
	CONTROL_RESIZE,  /* the launched program's terminal: rows, columns */
	CONTROL_FIGURES, /* read the kernel's own figures: EVENT_FIGURES follows when that is done */
	CONTROL_EVICT,   /* move these pages out of memory: to swap, or back to their file */
	CONTROL_DROP,    /* make the page cache forget the clean pages of their file that nobody maps */
	CONTROL_SYNC,    /* write all dirty pages of their file to disk */
	CONTROL_STEP, /* go on to the next stop, see struct control_step; EVENT_STOP follows when it is reached */
};

/* A page in two processes: do both map the same frame? Of several answers the greatest counts. */
enum page_common {
	PAGE_COMMON_UNKNOWN, /* not compared, or not known just now */
	PAGE_COMMON_NONE,    /* not resident in one of them, or in both */
	PAGE_COMMON_SAME,    /* one frame: if the page is private, a write will end that */
	PAGE_COMMON_MAYBE,   /* each frame is shared with somebody; we cannot see whether with each other */
	PAGE_COMMON_OWN,     /* two frames */
};

enum step_kind {
	STEP_FAULT, /* a page fault */
	STEP_CALL,  /* a system call that changes memory */
	STEP_CODE,  /* a thread is about to run a chosen instruction; of launched programs only */
};
#define STEP_CODE_MAX 4 /* as many as there are debug registers */

/* All threads run, and all stop when what is waited for has happened. */
struct control_step {
	enum step_kind kind;
	uint64_t first, end;          /* pages: only faults on them count; first == end: all faults count */
	uint64_t count;               /* stop at the count-th; at least 1 */
	uint64_t code[STEP_CODE_MAX]; /* of STEP_CODE: addresses of instructions */
	bool single_steps;            /* of STEP_CODE: do not use debug registers, though there may be some */
	size_t code_count;
	/* slow motion: at most so many faults a second, until paused; 0: as fast as it goes */
	unsigned per_second;
};

/* Pages counted by state. */
struct control_census {
	uint64_t states[PAGE_STATES];
	uint64_t cache_unknown; /* reserved pages: whether the page cache has them is not known */
	bool has_dirty;         /* for CONTROL_SYNC and CONTROL_DROP, if it is known: */
	uint64_t dirty;         /* pages of the whole region; of CONTROL_DROP, of these pages of the file */
};
/* The result: the same pages, as the kernel shows them before and after. */
struct control_done {
	struct control_census before, after;
};
/* Of CONTROL_EVICT, _DROP, _SYNC: pages of one region. */
struct control_pages {
	uint64_t first, end;
	struct control_done *done; /* the caller's, filled; NULL: not wanted */
};

/* Each member is used by the controls that its comment names. */
struct control_arg {
	const char *bytes; /* CONTROL_SEND: len bytes as they are, any of them may be 0 */
	size_t len;
	int rows, columns;          /* CONTROL_RESIZE */
	struct control_step step;   /* CONTROL_STEP */
	struct control_pages pages; /* CONTROL_EVICT, _DROP, _SYNC */
};

struct source;
struct marks;

/* How a recording that is no longer being written ends. */
enum time_end {
	TIME_END_NONE,   /* the end is not shown, or more may come */
	TIME_END_ENDED,  /* the processes ended, which says enough */
	TIME_END_CLOSED, /* the recording ended while a process ran on */
	TIME_END_BROKEN, /* the file breaks off, or is damaged */
};

/* A damaged span of a recording: from the last time before it that can be shown to the next one. */
struct time_gap {
	uint64_t begin_ns, end_ns;
};

/* The position of a source that can move in time. Times are as in events. */
struct time_status {
	/* the first whole picture, the one that is shown, the last event */
	uint64_t begin_ns, now_ns, end_ns;
	uint64_t events, at_event; /* how many there are; how many were applied */
	unsigned speed, speed_of;  /* speed/speed_of recorded seconds a second */
	bool playing;
	bool at_end; /* and there is no more yet */
	bool grows;  /* it is still being recorded: more will come */
	bool in_gap; /* the shown moment cannot be shown: the picture is that before the gap */
	struct time_gap
	    gap; /* that one; else the one that was found or come upon last, by whatever moved or played */
	unsigned gaps_met; /* how often there was one */
	enum time_end end;
	const char *end_text; /* of TIME_END_CLOSED and TIME_END_BROKEN: translated, one line; else "" */
};

enum time_unit {
	TIME_EVENT, /* anything that changes the screen, except the kernel's counters */
	TIME_TICK,  /* a look at the process */
	TIME_FAULT,
	TIME_CHANGE, /* of the pages [first, end) */
};

/* To the next one (step 1) or the one before (step -1). */
struct time_move {
	enum time_unit unit;
	int step;
	int32_t pid; /* the process; ticks of any process count */
	uint64_t first, end;
};

/* Figures of a process at one moment of the recording. A course is a list of these in order of time. */
struct time_point {
	uint64_t time_ns;
	uint64_t resident;     /* pages */
	uint64_t minor, major; /* faults since the beginning */
};

/* Moving in time. This clears the world: look up its processes again. After a move the source stands still
 * until it is played; if nothing is found, it stays where it was. */
struct time_ops {
	void (*status)(struct source *, struct time_status *);
	/* Moves to the last picture that is not after the time, clamped to the recording. 0, or -1 with
	 * err. */
	int (*seek)(struct source *, struct sink *, uint64_t time_ns, struct err *);
	/* Returns 1 if it moved, 0 if there is no such place, -1 with err. */
	int (*move)(struct source *, struct sink *, const struct time_move *, struct err *);
	void (*play)(struct source *, bool);
	/* The next faster (1) or slower (-1) speed; false: there is none. */
	bool (*faster)(struct source *, int step);
	/* All marks of the recording that are known so far, including those after the shown moment. */
	const struct marks *(*marks)(struct source *);
	/* Adds one at the shown moment, and keeps it for good, in the file of the recording; pid: the process that
	 * is shown. The text is the caller's. 0, or -1 with err: nothing was added; ERR_UNSUPPORTED:
	 * the recording comes from a pipe. */
	int (*note)(struct source *, int32_t pid, const char *text, struct err *);
	/* The course of the whole recording, as far as it has been read; returns how many points. They belong
	 * to the source, and are valid until its next step. */
	size_t (*course)(struct source *, int32_t pid, const struct time_point **);
};

/* Time budget of one step, in ns, where the screen waits for it. */
#define SOURCE_STEP_NS (25 * CLOCK_MS)

struct source_ops {
	/* Fills fds with what to wait for, returns how many. */
	size_t (*poll_fds)(struct source *, struct pollfd *fds, size_t cap);
	/* The latest time at which step should be called, CLOCK_MONOTONIC ns. */
	uint64_t (*due_ns)(struct source *);
	/* Reads what is new and sends it to the sink. Takes at most about budget_ns. Returns 1 if something
	 * changed, 0 if not, -1 on an error that ends the watch. The end of the process is an event, not an
	 * error. */
	int (*step)(struct source *, struct sink *, uint64_t budget_ns, struct err *);
	/* Reads everything once, however long it takes, and ends with EVENT_TICK. */
	int (*sweep)(struct source *, struct sink *, struct err *);
	/* The pages that the user sees: read first and always. */
	void (*focus)(struct source *, int32_t pid, uint64_t first, uint64_t end);
	/* Reads everything about one page, given by its number; with INSPECT_BYTES in `what` its bytes too.
	 * Fills the caller's detail (64 KiB: not for the stack of a small thread); texts in it are the
	 * source's, valid until the next call. 0: each figure says whether it is known, and if not, why. -1
	 * with err: the page could not be inspected at all. Never touches a page that is not resident. */
	int (*inspect)(struct source *, int32_t pid, uint64_t page, unsigned what, struct page_detail *detail,
		       struct err *);
	/* Fills in what is at an address (bytes, not a page number). Cannot fail: see location.why. */
	void (*locate)(struct source *, int32_t pid, uint64_t address, struct location *);
	/* Asks for something to be done. arg is the caller's and used only during the call; NULL for controls
	 * that need none. 0: it was done, or was begun and its events will come. -1 with err: it was not;
	 * ERR_UNSUPPORTED: this source cannot. */
	int (*control)(struct source *, int32_t pid, enum control, const struct control_arg *, struct err *);
	/* NULL: there is no time but now. */
	const struct time_ops *time;
	/* Compares pages [first, first + n) of two processes: out[i] is an enum page_common.
	 * NULL: the source cannot. -1 with err: these two cannot be compared. */
	int (*compare)(struct source *, int32_t a, int32_t b, uint64_t first, size_t n, uint8_t *out,
		       struct err *);
	/* The numbers of the frames behind pages [first, first + n) of a process; 0: there is none. Returns
	 * how many were read, or -1 with err. NULL: the source has none. */
	int64_t (*frames)(struct source *, int32_t pid, uint64_t first, size_t n, uint64_t *frames,
			  struct err *);
	/* Reads one word for each of n frames from `frame` on: `what` is SOURCE_KPAGEFLAGS or
	 * SOURCE_KPAGECOUNT. 0, or -1 with err; ERR_NOT_FOUND: the kernel has no word for one of them. NULL
	 * if `frames` is NULL. */
	int (*frame_words)(struct source *, int32_t pid, enum source_kind what, uint64_t frame, size_t n,
			   uint64_t *words, struct err *);
	/* Ends the watch and frees the source. Never harms a process that was attached to. */
	void (*destroy)(struct source *);
};

struct source {
	const struct source_ops *ops;
};

#endif
