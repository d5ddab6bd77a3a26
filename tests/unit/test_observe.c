/* Readings against the model: identities, events in an order that loses no page, and
 * only what differs. */
#include "model_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "model/observe.h"

/* Passes events to the world, then counts them and gives them to a second world: the
 * events must still be valid, and must lead to the same. */
struct log {
	struct sink sink;
	struct world *world, *replay;
	unsigned maps, changes, unmaps, pages;
	size_t tiles;
};

static void log_take(struct sink *sink, const struct event *e)
{
	struct log *t = (struct log *)sink;
	world_apply(t->world, e);
	world_apply(t->replay, e);
	t->maps += e->type == EVENT_MAP;
	t->changes += e->type == EVENT_CHANGE;
	t->unmaps += e->type == EVENT_UNMAP;
	t->pages += e->type == EVENT_PAGES;
	if (e->type == EVENT_PAGES)
		t->tiles += e->pages.n;
}

static struct log *log_create(void)
{
	struct log *t = calloc(1, sizeof *t);
	assert_non_null(t);
	t->sink.take = log_take;
	t->world = world_create();
	t->replay = world_create();
	check_process(t->world, 1);
	check_process(t->replay, 1);
	return t;
}

static void log_reset(struct log *t)
{
	t->maps = t->changes = t->unmaps = t->pages = 0;
	t->tiles = 0;
}

static void log_destroy(struct log *t)
{
	world_destroy(t->world);
	world_destroy(t->replay);
	free(t);
}

static struct process *process_of(const struct log *t)
{
	return world_find(t->world, 1);
}

static struct space *space_of(const struct log *t)
{
	return process_of(t)->space;
}

static void observe(struct log *t, uint64_t now_ns, const struct region_attr *attrs, size_t n)
{
	log_reset(t);
	size_t events = observe_regions(process_of(t), &t->sink, now_ns, attrs, n);
	assert_int_equal(events, t->maps + t->changes + t->unmaps + t->pages);
	const struct space *s = space_of(t);
	assert_int_equal(s->count, n);
	for (size_t i = 0; i < n; i++)
		assert_true(region_attr_equal(&s->regions[i]->attr, &attrs[i]));
}

static void observe_words(struct log *t, uint64_t now_ns, uint64_t first, uint64_t end, uint32_t word)
{
	struct run tile = { first, end, word };
	observe_pages(process_of(t), &t->sink, now_ns, &tile, 1);
}

static uint64_t id_at(const struct log *t, uint64_t page)
{
	const struct region *r = space_find(space_of(t), page * PAGE);
	return r ? r->id : 0;
}

#define OBSERVE(t, now_ns, ...)                                                                              \
	do {                                                                                                 \
		struct region_attr list[] = { __VA_ARGS__ };                                                 \
		observe(t, now_ns, list, sizeof list / sizeof *list);                                        \
	} while (0)

static struct region_attr named(struct region_attr a, uint8_t kind, const char *path)
{
	a.kind = kind;
	a.path = path;
	return a;
}

static struct region_attr with_perms(struct region_attr a, uint8_t perms)
{
	a.perms = perms;
	return a;
}

static struct log *one_touched(uint64_t first, uint64_t end)
{
	struct log *t = log_create();
	OBSERVE(t, 0, check_anon(first, end));
	ASSERT_WORD(space_of(t), first, PAGE_RESERVED);
	observe_words(t, 0, first, end, PAGE_ANON);
	return t;
}

static void unchanged(void **state)
{
	struct log *t = one_touched(10, 20);
	uint64_t generation = t->world->generation;
	OBSERVE(t, MS, check_anon(10, 20));
	assert_int_equal(t->world->generation, generation);
	log_destroy(t);
}

