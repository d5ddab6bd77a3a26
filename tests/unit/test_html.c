/* What goes into the page for a browser is bounded, whatever the session has, and says what was left
 * out. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "export/html_changes.h"
#include "export/html_plan.h"
#include "model/world.h"

#define PID 4242
#define MS UINT64_C(1000000)

static struct event process(void)
{
	static const char *const argv[] = { "demo", NULL };

	return (struct event){ .type = EVENT_PROCESS,
			       .pid = PID,
			       .process = { .argv = argv,
					    .comm = "demo",
					    .exe = "",
					    .bits = 64,
					    .page_shift = 12,
					    .address_bits = 48 } };
}

static struct event region(enum event_type type, uint64_t ms, uint64_t id, uint64_t first, uint64_t pages)
{
	return (struct event){ .type = type,
			       .pid = PID,
			       .time_ns = ms * MS,
			       .region = { id,
					   { .start = first << 12,
					     .end = (first + pages) << 12,
					     .perms = REGION_READ,
					     .kind = REGION_ANON,
					     .path = "" } } };
}

static struct event tick(uint64_t ms)
{
	return (struct event){ .type = EVENT_TICK, .pid = PID, .time_ns = ms * MS };
}

static struct event fault(uint64_t ms, uint64_t page, uint64_t ip)
{
	return (struct event){ .type = EVENT_FAULT,
			       .pid = PID,
			       .time_ns = ms * MS,
			       .fault = { .address = page << 12,
					  .ip = ip,
					  .tid = PID,
					  .access = FAULT_WRITE,
					  .cause = FAULT_ZERO_FILL,
					  .was = PAGE_RESERVED,
					  .now = PAGE_ANON } };
}

/* A small one: a unit a page. */
static void a_page_has_a_unit(void **state)
{
	const struct event events[] = { process(), region(EVENT_MAP, 1, 1, 0x100, 16),
					region(EVENT_CHANGE, 2, 1, 0xf0, 64),
					region(EVENT_UNMAP, 9, 1, 0xf0, 64) };
	const struct plan_region *r;
	struct plan plan;

	plan_init(&plan);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		plan_take(&plan, &events[i]);
	plan_share_out(&plan);
	r = plan_region(&plan, plan_process(&plan, PID, 1), 1);
	assert_non_null(r);
	assert_int_equal(r->first, 0xf0); /* all that it ever had */
	assert_int_equal(r->end, 0x130);
	assert_int_equal(r->shift, 0);
	assert_int_equal(r->units, 64);
	assert_int_equal(r->died_ns, 9 * MS);
	assert_null(plan_region(&plan, 0, 2));
	plan_fini(&plan);
}

static void terabytes_and_many_regions(void **state)
{
	struct event e = process();
	const struct plan_region *small, *large;
	struct plan plan;

	plan_init(&plan);
	plan_take(&plan, &e);
	e = region(EVENT_MAP, 1, 1, 0x100, 5);
	plan_take(&plan, &e);
	e = region(EVENT_MAP, 1, 2, UINT64_C(1) << 30, UINT64_C(1) << 28); /* a terabyte */
	plan_take(&plan, &e);
	for (uint64_t i = 0; i < HTML_PLAN_REGIONS_MAX + 100; i++) {
		e = region(EVENT_MAP, 1, 3 + i, 0x10000 + i * 100, 60);
		plan_take(&plan, &e);
	}
	plan_share_out(&plan);
	assert_int_equal(plan.region_count, HTML_PLAN_REGIONS_MAX);
	assert_int_equal(plan.left_out, 102);
	assert_true(plan.units <= HTML_PLAN_UNITS_MAX);
	small = plan_region(&plan, 0, 1);
	large = plan_region(&plan, 0, 2);
	assert_int_equal(small->shift, 0);
	assert_true(large->shift > 0 && large->units <= HTML_PLAN_UNITS_OF_REGION);
	assert_int_equal((uint64_t)large->units << large->shift, UINT64_C(1) << 28);
	plan_fini(&plan);
}

#define PAGES 1000u
#define FAULTS 450000u

/* Sends it to the one, or as the exporter does to the other and the world. */
static void give(struct plan *plan, struct changes *changes, struct world *world, const struct event *e)
{
	if (plan) {
		plan_take(plan, e);
		return;
	}
	changes_take(changes, e);
	world_apply(world, e);
}

/* More faults than are kept, each page again and again. */
static void give_faults(struct plan *plan, struct changes *changes, struct world *world)
{
	struct event e = process();
	struct run tile = { 0x100, 0x100 + PAGES, PAGE_RESERVED };

	give(plan, changes, world, &e);
	e = region(EVENT_MAP, 0, 1, 0x100, PAGES);
	give(plan, changes, world, &e);
	e = (struct event){ .type = EVENT_PAGES, .pid = PID, .pages = { &tile, 1 } };
	give(plan, changes, world, &e);
	for (uint64_t i = 0; i < FAULTS; i++) {
		struct run page = { 0x100 + i % PAGES, 0x101 + i % PAGES, PAGE_ANON };

		e = fault(1 + i, page.first, 0x1000 + i % 7);
		give(plan, changes, world, &e);
		e = (struct event){
			.type = EVENT_PAGES, .pid = PID, .time_ns = (1 + i) * MS, .pages = { &page, 1 }
		};
		give(plan, changes, world, &e);
		page.value = PAGE_RESERVED; /* given back */
		give(plan, changes, world, &e);
		e = tick(1 + i);
		give(plan, changes, world, &e);
	}
}

static void faults_are_sampled(void **state)
{
	struct later_names names;
	struct world *world = world_create();
	struct plan plan;
	struct changes changes;
	uint64_t stands = 0, before = 0;

	plan_init(&plan);
	give_faults(&plan, NULL, NULL);
	plan_share_out(&plan);
	later_names_init(&names);
	changes_init(&changes, &plan, world, &names);
	give_faults(NULL, &changes, world);
	changes_end(&changes);
	assert_int_equal(plan.faults, FAULTS);
	assert_int_equal(changes.faults.every, FAULTS / 400000 + 1);
	assert_true(changes.faults.count >= PAGES &&
		    changes.faults.count <= PAGES + FAULTS / changes.faults.every);
	assert_true(changes.states.count <= 1000000 + PAGES);
	assert_true(changes.states.coarse_ns < UINT64_MAX); /* and the page says so */
	for (size_t i = 0; i < changes.faults.count; i++) {
		stands += changes.faults.list[i].stands;
		assert_true(changes.faults.list[i].time_ns >= before);
		before = changes.faults.list[i].time_ns;
	}
	assert_true(stands > FAULTS - PAGES * changes.faults.every && stands <= FAULTS);
	/* functions count all of them */
	assert_int_equal(changes.flame.nodes[0].faults, FAULTS);
	assert_int_equal(changes.flame.nodes[0].pages, FAULTS);
	changes_fini(&changes);
	later_names_fini(&names);
	plan_fini(&plan);
	world_destroy(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_has_a_unit),
		cmocka_unit_test(terabytes_and_many_regions),
		cmocka_unit_test(faults_are_sampled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
