/* Pages that go: which, and why. */
#include "model_check.h"

#include <string.h>

#include "event/call.h"

static struct world *world;
static struct process *p;

static void send(struct event e, uint64_t time_ns)
{
	e.pid = p->pid;
	e.time_ns = time_ns;
	world_apply(world, &e);
}

static void region(enum event_type type, uint64_t id, struct region_attr attr, uint64_t time_ns)
{
	struct event e = { .type = type };

	e.region.id = id;
	e.region.attr = attr;
	send(e, time_ns);
}

static void pages(uint64_t first, uint64_t end, uint32_t word, uint64_t time_ns)
{
	struct run tile = { first, end, word };

	send((struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } }, time_ns);
}

static void discard(uint64_t first, uint64_t end, uint64_t advice, uint64_t time_ns)
{
	struct event e = { .type = EVENT_CALL };

	e.call = (struct event_call){ .tid = 4243,
				      .kind = CALL_MADVISE,
				      .args = { first * PAGE, (end - first) * PAGE, advice } };
	call_return(&e.call, 0, 0);
	send(e, time_ns);
}

static int set_up(void **state)
{
	struct region_attr shared = check_file(200, 220, 7, 0);

	world = world_create();
	p = check_process(world, 4242);
	shared.perms |= REGION_MAY_SHARE;
	region(EVENT_MAP, 1, check_anon(100, 150), 0);
	region(EVENT_MAP, 2, shared, 0);
	pages(100, 150, PAGE_RESERVED, 0);
	pages(200, 220, PAGE_CACHED, 0);
	pages(110, 140, PAGE_ANON, 5 * MS);
	pages(200, 210, PAGE_FILE, 5 * MS);
	return 0;
}

static int tear_down(void **state)
{
	world_destroy(world);
	return 0;
}

static void check(uint64_t number, uint64_t first, uint64_t end, enum left_reason reason)
{
	const struct departure *d = departures_at(&p->departures, number);

	assert_non_null(d);
	assert_int_equal(d->left.first, first);
	assert_int_equal(d->left.end, end);
	assert_int_equal(d->left.reason, reason);
	assert_true(page_state_resident(page_state(d->left.was)) || page_state(d->left.was) == PAGE_SWAP);
}

static void test_pages(void **state)
{
	assert_int_equal(p->departures.end, 0);
	pages(105, 115, PAGE_RESERVED, 10 * MS); /* the first were not there */
	check(0, 110, 115, LEFT_PROGRAM);
	/* their region may have ended between the readings of maps and of pages */
	assert_non_null(strstr(left_reason_text(LEFT_PROGRAM), "munmap"));
	pages(115, 120, PAGE_SWAP, 10 * MS);
	check(1, 115, 120, LEFT_SWAPPED);
	pages(115, 120, PAGE_ANON, 11 * MS); /* and come back */
	pages(200, 205, PAGE_CACHED, 12 * MS);
	check(2, 200, 205, LEFT_OTHER);
	pages(205, 210, PAGE_RESERVED, 12 * MS);
	check(3, 205, 210, LEFT_OTHER);
	pages(120, 122, PAGE_GUARD, 13 * MS);
	check(4, 120, 122, LEFT_PROGRAM);
	pages(122, 124, page_unknown(PAGE_WHY_NOT_READ), 13 * MS); /* that explains nothing */
	pages(124, 126, PAGE_ANON | PAGE_DIRTY, 13 * MS);
	pages(126, 128, PAGE_ZERO, 13 * MS); /* of a huge page that was split, perhaps */
	check(5, 126, 128, LEFT_OTHER);
	assert_int_equal(p->departures.end, 6);
}

/* What is only deduced is marked so, also in words. */
static void test_sure(void **state)
{
	for (enum left_reason reason = 0; reason < LEFT_REASONS; reason++) {
		bool deduced = reason == LEFT_PROGRAM || reason == LEFT_FREED;

		assert_string_equal(left_reason_from(reason), deduced                ? "deduced"
							      : reason == LEFT_OTHER ? ""
										     : "seen");
		assert_int_equal(strstr(left_reason_text(reason), "(deduced") != NULL, deduced);
	}
}

