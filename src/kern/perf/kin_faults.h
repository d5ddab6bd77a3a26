/* Which process of a family faulted on which page and when, as far as kin.h needs it to answer who holds a
 * frame. */
#ifndef KERN_PERF_KIN_FAULTS_H
#define KERN_PERF_KIN_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many are kept. */
#define KIN_FAULTS_MAX (1u << 20)

struct kin_fault {
	uint64_t page, time_ns;
	int32_t pid;   /* whose memory it is */
	int32_t by;    /* who touched it: that process, or another one that runs in its memory */
	uint32_t next; /* the one before it in the bucket */
	bool sure;     /* since then the process has another frame, or has this one alone */
};

/* Zeroes are an empty one. */
struct kin_faults {
	struct kin_fault *list;
	size_t count, cap;
	uint32_t *buckets; /* the latest of each; NULL: none yet */
	size_t thin_at;    /* count from which thinning out is worth its time */
};

void kin_faults_fini(struct kin_faults *); /* it can be used again */
void kin_faults_forget(struct kin_faults *);
/* Adds one; its `next` is ignored. False: there are too many, and nothing was added. */
bool kin_faults_add(struct kin_faults *, const struct kin_fault *);
/* Corrects faults by the process `by` from that time on: they were in the memory of `pid`. */
void kin_faults_move(struct kin_faults *, int32_t by, int32_t pid, uint64_t from_ns);
/* The last fault in the memory of `pid` on the page in [from, to); NULL: none. Valid until the next is
 * added. */
const struct kin_fault *kin_faults_last(const struct kin_faults *, int32_t pid, uint64_t page,
					uint64_t from_ns, uint64_t to_ns);
/* The same for the last one by another process that runs in this memory: not by `self`. */
const struct kin_fault *kin_faults_last_by_other(const struct kin_faults *, int32_t pid, int32_t self,
						 uint64_t page, uint64_t from_ns, uint64_t to_ns);
/* Are there enough to be worth thinning out? That is so each time their number has doubled. */
bool kin_faults_many(const struct kin_faults *);
/* Forgets what kin_faults_last can no longer return, given that it will be called only with a `to` that is
 * one of these times (ascending) or not earlier than the last of them, and only for processes that `stays`
 * accepts. */
void kin_faults_thin(struct kin_faults *, const uint64_t *times_ns, size_t count,
		     bool (*stays)(const void *context, int32_t pid, uint64_t time_ns), const void *context);

#endif
