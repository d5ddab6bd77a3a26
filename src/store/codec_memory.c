#include "store/codec_memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/page.h"
#include "store/codec_bits.h"

/* The model's numbers are the file's: if they are ever renumbered, they have to be translated here. */
_Static_assert(REGION_TEXT == 0 && REGION_RODATA == 1 && REGION_DATA == 2 && REGION_BSS == 3 &&
		   REGION_HEAP == 4 && REGION_STACK == 5 && REGION_ANON == 6 && REGION_FILE == 7 &&
		   REGION_SHM == 8 && REGION_VDSO == 9 && REGION_VVAR == 10 && REGION_VSYSCALL == 11,
	       "kinds of regions are the file's");
_Static_assert(REGION_READ == 1 && REGION_WRITE == 2 && REGION_EXEC == 4 && REGION_MAY_SHARE == 8,
	       "permissions are the file's");

enum { REGION_HUGETLB = 1, REGION_DEVICE = 2, REGION_JOINED = 4 };

void memory_coder_reset(struct memory_coder *c)
{
	c->address = c->page = c->left = 0;
}

void memory_coder_fini(struct memory_coder *c)
{
	free(c->tiles);
	*c = (struct memory_coder){ 0 };
}

void memory_put_region(struct memory_coder *c, unsigned page_shift, struct strbuf *out, const struct event *e)
{
	const struct region_attr *a = &e->region.attr;

	bytes_put_varint(out, e->region.id);
	bytes_put_signed(out, (int64_t)((a->start >> page_shift) - (c->address >> page_shift)));
	bytes_put_varint(out, (a->end - a->start) >> page_shift);
	bytes_put_varint(out, a->perms);
	bytes_put_varint(out, a->kind);
	bytes_put_varint(out, (a->hugetlb ? REGION_HUGETLB : 0u) | (a->device ? REGION_DEVICE : 0u) |
				  (a->joined ? REGION_JOINED : 0u));
	bytes_put_varint(out, a->offset);
	bytes_put_varint(out, a->inode);
	bytes_put_varint(out, a->dev_major);
	bytes_put_varint(out, a->dev_minor);
	bytes_put_text(out, a->path);
	c->address = a->end;
}

/* Reads bounds: whole pages below 2^64, not empty. */
static void get_bounds(struct memory_coder *c, unsigned page_shift, struct cursor *in, uint64_t *first,
		       uint64_t *end)
{
	uint64_t pages = UINT64_C(1) << (64 - page_shift);

	*first = (c->address >> page_shift) + (uint64_t)bytes_get_signed(in);
	*end = *first + bytes_get_bounded(in, pages);
	if (*first >= *end || *end >= pages)
		in->bad = true;
}

void memory_get_region(struct memory_coder *c, unsigned page_shift, struct cursor *in, struct event *e)
{
	struct region_attr *a = &e->region.attr;
	uint64_t first, end, flags;

	e->region.id = bytes_get_varint(in);
	get_bounds(c, page_shift, in, &first, &end);
	a->start = first << page_shift;
	a->end = end << page_shift;
	a->perms =
	    (uint8_t)bytes_get_bounded(in, REGION_READ | REGION_WRITE | REGION_EXEC | REGION_MAY_SHARE);
	a->kind = (uint8_t)bytes_get_bounded(in, REGION_KINDS - 1);
	flags = bytes_get_varint(in);
	a->hugetlb = flags & REGION_HUGETLB;
	a->device = flags & REGION_DEVICE;
	a->joined = flags & REGION_JOINED;
	a->offset = bytes_get_varint(in);
	a->inode = bytes_get_varint(in);
	a->dev_major = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	a->dev_minor = (uint32_t)bytes_get_bounded(in, UINT32_MAX);
	a->path = bytes_get_text(in);
	if (strlen(a->path) > REGION_PATH_MAX)
		in->bad = true;
	c->address = a->end;
	if (!e->region.id)
		in->bad = true;
}

void memory_put_pages(struct memory_coder *c, unsigned page_shift, struct strbuf *out, const struct event *e)
{
	bytes_put_varint(out, e->pages.n);
	if (e->pages.n)
		bytes_put_signed(out, (int64_t)(e->pages.tiles[0].first - c->page));
	for (size_t i = 0; i < e->pages.n; i++) {
		bytes_put_varint(out, e->pages.tiles[i].end - e->pages.tiles[i].first);
		bytes_put_varint(out, e->pages.tiles[i].value);
		c->page = e->pages.tiles[i].end;
	}
}

