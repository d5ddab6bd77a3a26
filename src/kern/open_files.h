/* The files behind regions, each opened once and kept open as long as it is mapped: several readers may share them. */
#ifndef KERN_OPEN_FILES_H
#define KERN_OPEN_FILES_H

#include <stdbool.h>

#include "base/err.h"
#include "kern/maps.h"

struct open_files;

struct open_file {
	struct open_file *next; /* in its bucket */
	uint64_t inode;
	uint32_t dev_major, dev_minor;
	/* the only owner that it may be used for; NULL: all (others may see another file at that path) */
	const void *only_for;
	int fd; /* for reading; -1: it cannot be opened, and err says why */
	struct err err;
	uint64_t tried_ns;  /* CLOCK_MONOTONIC: when it was opened, or could not be */
	uint64_t mapped_ns; /* when a region was last known to map it */
	uint64_t used;      /* when it was last asked for, as a count of lookups */
	/* of kern/pagecache.h */
	/* why the page cache cannot be asked about it; ERR_NONE: it can, or was not tried */
	struct err cache_err;
	uint64_t cache_ns;     /* when that was tried; 0: not yet */
	unsigned char *window; /* pages of it that are mapped here, or NULL */
	uint64_t window_offset, window_length;
};

/* How the file behind a region is opened: an fd, or -1 with err. */
typedef int (*open_files_open_fn)(void *context, const struct region_attr *, struct err *);

/* Who asks, and how it opens a file. `owner` is any pointer that identifies it. */
struct open_files_asker {
	const void *owner;
	open_files_open_fn open;
	void *context;
};

/* A file that nobody maps is closed `keep_ns` later. The caller ends it with open_files_destroy. */
struct open_files *open_files_create(uint64_t keep_ns);
void open_files_destroy(struct open_files *); /* NULL is fine */

/* The file behind a region, which must have one (an inode). Owned by the table, valid until the next call. */
struct open_file *open_files_get(struct open_files *, const struct open_files_asker *,
				 const struct region_attr *);
/* Notes which files the regions map, and closes files that no region has mapped for long enough. */
void open_files_keep(struct open_files *, const void *owner, const struct region_list *);
/* Closes the files that only this owner may use. */
void open_files_leave(struct open_files *, const void *owner);

#endif
