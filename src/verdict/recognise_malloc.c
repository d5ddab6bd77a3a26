/* Memory of allocators.
 *
 * glibc gives threads arenas of their own, each of one heap or more. A heap has 64 MiB (1 MiB in 32-bit programs)
 * and begins at a multiple of its size: what is in use is readable and writable, the rest has no rights yet
 * (HEAP_MAX_SIZE in glibc's malloc/arena.c). That split shows a heap. A full one has none, and looks like any other
 * memory of 64 MiB; and the kernel joins with a heap what lies right below it, a full heap or whatever the program
 * mapped there, as mmap goes downwards:
 *
 *     7f9de0000000-7f9de4195000 rw-p    64 MiB of either kind, and from 7f9de4000000 on what is in use of a heap
 *     7f9de4195000-7f9de8000000 ---p    to the next multiple
 *     7f9de8000000-7f9df0000000 rw-p    128 MiB of either kind
 */
#include "verdict/recognise.h"

#include "base/i18n.h"

#define MIB (UINT64_C(1) << 20)
#define LARGE                                                                                                \
	(128 * 1024) /* M_MMAP_THRESHOLD: blocks of that size may be mappings of their own (mallopt(3)) */

static const struct region_attr *at(const struct recognition *r, size_t i)
{
	return &r->regions[i]->attr;
}

#define FULL_HEAPS                                                                                           \
	N_("whole multiples of 64 MiB (1 MiB in 32-bit programs), the size of glibc's heaps, next to one: "  \
	   "full heaps, or "                                                                                 \
	   "memory that the program mapped there")

/* Does a heap that is not full yet end this region, with the rest of it in the next one? Where it begins; 0: no. */
static uint64_t heap_at_end(const struct recognition *r, size_t i, uint64_t size)
{
	if (!region_is_plain(r->regions[i]) || i + 1 == r->count || !region_is_barred(r->regions[i + 1]) ||
	    at(r, i + 1)->start != at(r, i)->end || at(r, i + 1)->end % size ||
	    at(r, i + 1)->end - at(r, i + 1)->start >= size || at(r, i + 1)->end - size < at(r, i)->start)
		return 0;
	return at(r, i + 1)->end - size;
}

static void claim_heap(struct recognition *r, size_t i, uint64_t begin, uint64_t size)
{
	struct claim *claim = &r->claims[i];

	for (size_t n = i; n < i + 2; n++) {
		claim_region(r, n, OWNER_ARENA, begin == at(r, i)->start ? OWNER_CERTAIN : OWNER_LIKELY,
			     N_("starts at a multiple of 64 MiB (1 MiB in 32-bit programs), the size of "
				"glibc's heaps; with the part not accessible yet, it also ends at one"));
		r->claims[n].piece = size;
	}
	if (begin == at(r, i)->start)
		return;
	claim->split = begin;
	claim->below = at(r, i)->start % size ? OWNER_MALLOC_LARGE : OWNER_HEAPS;
	claim->below_ground = at(r, i)->start % size
				  ? N_("the kernel has merged it with a malloc heap right above it")
				  : FULL_HEAPS;
}

/* What may be heaps that are full: whole multiples, right before or behind others. */
static void claim_full_heaps(struct recognition *r, size_t i, size_t neighbour, uint64_t size)
{
	enum owner_kind beside = r->claims[neighbour].kind;

	if (r->claims[i].claimed || !region_is_plain(r->regions[i]) || at(r, i)->start % size ||
	    at(r, i)->end % size || (beside != OWNER_ARENA && beside != OWNER_HEAPS) ||
	    (at(r, i)->end != at(r, neighbour)->start && at(r, i)->start != at(r, neighbour)->end))
		return;
	claim_region(r, i, OWNER_HEAPS, OWNER_POSSIBLE, FULL_HEAPS);
	r->claims[i].piece = size;
}

void recognise_arenas(struct recognition *r)
{
	uint64_t size = r->process->identity.bits == 32 ? MIB : 64 * MIB, begin;

	for (size_t i = 0; r->mapped.glibc && i < r->count; i++) {
		if (at(r, i)->kind == REGION_HEAP && !r->mapped.allocator)
			claim_region(r, i, OWNER_MAIN_ARENA, OWNER_LIKELY,
				     N_("the kernel calls it [heap], and glibc's malloc takes memory there"));
		if (!r->claims[i].claimed && (begin = heap_at_end(r, i, size)))
			claim_heap(r, i, begin, size);
	}
	for (size_t i = 1; r->mapped.glibc && i < r->count; i++)
		claim_full_heaps(r, i, i - 1, size);
	for (size_t i = r->mapped.glibc ? r->count : 0; i-- > 1;)
		claim_full_heaps(r, i - 1, i, size);
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
				     N_("Python's code is mapped, and the size is a multiple of its arena "
					"size (256 KiB; 1 MiB since 3.10)"));
		} else if (r->mapped.glibc && a->end - a->start >= LARGE) {
			claim_region(r, i, OWNER_MALLOC_LARGE, OWNER_POSSIBLE,
				     N_("large enough for malloc to have mapped it on its own; the program "
					"may also have mapped it"));
		}
	}
}