static void heap_grows_and_shrinks(void **state)
{
	struct log *t = log_create();
	OBSERVE(t, 0, named(check_anon(10, 20), REGION_HEAP, "[heap]"));
	observe_words(t, 0, 10, 20, PAGE_ANON);
	uint64_t id = id_at(t, 10);
	OBSERVE(t, MS, named(check_anon(10, 30), REGION_HEAP, "[heap]"));
	assert_int_equal(t->changes, 1);
	assert_int_equal(t->pages, 1);
	assert_int_equal(t->maps + t->unmaps, 0);
	assert_int_equal(id_at(t, 29), id);
	ASSERT_WORD(space_of(t), 19, PAGE_ANON);
	ASSERT_WORD(space_of(t), 20, PAGE_RESERVED);
	OBSERVE(t, MS, named(check_anon(10, 15), REGION_HEAP, "[heap]"));
	assert_int_equal(id_at(t, 10), id);
	ASSERT_WORD(space_of(t), 14, PAGE_ANON);
	ASSERT_WORD(space_of(t), 15, PAGE_NONE);
	/* its name may change: the memory does not */
	OBSERVE(t, MS, named(check_anon(10, 15), REGION_ANON, "[anon:arena]"));
	assert_int_equal(id_at(t, 10), id);
	assert_int_equal(t->changes, 1);
	log_destroy(t);
}

static void stack_grows_down(void **state)
{
	struct log *t = log_create();
	OBSERVE(t, 0, named(check_anon(100, 133), REGION_STACK, "[stack]"));
	observe_words(t, 0, 130, 133, PAGE_ANON);
	uint64_t id = id_at(t, 132);
	OBSERVE(t, MS, named(check_anon(90, 133), REGION_STACK, "[stack]"));
	assert_int_equal(id_at(t, 90), id);
	ASSERT_WORD(space_of(t), 90, PAGE_RESERVED);
	ASSERT_WORD(space_of(t), 130, PAGE_ANON);
	log_destroy(t);
}

static void mprotect_in_the_middle(void **state)
{
	struct log *t = one_touched(0, 30);
	uint64_t id = id_at(t, 0), generation;
	OBSERVE(t, MS, check_anon(0, 5), with_perms(check_anon(5, 10), REGION_READ), check_anon(10, 30));
	assert_int_equal(id_at(t, 10), id); /* the largest part */
	assert_int_equal(t->maps, 2);
	assert_int_equal(t->changes, 1);
	assert_int_equal(t->pages, 0);
	assert_int_equal(runs_length(space_of(t)->pages), 2);
	assert_int_equal(runs_max(space_of(t)->since, 0, RUNS_END), 0);
	generation = space_of(t)->next_id;
	OBSERVE(t, MS, check_anon(0, 30)); /* and back: merged */
	assert_int_equal(id_at(t, 0), id);
	assert_int_equal(t->unmaps, 2);
	assert_int_equal(t->pages, 0);
	assert_int_equal(space_of(t)->ghost_count, 0);
	assert_int_equal(space_of(t)->next_id, generation);
	ASSERT_WORD(space_of(t), 7, PAGE_ANON);
	log_destroy(t);
}

/* What is not there in a region that allows nothing is a guard, and nothing promised; it turns with
 * the rights, before it is read again. */
static void closed_and_opened(void **state)
{
	struct log *t = log_create();
	OBSERVE(t, MS, with_perms(check_anon(0, 10), 0), check_anon(10, 20));
	ASSERT_WORD(space_of(t), 5, PAGE_GUARD);
	ASSERT_WORD(space_of(t), 15, PAGE_RESERVED);
	observe_words(t, MS, 3, 4, PAGE_ANON);
	OBSERVE(t, 2 * MS, check_anon(0, 20));
	ASSERT_WORD(space_of(t), 2, PAGE_RESERVED);
	ASSERT_WORD(space_of(t), 3, PAGE_ANON);
	ASSERT_WORD(space_of(t), 9, PAGE_RESERVED);
	OBSERVE(t, 3 * MS, check_anon(0, 2), with_perms(check_anon(2, 12), 0), check_anon(12, 20));
	ASSERT_WORD(space_of(t), 1, PAGE_RESERVED);
	ASSERT_WORD(space_of(t), 2, PAGE_GUARD);
	ASSERT_WORD(space_of(t), 3, PAGE_ANON);
	ASSERT_WORD(space_of(t), 11, PAGE_GUARD);
	ASSERT_WORD(space_of(t), 12, PAGE_RESERVED);
	log_destroy(t);
}

