/* One process's memory as the kernel shows it: regions, pages, counters, one page
 * in detail. Every source of data is found by trying it, can be switched off, has
 * a fallback, and says why when it is not there.
 *
 * Watching through a reader neither stops, signals nor writes to the process: it
 * reads files below PROC_ROOT/PID and maps files of its own. It survives exec of
 * the process (the files are opened anew) and is not fooled by a reused pid (it
 * holds the directory open).
 *
 * What no kernel interface tells, and we therefore do not: shared memory in swap, where
 * its file cannot be opened by us, is reserved with PAGE_CACHE_UNKNOWN; a guard page on
 * Linux 6.13 and 6.14, whose pagemap does not know of them, looks like a swapped one, and
 * so do the markers that userfaultfd leaves in private memory. */
#ifndef KERN_READER_H
#define KERN_READER_H

#include <stdbool.h>

#include "base/err.h"
#include "event/source.h"
#include "event/page.h"
#include "event/region.h"
#include "event/runs.h"

struct reader_options {
	const char *proc_root;  /* NULL: /proc */
	bool off[SOURCE_KINDS]; /* do not use this source */
	bool flags;             /* page words carry exclusive, shared and, where allowed, kernel flags */
};

struct reader;

/* What a reading of maps gave. Filled anew by each call; strings owned by it. */
struct region_list {
	struct region_attr *attrs;
	size_t count, cap;
	char *strings;
	size_t strings_len, strings_cap;
};
void region_list_fini(struct region_list *);

/* Tiles of page words, filled anew or appended to. */
struct tiles {
	struct run *run;
	size_t count, cap;
};
void tiles_grow(struct tiles *); /* makes room for one more */
void tiles_fini(struct tiles *);

/* Adds [first, end), which may be empty, behind the last tile; joins equal neighbours.
 * Inline: where pages alternate, the time of a scan goes here. */
static inline void tiles_add(struct tiles *t, uint64_t first, uint64_t end, uint32_t word)
{
	if (first >= end)
		return;
	if (t->count > 0) {
		struct run *last = &t->run[t->count - 1];

		if (last->end == first && last->value == word) {
			last->end = end;
			return;
		}
	}
	if (t->count == t->cap)
		tiles_grow(t);
	t->run[t->count] = (struct run){ first, end, word };
	t->count++;
}

/* Fails with ERR_NOT_FOUND (no such process), ERR_DENIED (text says which right or
 * setting would allow it), ERR_GONE (a zombie), ERR_UNSUPPORTED (a kernel thread). */
struct reader *reader_open(int32_t pid, const struct reader_options *, struct err *);
void reader_close(struct reader *);

/* An exec is known to have happened: lets go of the memory that was before. */
void reader_renew(struct reader *);
/* Has reader_regions found other memory than before, since the last renewal? Then the
 * process became another program by exec. */
bool reader_is_renewed(const struct reader *);

unsigned reader_page_shift(const struct reader *);

/* The status of a source: *why is "" where it is ok, else a translated line. */
bool reader_source(const struct reader *, enum source_kind, const char **why);

/* All regions, a consistent list. ERR_GONE when the process has none any more. */
int reader_regions(struct reader *, struct region_list *, struct err *);

/* Tells the kinds in a list that came another way; those behind it, of the same files, help to tell. */
void reader_tell_kinds(struct reader *, struct region_list *);

/* Appends the states of pages [first, end) of one region to out, as tiles without
 * a gap. Stops early when max_ns (0: none) is used up; *done is the
 * page it came to. Cached or not is asked of the page cache when `cache` is set. */
int reader_pages(struct reader *, const struct region_attr *, uint64_t first, uint64_t end, bool cache,
		 uint64_t max_ns, struct tiles *out, uint64_t *done, struct err *);

/* The numbers of the frames behind pages [first, first + n), 0 where there is none; needs
 * CAP_SYS_ADMIN (see SOURCE_FRAMES). Returns how many pages were told of, 0 where it cannot be. */
size_t reader_frames(struct reader *, uint64_t first, uint64_t *frames, size_t n);

/* The figures of /proc/PID/stat that change cheaply. `start_stack` tells an exec. */
struct reader_stat {
	struct event_counters counters;
	uint64_t start_stack;
	uint64_t vsize;     /* bytes of all regions, exact: tells most changes of maps */
	uint64_t cpu_ticks; /* user and system */
	int32_t tty_pgrp;
};
int reader_stat(struct reader *, struct reader_stat *, struct err *);

/* Who it is: argv, comm, exe, bits, address bits, uid. Strings owned by the reader,
 * good until the next call. `launched` and `exec` are left false. */
int reader_identity(struct reader *, struct event_process *, struct err *);

/* One page, everything: as source_ops.inspect. `region` NULL where there is none.
 * Leaves location alone. */
int reader_inspect(struct reader *, const struct region_attr *region, uint64_t page, unsigned what,
		   struct page_detail *, struct err *);

/* Opens the file behind a region, read-only, the very one that is mapped (compared
 * by device and inode; deleted or replaced files through map_files where allowed).
 * Returns an fd that the caller closes, or -1. */
int reader_open_file(struct reader *, const struct region_attr *, struct err *);

/* What else names of code are found by; see reader_image.c. */

/* The build-id of the file that is mapped at an address, as the kernel reads it from the very
 * file. Returns its length, 0 where the kernel (before Linux 6.11) or the file has none. */
size_t reader_build_id(struct reader *, uint64_t address, uint8_t *id, size_t size);
/* Bytes of memory, as far as its pages are resident: brings none in. Returns how many. */
size_t reader_peek(struct reader *, uint64_t address, uint8_t *bytes, size_t size);
/* Its root directory, which may be another than ours: an fd that the caller closes, or -1. */
int reader_root(const struct reader *);
/* The number that it knows itself by, within its own pid namespace. */
int32_t reader_own_pid(struct reader *);

/* The sums of each region as smaps has them (ten times as dear as maps: on demand).
 * entries[i] belongs to the i-th region of the reading; the caller frees them. */
int reader_smaps(struct reader *, struct region_sums **entries, size_t *count, struct err *);

#endif
