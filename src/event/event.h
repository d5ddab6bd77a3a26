/* What can happen: the one language between sources (live, replay), the model, recorders and exporters.
 *
 * An event says what is true from now on. The same events in the same order give the same model. Pointers in
 * an event belong to the sender, and are valid during the call. Text is raw bytes. */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/call.h"
#include "event/figures.h"
#include "event/region.h"
#include "event/runs.h"
#include "event/source_kind.h"

enum event_type {
	EVENT_PROCESS,  /* a process is watched from now on, or became another by exec */
	EVENT_STATUS,   /* it runs, is stopped, has ended */
	EVENT_COUNTERS, /* the kernel's counters of it */
	EVENT_MAP,      /* a new region */
	EVENT_CHANGE,   /* a region's bounds or attributes are now these */
	EVENT_UNMAP,    /* a region is gone */
	EVENT_PAGES,    /* these pages are like this now (seen by a scan) */
	EVENT_FAULT, /* a thread touched a page that it could not use: the kernel provided the page, or sent a signal */
	EVENT_OUTPUT,  /* the program wrote to its terminal */
	EVENT_SOURCE,  /* a source of data can be read, or cannot be, and why */
	EVENT_MARK,    /* the user marked this moment */
	EVENT_LOST,    /* something could not be kept: how many, and what, see lost.what */
	EVENT_TICK,    /* all sources were read: the picture is whole */
	EVENT_SYMBOL,  /* what is at an address of code that faults or stacks mention */
	EVENT_LINES,   /* lines of a source file that symbols mention */
	EVENT_CALL,    /* a thread asked the kernel to change its memory: mmap, munmap, brk, ... */
	EVENT_STOP,    /* we stopped the process: which thread, and why */
	EVENT_THREAD,  /* the process has a thread, or the thread has ended */
	EVENT_FIGURES, /* the kernel's own figures of the process were read */
	/* In keyframes only: what earlier events left behind and no other event says. */
	EVENT_PAST,    /* figures of the past; stories and samples begin again */
	EVENT_STORY,   /* these pages were last touched by this fault */
	EVENT_SAMPLE,  /* a sample of the history */
	EVENT_PROFILE, /* a sum of model/profile.h */
	EVENT_FORKED,  /* the account of model/forked.h */
	EVENT_COPIER,  /* a place in the code that it names */
	EVENT_BEGAN,   /* what was in memory when the watch began */
	EVENT_LEFT,    /* pages that went, see model/departures.h */
};
#define EVENT_TYPES (EVENT_LEFT + 1)

/* What EVENT_LOST counts. */
enum lost_what {
	LOST_FAULTS,       /* of the process; in old keyframes, too, which do not say what */
	LOST_PROCESSES,    /* of its family that were not watched */
	LOST_THEIR_FAULTS, /* of those that came and went before they were found */
};
#define LOST_WHATS (LOST_THEIR_FAULTS + 1)

enum process_status {
	PROCESS_RUNNING,
	PROCESS_STOPPED, /* by a signal, or by another tracer */
	PROCESS_PAUSED,  /* by us, because the user asked */
	PROCESS_ZOMBIE,  /* ended, not yet reaped by its parent */
	PROCESS_EXITED,  /* ended with `code` */
	PROCESS_KILLED,  /* ended by signal `code` */
	PROCESS_GONE,    /* ended; not our child, so we do not know how */
};

struct event_process {
	const char *const *argv; /* NULL-terminated */
	const char *comm;
	const char *exe; /* path; "": it cannot be read */
	int bits;        /* 32 or 64: the program's; 0: it cannot be read */
	unsigned page_shift;
	int address_bits; /* width of a virtual address here: 48, 57, 32 */
	uint32_t uid;
	bool launched;        /* by us */
	bool recorded_launch; /* by whoever recorded it: nobody here can end it or write to it */
	bool exec;            /* the same process became this program by exec */
	int32_t parent;       /* the watched process that forked it; 0: none */
	uint64_t forked_ns;   /* when that was, since the watch began; 0: not known */
	bool unrun;           /* it was stopped at its birth and has not run yet */
	bool vfork;           /* it runs in its parent's memory until it execs */
};

struct event_counters {
	uint64_t minor, major; /* page faults since the process began, exact */
	uint32_t threads;
	char state; /* R, S, D, T, t, Z as in /proc/PID/stat */
};