/* The border between two regions moves: the one that grows is reported first. */
static void border_moves(void **state)
{
	uint8_t ro = REGION_READ;
	struct log *t = log_create();
	OBSERVE(t, 0, check_anon(0, 10), with_perms(check_anon(10, 20), ro), check_anon(20, 30));
	observe_words(t, 0, 0, 30, PAGE_ANON);
	uint64_t a = id_at(t, 0), b = id_at(t, 10), c = id_at(t, 20);
	OBSERVE(t, MS, check_anon(0, 8), with_perms(check_anon(8, 18), ro), check_anon(18, 30));
	assert_int_equal(t->changes, 3);
	assert_int_equal(t->pages, 0);
	assert_int_equal(runs_length(space_of(t)->pages), 2);
	OBSERVE(t, MS, check_anon(0, 12), with_perms(check_anon(12, 22), ro), check_anon(22, 30));
	assert_int_equal(t->pages, 0);
	assert_int_equal(runs_length(space_of(t)->pages), 2);
	assert_int_equal(id_at(t, 0), a);
	assert_int_equal(id_at(t, 12), b);
	assert_int_equal(id_at(t, 22), c);
	/* ... with something new between them */
	OBSERVE(t, MS, check_anon(0, 5), check_file(5, 6, 7, 0), with_perms(check_anon(6, 22), ro),
		check_anon(22, 30));
	assert_int_equal(id_at(t, 6), b);
	ASSERT_WORD(space_of(t), 5, page_unasked());
	ASSERT_WORD(space_of(t), 6, PAGE_ANON);
	log_destroy(t);
}

static void munmap_in_the_middle(void **state)
{
	struct log *t = one_touched(0, 30);
	uint64_t id = id_at(t, 0);
	OBSERVE(t, MS, check_anon(0, 20), check_anon(25, 30));
	assert_int_equal(id_at(t, 0), id);
	assert_int_not_equal(id_at(t, 25), id);
	ASSERT_WORD(space_of(t), 19, PAGE_ANON);
	ASSERT_WORD(space_of(t), 20, PAGE_NONE);
	ASSERT_WORD(space_of(t), 25, PAGE_ANON);
	assert_int_equal(t->pages, 0);
	log_destroy(t);
}

/* mremap: in place the region grows; elsewhere it is a new one, as nothing shows that it is not. */
static void mremap_moves(void **state)
{
	struct log *t = one_touched(0, 10);
	uint64_t id = id_at(t, 0);
	OBSERVE(t, MS, check_anon(0, 20));
	assert_int_equal(id_at(t, 0), id);
	OBSERVE(t, 2 * MS, check_anon(50, 70));
	assert_int_not_equal(id_at(t, 50), id);
	assert_int_equal(t->unmaps, 1);
	assert_int_equal(space_of(t)->ghosts[0]->id, id);
	ASSERT_WORD(space_of(t), 0, PAGE_NONE);
	ASSERT_WORD(space_of(t), 50, PAGE_RESERVED);
	log_destroy(t);
}

static void files(void **state)
{
	struct log *t = log_create();
	OBSERVE(t, 0, check_file(0, 10, 7, 0), check_file(20, 30, 8, 5));
	observe_words(t, 0, 0, 10, PAGE_FILE);
	observe_words(t, 0, 20, 30, PAGE_FILE);
	uint64_t a = id_at(t, 0), b = id_at(t, 20);

	/* deleted: another name, the same file; cut off at its start: the offset follows */
	OBSERVE(t, MS, named(check_file(0, 10, 7, 0), REGION_FILE, "/tmp/file (deleted)"),
		check_file(24, 30, 8, 9));
	assert_int_equal(id_at(t, 0), a);
	assert_int_equal(id_at(t, 24), b);
	assert_int_equal(t->pages, 0);
	ASSERT_WORD(space_of(t), 0, PAGE_FILE);
	ASSERT_WORD(space_of(t), 20, PAGE_NONE);

	/* another file, and another part of the same file, in the same place */
	OBSERVE(t, MS, check_file(0, 10, 9, 0), check_file(24, 30, 8, 0));
	assert_int_not_equal(id_at(t, 0), a);
	assert_int_not_equal(id_at(t, 24), b);
	ASSERT_WORD(space_of(t), 0, page_unasked());
	ASSERT_WORD(space_of(t), 24, page_unasked());
	assert_int_equal(space_of(t)->ghost_count, 0); /* their place is taken */
	log_destroy(t);
}

