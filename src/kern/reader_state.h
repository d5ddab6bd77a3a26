/* What is inside a reader: for reader.c, pages.c, inspect.c and nobody else. */
#ifndef KERN_READER_STATE_H
#define KERN_READER_STATE_H

#include "base/strbuf.h"
#include "kern/backing.h"
#include "kern/classify.h"
#include "kern/identity.h"
#include "kern/pagecache.h"
#include "kern/reader.h"

struct reader {
	int32_t pid;
	bool captured; /* the root is a tree of files, not the kernel's own /proc */
	bool off[SOURCE_KINDS];
	bool flags;
	bool renewed; /* maps has come to belong to other memory: an exec */
	unsigned page_shift;

	/* Directories: the root, the process, and the thread of it whose memory is read,
	 * which is another one than the process's first where that one has ended. */
	int root, process, thread;
	/* -1 where not there. maps and pagemap hold on to one address space: after an
	 * exec they read as empty, and are opened anew. */
	int maps, pagemap, stat, kpageflags, kpagecount;

	const char *why[SOURCE_KINDS]; /* "" where ok; never freed */

	unsigned categories; /* of PAGEMAP_SCAN, 0: not to be used */
	bool scan_tells_huge_zero;
	uint64_t zero_frame; /* of the shared zero page, 0: not known */

	struct words words;
	struct backing backing;
	struct pagecache *cache;
	struct identity identity;
	struct strbuf text; /* of the file read last */

	/* For one chunk of pages: see pages.c. */
	struct scan_range *ranges;
	uint64_t *entries, *kflags;
	unsigned char *answers;
	struct tiles stage[2];
};

/* Files that hold on to an address space are opened anew. Returns 0, or an errno. */
int reader_reopen(struct reader *);
enum page_class reader_class(const struct reader *, const struct region_attr *);
#endif
