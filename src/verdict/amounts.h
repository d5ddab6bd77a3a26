/* What a process's memory consists of, by whether it can be reclaimed, and other figures. */
#ifndef VERDICT_AMOUNTS_H
#define VERDICT_AMOUNTS_H

#include "model/process.h"

/* Parts of resident memory: they are disjoint, and add up to RSS. */
enum amount_part {
	AMOUNT_FILE_CLEAN, /* can go at once: the file has it */
	AMOUNT_FILE_DIRTY, /* can go once it is written to the file */
	AMOUNT_FREED,      /* lazily free: can go at once, because the program has freed it */
	AMOUNT_PRIVATE,    /* private memory and copies of files' pages: can only go to swap */
	AMOUNT_SHARED,     /* shared memory: can only go to swap */
	AMOUNT_PARTS,
};
const char *part_name(enum amount_part); /* "file_clean": as in JSON, never translated */

/* In bytes; KERNEL_UNKNOWN if it is not known. */
struct amounts {
	bool from_sums;    /* from the kernel's sums of regions; else from page states */
	bool fresh;        /* the kernel's figures are known, and are from this picture or one like it */
	uint64_t taken_ns; /* when those figures were read, since the watch began */
	uint64_t parts[AMOUNT_PARTS];
	unsigned shares[AMOUNT_PARTS]; /* hundredths of RSS: they add up to 100 */
	unsigned file_share;           /* the same for `file`, if its parts are not known */
	bool dirty_at_least;           /* files' dirty pages may be more, their clean ones fewer */
	uint64_t rss;
	uint64_t seen;      /* RSS by page states: from this very moment, like the owners */
	uint64_t file;      /* resident pages of files: clean and dirty */
	uint64_t copies;    /* of AMOUNT_PRIVATE: copies of files' pages */
	uint64_t reserved;  /* size of all regions */
	uint64_t pss;       /* each page divided by how many processes map it */
	uint64_t own;       /* mapped by only this process: what its end would free */
	uint64_t fork;      /* private memory that other processes map, too: since a fork, or merged by KSM */
	uint64_t swap;      /* not in RSS */
	uint64_t locked;    /* resident in locked regions: cannot go */
	uint64_t huge;      /* in transparent huge pages */
	uint64_t hugetlb;   /* from the hugetlb pool, not in RSS */
	uint64_t zero_page; /* maps the kernel's zero page, not in RSS */
	uint64_t regions;   /* how many */
};

/* How much of a process can go to swap. */
enum swap_room {
	SWAP_ROOM_UNKNOWN, /* nobody knows whether there is swap */
	SWAP_ROOM_NONE,    /* there is no swap */
	SWAP_ROOM_FULL,    /* there is, but none of it is free */
	SWAP_ROOM_SHORT,   /* only a part: no more is free */
	SWAP_ROOM_SMALL,   /* only a part: it is no larger, and how much of it is free is not known */
	SWAP_ROOM_ENOUGH,  /* all of it, as far as is known */
};
/* `stays`: bytes that could go nowhere else. *room is set to how much there is room for, if it is short or small. */
enum swap_room amounts_swap_room(const struct kernel_figures *, uint64_t stays, uint64_t *room);

/* Fills in the amounts of a process as the model has it now. */
void amounts_take(struct amounts *, const struct process *);
/* Bytes of AMOUNT_FILE_DIRTY in shared mappings of files that the process may write to, by the kernel's
 * sums. */
uint64_t amounts_written(const struct process *);

#endif