/* A library's loader: a file over anonymous memory that was reserved for it. */
static void mapped_over(void **state)
{
	struct log *t = one_touched(0, 30);
	uint64_t id = id_at(t, 0);
	OBSERVE(t, MS, check_anon(0, 5), check_file(5, 10, 7, 0), check_anon(10, 30));
	assert_int_equal(id_at(t, 10), id);
	ASSERT_WORD(space_of(t), 4, PAGE_ANON);
	ASSERT_WORD(space_of(t), 5, page_unasked());
	ASSERT_WORD(space_of(t), 9, page_unasked());
	ASSERT_WORD(space_of(t), 10, PAGE_ANON);
	OBSERVE(t, MS, check_anon(0, 30));
	assert_int_equal(id_at(t, 0), id);
	ASSERT_WORD(space_of(t), 5, PAGE_RESERVED);
	ASSERT_WORD(space_of(t), 10, PAGE_ANON);
	log_reset(t);
	assert_true(observe_regions(process_of(t), &t->sink, MS, NULL, 0) > 0);
	assert_int_equal(space_of(t)->count, 0);
	assert_int_equal(runs_length(space_of(t)->pages), 1);
	log_destroy(t);
}

/* Random maps against a flat picture of what the kernel would hold */

#define FLAT 200
struct flat {
	uint8_t backing; /* 0: nothing; 1: anonymous; 2..: file */
	uint8_t perms;
	uint64_t offset; /* page of the file */
	uint32_t word;
};

static size_t flat_maps(const struct flat *flat, struct region_attr *attrs)
{
	size_t n = 0;
	for (uint64_t i = 0; i < FLAT; i++) {
		if (!flat[i].backing)
			continue;
		bool joins = i > 0 && flat[i - 1].backing == flat[i].backing &&
			     flat[i - 1].perms == flat[i].perms &&
			     (flat[i].backing == 1 || flat[i - 1].offset + 1 == flat[i].offset);
		if (!joins)
			attrs[n++] = with_perms(flat[i].backing == 1
						    ? check_anon(i, i)
						    : check_file(i, i, flat[i].backing, flat[i].offset),
						flat[i].perms);
		attrs[n - 1].end = (i + 1) * PAGE;
	}
	return n;
}

static void flat_operate(struct flat *flat, uint64_t *seed)
{
	uint64_t first = check_random(seed) % FLAT,
		 n = 1 + check_random(seed) % (check_random(seed) % 3 ? 12 : 80);
	uint32_t what = check_random(seed) % 6, offset = check_random(seed) % 3;
	for (uint64_t i = first; i < first + n && i < FLAT; i++) {
		if (what == 0)
			flat[i] = (struct flat){ 0 };
		else if (what == 1)
			flat[i] = (struct flat){ .backing = 1, .perms = REGION_READ };
		else if (what == 2)
			flat[i] = (struct flat){ .backing = (uint8_t)(2 + n % 2),
						 .perms = REGION_READ,
						 .offset = i + offset };
		else if (flat[i].backing)
			flat[i].perms = what == 3 ? REGION_READ : what == 4 ? REGION_WRITE : REGION_EXEC;
	}
}

/* Memory that stayed keeps its word; new memory begins as reserved; nobody has asked the page cache yet. */
static void flat_expect(struct flat *now, const struct flat *was)
{
	for (uint64_t i = 0; i < FLAT; i++) {
		bool stayed = now[i].backing && now[i].backing == was[i].backing &&
			      (now[i].backing == 1 || now[i].offset == was[i].offset);
		if (stayed)
			now[i].word = was[i].word;
		else
			now[i].word = now[i].backing == 1 ? PAGE_RESERVED
				      : now[i].backing    ? page_unasked()
							  : PAGE_NONE;
	}
}

