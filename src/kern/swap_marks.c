/* The kernel keeps a mark where it would keep a swapped page's place in swap (pte markers,
 * include/linux/swapops.h): a swap type that no area has, with bits in place of an offset.
 *
 *   0x420000000000003f   type 0x1f, bit 0: userfaultfd wants to be notified of a write; nothing is there
 *   0x400000000000005f   type 0x1f, bit 1: poisoned, by UFFDIO_POISON or a bad read of swap
 *   0x400000000000009f   type 0x1f, bit 2: a guard page (as of Linux 6.15 bit 58 is set, too)
 *   0x4000000000012340   type 0, offset 0x91a: in swap
 *
 * Without CAP_SYS_ADMIN bits 0 to 54 read as 0. What can still be known: shared memory has no swap entries,
 * and if there is no swap, or smaps counts none in the region, nothing is in it; bit 57 distinguishes the
 * marks, and a guard has bit 58, except on Linux 6.13 and 6.14. If some pages of a region are in swap, and
 * userfaultfd is in use in it, such pages are unknown. smaps is expensive: it is read once a second at most,
 * and less often if that would take more than a fiftieth of the time. */
#include "kern/swap_marks.h"

#include <stdlib.h>

#include "base/bisect.h"
#include "base/clock.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "kern/machine.h"
#include "kern/pagemap.h"
#include "kern/procfile.h"
#include "kern/smaps.h"

#define TYPE_MARKER 0x1f
#define OFFSET_SHIFT 5
#define MARKER_POISON 2u
#define MARKER_GUARD 4u
#define AGAIN_NS CLOCK_SECOND
#define COST_PART 50

void swap_marks_fini(struct swap_marks *m)
{
	free(m->sums);
}

static enum swap_mark by_type(uint64_t entry)
{
	uint64_t slot = entry & PAGEMAP_FRAME, offset = slot >> OFFSET_SHIFT;

	if ((slot & TYPE_MARKER) != TYPE_MARKER)
		return SWAP_MARK_NONE;
	return offset & MARKER_POISON  ? SWAP_MARK_POISON
	       : offset & MARKER_GUARD ? SWAP_MARK_GUARD
				       : SWAP_MARK_WRITE;
}

static void read_again(struct swap_marks *m)
{
	uint64_t began = clock_now_ns(), spent;
	struct strbuf text = { 0 };

	if (began < m->again_ns)
		return;
	m->has_swap = m->captured || machine_has_swap();
	free(m->sums);
	m->sums = NULL;
	m->count = 0;
	if (m->has_swap && procfile_read(m->thread, "smaps", &text, NULL) == 0)
		smaps_parse(&m->sums, &m->count, text.text, text.len);
	strbuf_fini(&text);
	spent = clock_now_ns() - began;
	m->again_ns = began + spent + max(spent * COST_PART, AGAIN_NS);
}

static const struct region_sums *find_sums(const struct swap_marks *m, const struct region_attr *a)
{
	size_t at;

	bisect(at, 0, m->count, m->sums[at].end <= a->start);
	return at < m->count && m->sums[at].start <= a->start && a->end <= m->sums[at].end ? &m->sums[at]
											   : NULL;
}

enum swap_mark swap_mark_of(struct swap_marks *m, const struct region_attr *a, bool shared, uint64_t entry)
{
	const struct region_sums *sums;
	bool write = entry & PAGEMAP_UFFD_WP;
	enum swap_mark mark = write                ? SWAP_MARK_WRITE
			      : m->guards_have_bit ? SWAP_MARK_POISON
						   : SWAP_MARK_GUARD;

	if (entry & PAGEMAP_FRAME)
		return by_type(entry);
	if (shared)
		return mark;
	read_again(m);
	if (!m->has_swap)
		return mark;
	sums = find_sums(m, a);
	if (!sums)
		return write ? SWAP_MARK_UNKNOWN : SWAP_MARK_NONE;
	if (sums->swap == 0)
		return mark;
	return write || sums->userfault ? SWAP_MARK_UNKNOWN : SWAP_MARK_NONE;
}