enum fault_access { FAULT_ACCESS_UNKNOWN, FAULT_READ, FAULT_WRITE, FAULT_EXEC };

/* Why the kernel had to do something, and what it did. */
enum fault_cause {
	FAULT_CAUSE_UNKNOWN,
	FAULT_ZERO_FILL,     /* written for the first time: a frame of zeroes */
	FAULT_ZERO_PAGE,     /* read before it was written: the shared zero page */
	FAULT_ZERO_REPLACED, /* written after that: a frame in place of the zero page */
	FAULT_FILE_CACHED,   /* the page cache held the file's page */
	FAULT_FILE_READ,     /* the file's page had to be read from disk */
	FAULT_COW_FILE,      /* written: a private copy of the file's page */
	FAULT_COW_FORK,      /* written: a private copy of what was shared since a fork */
	FAULT_SWAP_IN,
	FAULT_SHM,
	FAULT_STACK_GROWTH,
	FAULT_GUARD,
	FAULT_REUSE, /* written: by then only this process had the frame, and kept it */
	/* fatal, like FAULT_GUARD: */
	FAULT_STACK_END, /* below the stack, which must not grow any further */
	FAULT_NO_REGION, /* nothing is mapped there */
	FAULT_NO_RIGHT,  /* the mapping does not allow this access */
	FAULT_NO_PAGE,   /* there is no page: the file ends before it */
	/* not fatal: */
	FAULT_WRITE_ENABLE, /* the page was there, and has become writable, or dirty, again */
	FAULT_USERFAULT, /* the kernel asked the program itself, by userfaultfd, and it provided the page */
	FAULT_SPECIAL,   /* a page that the kernel or a driver provided: of a special mapping or a device */
	FAULT_CAUSES,
};
/* Why a cause is not known. */
enum fault_why {
	FAULT_WHY_NONE,
	FAULT_WHY_REGION, /* the region that held the address is not known */
	FAULT_WHY_BEFORE, /* how the page was before was not seen, and does not follow from anything else */
	FAULT_WHY_ACCESS, /* the page was gone before it could be read, and it is not known whether it was read or written */
	FAULT_WHY_SAME,      /* the page looks the same before and after */
	FAULT_WHY_FORK,      /* it was not seen whether another process still held the frame since a fork */
	FAULT_WHY_USERFAULT, /* its region was registered with userfaultfd before, and no longer is */
	FAULT_WHY_GROWTH,    /* it was not seen whether its region grew by itself */
	FAULT_WHYS,
};
/* One translated line; "" for FAULT_WHY_NONE. */
const char *fault_why_text(enum fault_why);

/* "read", "zero-fill": as in JSON, never translated; "unknown" if it is not known. */
const char *fault_access_name(enum fault_access);
const char *fault_cause_name(enum fault_cause);
/* In one line, "written for the first time: a frame of zeroes": translated. */
const char *fault_cause_meaning(enum fault_cause);
/* Did the kernel answer with a signal, SIGSEGV or, for FAULT_NO_PAGE, SIGBUS? Such faults are in no count of
 * page faults, neither the kernel's nor ours. */
bool fault_is_fatal(enum fault_cause);
/* Can the fault have brought the page, or a copy of its own? Not if the page was there and stayed the same one, nor if it
 * was fatal. */
bool fault_can_bring(enum fault_cause);

/* The event's time is that of the fault, so it can be slightly earlier than the events sent before it. */
#define FAULT_TIME_NS                                                                                        \
	100 /* times of faults are multiples of this: more precision would cost space and mean nothing */
#define FAULT_AROUND_MAX 511 /* neighbours on either side: a huge page has no more */
struct event_fault {
	uint64_t address; /* the address that was touched */
	uint64_t ip;      /* the instruction's address; in the kernel if its top bit is set */
	int32_t tid;
	bool major; /* it had to wait for a disk */
	/* the access follows from the page or the instruction; else the processor reported it */
	bool inferred;
	bool deduced; /* the cause follows from other things: the page was not seen both before and after */
	enum fault_access access;
	enum fault_cause cause;
	enum fault_why why; /* of an unknown cause */
	uint32_t was, now;  /* page words; state unknown if they were not seen */
	/* neighbours that the same fault made resident, next to the page on either side: fault-around of the
	 * page cache, the rest of a huge page; 0: none were seen */
	uint16_t before, after;
};
/* "seen" or "deduced", never translated; "" if the cause is unknown. */
const char *fault_cause_from(const struct event_fault *);
/* "minor", "major"; "segv" and "bus" if it was fatal. */
const char *fault_kind_name(const struct event_fault *);

