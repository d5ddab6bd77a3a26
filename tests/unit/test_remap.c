/* Where a fault was, when something else is mapped there by the time it is reported. */
#include <string.h>

#include "base/mem.h"
#include "model/world.h"
#include "live/remap.h"
#include "unit/check.h"

#define AT UINT64_C(0x7f1200000000)
#define PAGE UINT64_C(4096)

static struct world *world;
static struct process *process;
static struct remap remap;
static struct fault_batch batch;
static uint64_t maps_ns; /* when the model had its regions */

static int begin(void **state)
{
	struct event e = { .type = EVENT_PROCESS, .pid = 1 };
	(void)state;
	e.process = (struct event_process){
		.argv = (const char *const[]){ "t", NULL }, .comm = "t", .exe = "", .page_shift = 12
	};
	world = world_create();
	world_apply(world, &e);
	process = world_find(world, 1);
	maps_ns = 100;
	return 0;
}

static int end(void **state)
{
	(void)state;
	fault_batch_fini(&batch);
	remap_fini(&remap);
	world_destroy(world);
	return 0;
}

/* inode 0: anonymous */
static struct region_attr attr(uint64_t start, uint64_t pages, uint64_t inode, const char *path)
{
	return (struct region_attr){ .start = start,
				     .end = start + pages * PAGE,
				     .inode = inode,
				     .dev_major = inode ? 8 : 0,
				     .perms = 3,
				     .kind = inode ? REGION_FILE : REGION_ANON,
				     .path = path };
}

static void region(enum event_type type, uint64_t id, struct region_attr a, uint64_t clock_ns)
{
	struct event e = { .type = type, .pid = 1, .time_ns = clock_ns, .region = { id, a } };
	remap_note(&remap, &e, process->space, clock_ns);
	world_apply(world, &e);
}

static void mapping(uint64_t time_ns, struct region_attr a)
{
	a.path = mem_strdup(a.path);
	mem_grow(batch.mappings, batch.mapping_cap, batch.mapping_count + 1);
	batch.mappings[batch.mapping_count++] = (struct fault_mapping){ time_ns, 1, a };
}

static void fault(uint64_t time_ns, uint64_t address, uint64_t ip)
{
	mem_grow(batch.records, batch.cap, batch.count + 1);
	batch.records[batch.count++] =
	    (struct fault_record){ .time_ns = time_ns, .address = address, .ip = ip, .tid = 1 };
}

/* Each fault's path, as it is when it is reported: "a.txt b.txt -"; afterwards the model is as before. */
static const char *paths(void)
{
	static char out[256];
	struct event stamp = { .time_ns = 1000, .pid = 1 };
	size_t count = process->space->count;
	out[0] = '\0';
	remap_take(&remap, &batch);
	bool any = remap_find(&remap, &batch, process->space, maps_ns, 0);
	for (size_t i = 0; i < batch.count; i++) {
		if (any)
			remap_show(&remap, i, &batch, process->space, &world->sink, &stamp);
		const struct region *r = space_find(process->space, batch.records[i].address);
		strcat(out, i ? " " : "");
		strcat(out, !r ? "-" : *r->attr.path ? r->attr.path : "anon");
	}
	if (any)
		remap_show(&remap, SIZE_MAX, &batch, process->space, &world->sink, &stamp);
	assert_int_equal(process->space->count, count);
	assert_int_equal(remap.shown.count, 0);
	return out;
}

/* One file after the other at the same place, the last one still there. */
static void test_one_after_another(void **state)
{
	mapping(10, attr(AT, 4, 1, "a.txt"));
	fault(11, AT, 0);
	mapping(20, attr(AT, 2, 2, "b.txt"));
	fault(21, AT + PAGE, 0);
	fault(22, AT, 0);
	mapping(30, attr(AT, 8, 3, "c.txt"));
	fault(31, AT + 7 * PAGE, 0);
	fault(32, AT, 0);
	region(EVENT_MAP, 1, attr(AT, 8, 3, "c.txt"), 40);
	assert_string_equal(paths(), "a.txt b.txt b.txt c.txt c.txt");
	assert_true(remap.answers.memory[0] && remap.answers.memory[1] && remap.answers.memory[2] &&
		    !remap.answers.memory[3] && !remap.answers.memory[4]);
	assert_string_equal(remap_of(&remap, 0)->path, "a.txt");
	assert_null(remap_of(&remap, 4));
	(void)state;
}

