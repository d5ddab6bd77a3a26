#include "compare/touched.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"

const char *touched_how_name(enum touched_how how)
{
	static const char *const names[] = {
		[TOUCHED_THERE] = "there", [TOUCHED_ALONG] = "along", [TOUCHED_FAULT] = "touched"
	};

	return names[how];
}

/* --- texts --- */

/* The number of a text in printable form; 0 for "". */
static uint32_t text_of(struct touched *t, const char *raw)
{
	char *text = text_printable_dup(raw, strlen(raw));
	uint32_t number;

	if (!t->texts.count)
		texts_add(&t->texts, "");
	number = texts_add(&t->texts, text);
	free(text);
	return number;
}

/* --- objects --- */

/* What a region is a part of, and which page of that its first one is. */
struct object_part {
	enum region_kind kind;
	const char *path;
	bool named;
	uint64_t first; /* the object's page number of the region's first page */
};

static bool is_file(const struct region *r)
{
	return region_has_file(&r->attr) && r->attr.path[0] == '/' && r->attr.kind != REGION_SHM;
}

static struct object_part part_of(const struct space *s, const struct region *r)
{
	const struct region *file = s->regions[space_file_region(s, space_find_index(s, r->attr.start))];
	struct object_part part = { (enum region_kind)r->attr.kind, r->attr.path, true, 0 };

	if (is_file(r))
		part.first = r->attr.offset >> s->page_shift;
	else if (file != r && is_file(file))
		part.path = file->attr.path;
	else
		part.named = r->attr.kind == REGION_HEAP;
	return part;
}

/* All regions of one file are one object, whatever their kinds. */
static bool is_object(const struct touched_object *o, const struct object_part *part)
{
	bool files = part->kind != REGION_BSS && o->kind != REGION_BSS && part->path[0] == '/';

	return o->named == part->named && (files || o->kind == part->kind) && !strcmp(o->path, part->path);
}

static uint32_t find_object(const struct touched *t, const struct object_part *part, uint32_t *hash)
{
	struct hash_iter iter;
	uint32_t number;

	*hash = hash_text(part->path);
	iter = hash_iter(&t->by_object, *hash);
	while ((number = hash_next(&iter)) && !is_object(&t->objects[number - 1], part))
		;
	return number;
}

static struct touched_object *object_of(struct touched *t, const struct object_part *part)
{
	uint32_t hash, number = find_object(t, part, &hash);

	if (number)
		return &t->objects[number - 1];
	mem_grow(t->objects, t->cap, t->count + 1);
	t->objects[t->count++] = (struct touched_object){ .kind = part->kind,
							  .path = mem_strdup(part->path),
							  .named = part->named };
	hash_add(&t->by_object, hash, (uint32_t)t->count);
	return &t->objects[t->count - 1];
}

const struct touched_object *touched_same(const struct touched *t, const struct touched_object *o)
{
	const struct object_part part = { o->kind, o->path, o->named, 0 };
	uint32_t hash, number = find_object(t, &part, &hash);

	return number ? &t->objects[number - 1] : NULL;
}

/* --- pages --- */

static uint32_t find_page(const struct touched_object *o, uint64_t page)
{
	struct hash_iter iter = hash_iter(&o->hash, hash_number(page));
	uint32_t number;

	while ((number = hash_next(&iter)) && o->pages[number - 1].page != page)
		;
	return number;
}

const struct touched_page *touched_find(const struct touched_object *o, uint64_t page)
{
	uint32_t number = find_page(o, page);

	return number ? &o->pages[number - 1] : NULL;
}

/* Notes a page, or that more is known about it than before. */
static void note(struct touched_object *o, const struct touched_page *page)
{
	uint32_t number = o->named ? find_page(o, page->page) : 0;
	struct touched_page *known;

	if (!o->named) {
		o->hows[page->how]++;
		return;
	}
	if (!number) {
		mem_grow(o->pages, o->cap, o->count + 1);
		o->pages[o->count++] = *page;
		hash_add(&o->hash, hash_number(page->page), (uint32_t)o->count);
		o->hows[page->how]++;
		return;
	}
	known = &o->pages[number - 1];
	if (page->how <= known->how)
		return;
	o->hows[known->how]--;
	o->hows[page->how]++;
	*known = *page;
}

/* --- events --- */

static const struct event_symbol *name_of(const struct touched *t, const struct process *p, uint64_t ip)
{
	return t->names ? t->names(t->context, p, ip) : names_find(p->names, ip);
}

