/* What can be asked about one page, and about one address. Text belongs to the source, and is valid until it
 * is asked again; reasons are translated. */
#ifndef EVENT_DETAIL_H
#define EVENT_DETAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place in an ELF file: what is at an address. "": not known. */
struct location {
	const char *file;    /* raw path */
	const char *section; /* ".data" */
	const char *symbol;  /* the nearest one at or before the address */
	uint64_t offset;     /* address minus that of the symbol */
	uint64_t size;       /* the symbol's; 0: not known */
	const char *why;     /* the reason if nothing was found; else "" */
	bool pending;        /* the file is being read: ask again in a moment */
};

/* A figure of a page. */
struct detail_figure {
	bool known;
	bool refused; /* it was asked for but could not be read; neither: nobody has asked yet */
	uint64_t value;
	const char *why; /* only if it was refused; translated */
};

#define DETAIL_BYTES_MAX 65536 /* the largest page whose bytes are shown whole */

/* Everything that can be known of one page, read one page at a time. */
struct page_detail {
	uint64_t page;
	uint32_t word;                 /* read for this, with all flags that can be read */
	struct detail_figure entry;    /* the raw pagemap entry */
	struct detail_figure frame;    /* its number */
	struct detail_figure kflags;   /* the frame's kernel flags, as /proc/kpageflags has them */
	struct detail_figure mapcount; /* how often the frame is mapped, by anyone */
	struct detail_figure cached;   /* of a page of a file: 1 where the page cache holds it */
	struct location location;
	size_t bytes_len;      /* 0: not asked for, or refused */
	bool bytes_refused;    /* they were asked for, but cannot be read, or only by touching the page */
	const char *bytes_why; /* if so, why; translated */
	uint8_t bytes[DETAIL_BYTES_MAX];
};

/* Sets the detail to "nothing is known but the page word", for this reason. Leaves the location as it is. */
void page_detail_refuse(struct page_detail *, uint64_t page, uint32_t word, const char *why);

#endif
