/* The last fault of each page: which thread touched it, when, and from which code. A page that came in with
 * another page's fault has that page's story, with that page's address.
 *
 * A table of bounded size, by page: if there are more pages than fit, the oldest stories are forgotten first.
 * For a page without a story no fault was seen. */
#ifndef MODEL_STORIES_H
#define MODEL_STORIES_H

#include "event/event.h"

struct story {
	uint64_t time_ns; /* since the watch began */
	struct event_fault fault;
	bool other;     /* the fault was another process's, which ran in the same memory (vfork) */
	uint32_t stack; /* see model/stacks.h; 0: not taken */
};

struct stories {
	uint64_t *keys; /* of each slot: the page's number and one; 0: free; STORIES_GONE: free again */
	struct story *slots;
	size_t size;  /* a power of two, or 0 */
	size_t count; /* length of both arrays, a little more than `size` */
};

#define STORIES_GONE UINT64_MAX

/* Is there a story in the slot? Its page is keys[slot] - 1. */
static inline bool stories_has(const struct stories *s, size_t slot)
{
	return s->keys[slot] && s->keys[slot] != STORIES_GONE;
}

/* Sets the page's last fault. */
void stories_note(struct stories *, uint64_t page, uint64_t time_ns, const struct event_fault *,
		  uint32_t stack);
/* The same, by another process that runs in this memory. */
void stories_note_other(struct stories *, uint64_t page, uint64_t time_ns, const struct event_fault *,
			uint32_t stack);
/* The page's story; NULL: none is known. */
const struct story *stories_find(const struct stories *, uint64_t page);
/* Pages [first, end) are other memory from now on. */
void stories_forget(struct stories *, uint64_t first, uint64_t end);
struct stories stories_copy(const struct stories *); /* a deep copy */
/* Forgets everything, but keeps the memory for what comes. */
void stories_clear(struct stories *);
void stories_fini(struct stories *); /* it can be used again */

#endif