/* How a thread got to where it is, innermost first. ips[0] is the instruction itself. For a caller it is an
 * address within the call, the return address less one, so that it names the call's line. A signal's frame
 * has the interrupted instruction. */
#define STACK_MAX 127
/* Why a stack has no more callers. */
enum stack_end {
	STACK_WHOLE,       /* the thread's first function was reached */
	STACK_CUT,         /* there are more; why they are missing was not recorded */
	STACK_SAMPLE_ENDS, /* there are more, beyond the sampled part */
	STACK_NO_TABLES,   /* there may be more, but no table says how to go on */
	STACK_TOO_DEEP,    /* there are more than STACK_MAX */
	STACK_NARROW,      /* a 32-bit program's: it was not sampled */
	STACK_NOT_SAMPLED, /* only one in several was sampled, and not this one: only the instruction is known */
	STACK_SWITCHED,    /* what follows is not a caller: the program has changed its stack */
	STACK_ENDS
};
struct event_stack {
	const uint64_t *ips;
	size_t count; /* 0: not taken */
	enum stack_end end;
	size_t deduced; /* how many of them, outermost, were seen in an earlier stack of the thread */
};
/* Are callers missing although the stack was taken? */
static inline bool stack_is_cut(enum stack_end end)
{
	return end != STACK_WHOLE && end != STACK_NOT_SAMPLED;
}
/* A word for why it was cut, never translated; "": not known, or it was not cut. */
const char *stack_end_name(enum stack_end);
/* The same in words for people, translated; "" for a whole one. */
const char *stack_end_text(enum stack_end);

/* A function, as the source has it. */
struct code_frame {
	const char *function; /* demangled; "": it has no name */
	const char *source;   /* path as the debug information has it; "": not known */
	uint32_t line;        /* 0: not known */
};
#define CODE_FRAMES_MAX 32

/* What is at an address of code, from the moment of the event on. */
struct event_symbol {
	uint64_t ip;
	const char *object;  /* the file that is mapped there, raw path; "": none */
	const char *section; /* of the file, if no function is known; else "" */
	uint64_t offset;     /* of ip, from the beginning of the function, else the section, else the file */
	/* innermost first: all but the last were inlined into the next; 0: no function */
	const struct code_frame *frames;
	size_t count;
	const char *why; /* if something is missing, as with no function: why, one translated line; else "" */
};

/* Why we stopped a process. */
enum stop_why {
	STOP_ASKED, /* the user asked */
	STOP_FAULT, /* after a fault that was waited for, which came as an event before */
	STOP_CALL,  /* after a system call that was waited for, which came as an event before */
	STOP_EXEC,  /* a new image, before its first instruction */
	STOP_CODE,  /* before an instruction that was waited for */
	STOP_EXIT,  /* it is about to end: it will run no more instructions, but its memory is still there */
	STOP_KINDS,
};
const char *stop_why_name(enum stop_why); /* "fault": never translated */

struct event_thread {
	int32_t tid;
	const char *name; /* raw */
	bool ended;
	uint64_t minor, major; /* in keyframes: its faults so far */
};

/* Figures of a process's past. */
struct event_past {
	uint64_t execs;
	uint64_t changed_ns;                    /* as in struct process_course */
	uint64_t changed_page, page_changed_ns; /* the space's; 0 ns: none yet */
	uint64_t faults, calls;                 /* how many were logged so far */
	uint64_t output;                        /* bytes written so far */
	uint64_t image_faults, image_calls;     /* numbers of the first of the image that it runs */
	uint64_t stops;                         /* how often it has stopped */
	uint64_t resident, minor, major;        /* the history's latest figures */
	uint64_t dropped, threads_dropped;      /* ended processes, ended threads of it: forgotten */
	uint64_t departures;                    /* how many were logged so far */
};

/* Pages [first, first + pages); the event's stack is the fault's, its time that of the fault. */
struct event_story {
	uint64_t first, pages; /* at least 1, at most STORY_PAGES_MAX */
	struct event_fault fault;
};
#define STORY_PAGES_MAX 65536

