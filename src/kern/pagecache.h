/* What the page cache holds of a file: mincore on a mapping of our own. */
#ifndef KERN_PAGECACHE_H
#define KERN_PAGECACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "kern/reader.h"

struct pagecache;

/* How the file behind a region is opened: an fd, or -1 with *why, translated. */
typedef int (*pagecache_open_fn)(void *context, const struct region_attr *, const char **why);

struct pagecache *pagecache_create(unsigned page_shift, pagecache_open_fn, void *context);
void pagecache_destroy(struct pagecache *);

enum pagecache_answer {
	PAGECACHE_NO,
	PAGECACHE_HELD,
	PAGECACHE_SWAPPED, /* shared memory only: in swap, for all who map it */
};

/* An answer for each of n pages of a region, from page `first` (an address divided by
 * the page size). `shm` says that the file is memory. Returns false where nothing true
 * can be said: *why, a translated line. */
bool pagecache_ask(struct pagecache *, const struct region_attr *, bool shm, uint64_t first, size_t n,
		   unsigned char *answers, const char **why);

/* The page word of an answer, for a page that the process does not map. */
uint32_t pagecache_word(unsigned char answer);

/* Lets go of the files that no region maps any more. */
void pagecache_keep(struct pagecache *, const struct region_list *);

/* Was any file refused for lack of rights so far? */
bool pagecache_was_denied(const struct pagecache *);
/* The line that says so. */
const char *pagecache_denied_text(void);

#endif
