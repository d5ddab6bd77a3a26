/* The recognisers in order: the most certain come first. */
#include "verdict/owners.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"

static void (*const recognisers[])(struct recognition *) = {
	recognise_named,  recognise_addresses, recognise_arenas, recognise_files,
	recognise_stacks, recognise_v8,        recognise_code,   recognise_allocators,
};

static void learn_file(struct mapped *m, const char *name)
{
	static const struct {
		const char *file, *allocator;
	} allocators[] = {
		{ "libjemalloc.so", "jemalloc" },
		{ "libtcmalloc", "tcmalloc" },
		{ "libmimalloc.so", "mimalloc" },
	};

	m->glibc |= text_begins(name, "libc.so.6") || text_begins(name, "libc-2.");
	m->jvm |= text_begins(name, "libjvm.so");
	m->v8 |= !strcmp(name, "node") || !strcmp(name, "nodejs") || text_begins(name, "libnode.so") ||
		 text_begins(name, "libv8.so") || !strcmp(name, "chrome") || !strcmp(name, "chromium") ||
		 !strcmp(name, "electron");
	m->python |=
	    text_begins(name, "libpython") || text_begins(name, "python3") || !strcmp(name, "python");
	for (size_t i = 0; i < sizeof allocators / sizeof *allocators; i++)
		if (text_begins(name, allocators[i].file))
			m->allocator = allocators[i].allocator;
}

