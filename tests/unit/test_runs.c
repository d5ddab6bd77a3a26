/* Runs against a flat array, through random sets and splices. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "event/runs.h"

#define PAGES 12000

static uint32_t flat[PAGES];

/* Pages beyond the array keep the fill value. */
static void flat_set(uint64_t first, uint64_t end, uint32_t value)
{
	for (uint64_t i = first; i < end; i++)
		flat[i] = value;
}

static void check_same(const struct runs *r, uint32_t fill)
{
	struct runs_iter iter = runs_iter(r, 0, RUNS_END);
	struct run run;
	uint64_t at = 0;
	size_t length = 0;
	uint32_t before = 0;

	while (runs_next(&iter, &run)) {
		assert_int_equal(run.first, at);
		assert_true(run.first < run.end);
		if (length > 0)
			assert_int_not_equal(run.value, before);
		for (uint64_t i = run.first; i < run.end && i < PAGES; i++)
			assert_int_equal(run.value, flat[i]);
		if (run.end > PAGES)
			assert_int_equal(run.value, fill);
		before = run.value;
		at = run.end;
		length++;
	}
	assert_int_equal(at, RUNS_END);
	assert_int_equal(runs_length(r), length);
	assert_true(runs_memory(r) < 4096 + length * 64);
}

static void check_range(const struct runs *r, uint64_t first, uint64_t end)
{
	uint64_t counts[RUNS_VALUES] = { 0 }, expect[RUNS_VALUES] = { 0 };
	uint32_t max = 0;
	for (uint64_t i = first; i < end; i++) {
		expect[flat[i] % RUNS_VALUES]++;
		max = flat[i] > max ? flat[i] : max;
	}
	runs_count(r, first, end, counts);
	assert_memory_equal(counts, expect, sizeof counts);
	assert_int_equal(runs_max(r, first, end), max);

	struct runs_iter iter = runs_iter(r, first, end);
	struct run run;
	uint64_t at = first;
	while (runs_next(&iter, &run)) {
		assert_int_equal(run.first, at);
		assert_true(run.end <= end);
		at = run.end;
	}
	assert_int_equal(at, end > first ? end : first);

	struct run one = runs_at(r, first);
	assert_true(one.first <= first && first < one.end);
	assert_int_equal(one.value, flat[first]);
}

/* Lengths of one page to hundreds, so that both few and many runs come about. */
static void random_sequence(uint64_t seed, uint32_t longest, int operations)
{
	struct runs *r = runs_create(3);
	flat_set(0, PAGES, 3);
	for (int i = 0; i < operations; i++) {
		uint64_t first = check_random(&seed) % (PAGES - 1);
		if (check_random(&seed) % 3) {
			uint64_t end = first + 1 + check_random(&seed) % longest;
			end = end < PAGES ? end : PAGES - 1;
			uint32_t value = check_random(&seed) % 40;
			runs_set(r, first, end, value);
			flat_set(first, end, value);
		} else {
			struct run tiles[1200];
			size_t n = 0, want = 1 + check_random(&seed) % (check_random(&seed) % 4 ? 20 : 1200);
			for (uint64_t at = first; n < want && at < PAGES - 1; n++) {
				uint64_t end = at + 1 + check_random(&seed) % 3;
				tiles[n] = (struct run){ at, end < PAGES ? end : PAGES - 1,
							 check_random(&seed) % 5 };
				flat_set(tiles[n].first, tiles[n].end, tiles[n].value);
				at = tiles[n].end;
			}
			runs_splice(r, tiles, n);
		}
		uint64_t a = check_random(&seed) % PAGES, b = check_random(&seed) % PAGES;
		check_range(r, a < b ? a : b, a < b ? b : a);
		if (i % 50 == 0)
			check_same(r, 3);
	}
	check_same(r, 3);

	struct runs *copy = runs_copy(r);
	runs_set(r, 0, RUNS_END, 1);
	assert_int_equal(runs_length(r), 1);
	check_same(copy, 3);
	runs_destroy(copy);
	runs_destroy(r);
}

static void random_operations(void **state)
{
	for (uint64_t seed = 1; seed <= 8; seed++)
		random_sequence(seed * 7919, seed % 2 ? 3 : 400, 1000);
}

