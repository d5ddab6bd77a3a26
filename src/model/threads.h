/* The threads of a process: their names, whether they are still there, and how many faults each had. Of those
 * that have ended, the latest THREADS_ENDED_MAX are kept. */
#ifndef MODEL_THREADS_H
#define MODEL_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define THREADS_ENDED_MAX 1024

struct thread {
	int32_t tid;
	char *name; /* raw, owned; "": known only from its faults */
	bool ended;
	uint64_t begun_ns; /* when it was first seen */
	uint64_t ended_ns;
	uint64_t minor, major; /* its faults so far */
};

/* Starts from zeroes. */
struct threads {
	struct thread *list; /* by tid */
	size_t count, cap;
	size_t ended;     /* of them */
	uint64_t dropped; /* ended ones that were forgotten */
};

/* Notes that a thread exists, with this name, or has ended. A tid that comes again after its end is another
 * thread. Returns whether that is news. */
bool threads_note(struct threads *, int32_t tid, const char *name, bool ended, uint64_t now_ns);
/* Counts a fault of a thread; adds the thread if it was not known. */
void threads_count_fault(struct threads *, int32_t tid, bool major, uint64_t now_ns);
/* Sets its faults so far, from a keyframe. */
void threads_set_faults(struct threads *, int32_t tid, uint64_t minor, uint64_t major);
/* Notes that all have ended, with the process. Returns whether that is news. */
bool threads_end_all(struct threads *, uint64_t now_ns);
const struct thread *threads_find(const struct threads *, int32_t tid); /* or NULL */
struct threads threads_copy(const struct threads *);                    /* a deep copy */
void threads_fini(struct threads *);                                    /* it can be used again */

#endif
