/* Memory of allocators.
 *
 * glibc gives threads arenas of their own, each a heap of 64 MiB (1 MiB in 32-bit programs) that begins at a
 * multiple of its size: what is in use is readable and writable, the rest has no rights yet (HEAP_MAX_SIZE in
 * glibc's malloc/arena.c):
 *
 *     7f9de4000000-7f9de4195000 rw-p    in use
 *     7f9de4195000-7f9de8000000 ---p    to the next multiple
 */
#include "verdict/recognise.h"

#include "base/i18n.h"

#define MIB (UINT64_C(1) << 20)
#define LARGE                                                                                                \
	(128 * 1024) /* M_MMAP_THRESHOLD: blocks of that size may be mappings of their own (mallopt(3)) */

/* The number of the last region of the arena that begins with this one, the one after it; 0: none does. */
static size_t arena_end(const struct recognition *r, size_t i, uint64_t size)
{
	const struct region_attr *a = &r->regions[i]->attr;

	if (a->start % size || !region_is_plain(r->regions[i]))
		return 0;
	if (i + 1 < r->count && region_is_barred(r->regions[i + 1]) &&
	    r->regions[i + 1]->attr.start == a->end && r->regions[i + 1]->attr.end % size == 0 &&
	    r->regions[i + 1]->attr.end - a->start == size)
		return i + 1;
	return 0;
}

void recognise_arenas(struct recognition *r)
{
	uint64_t size = r->process->identity.bits == 32 ? MIB : 64 * MIB;

	for (size_t i = 0; r->mapped.glibc && i < r->count; i++) {
		size_t end = arena_end(r, i, size);

		if (r->regions[i]->attr.kind == REGION_HEAP && !r->mapped.allocator)
			claim_region(r, i, OWNER_MAIN_ARENA, OWNER_LIKELY,
				     N_("the kernel calls it [heap], and glibc's malloc takes memory there"));

		for (size_t at = i; end && at <= end; at++)
			claim_region(r, at, OWNER_ARENA, OWNER_CERTAIN,
				     N_("starts at a multiple of 64 MiB (1 MiB in 32-bit programs), the size "
					"of glibc's "
					"heaps, and is as large with the part not accessible yet"));
	}
}

void recognise_allocators(struct recognition *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct region_attr *a = &r->regions[i]->attr;

		if (r->claims[i].claimed || !region_is_plain(r->regions[i]))
			continue;
		if (r->mapped.allocator) {
			claim_region(
			    r, i, OWNER_ALLOCATOR, OWNER_LIKELY,
			    N_("this allocator's library is mapped, and nothing else claims the memory"));
			r->claims[i].name = r->mapped.allocator;
		} else if (r->mapped.python && (a->end - a->start) % (256 * 1024) == 0) {
			claim_region(r, i, OWNER_PYTHON, OWNER_POSSIBLE,
				     N_("Python's code is mapped, and the size is a multiple of that of its "
					"arenas (256 KiB, since 3.10 1 MiB)"));
		} else if (r->mapped.glibc && a->end - a->start >= LARGE) {
			claim_region(
			    r, i, OWNER_MALLOC_LARGE, OWNER_POSSIBLE,
			    N_("large enough for malloc to have mapped it by itself; the program may "
			       "have done so, too"));
		}
	}
}