static int compare_addresses(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The process's first thread is on the main stack; its pointer harms nothing. */
static uint64_t *sorted_stacks(const struct kernel_figures *f)
{
	uint64_t *stacks = mem_alloc((f->stacks_count + 1) * sizeof *stacks);

	for (size_t i = 0; i < f->stacks_count; i++)
		stacks[i] = f->stacks[i].address;
	qsort(stacks, f->stacks_count, sizeof *stacks, compare_addresses);
	return stacks;
}

static uint32_t hash_claim(const struct claim *c, size_t len)
{
	return hash_two((uint32_t)c->kind * 4 + (uint32_t)c->sure, hash_bytes(c->name, len));
}

static struct owner *owner_of(struct owners *o, struct hash *hash, const struct claim *c)
{
	size_t len = !c->name ? 0 : c->name_len ? c->name_len : strlen(c->name);
	uint32_t key = hash_claim(c, len), number;
	struct hash_iter iter = hash_iter(hash, key);

	while ((number = hash_next(&iter))) {
		struct owner *owner = &o->list[number - 1];

		if (owner->kind == c->kind && owner->sure == c->sure && strlen(owner->name) == len &&
		    (!len || !memcmp(owner->name, c->name, len)))
			return owner;
	}
	mem_grow(o->list, o->cap, o->count + 1);
	o->list[o->count] = (struct owner){
		.kind = c->kind, .sure = c->sure, .name = mem_zalloc(len + 1), .ground = c->ground
	};
	if (len)
		memcpy(o->list[o->count].name, c->name, len);
	o->count++;
	hash_add(hash, key, (uint32_t)o->count);
	return &o->list[o->count - 1];
}

/* [start, end) of a region. */
static void add_part(struct owner *owner, const struct process *p, const struct region *region,
		     uint64_t start, uint64_t end, uint64_t piece)
{
	uint64_t size = end - start, counts[RUNS_VALUES] = { 0 };
	unsigned shift = p->space->page_shift;

	runs_count(p->space->pages, start >> shift, end >> shift, counts);
	owner->regions++;
	if (!region_is_barred(region)) {
		owner->parts++;
		owner->heaps += piece ? (size + piece - 1) / piece : 0;
	}
	owner->reserved += size;
	owner->resident += page_resident(counts) << shift;
	owner->swapped += page_sum(counts, page_state_swapped) << shift;
}

static void add_region(struct owners *o, struct hash *hash, const struct process *p,
		       const struct region *region, const struct claim *c)
{
	const struct claim below = {
		.kind = c->below, .sure = OWNER_POSSIBLE, .ground = c->below_ground, .piece = c->piece
	};
	uint64_t split = c->split ? c->split : region->attr.start;

	if (c->split)
		add_part(owner_of(o, hash, &below), p, region, region->attr.start, split,
			 c->below == OWNER_HEAPS ? c->piece : 0);
	add_part(owner_of(o, hash, c), p, region, split, region->attr.end, c->piece);
}

static int compare_owners(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;

	if (x->resident != y->resident)
		return x->resident < y->resident ? 1 : -1;
	if (x->reserved != y->reserved)
		return x->reserved < y->reserved ? 1 : -1;
	if (x->kind != y->kind || x->sure != y->sure)
		return (int)(x->kind * 4 + x->sure) - (int)(y->kind * 4 + y->sure);
	return strcmp(x->name, y->name);
}

void owners_take(struct owners *o, const struct process *p)
{
	const struct kernel_figures *f = &p->figures.read;
	uint64_t *stacks = sorted_stacks(f), limit = f->values[KERNEL_STACK_LIMIT];
	struct recognition r = {
		.process = p,
		.regions = p->space->regions,
		.count = p->space->count,
		.claims = mem_zalloc((p->space->count + 1) * sizeof *r.claims),
		.stacks = stacks,
		.stacks_count = f->stacks_count,
		.stack_limit = figure_known(limit) ? limit : 0,
	};
	struct hash hash = { 0 };

	*o = (struct owners){ 0 };
	for (size_t i = 0; i < r.count; i++)
		learn_file(&r.mapped, path_name(r.regions[i]->attr.path));
	for (size_t i = 0; i < sizeof recognisers / sizeof *recognisers; i++)
		recognisers[i](&r);
	for (size_t i = 0; i < r.count; i++)
		add_region(o, &hash, p, r.regions[i], &r.claims[i]);
	if (o->count > 1)
		qsort(o->list, o->count, sizeof *o->list, compare_owners);
	hash_fini(&hash);
	free(r.claims);
	free(stacks);
}

void owners_fini(struct owners *o)
{
	for (size_t i = 0; i < o->count; i++)
		free(o->list[i].name);
	free(o->list);
	*o = (struct owners){ 0 };
}

struct owner owners_sum(const struct owners *o, enum owner_kind kind)
{
	struct owner sum = { .kind = kind, .sure = OWNER_POSSIBLE };

	for (size_t i = 0; i < o->count; i++) {
		const struct owner *owner = &o->list[i];

		if (owner->kind != kind)
			continue;
		if (!sum.ground || owner->sure < sum.sure) {
			sum.sure = owner->sure;
			sum.ground = owner->ground;
		}
		sum.regions += owner->regions;
		sum.parts += owner->parts;
		sum.heaps += owner->heaps;
		sum.reserved += owner->reserved;
		sum.resident += owner->resident;
		sum.swapped += owner->swapped;
	}
	return sum;
}

const char *owner_title(const struct owner *owner)
{
	static const char *const titles[OWNER_KINDS] = {
		[OWNER_UNKNOWN] = N_("anonymous, owner unknown"),
		[OWNER_KERNEL] = N_("the kernel's own pages"),
		[OWNER_STACK] = N_("main stack ([stack])"),
		[OWNER_THREADS] = N_("thread stacks"),
		[OWNER_BREAK] = N_("the program break ([heap])"),
		[OWNER_MAIN_ARENA] = N_("malloc's main arena ([heap])"),
		[OWNER_ARENA] = N_("malloc's thread arenas"),
		[OWNER_HEAPS] = N_("full heaps of malloc, or mmap"),
		[OWNER_MALLOC_LARGE] = N_("large blocks of malloc, or mmap"),
		[OWNER_GO] = N_("Go's heap"),
		[OWNER_JAVA_HEAP] = N_("Java's heap"),
		[OWNER_JAVA_CODE] = N_("Java's compiled code"),
		[OWNER_V8] = N_("V8's heap (JavaScript)"),
		[OWNER_V8_LARGE] = N_("V8's large objects"),
		[OWNER_PYTHON] = N_("Python's arenas"),
		[OWNER_CODE] = N_("code made at run time"),
		[OWNER_NO_ACCESS] = N_("set aside, not accessible"),
		[OWNER_SHARED] = N_("shared memory"),
	};

	if (*owner->name)
		return owner->kind == OWNER_FILE ? path_name(owner->name) : owner->name;
	return titles[owner->kind] ? _(titles[owner->kind]) : "?";
}
