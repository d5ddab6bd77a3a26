/* The last fault of each page: kept, replaced, forgotten, and bounded. */
#include <stdlib.h>

#include "base/mem.h"
#include "model/stories.h"
#include "model/world.h"
#include "unit/check.h"

static struct event_fault fault_at(uint64_t address, int32_t tid)
{
	return (struct event_fault){ .address = address, .tid = tid };
}

static void test_last_one_counts(void **state)
{
	struct stories s = { 0 };

	(void)state;
	assert_null(stories_find(&s, 0));
	stories_forget(&s, 0, 100);
	for (int32_t i = 1; i <= 3; i++) {
		struct event_fault fault = fault_at(0x5000, i);
		stories_note(&s, 5, (uint64_t)i * 10, &fault, 0);
	}
	assert_int_equal(stories_find(&s, 5)->fault.tid, 3);
	assert_int_equal(stories_find(&s, 5)->time_ns, 30);
	assert_null(stories_find(&s, 4));
	stories_forget(&s, 0, 5);
	assert_non_null(stories_find(&s, 5));
	stories_forget(&s, 5, 6);
	assert_null(stories_find(&s, 5));
	stories_fini(&s);
}

/* While the table can grow no story is lost, whatever the pages; forgetting removes exactly what it
 * should. */
static void test_many(void **state)
{
	struct stories s = { 0 };
	uint64_t count = 50000, step = 512;

	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		struct event_fault fault = fault_at(i, (int32_t)i);
		stories_note(&s, i * step, i, &fault, 0);
	}
	for (uint64_t i = 0; i < count; i++) {
		const struct story *story = stories_find(&s, i * step);
		assert_non_null(story);
		assert_int_equal(story->fault.address, i);
	}
	stories_forget(&s, 100 * step, 40000 * step);
	for (uint64_t i = 0; i < count; i++)
		assert_int_equal(!stories_find(&s, i * step), i >= 100 && i < 40000);
	stories_fini(&s);
}

static void test_bounded(void **state)
{
	struct stories s = { 0 };
	uint64_t count = 2000000;

	(void)state;
	for (uint64_t i = 0; i < count; i++) {
		struct event_fault fault = fault_at(i, 1);
		stories_note(&s, i, i, &fault, 0);
		assert_int_equal(stories_find(&s, i)->fault.address, i);
	}
	assert_true(s.size * sizeof *s.slots <= 32 << 20);
	stories_fini(&s);
}

/* The world keeps them, and forgets them with their memory. */
static void test_world(void **state)
{
	struct world *world = world_create();
	struct event_process process = {
		.argv = (const char *const[]){ "demo", NULL }, .comm = "demo", .exe = "", .page_shift = 12
	};
	struct region_attr attr = {
		.start = 0x10000, .end = 0x20000, .perms = 3, .kind = REGION_ANON, .path = ""
	};
	struct event e = { .type = EVENT_PROCESS, .pid = 1, .process = process };

	(void)state;
	world_apply(world, &e);
	e = (struct event){ .type = EVENT_MAP, .pid = 1, .time_ns = 50, .region = { 1, attr } };
	world_apply(world, &e);
	uint64_t generation = world->generation;
	for (uint64_t at = 0x10010; at < 0x20000; at += 0x1000) {
		e = (struct event){ .type = EVENT_FAULT, .pid = 1, .time_ns = 40, .fault = fault_at(at, 7) };
		world_apply(world, &e);
	}
	const struct process *p = world_find(world, 1);
	assert_int_equal(stories_find(&p->faults.stories, 0x1f)->fault.address, 0x1f010);
	assert_int_equal(world->now_ns, 50); /* a fault is reported a little after it happened */
	assert_true(world->generation > generation);
	/* a fatal fault is the page's last one, too, except outside all regions */
	for (uint64_t at = 0x1f020; at < 0x21000; at += 0x1000) {
		e = (struct event){ .type = EVENT_FAULT, .pid = 1, .time_ns = 55, .fault = fault_at(at, 7) };
		e.fault.cause = FAULT_NO_RIGHT;
		world_apply(world, &e);
	}
	assert_int_equal(stories_find(&p->faults.stories, 0x1f)->fault.address, 0x1f020);
	assert_null(stories_find(&p->faults.stories, 0x20));
	attr.start = 0x12000;
	attr.end = 0x1a000;
	e = (struct event){ .type = EVENT_CHANGE, .pid = 1, .time_ns = 60, .region = { 1, attr } };
	world_apply(world, &e);
	for (uint64_t page = 0x10; page < 0x20; page++)
		assert_int_equal(!!stories_find(&p->faults.stories, page), page >= 0x12 && page < 0x1a);
	e = (struct event){ .type = EVENT_UNMAP, .pid = 1, .time_ns = 70, .region = { 1, attr } };
	world_apply(world, &e);
	for (uint64_t page = 0x10; page < 0x20; page++)
		assert_null(stories_find(&p->faults.stories, page));
	world_destroy(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_one_counts),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_world),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