/* Nothing is there now. */
static void test_nothing_now(void **state)
{
	mapping(10, attr(AT, 4, 1, "a.txt"));
	fault(9, AT, 0);
	fault(11, AT, 0);
	fault(12, AT + 4 * PAGE, 0);
	assert_string_equal(paths(), "- a.txt -");
	assert_int_equal(remap.answers.memory[1], TOUCH_IN_UNSEEN);
	(void)state;
}

/* It was there before perf reported mappings: the model had it until maps was read again. */
static void test_left(void **state)
{
	region(EVENT_MAP, 1, attr(AT, 4, 1, "a.txt"), 5);
	fault(11, AT + PAGE, 0);
	mapping(20, attr(AT, 4, 2, "b.txt"));
	fault(21, AT + PAGE, 0);
	region(EVENT_UNMAP, 1, attr(AT, 4, 1, "a.txt"), 30);
	region(EVENT_MAP, 2, attr(AT, 4, 2, "b.txt"), 30);
	assert_string_equal(paths(), "a.txt b.txt");
	assert_int_equal(remap.answers.memory[0], TOUCH_IN_LEFT);
	assert_int_equal(remap.answers.memory[1], TOUCH_IN_PRESENT);
	remap_forget(&remap, 31, 31);
	assert_false(remap_find(&remap, &batch, process->space, maps_ns, 0));
	(void)state;
}

static void test_left_in_part(void **state)
{
	struct region_attr rest = attr(AT, 2, 1, "a.txt");
	region(EVENT_MAP, 1, attr(AT, 4, 1, "a.txt"), 5);
	fault(11, AT + 3 * PAGE, 0);
	fault(12, AT, 0);
	region(EVENT_CHANGE, 1, rest, 30);
	assert_string_equal(paths(), "a.txt a.txt");
	assert_true(remap.answers.memory[0] && !remap.answers.memory[1]);
	(void)state;
}

/* Other rights, a longer heap: reported as mappings, but nothing was remapped. */
static void test_same_memory(void **state)
{
	struct region_attr file = attr(AT, 4, 1, "a.txt"), part = attr(AT + 2 * PAGE, 2, 1, "a.txt");
	part.offset = 2 * PAGE;
	part.perms = 1;
	mapping(10, file);
	fault(11, AT + 2 * PAGE, 0);
	mapping(12, part);
	fault(13, AT + 2 * PAGE, 0);
	mapping(20, attr(AT + 8 * PAGE, 4, 0, ""));
	fault(21, AT + 8 * PAGE, 0);
	mapping(22, attr(AT + 8 * PAGE, 40, 0, ""));
	file.end = part.start;
	region(EVENT_MAP, 1, file, 40);
	region(EVENT_MAP, 2, part, 40);
	region(EVENT_MAP, 3, attr(AT + 8 * PAGE, 40, 0, ""), 40);
	assert_string_equal(paths(), "a.txt a.txt anon");
	assert_false(remap.answers.memory[0] || remap.answers.memory[1] || remap.answers.memory[2]);
	(void)state;
}

/* Maps was read a while ago: what was mapped since is newer. */
static void test_model_behind(void **state)
{
	region(EVENT_MAP, 1, attr(AT, 4, 1, "a.txt"), 5);
	maps_ns = 6;
	fault(8, AT, 0);
	mapping(10, attr(AT, 4, 2, "b.txt"));
	fault(11, AT, 0);
	assert_string_equal(paths(), "a.txt b.txt");
	(void)state;
}

/* A new mapping is distinguished from one that only got other rights, or grew. */
static void test_fresh(void **state)
{
	mapping(10, attr(AT, 4, 1, "a.txt"));
	fault(11, AT, 0);
	mapping(20, attr(AT, 4, 2, "b.txt"));
	fault(21, AT, 0);
	fault(22, AT, 0);
	mapping(30, attr(AT, 4, 2, "b.txt")); /* other rights, say */
	fault(31, AT, 0);
	region(EVENT_MAP, 1, attr(AT, 4, 2, "b.txt"), 40);
	assert_string_equal(paths(), "a.txt b.txt b.txt b.txt");
	assert_int_equal(remap.answers.fresh_ns[0], 10);
	assert_int_equal(remap.answers.fresh_ns[1], 20);
	assert_int_equal(remap.answers.fresh_ns[2], 20);
	assert_int_equal(remap.answers.fresh_ns[3], 0);
	(void)state;
}