static void call(enum call_kind kind, uint64_t result, uint64_t a, uint64_t b, uint64_t c, uint64_t time_ns)
{
	struct event e = { .type = EVENT_CALL };

	e.call = (struct event_call){ .tid = 4243, .kind = kind, .args = { a, b, c } };
	call_return(&e.call, result, 0);
	send(e, time_ns);
}

static void check_call(uint64_t number, uint64_t first, uint64_t end, enum call_kind kind)
{
	check(number, first, end, LEFT_CALL);
	assert_int_equal(departures_at(&p->departures, number)->left.call, kind);
}

/* What mremap takes away: the end, or all of it, and what was at the new place. What it leaves is not its doing. */
static void test_remapped(void **state)
{
	call(CALL_MREMAP, 100 * PAGE, 100 * PAGE, 50 * PAGE, 45 * PAGE, 8 * MS); /* nothing was there */
	region(EVENT_CHANGE, 1, check_anon(100, 145), 9 * MS);
	assert_int_equal(p->departures.end, 0);
	pages(110, 112, PAGE_RESERVED, 9 * MS); /* a part that stayed */
	check(0, 110, 112, LEFT_PROGRAM);
	call(CALL_MREMAP, 100 * PAGE, 100 * PAGE, 45 * PAGE, 35 * PAGE - 5, 10 * MS);
	region(EVENT_CHANGE, 1, check_anon(100, 135), 11 * MS);
	check_call(1, 135, 140, CALL_MREMAP);
	call(CALL_MREMAP, 300 * PAGE, 100 * PAGE, 35 * PAGE, 40 * PAGE, 12 * MS);
	region(EVENT_UNMAP, 1, check_anon(100, 135), 13 * MS);
	check_call(2, 112, 135, CALL_MREMAP);
	call(CALL_MREMAP, 200 * PAGE, 300 * PAGE, 20 * PAGE, 20 * PAGE, 14 * MS); /* over it */
	region(EVENT_UNMAP, 2, check_anon(200, 220), 15 * MS);
	check_call(3, 200, 210, CALL_MREMAP);
}

/* Calls whose length is not rounded, not given, or not theirs to say. */
static void test_other_calls(void **state)
{
	struct region_attr heap = check_anon(400, 420), shared = check_anon(500, 504);

	heap.kind = REGION_HEAP;
	shared.kind = REGION_SHM;
	shared.perms |= REGION_MAY_SHARE;
	region(EVENT_MAP, 4, heap, 6 * MS);
	region(EVENT_MAP, 5, shared, 6 * MS);
	pages(400, 420, PAGE_ANON, 7 * MS);
	pages(500, 504, PAGE_SHM, 7 * MS);
	call(CALL_MUNMAP, 0, 110 * PAGE, 2 * PAGE - 100, 0, 8 * MS);
	region(EVENT_CHANGE, 1, check_anon(112, 150), 9 * MS);
	check_call(0, 110, 112, CALL_MUNMAP);
	call(CALL_BRK, 410 * PAGE, 410 * PAGE, 0, 0, 8 * MS);
	heap.end = 410 * PAGE;
	region(EVENT_CHANGE, 4, heap, 9 * MS);
	check_call(1, 410, 420, CALL_BRK);
	call(CALL_SHMDT, 0, 500 * PAGE, 0, 0, 10 * MS);
	region(EVENT_UNMAP, 5, shared, 11 * MS);
	check_call(2, 500, 504, CALL_SHMDT);
	region(EVENT_UNMAP, 1, check_anon(112, 150), 12 * MS); /* by a call that was not seen */
	check(3, 112, 140, LEFT_UNMAP);
}

static void test_regions(void **state)
{
	region(EVENT_CHANGE, 1, check_anon(100, 130), 10 * MS);
	check(0, 130, 140, LEFT_UNMAP);
	region(EVENT_MAP, 3, check_anon(120, 125), 11 * MS); /* takes over, and nothing goes */
	region(EVENT_CHANGE, 1, check_anon(100, 120), 11 * MS);
	check(1, 125, 130, LEFT_UNMAP);
	region(EVENT_UNMAP, 2, check_anon(200, 220), 12 * MS);
	check(2, 200, 210, LEFT_UNMAP);
	assert_int_equal(departures_at(&p->departures, 2)->left.kind, REGION_FILE);
	region(EVENT_UNMAP, 1, check_anon(100, 120), 13 * MS);
	check(3, 110, 120, LEFT_UNMAP);
	assert_int_equal(p->departures.end, 4);
	send((struct event){ .type = EVENT_PROCESS, .process = { .exec = true } }, 14 * MS);
	assert_int_equal(p->departures.end, 4);
}

