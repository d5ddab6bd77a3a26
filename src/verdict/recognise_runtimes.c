/* Heaps of language runtimes, which ask the kernel for memory at addresses of their own choice:
 *
 *   Go    from 0xc000000000 on, in arenas of 64 MiB (heapArenaBytes in Go's runtime/mheap.go)
 *   Java  below 32 GiB, so that a pointer fits into 32 bits (compressed oops, HotSpot)
 *   V8    pieces of 256 KiB at multiples of that (MemoryChunk in V8's src/heap)
 */
#include "verdict/recognise.h"

#include "base/i18n.h"

#define GO_ARENAS UINT64_C(0xc000000000)
#define GO_ARENA (UINT64_C(64) << 20)
#define JAVA_HEAP_END (UINT64_C(32) << 30)
#define V8_PIECE (UINT64_C(256) << 10)

static bool is_private(const struct region *region)
{
	return region_is_plain(region) || region_is_barred(region);
}

static void recognise_go(struct recognition *r)
{
	size_t i = 0, begin;
	uint64_t end = GO_ARENAS;

	while (i < r->count && r->regions[i]->attr.start < GO_ARENAS)
		i++;
	for (begin = i; i < r->count && is_private(r->regions[i]) && r->regions[i]->attr.start == end; i++)
		end = r->regions[i]->attr.end;
	if (i == begin || end % GO_ARENA)
		return;
	for (size_t at = begin; at < i; at++)
		claim_region(
		    r, at, OWNER_GO, OWNER_LIKELY,
		    N_("begins at 0xc000000000, where Go's runtime puts its heap, and ends at a multiple "
		       "of 64 MiB, the size of its arenas"));
}

static void recognise_java(struct recognition *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct region_attr *a = &r->regions[i]->attr;

		if (is_private(r->regions[i]) && a->end <= JAVA_HEAP_END)
			claim_region(
			    r, i, OWNER_JAVA_HEAP, OWNER_LIKELY,
			    N_("libjvm.so is mapped, and the memory lies below 32 GiB, where the JVM "
			       "puts a heap of compressed pointers"));
		else if (a->kind == REGION_ANON && a->perms & REGION_EXEC)
			claim_region(r, i, OWNER_JAVA_CODE, OWNER_LIKELY,
				     N_("libjvm.so is mapped, and the memory is executable, without a file"));
	}
}

/* A region of pieces; that of a large object ends where the object does. */
void recognise_v8(struct recognition *r)
{
	for (size_t i = 0; r->mapped.v8 && i < r->count; i++) {
		const struct region_attr *a = &r->regions[i]->attr;

		if (!is_private(r->regions[i]) || a->start % V8_PIECE)
			continue;
		if (a->end % V8_PIECE)
			claim_region(r, i, OWNER_V8_LARGE, OWNER_POSSIBLE,
				     N_("the program contains V8, and the memory begins where V8's chunks "
					"do, but ends elsewhere, as a large object does"));
		else
			claim_region(r, i, OWNER_V8, OWNER_LIKELY,
				     N_("the program contains V8, and the memory begins at a multiple of 256 "
					"KiB, the size of V8's chunks"));
	}
}

void recognise_addresses(struct recognition *r)
{
	recognise_go(r);
	if (r->mapped.jvm)
		recognise_java(r);
}