/* Memory that was never seen came by its first mapping, however often it got other rights or lost a part. */
static void test_unseen_fresh(void **state)
{
	mapping(10, attr(AT, 8, 0, "")); /* reserved, say, */
	mapping(20, attr(AT, 4, 0, "")); /* and half of it given rights */
	mapping(30, attr(AT, 2, 0, ""));
	fault(31, AT, 0);
	mapping(40, attr(AT, 4, 2, "b.txt"));
	fault(41, AT, 0);
	assert_string_equal(paths(), "anon b.txt");
	assert_int_equal(remap.answers.fresh_ns[0], 10);
	assert_int_equal(remap.answers.fresh_ns[1], 40);
	(void)state;
}

/* ... unless the model had memory of that kind there, which left. */
static void test_unseen_not_fresh(void **state)
{
	region(EVENT_MAP, 1, attr(AT, 8, 0, ""), 5);
	region(EVENT_UNMAP, 1, attr(AT, 8, 0, ""), 8);
	mapping(10, attr(AT, 8, 0, ""));
	mapping(20, attr(AT, 4, 0, ""));
	fault(31, AT, 0);
	assert_string_equal(paths(), "anon");
	assert_int_equal(remap.answers.fresh_ns[0], 0);
	(void)state;
}

/* It was in the model before. */
static void test_not_fresh(void **state)
{
	region(EVENT_MAP, 1, attr(AT, 4, 0, ""), 5);
	mapping(10, attr(AT, 8, 0, "")); /* it grew */
	fault(11, AT, 0);
	region(EVENT_CHANGE, 1, attr(AT, 8, 0, ""), 40);
	assert_string_equal(paths(), "anon");
	assert_int_equal(remap.answers.fresh_ns[0], 0);
	(void)state;
}

/* The code that touched is gone, and the data is not. */
static void test_code(void **state)
{
	struct event stamp = { .pid = 1 };
	mapping(10, attr(AT, 4, 1, "lib.so"));
	fault(11, AT + 64 * PAGE, AT + 8);
	region(EVENT_MAP, 1, attr(AT + 64 * PAGE, 4, 0, ""), 5);
	remap_take(&remap, &batch);
	assert_true(remap_find(&remap, &batch, process->space, maps_ns, 0));
	assert_false(remap.answers.memory[0]);
	remap_show(&remap, 0, &batch, process->space, &world->sink, &stamp);
	assert_string_equal(space_find(process->space, AT)->attr.path, "lib.so");
	remap_show(&remap, SIZE_MAX, &batch, process->space, &world->sink, &stamp);
	assert_null(space_find(process->space, AT));
	(void)state;
}

/* What is there now keeps its pages and their stories while an older mapping is shown. */
static void test_pages_stay(void **state)
{
	struct run tile = { AT / PAGE, AT / PAGE + 4, PAGE_FILE };
	struct event pages = { .type = EVENT_PAGES, .pid = 1, .time_ns = 41, .pages = { &tile, 1 } };
	mapping(10, attr(AT - 4 * PAGE, 12, 1, "wide"));
	fault(11, AT, 0);
	mapping(20, attr(AT, 4, 2, "now"));
	region(EVENT_MAP, 1, attr(AT, 4, 2, "now"), 40);
	world_apply(world, &pages);
	assert_string_equal(paths(), "wide");
	for (uint64_t i = 0; i < 4; i++)
		assert_int_equal(runs_at(process->space->pages, AT / PAGE + i).value, PAGE_FILE);
	assert_int_equal(runs_at(process->space->pages, AT / PAGE - 1).value, PAGE_NONE);
	(void)state;
}

