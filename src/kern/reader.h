/* One process's memory as the kernel shows it: regions, pages, counters, one page in detail. Every source of
 * data is probed by trying it, can be switched off, has a fallback, and gives a reason if it is missing.
 *
 * Watching through a reader neither stops, signals nor writes to the process: it reads files below
 * PROC_ROOT/PID and maps files of its own. It survives exec of the process (the files are opened again) and
 * is not fooled by a reused pid (it holds the directory open).
 *
 * What no kernel interface shows, we cannot show either: shared memory in swap is reserved with
 * PAGE_CACHE_UNKNOWN if we cannot open its file; without CAP_SYS_ADMIN, pages that may be in swap or be marks
 * of userfaultfd are unknown if nothing shows which (kern/swap_marks.h). */
#ifndef KERN_READER_H
#define KERN_READER_H

#include <stdbool.h>

#include "base/err.h"
#include "event/figures.h"
#include "event/page.h"
#include "event/region.h"
#include "event/source.h"
#include "kern/maps.h"
#include "kern/stat.h"
#include "kern/tiles.h"

struct reader_options {
	const char *proc_root;  /* NULL: /proc */
	bool off[SOURCE_KINDS]; /* do not use this source */
	bool flags;             /* page words carry exclusive, shared and, where allowed, kernel flags */
	struct reader_share
	    *share;              /* with other readers, longer-lived (kern/reader_share.h); NULL: nothing */
	bool scan_as_before_617; /* for tests: do not trust a scan to show the huge zero page */
};

struct reader;

/* The caller ends it with reader_close. NULL with err: ERR_NOT_FOUND (no such process), ERR_DENIED (text says
 * which right or setting would allow it), ERR_GONE (a zombie), ERR_UNSUPPORTED (a kernel thread), ERR_SYSTEM
 * (no descriptors left). */
struct reader *reader_open(int32_t pid, const struct reader_options *, struct err *);
void reader_close(struct reader *); /* NULL is fine */

/* An exec is known to have happened: lets go of the address space from before it. */
void reader_renew(struct reader *);
/* Has reader_regions found another address space since the last renewal? Then the process became another
 * program by exec. */
bool reader_is_renewed(const struct reader *);

/* Log2 of the page size in bytes: 12 on x86. */
unsigned reader_page_shift(const struct reader *);

/* The status of a source: ERR_NONE if it can be used, else why not. It is the reader's, and kept up to
 * date. */
const struct err *reader_source(const struct reader *, enum source_kind);

/* Reads all regions as a consistent list. 0, or -1 with err: ERR_GONE if the process no longer has any,
 * ERR_INPUT if maps is malformed. */
int reader_regions(struct reader *, struct region_list *, struct err *);

/* Sets the kinds of regions in a list from another source, helped by the regions of the same files that
 * follow them in the list. */
void reader_set_kinds(struct reader *, struct region_list *);

/* The next calls of reader_pages are about small regions in [first, end), in ascending order, and soon: their
 * page tables are read in one call, up to the page that is returned; `first` if that is not possible. */
uint64_t reader_scan_ahead(struct reader *, uint64_t first, uint64_t end);
/* To be called after the last of these calls: what was read ahead is too old for others. */
void reader_drop_ahead(struct reader *);

/* Appends the states of pages [first, end) of one region to out, as tiles without a gap. Stops early when
 * max_ns (0: no limit) is used up; *done is the page that it got to. If `cache` is set, the page cache is
 * asked about pages that the process does not map. 0, or -1 with err. */
int reader_pages(struct reader *, const struct region_attr *, uint64_t first, uint64_t end, bool cache,
		 uint64_t max_ns, struct tiles *out, uint64_t *done, struct err *);

/* Reads the frame numbers of pages [first, first + n), 0: there is none; needs CAP_SYS_ADMIN (see
 * SOURCE_FRAMES). Returns how many pages were read, 0 if none can be. */
size_t reader_frames(struct reader *, uint64_t first, uint64_t *frames, size_t n);
/* What /proc/kpageflags or /proc/kpagecount has on n frames from `frame` on, as source_ops.frame_words. */
int reader_frame_words(const struct reader *, enum source_kind what, uint64_t frame, size_t n,
		       uint64_t *words, struct err *);
