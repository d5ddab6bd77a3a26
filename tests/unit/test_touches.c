/* How the page of a fault was, if its region is gone by the time the fault is reported; and what came with
 * it. */
#include "base/mem.h"
#include "event/page.h"
#include "live/touches.h"
#include "unit/check.h"

#define PAGE UINT64_C(4096)

struct scene {
	struct world *world;
	struct fault_batch batch;
	struct touches touches;
	struct seen seen;
};

static struct process *begin(struct scene *s)
{
	struct event e = { .type = EVENT_PROCESS, .pid = 1 };
	*s = (struct scene){ .world = world_create() };
	e.process = (struct event_process){
		.argv = (const char *const[]){ "t", NULL }, .comm = "t", .exe = "", .page_shift = 12
	};
	world_apply(s->world, &e);
	return world_find(s->world, 1);
}

static void end(struct scene *s)
{
	fault_batch_fini(&s->batch);
	touches_fini(&s->touches);
	seen_fini(&s->seen);
	world_destroy(s->world);
}

static void fault(struct scene *s, uint64_t time_ns, uint64_t page)
{
	mem_grow(s->batch.records, s->batch.cap, s->batch.count + 1);
	s->batch.records[s->batch.count++] =
	    (struct fault_record){ .time_ns = time_ns, .address = page * PAGE, .pid = 1, .tid = 1 };
}

static void change(struct scene *s, uint64_t page, enum page_state was, enum page_state now, uint64_t time_ns)
{
	seen_add(&s->seen,
		 &(struct seen_change){ page, page + 1, page_word(was, 0), page_word(now, 0), time_ns });
}

/* The state before each fault, by their places, and when their memory was mapped. */
static void find(struct scene *s, const struct process *p, const enum touch_memory *places,
		 const uint64_t *fresh)
{
	touches_gather(&s->touches, &s->batch, p->space);
	touches_before(&s->touches, &s->batch, p, &s->seen, 0, 0);
	static const uint64_t last[5];
	static const bool later[5];
	struct touch_past past = { places, fresh, last, later };
	touches_apart(&s->touches, &s->batch, p, &s->seen, &past, 0);
}

static enum page_state was(const struct scene *s, size_t record)
{
	return page_state(touches_of_record(&s->touches, record)->was);
}

/* The region went with the look that came after the touch, or by its stamp before it. */
static void test_left(void **state)
{
	struct scene s;
	struct process *p = begin(&s);
	enum touch_memory places[5] = { TOUCH_IN_LEFT, TOUCH_IN_LEFT, TOUCH_IN_LEFT, TOUCH_IN_LEFT,
					TOUCH_IN_LEFT };
	uint64_t fresh[5] = { 0 };
	change(&s, 14, PAGE_RESERVED, PAGE_ANON, 5);
	change(&s, 10, PAGE_ANON, PAGE_NONE, 30);
	change(&s, 11, PAGE_RESERVED, PAGE_NONE, 30);
	change(&s, 14, PAGE_ANON, PAGE_NONE, 30);
	fault(&s, 20, 10);
	fault(&s, 20, 11);
	fault(&s, 40, 10); /* the second one of its page: whatever the first has left */
	fault(&s, 20, 12); /* nothing was ever known of it */
	fault(&s, 40, 14); /* it may be what the first look saw, reported late */
	find(&s, p, places, fresh);
	assert_int_equal(was(&s, 0), PAGE_ANON);
	assert_int_equal(was(&s, 1), PAGE_RESERVED);
	assert_int_equal(was(&s, 2), PAGE_UNKNOWN);
	assert_int_equal(was(&s, 3), PAGE_UNKNOWN);
	assert_int_equal(was(&s, 4), PAGE_UNKNOWN);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(page_state(touches_of_record(&s.touches, i)->now), PAGE_UNKNOWN);
	end(&s);
	(void)state;
}

/* The stamp of the look is older than the touch. */
static void test_left_by_stamp(void **state)
{
	struct scene s;
	struct process *p = begin(&s);
	enum touch_memory places[1] = { TOUCH_IN_LEFT };
	uint64_t fresh[1] = { 0 };
	change(&s, 10, PAGE_ANON, PAGE_NONE, 30);
	fault(&s, 40, 10);
	find(&s, p, places, fresh);
	assert_int_equal(was(&s, 0), PAGE_ANON);
	end(&s);
	(void)state;
}

/* It came and went between two looks: the first touch of a page found it untouched, of others nothing is known. */
static void test_unseen(void **state)
{
	struct scene s;
	struct process *p = begin(&s);
	enum touch_memory places[3] = { TOUCH_IN_UNSEEN, TOUCH_IN_UNSEEN, TOUCH_IN_UNSEEN };
	uint64_t fresh[3] = { 15, 15, 0 };
	fault(&s, 20, 10);
	fault(&s, 21, 10);
	fault(&s, 22, 11);
	find(&s, p, places, fresh);
	assert_int_equal(touches_of_record(&s.touches, 0)->was, page_unasked());
	assert_int_equal(was(&s, 1), PAGE_UNKNOWN);
	assert_int_equal(was(&s, 2), PAGE_UNKNOWN);
	end(&s);
	(void)state;
}

static void say_pages(struct scene *s, enum page_state state)
{
	struct run tile = { 10, 11, page_word(state, 0) };
	struct event e = { .type = EVENT_PAGES, .pid = 1, .pages = { &tile, 1 } };
	world_apply(s->world, &e);
}