/* Its stack is the event's. */
struct event_profile {
	uint64_t ip, minor, major, pages;
	bool rest; /* the sum of those that there was no room for */
};

/* Growth is counted from this, see model/space.h. */
enum began {
	BEGAN_NOT,     /* there was no whole picture yet */
	BEGAN_SEEN,    /* the first one is known */
	BEGAN_UNKNOWN, /* it was not kept */
};
struct event_began {
	bool more; /* goes on with the pages of the one before */
	enum began began;
	uint64_t resident;       /* pages, of all */
	const struct run *tiles; /* those that were in memory, and belong to no other region by now */
	size_t n;
};

/* Why pages went. */
enum left_reason {
	LEFT_OTHER,   /* the kernel took them, or a call that was not seen */
	LEFT_CALL,    /* this call did */
	LEFT_UNMAP,   /* their region ended */
	LEFT_SWAPPED, /* the kernel swapped them out */
	LEFT_PROGRAM, /* the program discarded them, as nobody else can */
	LEFT_FREED,   /* the kernel took them: a call had allowed it to (MADV_FREE) */
	LEFT_REASONS,
};

/* Pages [first, end) of one region. */
struct event_left {
	uint64_t first, end;
	uint32_t was, now; /* page words; now PAGE_NONE if there is no region any more */
	enum left_reason reason;
	enum call_kind call; /* of LEFT_CALL; else CALL_KINDS */
	int32_t tid;         /* that made the call */
	uint8_t kind;        /* of the region */
};

/* What a child has had in common with its parent, see model/forked.h. */
struct event_forked {
	bool more; /* goes on with the pages of the one before */
	bool whole, vfork, known;
	unsigned stage; /* enum forked_stage */
	uint64_t forked_ns, looked_ns;
	uint64_t shared, copied, by_child, by_parent, unknown, given_up, rest, lost_before, lost_early;
	const struct run *tiles; /* enum forked_page; those left out were not in common */
	size_t n;
};
#define FORKED_STAGES_MAX 7
#define FORKED_PAGES_MAX 6

struct event_copier {
	uint64_t ip, pages;
	bool parent, named; /* named: function and object are kept, raw */
	const char *function, *object;
};

struct event_sample {
	uint64_t resident, minor, major, quiet_ns; /* as in model/history.h; the event's time is its own */
};

struct event {
	enum event_type type;
	uint64_t time_ns; /* since the watch began */
	int32_t pid;
	union {
		struct event_process process;
		struct {
			enum process_status status;
			int code;
		} status;
		struct event_counters counters;
		struct {
			uint64_t id;
			struct region_attr attr;
		} region; /* MAP, CHANGE; UNMAP has the last attr */
		struct {
			/* neighbours, tiling [tiles[0].first, tiles[n-1].end); between two
			 * changes there may be a few tiles that are as they were */
			const struct run *tiles;
			size_t n;
		} pages;
		struct event_fault fault;
		struct {
			const char *bytes;
			size_t len;
		} output;
		struct {
			enum source_kind kind;
			bool ok;
			bool partial;    /* it is there, but something of it is missing */
			const char *why; /* one translated line: why not, or what is missing; else "" */
		} source;
		struct {
			const char *text;
		} mark;
		struct {
			uint64_t count;
			enum lost_what what;
		} lost;
		struct event_symbol symbol;
		struct {
			const char *path; /* as in code_frame.source */
			uint32_t first;   /* number of the first line */
			const char *text; /* whole lines; each but the last ends with a newline */
		} lines;
		struct event_call call; /* once it has returned */
		struct {
			enum stop_why why;
			int32_t tid;      /* the thread that it is about; 0: none */
			uint64_t address; /* of STOP_CODE: the instruction; else 0 */
		} stop;
		struct event_thread thread;
		const struct kernel_figures *figures;
		struct event_past past;
		struct event_story story;
		struct event_sample sample;
		struct event_profile profile;
		struct event_began began;
		struct event_forked forked;
		struct event_copier copier;
		struct event_left left;
	};
	struct event_stack stack; /* FAULT, CALL, STORY, PROFILE */
};

const char *event_type_name(enum event_type); /* "map", "pages", as in JSON */
/* "faults", as in JSON and sessions. */
const char *lost_name(enum lost_what);
/* LOST_FAULTS for a word that is none of them. */
enum lost_what lost_parse(const char *name);

#endif