/* Is a page of private memory present or swapped out at this moment? 1, 0, or -1 if it cannot be read. */
int reader_has_own(const struct reader *, uint64_t page);
/* Sets out[i] to whether page first + i is mapped by this process alone at this moment. Returns how many were
 * read. */
size_t reader_alone(const struct reader *, uint64_t first, size_t n, bool *out);
/* Is it certain that no other process shares private memory with it (see kern/relatives.h)? */
bool reader_no_relatives(const struct reader *);
/* Which pages [first, first + n) two processes share: out[i] is an enum page_common (see kern/common.h). 0,
 * or -1 with err if the pages of one cannot be read. */
int reader_common_pages(const struct reader *a, const struct reader *b, uint64_t first, size_t n,
			uint8_t *out, struct err *);

/* Reads /proc/PID/stat, which is cheap. 0, or -1 with err. */
int reader_stat(struct reader *, struct process_stat *, struct err *);

/* Reads who it is: argv, comm, exe, bits, address bits, uid. Strings belong to the reader, and are valid
 * until the next call. `launched` and `exec` are left false. */
int reader_identity(struct reader *, struct event_process *, struct err *);
/* The directory /proc/PID, the reader's: for kern/tasks.h. */
int reader_directory(const struct reader *);

/* Reads everything about one page, as source_ops.inspect. `region` is NULL if there is none. Leaves location
 * alone. Reasons are valid until the next call. */
int reader_inspect(struct reader *, const struct region_attr *region, uint64_t page, unsigned what,
		   struct page_detail *, struct err *);

/* Opens the file of a region, read-only, exactly the one that is mapped (compared
 * by device and inode; deleted or replaced files through map_files where allowed).
 * Returns an fd that the caller closes, or -1. */
int reader_open_file(struct reader *, const struct region_attr *, struct err *);

/* The functions below are what else is needed to find the names of code. */

/* The build-id of the file that is mapped at an address, as the kernel reads it from that
 * file. Returns its length, 0 if the kernel (before Linux 6.11) or the file has none. */
size_t reader_build_id(struct reader *, uint64_t address, uint8_t *id, size_t size);
/* Is no region left in pages [first, end), right now? Whole maps are not read for that: false if the kernel cannot be
 * asked (before Linux 6.11). */
bool reader_is_unmapped(const struct reader *, uint64_t first, uint64_t end);
/* Reads bytes of memory as far as its pages are resident; brings none in. Returns how many were read. */
size_t reader_peek(struct reader *, uint64_t address, uint8_t *bytes, size_t size);
/* Its root directory, which may differ from ours: an fd that the caller closes, or -1. */
int reader_root(const struct reader *);
/* Its pid within its own pid namespace. */
int32_t reader_own_pid(struct reader *);

/* Reads the sums of each region as smaps has them (ten times as expensive as maps: only on demand), sorted by
 * start address. Look them up by address, because a region of ours may be part of one of the kernel's. The
 * caller frees them. 0, or -1 with err. */
int reader_smaps(struct reader *, struct region_sums **entries, size_t *count, struct err *);

/* Does the process hold a descriptor of userfaultfd (process_files_have_userfaultfd)? */
bool reader_has_userfaultfd(const struct reader *);
/* How many descriptors it holds; 0: not known. */
uint64_t reader_descriptors(const struct reader *);

/* Reads the kernel's own figures of the process, including the sums of its regions, without their kinds.
 * Fills `f`, which the caller ends with kernel_figures_fini; what cannot be read is unknown, with a
 * reason. */
void reader_figures(struct reader *, struct kernel_figures *f);
/* Reads the bytes of the huge pages of a region, and counts those that are all zero: KERNEL_HUGE_READ and
 * KERNEL_HUGE_ZERO, which must be known. -1 with err if its memory may not be read. */
int reader_zeroes(struct reader *, const struct region_attr *, struct kernel_figures *f, struct err *);

#endif
