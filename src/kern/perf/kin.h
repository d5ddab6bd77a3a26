/* A process and what has been forked from it: which of them still hold a frame that they shared. Pure.
 *
 * After a fork both share every private page, until one of them writes it. A process that ends, or becomes
 * another program, no longer holds anything. Times are CLOCK_MONOTONIC. */
#ifndef KERN_PERF_KIN_H
#define KERN_PERF_KIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does any other process hold the frame of a page? */
enum kin_held {
	KIN_UNKNOWN, /* something that matters was not seen */
	KIN_HELD,
	KIN_NOBODY,
	KIN_NOBODY_SEEN, /* nobody that was seen, but perhaps a process that was forked before the watch */
};

struct kin;

/* Starts with `pid`, which is already running; what it forked before is not known. The caller ends it with
 * kin_destroy. */
struct kin *kin_create(int32_t pid);
void kin_destroy(struct kin *); /* NULL is fine */
/* The first process has only one thread, and every process that is forked is held until it is announced. */
void kin_is_held(struct kin *);

/* The functions below note what happens, in order of time. What processes outside the kin do is ignored. */
void kin_fork(struct kin *, int32_t pid, int32_t child, uint64_t time_ns);
void kin_thread(struct kin *, int32_t pid, uint64_t time_ns); /* it has one thread more */
void kin_exit(struct kin *, int32_t pid, uint64_t time_ns);   /* one fewer: with the last it ends */
void kin_exec(struct kin *, int32_t pid, uint64_t time_ns);
/* A fault on the page was handled. `sure`: since then the process has another frame, or has this one
 * alone. */
void kin_fault(struct kin *, int32_t pid, uint64_t page, uint64_t time_ns, bool sure);

/* A process that is running already belongs to the first one's family, though its fork was not seen: what each of the two
 * shares, and with whom, is not known. All its faults from now on are passed to kin_fault. */
void kin_found(struct kin *, int32_t pid);
/* A child is watched: all its faults since it was forked are passed to kin_fault before any question is
 * asked. If it has already run, kin_gone reports what it had lost by then. */
void kin_watch(struct kin *, int32_t pid);
/* A child runs in its parent's memory (vfork): it has no frames of its own, and what it touches its parent has
 * touched. */
void kin_vfork(struct kin *, int32_t pid);
/* From now on each process that is forked has its faults passed to kin_fault from its birth, even if it is not
 * watched. */
void kin_report_heirs(struct kin *);
/* A process has had rings of its own since then; they report its later faults. */
void kin_has_rings(struct kin *, int32_t pid, uint64_t since_ns);
/* A living process whose faults are reported from its birth on, but for which it is not known whether it has
 * memory of its own; 0: there is none. *parent is the one that forked it. */
int32_t kin_find_unsure(const struct kin *, int32_t *parent);
/* The process has memory of its own (kin_vfork: it has not). */
void kin_apart(struct kin *, int32_t pid);
/* The child `pid` was forked by this thread. */
void kin_forker(struct kin *, int32_t pid, int32_t tid);
/* The thread runs at that time. If it has a child that has neither ended nor called exec, that child has
 * memory of its own, since vfork would block the thread. */
void kin_runs(struct kin *, int32_t tid, uint64_t time_ns);
/* Have all its faults since its birth been reported, by whichever rings? */
bool kin_is_reported(const struct kin *, int32_t pid);
/* Was it forked, and had no rings of its own yet at that time? */
bool kin_is_heir(const struct kin *, int32_t pid, uint64_t time_ns);
/* How many processes were forked so far. */
uint64_t kin_count_forks(const struct kin *);
/* Pages [first, end) were found to be no longer what they were at the fork: copied. */
void kin_gone(struct kin *, int32_t pid, uint64_t first, uint64_t end, uint64_t seen_ns);
/* The same if it is not known since when, or if the pages are gone and mremap may have moved what was
 * there. */
void kin_replaced(struct kin *, int32_t pid, uint64_t first, uint64_t end, uint64_t seen_ns);

/* Before that time, not everything that the processes did was seen; or not all faults of one process. */
void kin_blind(struct kin *, uint64_t time_ns);
void kin_blind_one(struct kin *, int32_t pid, uint64_t time_ns);
/* Nor all faults of processes without rings of their own. */
void kin_blind_heirs(struct kin *, uint64_t time_ns);
/* Forgets what matters only to questions about times before this. These are answered with "unknown" from now
 * on. */
void kin_trim(struct kin *, uint64_t time_ns);

/* Is every process of the family held at its birth, and at its end for a last look? */
bool kin_all_held(const struct kin *);
/* Did it belong to the kin at that time, and still run in the memory that was forked? */
bool kin_has(const struct kin *, int32_t pid, uint64_t time_ns);
/* When the latest process with that pid was forked; 0: that was not seen. */
uint64_t kin_born(const struct kin *, int32_t pid);
/* May the page still be shared since a fork with a process of the kin when it is written at that time? */
bool kin_may_be_common(const struct kin *, int32_t pid, uint64_t page, uint64_t time_ns);
/* May the process have had a fault on the page after that time? */
bool kin_may_have_faulted(const struct kin *, int32_t pid, uint64_t page, uint64_t time_ns);
/* The child that the process forked last, if it is still alive; 0: none. */
int32_t kin_last_child(const struct kin *, int32_t pid);
/* Does another process run in its memory, or may one, or did one until recently? */
bool kin_has_mates(const struct kin *, int32_t pid, uint64_t time_ns);
/* When another process that runs in its memory, or may do so, last had a fault on the page before that time;
 * 0: that was not seen. */
uint64_t kin_touched_by_other(const struct kin *, int32_t pid, uint64_t page, uint64_t time_ns);
/* When the memory of the process was last forked before that time; 0: that was not seen. */
uint64_t kin_forked(const struct kin *, int32_t pid, uint64_t time_ns);
/* A callback: does a process still have the page? It may have discarded the page since it was last looked
 * at. */
struct kin_check {
	bool (*has)(void *context, int32_t pid, uint64_t page); /* false: it may not */
	void *context;
};
/* Who else holds the frame of a page that the process writes at that time. The page is private memory,
 * present but write-protected. */
enum kin_held kin_held(const struct kin *, int32_t pid, uint64_t page, uint64_t time_ns,
		       const struct kin_check *);

#endif