static void sets_at_both_ends(void **state)
{
	struct runs *r = runs_create(0);
	runs_set(r, 0, 1, 5);
	runs_set(r, RUNS_END - 1, RUNS_END, 6);
	assert_int_equal(runs_length(r), 3);
	assert_int_equal(runs_at(r, 0).value, 5);
	assert_int_equal(runs_at(r, RUNS_END - 1).value, 6);
	assert_int_equal(runs_at(r, RUNS_END / 2).end, RUNS_END - 1);

	uint64_t counts[RUNS_VALUES] = { 0 };
	runs_count(r, 0, RUNS_END, counts);
	assert_int_equal(counts[5], 1);
	assert_int_equal(counts[6], 1);
	assert_int_equal(counts[0], RUNS_END - 2);
	runs_destroy(r);
}

/* 16 TiB reserved, 10,000 pages touched anywhere in it. */
static void few_pages_of_much(void **state)
{
	struct runs *r = runs_create(0);
	uint64_t base = UINT64_C(0x7f0000000), pages = UINT64_C(1) << 32, seed = 1;
	runs_set(r, base, base + pages, 1);
	for (int i = 0; i < 10000; i++) {
		uint64_t page = base + (((uint64_t)check_random(&seed) << 8) ^ check_random(&seed)) % pages;
		runs_set(r, page, page + 1, 6);
	}
	uint64_t counts[RUNS_VALUES] = { 0 };
	runs_count(r, base, base + pages, counts);
	assert_int_equal(counts[1] + counts[6], pages);
	assert_true(counts[6] > 9900 && counts[6] <= 10000);
	assert_true(runs_memory(r) < 512 * 1024);

	/* memory follows down */
	runs_set(r, base, base + pages, 1);
	assert_int_equal(runs_length(r), 3);
	assert_true(runs_memory(r) < 64 * 1024);
	runs_destroy(r);
}

/* A reading of a million tiles at once, then single pages among them. The limits are
 * a hundred times what is seen, so that only another order of cost fails, whatever watches this program or the machine. */
static void cost(void **state)
{
	enum { N = 1000000 };
	struct run *tiles = malloc(N * sizeof *tiles);
	assert_non_null(tiles);
	for (uint64_t i = 0; i < N; i++)
		tiles[i] = (struct run){ 1000 + i * 2, 1002 + i * 2, 1 + i % 2 };
	struct runs *r = runs_create(0);

	uint64_t t0 = clock_thread_cpu_ns();
	runs_splice(r, tiles, N);
	uint64_t t1 = clock_thread_cpu_ns();
	runs_splice(r, tiles, N);
	uint64_t t2 = clock_thread_cpu_ns();
	uint64_t seed = 5;
	for (int i = 0; i < 10000; i++) {
		uint64_t page = 1000 + check_random(&seed) % (2 * N);
		runs_set(r, page, page + 1, 6);
	}
	uint64_t t3 = clock_thread_cpu_ns();
	struct runs_iter iter = runs_iter(r, 0, RUNS_END);
	struct run run;
	while (runs_next(&iter, &run))
		;
	uint64_t t4 = clock_thread_cpu_ns();
	uint64_t counts[RUNS_VALUES] = { 0 };
	runs_count(r, 1, RUNS_END - 1, counts);
	uint64_t t5 = clock_thread_cpu_ns();
	print_message("splice %.1f ns a tile, again %.1f; set %.0f ns; iterate %.1f ns a run; count all %.1f "
		      "us; %.1f MB\n",
		      (double)(t1 - t0) / N, (double)(t2 - t1) / N, (double)(t3 - t2) / 10000,
		      (double)(t4 - t3) / N, (double)(t5 - t4) / 1000, (double)runs_memory(r) / 1e6);
	assert_true(t1 - t0 < UINT64_C(2000) * N);
	assert_true(t3 - t2 < UINT64_C(200000) * 10000);
	runs_destroy(r);
	free(tiles);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_operations),
		cmocka_unit_test(sets_at_both_ends),
		cmocka_unit_test(few_pages_of_much),
		cmocka_unit_test(cost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
