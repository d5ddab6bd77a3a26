/* Names come after the faults, and two addresses may turn out to be one function: so the rows are made
 * from all entries each time. With many stacks that takes a while, so the longer it takes the less often
 * it is done. */
#include "render/profile_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

#define REST_NS_PER_FRAME 1000 /* of rest for each frame that was visited: a small share of a core */

static uint32_t find(const struct profile_rows *h, uint32_t hash, const char *name, const char *object)
{
	struct hash_iter iter = hash_iter(&h->hash, hash);
	uint32_t number;

	while ((number = hash_next(&iter))) {
		const struct profile_row *row = &h->rows[number - 1];

		if (!strcmp(row->name, name) && !strcmp(row->object, object))
			break;
	}
	return number;
}

static void count(struct profile_rows *h, const struct profile_entry *entry, size_t stamp, const char *name,
		  const char *object)
{
	uint32_t hash = hash_two(hash_text(name), hash_text(object)), number = find(h, hash, name, object);
	struct profile_row *row;

	if (!number) {
		mem_grow(h->rows, h->cap, h->count + 1);
		h->rows[h->count++] =
		    (struct profile_row){ .name = mem_strdup(name), .object = mem_strdup(object) };
		number = (uint32_t)h->count;
		hash_add(&h->hash, hash, number);
	}
	row = &h->rows[number - 1];
	if (row->stamp == stamp) /* a function that called itself */
		return;
	row->stamp = stamp;
	row->minor += entry->minor;
	row->major += entry->major;
	row->pages += entry->pages;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Code without a name: the region stands for the file. */
static const char *region_of(const struct process *p, uint64_t ip)
{
	const struct region *region = ip >> 63 ? NULL : space_find(p->space, ip);

	if (ip >> 63)
		return "[kernel]";
	if (!region)
		return "?";
	return *region_name(&region->attr) ? region_name(&region->attr)
					   : region_kind_name((enum region_kind)region->attr.kind);
}

/* The functions at an address: the innermost one, or with those that it was inlined into. */
static void count_code(struct profile_rows *h, const struct process *p, const struct profile_entry *entry,
		       size_t stamp, uint64_t ip, bool all)
{
	const struct event_symbol *symbol = names_find(p->names, ip);
	const char *object = symbol && *symbol->object ? base_name(symbol->object) : region_of(p, ip);

	if (!symbol || !symbol->count)
		count(h, entry, stamp, "", object);
	for (size_t i = 0; symbol && i < symbol->count && (all || i == 0); i++)
		count(h, entry, stamp, symbol->frames[i].function, object);
}

static size_t count_entry(struct profile_rows *h, const struct process *p, const struct profile_entry *entry,
			  size_t stamp, bool callers)
{
	struct event_stack stack = stacks_get(&p->stacks, entry->stack);

	h->pages += entry->pages;
	h->counted += entry->minor + entry->major;
	if (!callers || !stack.count) {
		count_code(h, p, entry, stamp, entry->ip, callers);
		return 1;
	}
	for (size_t i = 0; i < stack.count; i++)
		count_code(h, p, entry, stamp, stack.ips[i], true);
	return stack.count;
}

static int compare(const void *a, const void *b)
{
	const struct profile_row *x = a, *y = b;
	uint64_t m = x->minor + x->major, n = y->minor + y->major;

	if (x->pages != y->pages)
		return x->pages < y->pages ? 1 : -1;
	if (m != n)
		return m < n ? 1 : -1;
	return strcmp(x->name, y->name) ? strcmp(x->name, y->name) : strcmp(x->object, y->object);
}

static void clear(struct profile_rows *h)
{
	for (size_t i = 0; i < h->count; i++) {
		free(h->rows[i].name);
		free(h->rows[i].object);
	}
	h->count = 0;
	h->pages = h->counted = 0;
	hash_clear(&h->hash);
}

void profile_rows_update(struct profile_rows *h, const struct process *p, bool callers, uint64_t now_ns)
{
	bool same = h->process == p && h->callers == callers,
	     news = h->faults != p->faults.log.end || h->names != names_generation(p->names);
	size_t frames = 0;

	h->pending = same && news && now_ns < h->due_ns;
	if (h->pending || (same && !news))
		return;
	clear(h);
	for (size_t i = 0; i < p->faults.profile.count; i++)
		frames += count_entry(h, p, &p->faults.profile.entries[i], i + 1, callers);
	if (p->faults.profile.rest.pages || p->faults.profile.rest.minor || p->faults.profile.rest.major) {
		h->pages += p->faults.profile.rest.pages;
		h->counted += p->faults.profile.rest.minor + p->faults.profile.rest.major;
		count(h, &p->faults.profile.rest, p->faults.profile.count + 1, "", _("all others"));
	}
	if (h->count > 1)
		qsort(h->rows, h->count, sizeof *h->rows, compare);
	h->process = p;
	h->faults = p->faults.log.end;
	h->names = names_generation(p->names);
	h->callers = callers;
	h->due_ns = now_ns + frames * REST_NS_PER_FRAME;
}

void profile_rows_fini(struct profile_rows *h)
{
	clear(h);
	free(h->rows);
	hash_fini(&h->hash);
	*h = (struct profile_rows){ 0 };
}
