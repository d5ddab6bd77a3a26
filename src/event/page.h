/* What can be true of one page: its state, one word each, and its flags.
 *
 * State and flags together are a "page word" of 32 bits, the value of a run of
 * equal pages (event/runs.h):
 *
 *    31            16 15             4 3      0
 *   +----------------+----------------+--------+
 *   | (unused)       | flags          | state  |
 *   +----------------+----------------+--------+
 *
 * The words are those of pagescape.snapshot/1, the numbers those of the session
 * file and of the page for a browser: a new state gets one that was never used. */
#ifndef EVENT_PAGE_H
#define EVENT_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum page_state {
	PAGE_NONE,     /* no region here */
	PAGE_RESERVED, /* promised; nothing is mapped in this process */
	PAGE_CACHED,   /* as reserved, but the page cache holds the file's page */
	PAGE_ZERO,     /* maps the kernel's one shared zero page */
	PAGE_FILE,     /* maps the page cache's page of the file */
	PAGE_COPY,     /* a private copy of a file's page */
	PAGE_ANON,     /* the process's own private memory */
	PAGE_SHM,      /* shared memory: shared anonymous, tmpfs, memfd */
	PAGE_SWAP,     /* swapped out */
	PAGE_GUARD,    /* touching it kills: a guard page, or an inaccessible region with nothing there */
	PAGE_UNKNOWN,  /* not known; PAGE_WHY_* says why */
	PAGE_STATES,
};

enum page_flag {
	PAGE_EXCLUSIVE = 1 << 4, /* no other process maps it */
	PAGE_SHARED = 1 << 5,    /* another process maps it, too */
	PAGE_HUGE = 1 << 6,      /* part of a huge mapping: transparent or hugetlb */
	PAGE_DIRTY = 1 << 7,     /* these four come from /proc/kpageflags, for root only */
	PAGE_REFERENCED = 1 << 8,
	PAGE_LOCKED = 1 << 9, /* mlocked */
	PAGE_KSM = 1 << 10,
	PAGE_HUGETLB = 1 << 11, /* from the hugetlb pool: resident, but not in Rss */
	/* with PAGE_RESERVED: whether the page cache holds the file's page is not known */
	PAGE_CACHE_UNKNOWN = 1 << 12,
	/* with PAGE_GUARD: userfaultfd or the kernel has poisoned it: a touch ends in SIGBUS */
	PAGE_POISON = 1 << 13,
	PAGE_FLAG_LAST = PAGE_POISON,
	/* with PAGE_UNKNOWN: why, three bits, one of them PAGE_POISON's */
	PAGE_WHY_SHIFT = 13,
	PAGE_WHY_MASK = 7 << PAGE_WHY_SHIFT,
};
#define PAGE_STATE_MASK 15u
#define PAGE_FLAGS_MASK 0xfff0u

/* Why a page is unknown. */
enum page_why {
	PAGE_WHY_NOT_READ,     /* not looked at yet */
	PAGE_WHY_DENIED,       /* pagemap may not be read */
	PAGE_WHY_SPECIAL,      /* a page of the kernel or of a device, not counted as memory */
	PAGE_WHY_OUTSIDE,      /* beyond the process's page tables (vsyscall) */
	PAGE_WHY_ZERO_OR_ANON, /* without PAGEMAP_SCAN the zero page looks like a shared one */
	PAGE_WHY_OFF,          /* reading pages was switched off */
	PAGE_WHY_SWAP_OR_MARK, /* in swap, or a mark of userfaultfd that looks the same */
	PAGE_WHY_NOT_OPENED,   /* pagemap could not be opened */
};

static inline enum page_state page_state(uint32_t word)
{
	return (enum page_state)(word & PAGE_STATE_MASK);
}

static inline uint32_t page_word(enum page_state state, uint32_t flags)
{
	return (uint32_t)state | flags;
}

static inline uint32_t page_unknown(enum page_why why)
{
	return (uint32_t)PAGE_UNKNOWN | (uint32_t)why << PAGE_WHY_SHIFT;
}

static inline enum page_why page_why(uint32_t word)
{
	return (enum page_why)((word & PAGE_WHY_MASK) >> PAGE_WHY_SHIFT);
}

/* Nothing is mapped, and nobody has asked whether the page cache holds it. */
static inline uint32_t page_unasked(void)
{
	return page_word(PAGE_RESERVED, PAGE_CACHE_UNKNOWN);
}

/* The flags of a word, without why it is unknown: one bit each, from PAGE_EXCLUSIVE to PAGE_FLAG_LAST. */
static inline uint32_t page_flags(uint32_t word)
{
	uint32_t flags = word & PAGE_FLAGS_MASK;

	return page_state(word) == PAGE_UNKNOWN ? flags & ~(uint32_t)PAGE_WHY_MASK : flags;
}

/* The word of a state, as in JSON ("reserved"); PAGE_NONE is "none". Never translated. */
const char *page_state_name(enum page_state);
/* The state that a word names, or -1. */
int page_state_parse(const char *name);
/* What it means, one translated line. */
const char *page_state_meaning(enum page_state);
/* Its heading as a table column ("SWAP"), translated; NULL if it has no column of its own: resident states,
 * the rest, and unknown. */
const char *page_state_heading(enum page_state);
/* Does it count as memory that is there: file, copy, anon, shm? */
bool page_state_resident(enum page_state);
/* Does the page-table entry lead to a frame: resident, or the zero page? */
bool page_state_mapped(enum page_state);
/* Are its contents in swap? */
bool page_state_swapped(enum page_state);
/* Does the page have contents: resident or swapped? */
bool page_state_kept(enum page_state);
/* Are they its own: anon, copy, swap? A fork leaves such pages shared until somebody writes to them. */
bool page_state_own(enum page_state);
/* Its own and resident: anon, copy? */
bool page_state_private(enum page_state);
/* Does it map a page of the page cache, which others can map too: file, shm? */
bool page_state_of_cache(enum page_state);
/* Of these, a file's: file? */
bool page_state_of_file(enum page_state);
/* Is it a copy that the process has of a file's page: copy? */
bool page_state_copied(enum page_state);
/* Does it map the kernel's one page of zeroes, which counts as nobody's memory: zero? */
bool page_state_zeroes(enum page_state);
/* Is nothing mapped in this process: reserved, cached? */
bool page_state_untouched(enum page_state);
/* Of these, does the page cache hold the page: cached? With PAGE_CACHE_UNKNOWN a reserved page may be cached,
 * too. */
bool page_state_cached(enum page_state);
/* More than a promise: neither none nor untouched. */
bool page_state_touched(enum page_state);
/* Does a touch kill: guard? */
bool page_state_kills(enum page_state);
/* Does a change from one word to the other concern the process's own memory, not only flags or the page
 * cache, which other processes fill and empty too? */
bool page_change_is_own(uint32_t was, uint32_t now);
/* Why an unknown page is unknown, one translated line. */
const char *page_why_text(enum page_why);
/* The JSON word of one flag bit ("exclusive", "cache-unknown"); NULL: the bit has none. */
const char *page_flag_name(uint32_t bit);

/* The pages of a census (see runs_count) whose state is one of these. */
uint64_t page_sum(const uint64_t counts[static PAGE_STATES], bool (*is)(enum page_state));
/* The resident ones. */
uint64_t page_resident(const uint64_t counts[static PAGE_STATES]);

#endif