static uint32_t function_of(struct touched *t, const struct event_symbol *symbol, size_t frame)
{
	return symbol && frame < symbol->count ? text_of(t, symbol->frames[frame].function) : 0;
}

static struct touched_who who_of(struct touched *t, const struct process *p, const struct event *e)
{
	const struct event_fault *f = &e->fault;
	const struct event_symbol *symbol = name_of(t, p, f->ip);
	struct own_frame own = own_code_find(t->own, p, f->ip, &e->stack, t->names, t->context);
	struct touched_who who = { .pid = p->pid, .tid = f->tid, .major = f->major, .access = f->access };
	struct strbuf source = { 0 };

	who.function = function_of(t, symbol, 0);
	if (symbol && symbol->count && *symbol->frames[0].source) {
		strbuf_puts(&source, symbol->frames[0].source);
		if (symbol->frames[0].line)
			strbuf_printf(&source, ":%" PRIu32, symbol->frames[0].line);
		who.source = text_of(t, source.text);
		strbuf_fini(&source);
	}
	if (own.own)
		who.own =
		    function_of(t, name_of(t, p, e->stack.count ? e->stack.ips[own.at] : f->ip), own.frame);
	return who;
}

static void take_fault(struct touched *t, const struct process *p, const struct event *e)
{
	const struct event_fault *f = &e->fault;
	const struct region *r = space_find(p->space, f->address);
	uint64_t page = space_page(p->space, f->address);
	struct touched_page touched = { .time_ns = e->time_ns };
	struct touched_object *o;
	struct object_part part;

	if (!r || fault_is_fatal(f->cause))
		return;
	part = part_of(p->space, r);
	o = object_of(t, &part);
	touched.who = who_of(t, p, e);
	for (uint64_t at = page - f->before; at <= page + f->after; at++) {
		if (at < region_first(p->space, r) || at >= region_end(p->space, r))
			continue; /* neighbours are never in another region */
		touched.page = part.first + at - region_first(p->space, r);
		touched.how = at == page ? TOUCHED_FAULT : TOUCHED_ALONG;
		note(o, &touched);
	}
}

static void take_pages(struct touched *t, const struct process *p, const struct event *e, uint64_t first,
		       uint64_t end)
{
	while (first < end) {
		const struct region *r = space_find(p->space, space_address(p->space, first));
		uint64_t stop = r && region_end(p->space, r) < end ? region_end(p->space, r) : end;
		struct touched_page page = { .time_ns = e->time_ns, .how = TOUCHED_THERE };
		struct object_part part;
		struct touched_object *o;

		if (!r)
			return;
		part = part_of(p->space, r);
		o = object_of(t, &part);
		for (; part.named && first < stop; first++) {
			page.page = part.first + first - region_first(p->space, r);
			note(o, &page);
		}
		first = stop;
	}
}

void touched_take(struct touched *t, const struct world *world, const struct event *e)
{
	const struct process *p = world_find(world, e->pid);

	if (!p || (t->pid && e->pid != t->pid))
		return;
	t->page_size = UINT64_C(1) << p->space->page_shift;
	if (e->type == EVENT_FAULT)
		take_fault(t, p, e);
	for (size_t i = 0; e->type == EVENT_PAGES && i < e->pages.n; i++) {
		const struct run *tile = &e->pages.tiles[i];

		if (page_state_kept(page_state(tile->value)))
			take_pages(t, p, e, tile->first, tile->end);
	}
}

void touched_fini(struct touched *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->objects[i].path);
		free(t->objects[i].pages);
		hash_fini(&t->objects[i].hash);
	}
	free(t->objects);
	texts_fini(&t->texts);
	hash_fini(&t->by_object);
	*t = (struct touched){ 0 };
}

/* --- two runs --- */

struct touched_alike touched_compare(const struct touched_object *a, const struct touched_object *b)
{
	struct touched_alike alike = { .a = a, .b = b };

	for (size_t i = 0; a && i < a->count; i++) {
		const struct touched_page *page = &a->pages[i],
					  *other = b ? touched_find(b, page->page) : NULL;

		if (page->how != TOUCHED_FAULT)
			continue;
		alike.either++;
		alike.both += other != NULL;
		alike.only_a += !other;
	}
	for (size_t i = 0; b && i < b->count; i++) {
		const struct touched_page *page = &b->pages[i],
					  *other = a ? touched_find(a, page->page) : NULL;

		if (page->how != TOUCHED_FAULT || (other && other->how == TOUCHED_FAULT))
			continue;
		alike.either++;
		alike.both += other != NULL;
		alike.only_b += !other;
	}
	return alike;
}