void memory_get_pages(struct memory_coder *c, unsigned page_shift, struct cursor *in, struct event *e)
{
	uint64_t pages = UINT64_C(1) << (64 - page_shift);
	uint64_t n = bytes_get_bounded(in, CODER_TILES_MAX);

	if (n)
		c->page += (uint64_t)bytes_get_signed(in);
	mem_grow(c->tiles, c->tiles_cap, n);
	for (uint64_t i = 0; i < n && !in->bad; i++) {
		struct run *tile = &c->tiles[i];

		tile->first = c->page;
		c->page += bytes_get_bounded(in, pages);
		tile->end = c->page;
		tile->value = codec_get_word(in);
		if (tile->first >= tile->end || tile->end > pages)
			in->bad = true;
	}
	e->pages.tiles = c->tiles;
	e->pages.n = n;
}

enum { BEGAN_MORE = 4 }; /* beside enum began */
_Static_assert(BEGAN_NOT == 0 && BEGAN_SEEN == 1 && BEGAN_UNKNOWN == 2, "the file has these");

void memory_put_began(struct memory_coder *c, unsigned page_shift, struct strbuf *out, const struct event *e)
{
	const struct event_began *b = &e->began;
	uint64_t at = 0;

	bytes_put_varint(out, b->began | (b->more ? BEGAN_MORE : 0u));
	bytes_put_varint(out, b->resident);
	bytes_put_varint(out, b->n);
	for (size_t i = 0; i < b->n; i++) {
		bytes_put_varint(out, b->tiles[i].first - at);
		bytes_put_varint(out, b->tiles[i].end - b->tiles[i].first);
		at = b->tiles[i].end;
	}
}

void memory_get_began(struct memory_coder *c, unsigned page_shift, struct cursor *in, struct event *e)
{
	uint64_t pages = UINT64_C(1) << (64 - page_shift), at = 0;
	uint64_t head = bytes_get_bounded(in, BEGAN_MORE | BEGAN_UNKNOWN), n;

	e->began = (struct event_began){ .more = head & BEGAN_MORE, .began = (enum began)(head & 3) };
	e->began.resident = bytes_get_bounded(in, pages);
	n = bytes_get_bounded(in, CODER_TILES_MAX);
	mem_grow(c->tiles, c->tiles_cap, n);
	for (uint64_t i = 0; i < n && !in->bad; i++) {
		struct run *tile = &c->tiles[i];

		tile->first = at + bytes_get_bounded(in, pages);
		tile->end = at = tile->first + bytes_get_bounded(in, pages);
		tile->value = PAGE_ANON;
		if (tile->first >= tile->end || tile->end > pages)
			in->bad = true;
	}
	if (e->began.began > BEGAN_UNKNOWN)
		in->bad = true;
	e->began.tiles = c->tiles;
	e->began.n = n;
}

_Static_assert(LEFT_OTHER == 0 && LEFT_CALL == 1 && LEFT_UNMAP == 2 && LEFT_SWAPPED == 3 &&
		   LEFT_PROGRAM == 4 && LEFT_FREED == 5,
	       "reasons are the file's");

void memory_put_left(struct memory_coder *c, struct strbuf *out, const struct event *e)
{
	const struct event_left *l = &e->left;

	bytes_put_signed(out, (int64_t)(l->first - c->left));
	bytes_put_varint(out, l->end - l->first);
	bytes_put_varint(out, l->was);
	bytes_put_varint(out, l->now);
	bytes_put_varint(out, l->reason);
	bytes_put_varint(out, l->kind);
	bytes_put_varint(out, l->reason == LEFT_CALL ? l->call : 0);
	bytes_put_varint(out, (uint64_t)l->tid);
	c->left = l->end;
}

void memory_get_left(struct memory_coder *c, struct cursor *in, struct event *e)
{
	struct event_left *l = &e->left;

	l->first = c->left + (uint64_t)bytes_get_signed(in);
	l->end = l->first + bytes_get_bounded(in, RUNS_END);
	l->was = codec_get_word(in);
	l->now = codec_get_word(in);
	l->reason = (enum left_reason)bytes_get_bounded(in, LEFT_REASONS - 1);
	l->kind = (uint8_t)bytes_get_bounded(in, REGION_KINDS - 1);
	l->call = (enum call_kind)bytes_get_bounded(in, CALL_KINDS - 1);
	if (l->reason != LEFT_CALL)
		l->call = CALL_KINDS;
	l->tid = codec_get_tid(in);
	if (l->first >= l->end || l->end > RUNS_END)
		in->bad = true;
	c->left = l->end;
}