/* However many mappings come and go. */
static void test_bounded(void **state)
{
	for (uint64_t i = 0; i < 3 * REMAP_KEPT; i++) {
		mapping(i, attr(AT + i % 7 * PAGE, 2, i + 1, "x"));
		if (i % 100 == 0)
			remap_take(&remap, &batch);
	}
	remap_take(&remap, &batch);
	assert_in_range(remap.mapped.count, 1, REMAP_KEPT);
	for (size_t i = 1; i < remap.mapped.count; i++)
		assert_true(remap.mapped.list[i - 1].time_ns <= remap.mapped.list[i].time_ns);
	(void)state;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

static enum remap_moved moved(bool *zero)
{
	remap_take(&remap, &batch);
	remap_find(&remap, &batch, process->space, maps_ns, 0);
	return remap_moved(&remap, process->space, zero);
}

/* A fault where nothing was mapped: which memory mremap can have brought there. */
static void test_moved(void **state)
{
	struct event pages = { .type = EVENT_PAGES, .pid = 1 };
	struct run tile = { AT / PAGE + 1, AT / PAGE + 2, PAGE_ZERO };
	struct region_attr closed = attr(AT + 64 * PAGE, 4, 0, "");
	bool zero;
	region(EVENT_MAP, 1, attr(AT, 4, 0, ""), 10);
	region(EVENT_MAP, 2, attr(AT + 8 * PAGE, 4, 1, "a.txt"), 10);
	fault(150, AT + 32 * PAGE, 0);
	assert_int_equal(moved(&zero), REMAP_MOVED_ALL);
	assert_false(zero);
	region(EVENT_UNMAP, 1, attr(AT, 4, 0, ""), 160);
	assert_int_equal(moved(&zero), REMAP_MOVED_ALL);
	assert_true(remap.answers.found && remap.answers.unreported[0] && !remap.answers.region[0]);
	assert_false(zero);

	region(EVENT_MAP, 1, attr(AT, 4, 0, ""), 170);
	pages.pages.tiles = &tile;
	pages.pages.n = 1;
	world_apply(world, &pages);
	region(EVENT_UNMAP, 1, attr(AT, 4, 0, ""), 180);
	assert_int_equal(moved(&zero), REMAP_MOVED_ALL);
	assert_true(zero);

	closed.perms = 0; /* it cannot be touched: something else was put there */
	mapping(140, closed);
	fault(155, AT + 64 * PAGE, 0);
	assert_int_equal(moved(&zero), REMAP_MOVED_ALL);
	assert_true(remap.answers.unreported[1] && !remap.answers.region[1]);

	struct region_attr file = attr(AT + 80 * PAGE, 4, 3, "c.txt");
	file.perms = REGION_READ;
	mapping(145, file);
	assert_int_equal(moved(&zero), REMAP_MOVED_WRITABLE);
	region(EVENT_UNMAP, 2, attr(AT + 8 * PAGE, 4, 1, "a.txt"), 190); /* it can be written */
	assert_int_equal(moved(&zero), REMAP_MOVED_UNKNOWN);
	remap_forget(&remap, 200, 200);
	assert_int_equal(moved(&zero), REMAP_MOVED_ALL);

	remap_lose(&remap, 210);
	assert_int_equal(moved(&zero), REMAP_MOVED_UNKNOWN);
	remap_forget(&remap, 220, 220);
	assert_int_equal(moved(&zero), REMAP_MOVED_ALL);
	file.perms = REGION_READ | REGION_WRITE | REGION_MAY_SHARE; /* there can be a second mapping of it */
	region(EVENT_MAP, 3, file, 230);
	assert_int_equal(moved(&zero), REMAP_MOVED_UNKNOWN);
}

/* What has come without a report was brought by mremap, but not what is left of a file's region that was split. */
static void test_brought(void **state)
{
	struct region_attr whole = attr(AT, 8, 1, "a.txt"), rest = whole, begin = whole, other = rest;
	region(EVENT_MAP, 1, whole, 10);
	remap_note_read(&remap);
	rest.start = begin.end = AT + 2 * PAGE;
	rest.offset = 2 * PAGE;
	begin.perms = REGION_READ;
	region(EVENT_MAP, 2, rest, 20);
	region(EVENT_CHANGE, 1, begin, 20);
	assert_false(remap_is_unread(&remap, AT) || remap_is_unread(&remap, AT + 4 * PAGE));
	other.start = AT + 16 * PAGE;
	other.end = AT + 24 * PAGE;
	region(EVENT_MAP, 3, other, 30);
	assert_true(remap_is_unread(&remap, AT + 20 * PAGE));
	region(EVENT_MAP, 4, attr(AT + 32 * PAGE, 8, 0, ""), 40);
	region(EVENT_MAP, 5, attr(AT + 36 * PAGE, 4, 0, ""),
	       50); /* another anonymous region looks the same */
	assert_true(remap_is_unread(&remap, AT + 36 * PAGE));
	(void)state;
}

/* The story of a page; NULL: it has none. */
static const struct story *story_at(uint64_t address)
{
	return stories_find(&process->faults.stories, address / PAGE);
}

static void touched(uint64_t address)
{
	struct event e = { .type = EVENT_FAULT, .pid = 1, .time_ns = 50 };
	e.fault.address = address;
	world_apply(world, &e);
	assert_non_null(story_at(address));
}

/* A heap that has grown and shrunk again: what is shown is only its end, and its other pages keep their stories. */
static void test_shrunk(void **state)
{
	struct event stamp = { .time_ns = 1000, .pid = 1 };
	region(EVENT_MAP, 1, attr(AT, 4, 0, ""), 5);
	touched(AT);
	mapping(10, attr(AT, 8, 0, ""));
	mapping(20, attr(AT, 16, 0, ""));
	fault(11, AT + 6 * PAGE, 0);
	fault(21, AT + 12 * PAGE, 0);
	remap_take(&remap, &batch);
	assert_true(remap_find(&remap, &batch, process->space, maps_ns, 0));
	for (size_t i = 0; i < batch.count; i++) {
		uint64_t address = batch.records[i].address;
		remap_show(&remap, i, &batch, process->space, &world->sink, &stamp);
		const struct region *r = space_find(process->space, address);
		if (!r)
			fail_msg("it is not shown");
		else
			assert_int_equal(r->attr.start, AT + (i ? 8 : 4) * PAGE);
		assert_int_equal(space_find(process->space, AT)->id, 1);
		touched(address);
	}
	remap_show(&remap, SIZE_MAX, &batch, process->space, &world->sink, &stamp);
	assert_non_null(story_at(AT));
	assert_null(story_at(AT + 6 * PAGE));
	assert_null(story_at(AT + 12 * PAGE));
	(void)state;
}

/* What a region gives up to another of the same memory keeps its stories; what it gives up for good does not, nor what
 * something else takes. */
static void test_split(void **state)
{
	region(EVENT_MAP, 1, attr(AT, 16, 0, ""), 5);
	for (uint64_t i = 0; i < 16; i += 5)
		touched(AT + i * PAGE);
	region(EVENT_MAP, 2, attr(AT + 8 * PAGE, 4, 0, ""), 30);
	region(EVENT_MAP, 3, attr(AT + 12 * PAGE, 4, 1, "a.txt"), 30);
	region(EVENT_CHANGE, 1, attr(AT, 4, 0, ""), 30);
	assert_non_null(story_at(AT));
	assert_null(story_at(AT + 5 * PAGE));
	assert_non_null(story_at(AT + 10 * PAGE));
	assert_null(story_at(AT + 15 * PAGE));
	region(EVENT_CHANGE, 1, attr(AT, 12, 0, ""), 40);
	region(EVENT_UNMAP, 2, attr(AT + 8 * PAGE, 4, 0, ""), 40);
	assert_non_null(story_at(AT + 10 * PAGE));
	region(EVENT_UNMAP, 1, attr(AT, 12, 0, ""), 50);
	assert_null(story_at(AT));
	assert_null(story_at(AT + 10 * PAGE));
	(void)state;
}

static enum remap_growth growth(size_t record)
{
	remap_take(&remap, &batch);
	assert_true(remap_find(&remap, &batch, process->space, maps_ns, 0));
	return remap.answers.growth[record];
}

/* Memory that grows down is reported while the fault is handled; a mapping by the program, before that. */
static void test_growth(void **state)
{
	region(EVENT_MAP, 1, attr(AT + PAGE, 3, 0, ""), 10);
	mapping(110, attr(AT, 4, 0, ""));
	fault(120, AT + 8, 0);
	assert_int_equal(growth(0), REMAP_GROWN_GONE); /* or the model does not have it yet */
	batch.records[0].has_code = true;
	batch.records[0].after_ns = 105;
	assert_int_equal(growth(0), REMAP_GROWN);
	batch.records[0].after_ns = 115;
	assert_int_equal(growth(0), REMAP_GROWN_NOT);
	batch.records[0].has_code = false;
	region(EVENT_CHANGE, 1, attr(AT, 4, 0, ""), 130);
	assert_int_equal(growth(0), REMAP_GROWN_MAYBE);
	batch.records[0].address = AT + PAGE;
	assert_int_equal(growth(0), REMAP_GROWN_NOT); /* not where the region begins */
	(void)state;
}

/* Nothing was there above. */
static void test_no_growth(void **state)
{
	mapping(110, attr(AT, 4, 0, ""));
	region(EVENT_MAP, 1, attr(AT, 4, 0, ""), 130);
	fault(120, AT + 8, 0);
	assert_int_equal(growth(0), REMAP_GROWN_NOT);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_one_after_another),
		TEST(test_nothing_now),
		TEST(test_left),
		TEST(test_left_in_part),
		TEST(test_model_behind),
		TEST(test_fresh),
		TEST(test_unseen_fresh),
		TEST(test_unseen_not_fresh),
		TEST(test_not_fresh),
		TEST(test_same_memory),
		TEST(test_code),
		TEST(test_moved),
		TEST(test_brought),
		TEST(test_pages_stay),
		TEST(test_bounded),
		TEST(test_shrunk),
		TEST(test_split),
		TEST(test_growth),
		TEST(test_no_growth),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
