/* Plain words about one page: what it is, why it is so, what the next touch would do. Pure; translated.
 *
 * Nothing is claimed that was not read. A page's state alone does not say who touched it, nor why a frame
 * came (a write, or a request to populate); a fault does, if one was seen. Beyond what was read, only what
 * the kernel does in every such case is stated. */
#ifndef RENDER_EXPLAIN_H
#define RENDER_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "event/source.h"
#include "event/page.h"
#include "event/region.h"

/* "anon, exclusive", "reserved", "unknown": JSON's words, without PAGE_CACHE_UNKNOWN. */
void explain_state(struct strbuf *, uint32_t word);
/* Why it is so: a few short sentences, by state, region and detail, and by the fault that made it so, if one
 * is known. Region NULL: no region there; detail NULL: not read yet; fault NULL: none known. */
void explain_why(struct strbuf *, uint32_t word, const struct region *, const struct page_detail *,
		 const struct event_fault *);

/* What is behind a region's pages: decides what a fault does. */
enum explain_backing {
	EXPLAIN_BACKING_NOTHING,      /* no region */
	EXPLAIN_BACKING_ANON,         /* zeroes */
	EXPLAIN_BACKING_FILE_PRIVATE, /* a file, written pages are copies */
	EXPLAIN_BACKING_FILE_SHARED,  /* a file, written pages are the file's */
	EXPLAIN_BACKING_SHM_PRIVATE,  /* a shared memory object, mapped MAP_PRIVATE */
	EXPLAIN_BACKING_SHM,
	EXPLAIN_BACKING_KERNEL, /* vdso, vvar, vsyscall */
	EXPLAIN_BACKING_DEVICE,
};
enum explain_backing explain_backing(const struct region *);

/* The next touch, by its kind. */
enum explain_touch { EXPLAIN_TOUCH_READ, EXPLAIN_TOUCH_WRITE, EXPLAIN_TOUCH_EXEC, EXPLAIN_TOUCH_KINDS };
enum explain_outcome {
	EXPLAIN_PASS,          /* no fault: the entry allows it */
	EXPLAIN_AT_MOST_MINOR, /* none, or a minor one if the entry is still write-protected */
	EXPLAIN_MINOR,
	EXPLAIN_MAJOR,
	EXPLAIN_FAULT,  /* minor or major: it is not known which */
	EXPLAIN_SIGNAL, /* segmentation fault */
	EXPLAIN_UNKNOWN,
};
struct forecast {
	enum explain_outcome outcome;
	const char *text; /* what the kernel does; translated */
};
struct forecast explain_touch(enum explain_touch, uint32_t word, const struct region *);
/* As explain_touch, for a page of the gap right below the stack. */
struct forecast explain_stack_growth(void);
const char *explain_touch_name(enum explain_touch);     /* "read", translated */
const char *explain_outcome_name(enum explain_outcome); /* "minor fault", translated */
/* All three in one line: "read: minor fault; write: ...". */
void explain_next(struct strbuf *, uint32_t word, const struct region *);

#endif
