/* Which pages two runs needed, and how alike they are. */
#include "unit/model_check.h"

#include <string.h>

#include "compare/touched.h"

#define LIBRARY UINT64_C(0x100) /* pages */
#define HEAP UINT64_C(0x400)
#define ANON UINT64_C(0x800)

struct run_of_one {
	struct sink sink; /* before the world */
	struct world *world;
	struct fanout fanout;
	struct touched touched;
	uint64_t moved; /* pages that everything lies higher */
};

static void take(struct sink *sink, const struct event *e)
{
	struct run_of_one *r = (struct run_of_one *)sink;

	touched_take(&r->touched, r->world, e);
}

static void send(struct run_of_one *r, struct event e)
{
	e.pid = 7;
	sink_send(&r->fanout.sink, &e);
}

static void map(struct run_of_one *r, uint64_t id, struct region_attr attr)
{
	attr.start += r->moved * PAGE;
	attr.end += r->moved * PAGE;
	send(r, (struct event){ .type = EVENT_MAP, .region = { id, attr } });
}

static void begin(struct run_of_one *r, uint64_t moved)
{
	struct region_attr library = check_file(LIBRARY, LIBRARY + 64, 5, 16),
			   heap = check_anon(HEAP, HEAP + 64);

	*r = (struct run_of_one){ .sink = { .before = take }, .world = world_create(), .moved = moved };
	check_process(r->world, 7);
	fanout_init(&r->fanout, &r->world->sink);
	fanout_add(&r->fanout, &r->sink);
	heap.kind = REGION_HEAP;
	heap.path = "[heap]";
	map(r, 1, library);
	map(r, 2, heap);
	map(r, 3, check_anon(ANON, ANON + 64));
}

static void fault(struct run_of_one *r, uint64_t ms, uint64_t page, unsigned before, unsigned after)
{
	send(r, (struct event){ .type = EVENT_FAULT,
				.time_ns = ms * MS,
				.fault = { .address = (page + r->moved) * PAGE + 8,
					   .ip = 0x1000,
					   .tid = 8,
					   .access = FAULT_READ,
					   .cause = FAULT_FILE_CACHED,
					   .before = (uint16_t)before,
					   .after = (uint16_t)after } });
}

static void there(struct run_of_one *r, uint64_t ms, uint64_t first, uint64_t pages)
{
	struct run tile = { first + r->moved, first + r->moved + pages, PAGE_FILE };

	send(r, (struct event){ .type = EVENT_PAGES, .time_ns = ms * MS, .pages = { &tile, 1 } });
}

static void end(struct run_of_one *r)
{
	touched_fini(&r->touched);
	world_destroy(r->world);
}

static const struct touched_object *object(const struct run_of_one *r, const char *path)
{
	for (size_t i = 0; i < r->touched.count; i++)
		if (!strcmp(r->touched.objects[i].path, path))
			return &r->touched.objects[i];
	fail_msg("no object %s", path);
	return NULL;
}

static void check_page(const struct touched_object *o, uint64_t page, enum touched_how how, uint64_t ms)
{
	const struct touched_page *found = touched_find(o, page);

	assert_non_null(found);
	assert_int_equal(found->how, how);
	assert_int_equal(found->time_ns, ms * MS);
}

static void test_hows(void **state)
{
	const struct touched_object *file;
	struct run_of_one r;

	(void)state;
	begin(&r, 0);
	there(&r, 1, LIBRARY, 3);
	fault(&r, 2, LIBRARY + 1, 0, 4); /* was there; the rest comes along */
	fault(&r, 3, LIBRARY + 4, 0, 0); /* came along, and is touched */
	there(&r, 4, LIBRARY, 8);
	fault(&r, 5, LIBRARY + 4, 0, 0);  /* the first touch counts */
	fault(&r, 6, LIBRARY + 63, 0, 9); /* neighbours end with the region */
	file = object(&r, "/tmp/file");
	assert_int_equal(file->count, 9);
	check_page(file, 16, TOUCHED_THERE, 1); /* from the region's offset in the file on */
	check_page(file, 17, TOUCHED_FAULT, 2);
	check_page(file, 18, TOUCHED_ALONG, 2);
	check_page(file, 20, TOUCHED_FAULT, 3);
	check_page(file, 22, TOUCHED_THERE, 4);
	check_page(file, 79, TOUCHED_FAULT, 6);
	assert_int_equal(file->hows[TOUCHED_FAULT], 3);
	assert_int_equal(file->hows[TOUCHED_ALONG], 3);
	assert_int_equal(file->hows[TOUCHED_THERE], 3);
	assert_int_equal(touched_find(file, 17)->who.tid, 8);
	assert_null(touched_find(file, 40));
	end(&r);
}

static void test_alike(void **state)
{
	struct touched_alike alike;
	struct run_of_one a, b;

	(void)state;
	begin(&a, 0);
	begin(&b, 0x10000); /* elsewhere: the places are the same */
	fault(&a, 1, LIBRARY + 1, 0, 0);
	fault(&b, 1, LIBRARY + 1, 0, 0);
	fault(&a, 2, LIBRARY + 8, 0, 0); /* in b it came along: it may have been touched */
	fault(&b, 2, LIBRARY + 9, 2, 0);
	fault(&a, 3, LIBRARY + 30, 1, 0); /* a alone, and what came along is nobody's need */
	fault(&b, 4, LIBRARY + 40, 0, 0);
	fault(&b, 5, LIBRARY + 41, 0, 0);
	alike = touched_compare(object(&a, "/tmp/file"), object(&b, "/tmp/file"));
	assert_int_equal(alike.either, 6); /* 1, 8, 9, 30, 40, 41 */
	assert_int_equal(alike.both, 2);   /* 1, 8 */
	assert_int_equal(alike.only_a, 1);
	assert_int_equal(alike.only_b, 3);
	assert_int_equal(alike.either, alike.both + alike.only_a + alike.only_b);
	fault(&b, 6, HEAP + 2, 0, 0);
	assert_null(touched_same(&a.touched, object(&b, "[heap]")));
	alike = touched_compare(NULL, object(&b, "[heap]"));
	assert_int_equal(alike.only_b, 1);
	assert_int_equal(alike.either, 1);
	fault(&a, 7, HEAP + 2, 0, 0);
	assert_ptr_equal(touched_same(&a.touched, object(&b, "[heap]")), object(&a, "[heap]"));
	alike = touched_compare(object(&a, "[heap]"), object(&b, "[heap]"));
	assert_int_equal(alike.both, 1);
	end(&a);
	end(&b);
}

static void test_without_a_name(void **state)
{
	struct run_of_one r;

	(void)state;
	begin(&r, 0);
	fault(&r, 1, ANON, 0, 0);
	fault(&r, 2, ANON + 1, 0, 0);
	there(&r, 3, ANON + 2, 9);
	assert_false(object(&r, "")->named);
	assert_int_equal(object(&r, "")->count, 0);
	assert_int_equal(object(&r, "")->hows[TOUCHED_FAULT], 2);
	r.touched.pid = 99; /* of another process alone */
	fault(&r, 4, ANON + 3, 0, 0);
	assert_int_equal(object(&r, "")->hows[TOUCHED_FAULT], 2);
	end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hows),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_without_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
