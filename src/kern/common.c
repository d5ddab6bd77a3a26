/* Both pagemaps are read, then the first one again: a page that moved in between is left to the next reading,
 * because a frame that one process gave up may have become the other's.
 *
 *     4242  0x81000000001ab3f0   present, frame 0x1ab3f0
 *     4250  0x81000000001ab3f0   the same frame: shared since the fork
 *     4250  0x810000000020c114   another one: one of them has written
 *
 * Without CAP_SYS_ADMIN frames read as 0, and bit 56, "mapped once", is all there is. A child of vfork(2)
 * uses its parent's memory itself, and each page of it may be mapped once: kcmp(2) says whether the memory is
 * the same. */
#include "kern/common.h"

#include <linux/kcmp.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "kern/pagemap.h"

#define CHUNK 2048

struct entries {
	uint64_t a[CHUNK], b[CHUNK], again[CHUNK];
};

enum common_memory common_memory(int32_t a, int32_t b)
{
	long order = syscall(SYS_kcmp, a, b, KCMP_VM, 0L, 0L);

	return order == 0 ? COMMON_MEMORY_ONE : order > 0 ? COMMON_MEMORY_TWO : COMMON_MEMORY_UNKNOWN;
}

/* Only by "mapped once". */
static enum page_common by_count(uint64_t a, uint64_t b, enum common_memory memory)
{
	if (memory == COMMON_MEMORY_ONE)
		return PAGE_COMMON_SAME;
	if ((a | b) & PAGEMAP_EXCLUSIVE && memory == COMMON_MEMORY_TWO)
		return PAGE_COMMON_OWN;
	return PAGE_COMMON_MAYBE;
}

static enum page_common compare(uint64_t a, uint64_t b, uint64_t again, bool frames,
				enum common_memory memory)
{
	if (!(a & b & PAGEMAP_PRESENT))
		return PAGE_COMMON_NONE;
	if (!frames)
		return by_count(a, b, memory);
	if (pagemap_frame(a) != pagemap_frame(again))
		return PAGE_COMMON_UNKNOWN;
	return pagemap_frame(a) == pagemap_frame(b) ? PAGE_COMMON_SAME : PAGE_COMMON_OWN;
}

static size_t read_both(const struct common_process *a, const struct common_process *b, uint64_t first,
			size_t n, struct entries *e)
{
	int64_t got_a = pagemap_read(a->pagemap, first, n, e->a, NULL),
		got_b = pagemap_read(b->pagemap, first, n, e->b, NULL);
	int64_t got = pagemap_read(a->pagemap, first, n, e->again, NULL);

	got = min(got_a, got);
	got = min(got_b, got);
	return got > 0 ? (size_t)got : 0;
}

int common_pages(const struct common_process *a, const struct common_process *b, uint64_t first, size_t n,
		 uint8_t *out, struct err *err)
{
	bool frames = a->frames && b->frames;
	enum common_memory memory = frames ? COMMON_MEMORY_UNKNOWN : common_memory(a->pid, b->pid);
	struct entries *e;

	if (a->pagemap < 0 || b->pagemap < 0)
		return err_set(err, ERR_DENIED, "%s", _("the pages of both must be readable"));
	e = mem_alloc(sizeof *e);
	for (size_t at = 0; at < n;) {
		size_t part = min(n - at, CHUNK), got = read_both(a, b, first + at, part, e);

		for (size_t i = 0; i < part; i++)
			out[at + i] =
			    (uint8_t)(i < got ? compare(e->a[i], e->b[i], e->again[i], frames, memory)
					      : PAGE_COMMON_UNKNOWN);
		at += part;
	}
	free(e);
	return 0;
}
