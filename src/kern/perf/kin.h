/* A process and what has been forked from it: who still holds a frame that they had in common. Pure.
 *
 * After a fork both have every private page in common, until one of them writes it. Who ends, or
 * becomes another program, holds nothing any more. Times are CLOCK_MONOTONIC. */
#ifndef KERN_PERF_KIN_H
#define KERN_PERF_KIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Does any other process hold the frame of a page? */
enum kin_held {
	KIN_UNKNOWN, /* something of this was not seen */
	KIN_HELD,
	KIN_NOBODY,
	KIN_NOBODY_SEEN, /* nobody but who was forked before all that is known, if anybody was */
};

struct kin;

/* `pid` runs already; what it has forked before, nobody knows. */
struct kin *kin_create(int32_t pid);
void kin_destroy(struct kin *); /* NULL is fine */

/* What happens, in order of time, but for what processes that are not of the kin do: that is ignored. */
void kin_fork(struct kin *, int32_t pid, int32_t child, uint64_t time_ns);
void kin_thread(struct kin *, int32_t pid, uint64_t time_ns); /* it has one thread more */
void kin_exit(struct kin *, int32_t pid, uint64_t time_ns);   /* one fewer: with the last it ends */
void kin_exec(struct kin *, int32_t pid, uint64_t time_ns);
/* A fault of the page was handled. `sure`: the process's frame is another since, or its alone. */
void kin_fault(struct kin *, int32_t pid, uint64_t page, uint64_t time_ns, bool sure);
/* What happens from now on to those that there are is not seen any more. */
void kin_blind(struct kin *);
/* Forgets what only matters to questions about times before this. */
void kin_trim(struct kin *, uint64_t time_ns);

/* Is it of the kin, in the memory that was forked, at that time? */
bool kin_has(const struct kin *, int32_t pid, uint64_t time_ns);
/* When a process was forked, the last one of that number; 0: it was not seen to be. */
uint64_t kin_born(const struct kin *, int32_t pid);
/* When the process last forked before that time; 0: it was not seen to. */
uint64_t kin_forked(const struct kin *, int32_t pid, uint64_t time_ns);
/* When it is about to write the page at that time. */
enum kin_held kin_held(const struct kin *, int32_t pid, uint64_t page, uint64_t time_ns);

#endif
