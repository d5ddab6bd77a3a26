/* Two processes that were compared, laid out in common *slots*, so that they can be drawn side by side: what
 * was matched is in the same slot in both.
 *
 *   A    0x5586c000 text  0x5586f000 heap            0x7f12a000 libc
 *   B    0x55e3a000 text  0x55e3d000 heap  0x7e00 anon  0x7fc1b000 libc
 *   slot    B's page,     or a little further on where A's part of it is larger
 *
 * A slot is B's page number, unless it had to be moved to make room. What only A has comes after what
 * precedes it in A. With the same layout (compare.h) a slot is the page itself.
 *
 * Each side is a made-up process: its memory is in slots, everything else is that of the real process. So
 * layout, grid, search and jumps need not know about slots. */
#ifndef COMPARE_ALIGNED_H
#define COMPARE_ALIGNED_H

#include "compare/compare.h"
#include "model/world.h"

enum aligned_side { ALIGNED_A, ALIGNED_B, ALIGNED_SIDES };

/* One side of the comparison. It is the caller's, and must outlive the struct aligned. */
struct aligned_picture {
	const struct process *process;
	const char *shown, *time; /* its name, printable; its time in words */
	uint64_t now_ns;          /* time since its watch began */
};

/* Values of aligned.differs: 0, an enum compare_chance other than COMPARE_REAL, or this. */
#define ALIGNED_REAL ((uint32_t)COMPARE_CHANCES)

/* Slots [first, end) of a pair of regions. */
struct aligned_stretch {
	const struct compare_region *region;
	uint64_t first, end;
	uint64_t to[ALIGNED_SIDES]; /* slot + to: the page there, modulo 2^64 */
};

struct aligned {
	struct aligned_picture pictures[ALIGNED_SIDES];
	struct comparison comparison;
	struct process sides[ALIGNED_SIDES]; /* pid 1 and 2 */
	struct world *stage;                 /* a world of the two sides */
	struct runs *differs;                /* by slot */
	struct aligned_stretch *stretches;   /* by slot; none with the same layout */
	size_t count;
};

/* `all` as for compare_spaces; the page sizes must be equal. The caller ends it with aligned_destroy. */
struct aligned *aligned_create(const struct aligned_picture pictures[static ALIGNED_SIDES], bool all);
void aligned_destroy(struct aligned *); /* NULL is fine */

/* Which side is it? */
enum aligned_side aligned_side_of(const struct aligned *, const struct process *);
/* The page in a slot; false if that side has no memory there. */
bool aligned_page(const struct aligned *, enum aligned_side, uint64_t slot, uint64_t *page);
/* The slot of a page of one side; false if no region has the page. */
bool aligned_slot(const struct aligned *, enum aligned_side, uint64_t page, uint64_t *slot);
/* Sets *page to the first page of the region that has a part in [slot, end); false if none has. */
bool aligned_begin(const struct aligned *, enum aligned_side, uint64_t slot, uint64_t end, uint64_t *page);
/* How many pages of [first, end) really differ, and how many by chance. */
uint64_t aligned_count(const struct aligned *, uint64_t first, uint64_t end, uint64_t *by_chance);

#endif