static void check_flat(const struct log *t, const struct flat *flat)
{
	const struct space *s = space_of(t), *replay = world_find(t->replay, 1)->space;
	for (uint64_t i = 0; i < FLAT; i++) {
		assert_int_equal(runs_at(s->pages, i).value, flat[i].word);
		assert_int_equal(runs_at(replay->pages, i).value, flat[i].word);
	}
	assert_int_equal(runs_at(s->pages, FLAT).value, PAGE_NONE);
	for (size_t i = 0; i < s->count; i++) {
		assert_true(i == 0 || s->regions[i - 1]->attr.end <= s->regions[i]->attr.start);
		assert_true(s->regions[i]->id < s->next_id);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(s->regions[i]->id, s->regions[k]->id);
		for (size_t k = 0; k < s->ghost_count; k++)
			assert_true(s->ghosts[k]->attr.end <= s->regions[i]->attr.start ||
				    s->ghosts[k]->attr.start >= s->regions[i]->attr.end);
	}
}

/* A region that grew or shrank alone, or kept more than half of both, is the same. */
static void check_identities(const struct space *before, const struct space *now, const struct flat *was,
			     const struct flat *is)
{
	for (size_t i = 0; i < now->count; i++) {
		const struct region *r = now->regions[i];
		for (size_t k = 0; k < before->count; k++) {
			const struct region *old = before->regions[k];
			uint64_t shared = 0;
			for (uint64_t p = 0; p < FLAT; p++)
				shared += p * PAGE >= r->attr.start && p * PAGE < r->attr.end &&
					  p * PAGE >= old->attr.start && p * PAGE < old->attr.end &&
					  was[p].backing == is[p].backing &&
					  (was[p].backing == 1 || was[p].offset == is[p].offset);
			if (2 * shared * PAGE > r->attr.end - r->attr.start &&
			    2 * shared * PAGE > old->attr.end - old->attr.start)
				assert_int_equal(r->id, old->id);
			if (shared == 0)
				assert_int_not_equal(r->id, old->id);
		}
	}
}

static void random_words(struct log *t, struct flat *flat, uint64_t *seed, uint64_t now_ns)
{
	struct run tiles[FLAT];
	size_t n = 0;
	uint64_t differ = 0;
	for (uint64_t i = 0; i < FLAT; i++) {
		if (check_random(seed) % 16 == 0)
			continue; /* a hole in the reading */
		uint32_t word = PAGE_ANON + check_random(seed) % 2;
		tiles[n++] = (struct run){ i, i + 1, word };
		if (flat[i].backing) {
			differ += flat[i].word != word;
			flat[i].word = word;
		}
	}
	if (check_random(seed) % 2)
		assert_int_equal(observe_pages(process_of(t), &t->sink, now_ns, tiles, n), differ);
	else
		for (size_t i = 0; i < n; i++)
			observe_pages(process_of(t), &t->sink, now_ns, &tiles[i], 1);
	log_reset(t);
	assert_int_equal(observe_pages(process_of(t), &t->sink, now_ns, tiles, n), 0);
	assert_int_equal(t->pages, 0);
}

static void random_maps(void **state)
{
	for (uint64_t start = 1; start <= 20; start++) {
		uint64_t seed = start * 104729;
		struct log *t = log_create();
		struct flat flat[FLAT] = { { 0 } }, before[FLAT];
		for (uint64_t round = 0; round < 100; round++) {
			struct region_attr attrs[FLAT];
			memcpy(before, flat, sizeof flat);
			struct space *old = space_copy(space_of(t));
			for (uint32_t k = check_random(&seed) % 4; k-- > 0;)
				flat_operate(flat, &seed);
			observe(t, round * MS, attrs, flat_maps(flat, attrs));
			flat_expect(flat, before);
			check_flat(t, flat);
			check_identities(old, space_of(t), before, flat);
			space_destroy(old);
			random_words(t, flat, &seed, round * MS);
			check_flat(t, flat);
		}
		log_destroy(t);
	}
}