static void test_calls(void **state)
{
	discard(110, 120, 4, 3 * MS); /* before they were there */
	discard(110, 120, 3, 8 * MS); /* MADV_WILLNEED */
	pages(110, 112, PAGE_RESERVED, 9 * MS);
	check(0, 110, 112, LEFT_PROGRAM);
	discard(112, 120, 4, 9 * MS);
	pages(112, 125, PAGE_RESERVED, 10 * MS); /* more than the call was about */
	check(1, 112, 125, LEFT_PROGRAM);
	discard(125, 135, 4, 11 * MS);
	pages(127, 130, PAGE_RESERVED, 12 * MS);
	check(2, 127, 130, LEFT_CALL);
	assert_int_equal(departures_at(&p->departures, 2)->left.call, CALL_MADVISE);
	assert_int_equal(departures_at(&p->departures, 2)->left.tid, 4243);
}

/* MADV_FREE only allows the kernel to take them; copies of a file go when it is truncated. */
static void test_taken(void **state)
{
	discard(110, 120, 8, 6 * MS);
	pages(110, 115, PAGE_RESERVED, 9 * MS);
	check(0, 110, 115, LEFT_FREED);
	assert_int_equal(departures_at(&p->departures, 0)->left.call, CALL_KINDS);
	assert_int_equal(departures_at(&p->departures, 0)->left.tid, 0);
	discard(115, 120, 4, 10 * MS); /* the later call did it */
	pages(115, 120, PAGE_RESERVED, 11 * MS);
	check(1, 115, 120, LEFT_CALL);
	discard(120, 130, 20, 12 * MS); /* MADV_COLD takes nothing away */
	pages(120, 125, PAGE_SWAP, 13 * MS);
	check(2, 120, 125, LEFT_SWAPPED);
	discard(200, 205, 20, 12 * MS);
	pages(200, 205, PAGE_CACHED, 13 * MS);
	check(3, 200, 205, LEFT_OTHER);
	pages(205, 210, PAGE_COPY, 14 * MS);
	pages(205, 208, PAGE_RESERVED, 15 * MS);
	check(4, 205, 208, LEFT_OTHER);
	pages(208, 210, PAGE_GUARD, 15 * MS);
	check(5, 208, 210, LEFT_PROGRAM);
}

static void test_find(void **state)
{
	const struct departure *d;

	pages(110, 115, PAGE_RESERVED, 9 * MS);
	pages(110, 115, PAGE_ANON, 10 * MS);
	pages(112, 113, PAGE_SWAP, 11 * MS);
	d = departures_find(&p->departures, 112, UINT64_MAX);
	assert_int_equal(d->left.reason, LEFT_SWAPPED);
	assert_int_equal(departures_find(&p->departures, 112, 10 * MS)->left.reason, LEFT_PROGRAM);
	assert_int_equal(departures_find(&p->departures, 114, UINT64_MAX)->time_ns, 9 * MS);
	assert_null(departures_find(&p->departures, 115, UINT64_MAX));
	assert_null(departures_find(&p->departures, 110, 8 * MS));
}

static void test_bounds(void **state)
{
	for (uint64_t i = 0; i < DEPARTURES_MAX + 10; i++) {
		pages(100, 101, PAGE_ANON, (20 + i) * MS);
		pages(100, 101, PAGE_RESERVED, (20 + i) * MS);
	}
	assert_int_equal(p->departures.end - p->departures.begin, DEPARTURES_MAX);
	assert_int_equal(p->departures.begin, 10);
	assert_null(departures_at(&p->departures, 9));
	assert_int_equal(departures_at(&p->departures, 10)->time_ns, 30 * MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pages, set_up, tear_down),
		cmocka_unit_test(test_sure),
		cmocka_unit_test_setup_teardown(test_remapped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_other_calls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_regions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_calls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_taken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_find, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bounds, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