/* A page is touched again, but not in the batch that follows: what it was in between is kept. */
static void test_again(void **state)
{
	struct scene s;
	struct process *p = begin(&s);
	struct fault_batch all;
	const struct fault_batch *later[2];
	struct event map = { .type = EVENT_MAP, .pid = 1 };
	map.region.id = 1;
	map.region.attr =
	    (struct region_attr){ .start = PAGE, .end = 99 * PAGE, .perms = REGION_WRITE, .path = "" };
	world_apply(s.world, &map);
	say_pages(&s, PAGE_ANON);
	change(&s, 10, PAGE_RESERVED, PAGE_ANON, 30);
	fault(&s, 20, 10);
	fault(&s, 40, 20);
	fault(&s, 50, 10);
	s.batch.records[0].has_code = true;
	s.batch.records[0].code = FAULT_CODE_WRITE;
	all = s.batch;
	struct fault_batch parts[3] = { all, all, all };
	for (size_t i = 0; i < 3; i++) {
		parts[i].records = all.records + i;
		parts[i].count = 1;
	}
	for (size_t i = 0; i < 3; i++) {
		size_t n = 0;
		for (size_t j = i + 1; j < 3; j++)
			later[n++] = &parts[j];
		touches_gather(&s.touches, &parts[i], p->space);
		touches_before(&s.touches, &parts[i], p, &s.seen, 0, 0);
		touches_after(&s.touches, &parts[i], later, n, p->space, 99);
		const struct touch *t = touches_of_record(&s.touches, 0);
		if (i != 1) {
			assert_int_equal(page_state(t->was), i ? PAGE_ANON : PAGE_RESERVED);
			assert_int_equal(page_state(t->now), i ? PAGE_SWAP : PAGE_ANON);
			assert_true(t->between);
		}
		say_pages(&s, PAGE_SWAP); /* found by a look of which no change is kept */
	}
	end(&s);
	(void)state;
}

/* Up to three faults on a file, and how many pages on either side came with each. */
struct neighbour_case {
	uint64_t changed[2]; /* from the first of them on, and before the second */
	uint64_t pages[3];   /* in order of time; 0: there is none */
	uint16_t before[3], after[3];
};

static const struct region_attr file_region = { .start = 500 * PAGE,
						.end = 1100 * PAGE,
						.inode = 1,
						.perms = REGION_READ,
						.kind = REGION_FILE,
						.path = "/tmp/file" };

static void check_neighbours(const struct neighbour_case *c)
{
	struct scene s;
	struct process *p = begin(&s);
	struct event e = { .type = EVENT_MAP, .pid = 1 };
	e.region.id = 1;
	e.region.attr = file_region;
	world_apply(s.world, &e);
	for (size_t i = 0; i < 3 && c->pages[i]; i++)
		fault(&s, 10 + i, c->pages[i]);
	seen_add(&s.seen, &(struct seen_change){ c->changed[0], c->changed[1], page_word(PAGE_RESERVED, 0),
						 page_word(PAGE_FILE, 0), 50 });
	touches_gather(&s.touches, &s.batch, p->space);
	for (size_t i = 0; i < s.touches.count; i++) {
		s.touches.list[i].was = page_word(PAGE_RESERVED, 0);
		s.touches.list[i].now = page_word(PAGE_FILE, 0);
	}
	touches_neighbours(&s.touches, &s.batch, p, &s.seen, 0);
	for (size_t i = 0; i < s.batch.count; i++) {
		assert_int_equal(touches_of_record(&s.touches, i)->before, c->before[i]);
		assert_int_equal(touches_of_record(&s.touches, i)->after, c->after[i]);
	}
	end(&s);
}

/* A fault brings its 16 pages, and those of its folio beyond them, which no other fault has among its 16. */
static void test_folios(void **state)
{
	static const struct neighbour_case cases[] = {
		/* a folio of 256 pages, then two windows */
		{ { 512, 800 }, { 512, 768, 784 }, { 0, 0, 0 }, { 255, 15, 15 } },
		/* two meet: what lies between them is of the earlier one */
		{ { 512, 1024 }, { 1023, 532, 0 }, { 479, 20 }, { 0, 11 } },
		{ { 512, 1024 }, { 532, 1023, 0 }, { 20, 15 }, { 475, 0 } },
		/* a window that is not full is no folio's; nor does one end in the next page table */
		{ { 529, 700 }, { 530, 0 }, { 1 }, { 13 } },
		{ { 529, 540 }, { 530, 0 }, { 1 }, { 9 } },
		{ { 1000, 1100 }, { 1010, 0 }, { 10 }, { 13 } },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check_neighbours(&cases[i]);
}

/* A region that was first seen after the fault: all that is there came with faults. */
static void test_new_region(void **state)
{
	struct scene s;
	struct process *p = begin(&s);
	struct event e = { .type = EVENT_MAP, .pid = 1, .time_ns = 20 };
	struct run tile = { 512, 528, page_word(PAGE_FILE, 0) };
	e.region.id = 1;
	e.region.attr = file_region;
	world_apply(s.world, &e);
	world_apply(s.world,
		    &(struct event){ .type = EVENT_PAGES, .pid = 1, .time_ns = 20, .pages = { &tile, 1 } });
	fault(&s, 10, 520);
	for (int known = 0; known < 2; known++) {
		s.batch.records[0].time_ns = known ? 30 : 10;
		touches_gather(&s.touches, &s.batch, p->space);
		s.touches.list[0].was = page_word(PAGE_RESERVED, 0);
		s.touches.list[0].now = page_word(PAGE_FILE, 0);
		touches_neighbours(&s.touches, &s.batch, p, &s.seen, 0);
		assert_int_equal(s.touches.list[0].before, known ? 0 : 8);
		assert_int_equal(s.touches.list[0].after, known ? 0 : 7);
	}
	end(&s);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_left),          cmocka_unit_test(test_folios),
		cmocka_unit_test(test_left_by_stamp), cmocka_unit_test(test_unseen),
		cmocka_unit_test(test_again),         cmocka_unit_test(test_new_region),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
