/* The files in which programs name the code that they make. */
#include "symbol/perf_map.h"

#include <string.h>

#include "unit/check.h"

static void expect_entry(const struct perf_map *map, uint64_t address, const char *name, uint64_t offset)
{
	uint64_t found_offset = 0;
	const char *found = perf_map_find(map, address, &found_offset);
	if (!name) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found, name);
	assert_true(found_offset == offset);
}

static void test_perf_map(void **state)
{
	static const char text[] = "7f1200001000 20 LazyCompile:~fill /home/u/fill.js:14\n"
				   "0x7f1200000000 0x1000 whole page\n"
				   "nonsense\n"
				   "7f1200002000 0 empty\n"
				   "ffffffffffffff00 200 beyond the end\n"
				   "123456789abcdef01 10 too long\n"
				   "7f1200003000 10 \n"
				   "\n"
				   "7f1200001010 8 reused\n"
				   "7f1200005000 100 old\n"
				   "7f1200005010 10 inside the old\n"
				   "7f1200005000 80 new\n"
				   "7F1200007000 10 line of two ends\r\n"
				   "7F1200006000 A upper case";
	struct perf_map *map = perf_map_parse(text, strlen(text));
	assert_int_equal(perf_map_count(map), 8);
	expect_entry(map, 0x7f1200001000, "LazyCompile:~fill /home/u/fill.js:14", 0);
	expect_entry(map, 0x7f120000100f, "LazyCompile:~fill /home/u/fill.js:14", 15);
	expect_entry(map, 0x7f1200001010, "reused", 0);
	expect_entry(map, 0x7f1200001018, "LazyCompile:~fill /home/u/fill.js:14", 24);
	expect_entry(map, 0x7f1200001020, NULL, 0);
	expect_entry(map, 0x7f1200000fff, "whole page", 0xfff);
	expect_entry(map, 0x7f1200005011, "new", 0x11);
	expect_entry(map, 0x7f1200005090, "old", 0x90);
	expect_entry(map, 0x7f1200006009, "upper case", 9);
	expect_entry(map, 0x7f1200007000, "line of two ends", 0);
	expect_entry(map, 0, NULL, 0);
	expect_entry(map, UINT64_MAX, NULL, 0);
	perf_map_free(map);
	map = perf_map_parse("", 0);
	expect_entry(map, 1, NULL, 0);
	perf_map_free(map);
}

/* Each line ends as on another system, the last one before its newline; a name may have one in its middle. */
static void test_perf_map_of_two_ends(void **state)
{
	static const char text[] = "7f1200001000 10 first\r\n"
				   "7f1200002000 10 \r\n"
				   "\r\n"
				   "7f1200003000 10 mid\rdle\r\n"
				   "7f1200004000 10 last\r";
	struct perf_map *map = perf_map_parse(text, strlen(text));

	assert_int_equal(perf_map_count(map), 3);
	expect_entry(map, 0x7f1200001000, "first", 0);
	expect_entry(map, 0x7f1200002000, NULL, 0);
	expect_entry(map, 0x7f1200003000, "mid\rdle", 0);
	expect_entry(map, 0x7f1200004000, "last", 0);
	perf_map_free(map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_perf_map),
		cmocka_unit_test(test_perf_map_of_two_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
