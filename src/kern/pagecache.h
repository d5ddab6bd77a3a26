/* What the page cache holds of a file: mincore on a mapping of our own. */
#ifndef KERN_PAGECACHE_H
#define KERN_PAGECACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "kern/open_files.h"

struct pagecache;

/* Opens files by a function of the caller's. `files` is a shared table of open files, which must live longer;
 * NULL: it has its own. The caller ends it with pagecache_destroy. */
struct pagecache *pagecache_create(unsigned page_shift, open_files_open_fn, void *context,
				   struct open_files *files);
void pagecache_destroy(struct pagecache *);

/* The file behind a region, as open_files_get. */
struct open_file *pagecache_file(struct pagecache *, const struct region_attr *);

enum pagecache_answer {
	PAGECACHE_NO,
	PAGECACHE_HELD,
	PAGECACHE_SWAPPED, /* shared memory only: in swap, for all processes that map it */
};

/* An answer for each of n pages of a region, from page `first` (an address divided by the page size). `shm`:
 * the file is shared memory. Returns false, with err, if nothing certain can be said: ERR_DENIED if the
 * kernel shows it only to those who own or may write the file. */
bool pagecache_ask(struct pagecache *, const struct region_attr *, bool shm, uint64_t first, size_t n,
		   unsigned char *answers, struct err *);

/* The page word of an answer, for a page that the process does not map. */
uint32_t pagecache_word(unsigned char answer);

/* Lets go of the files that no region maps any more. */
void pagecache_keep(struct pagecache *, const struct region_list *);

/* ERR_NONE if all files could be asked about so far; else the reason for one of those that could not: no
 * rights, or the system failed (ERR_SYSTEM). */
const struct err *pagecache_err(const struct pagecache *);

#endif