/* Only what differs is sent; changes near each other in one event. */
static void only_what_differs(void **state)
{
	struct log *t = log_create();
	OBSERVE(t, 0, check_anon(0, 100000), check_anon(200000, 300000));
	struct run tiles[] = { { 0, 500, PAGE_RESERVED },
			       { 500, 501, PAGE_ANON },
			       { 501, 502, PAGE_RESERVED },
			       { 502, 503, PAGE_ANON },
			       { 503, 300000, PAGE_RESERVED } };
	log_reset(t);
	assert_int_equal(observe_pages(process_of(t), &t->sink, MS, tiles, 5), 2);
	assert_int_equal(t->pages, 1);
	assert_int_equal(t->tiles, 3);
	ASSERT_WORD(space_of(t), 150000, PAGE_NONE); /* what lies in no region is left out */
	log_reset(t);
	assert_int_equal(observe_pages(process_of(t), &t->sink, MS, tiles, 5), 0);
	assert_int_equal(t->pages, 0);
	assert_int_equal(observe_pages(process_of(t), &t->sink, MS, tiles, 0), 0);

	/* gone again within a long tile: one event of that page */
	struct run all = { 0, 502, PAGE_RESERVED };
	assert_int_equal(observe_pages(process_of(t), &t->sink, MS, &all, 1), 1);
	assert_int_equal(t->tiles, 1);
	ASSERT_WORD(space_of(t), 500, PAGE_RESERVED);
	ASSERT_WORD(space_of(t), 502, PAGE_ANON);

	/* flags are part of the word */
	struct run flagged = { 502, 503, page_word(PAGE_ANON, PAGE_DIRTY) };
	assert_int_equal(observe_pages(process_of(t), &t->sink, MS, &flagged, 1), 1);
	log_destroy(t);
}

/* A million runs: the first reading, the same again, and scattered changes. The limits
 * are about ten times what is seen. */
static void cost(void **state)
{
	enum { N = 1000000, SCATTERED = 5000 };
	struct log *t = log_create();
	OBSERVE(t, 0, check_anon(0, N));
	struct run *tiles = malloc(N * sizeof *tiles);
	assert_non_null(tiles);
	for (uint64_t i = 0; i < N; i++)
		tiles[i] = (struct run){ i, i + 1, i % 2 ? PAGE_ANON : PAGE_RESERVED };
	struct world *w = t->world;
	struct process *p = process_of(t);

	uint64_t t0 = clock_thread_cpu_ns();
	assert_int_equal(observe_pages(p, &w->sink, 0, tiles, N), N / 2);
	uint64_t t1 = clock_thread_cpu_ns();
	assert_int_equal(observe_pages(p, &w->sink, MS, tiles, N), 0);
	uint64_t t2 = clock_thread_cpu_ns();
	for (uint64_t i = 0; i < SCATTERED; i++)
		tiles[i * (N / SCATTERED)].value = PAGE_SWAP;
	uint64_t t3 = clock_thread_cpu_ns();
	assert_int_equal(observe_pages(p, &w->sink, 2 * MS, tiles, N), SCATTERED);
	uint64_t t4 = clock_thread_cpu_ns();
	print_message("first %.1f ns a tile, the same %.1f, %d scattered changes %.1f us each\n",
		      (double)(t1 - t0) / N, (double)(t2 - t1) / N, SCATTERED,
		      (double)(t4 - t3) / SCATTERED / 1e3);
	assert_true(t1 - t0 < UINT64_C(1000) * N);
	assert_true(t2 - t1 < UINT64_C(200) * N);
	free(tiles);
	log_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unchanged),
		cmocka_unit_test(heap_grows_and_shrinks),
		cmocka_unit_test(stack_grows_down),
		cmocka_unit_test(mprotect_in_the_middle),
		cmocka_unit_test(closed_and_opened),
		cmocka_unit_test(border_moves),
		cmocka_unit_test(munmap_in_the_middle),
		cmocka_unit_test(mremap_moves),
		cmocka_unit_test(files),
		cmocka_unit_test(mapped_over),
		cmocka_unit_test(random_maps),
		cmocka_unit_test(only_what_differs),
		cmocka_unit_test(cost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
