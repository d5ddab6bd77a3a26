/* The hash table: against a plain list, and how its hashes spread similar keys. Texts that are kept once. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/texts.h"
#include "unit/check.h"

#define KEYS 20000

/* The number of a key; 0: none. `keys` is what the numbers stand for. */
static uint32_t find(const struct hash *table, const uint64_t *keys, uint32_t hash, uint64_t key)
{
	struct hash_iter iter = hash_iter(table, hash);
	uint32_t number;

	while ((number = hash_next(&iter)) && keys[number - 1] != key)
		;
	return number;
}

static void test_finds_all(void **state)
{
	uint64_t *keys = mem_alloc(KEYS * sizeof *keys), random = 7;
	struct hash table = { 0 }, copy;

	assert_int_equal(find(&table, keys, 1, 1), 0);
	for (uint32_t i = 0; i < KEYS; i++) {
		keys[i] = check_random(&random) << 1 | 1;
		if (find(&table, keys, hash_number(keys[i]), keys[i])) /* drawn twice */
			keys[i] = 2 * i;
		hash_add(&table, hash_number(keys[i]), i + 1);
	}
	copy = hash_copy(&table);
	for (uint32_t i = 0; i < KEYS; i++) {
		assert_int_equal(find(&table, keys, hash_number(keys[i]), keys[i]), i + 1);
		assert_int_equal(find(&table, keys, hash_number(~keys[i]), ~keys[i]), 0);
	}
	assert_int_equal(table.count, KEYS);
	assert_true(table.size >= 2 * KEYS && table.size < 8 * KEYS);
	hash_clear(&table);
	assert_int_equal(table.count, 0);
	assert_int_equal(find(&table, keys, hash_number(keys[3]), keys[3]), 0);
	assert_int_equal(find(&copy, keys, hash_number(keys[3]), keys[3]), 4);
	hash_add(&table, hash_number(keys[3]), 9);
	hash_fini(&table);
	assert_null(table.slots);
	hash_fini(&copy);
	free(keys);
}

/* Several entries with one hash, also at the end of the table. */
static void test_same_hash(void **state)
{
	const uint32_t hashes[] = { 0, UINT32_MAX, 63, 127 };

	for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
		struct hash table = { 0 };
		struct hash_iter iter;
		uint32_t seen = 0;

		for (uint32_t number = 1; number <= 20; number++)
			hash_add(&table, number % 2 ? hashes[i] : hashes[i] ^ 1, number);
		iter = hash_iter(&table, hashes[i]);
		for (uint32_t number; (number = hash_next(&iter));) {
			assert_int_equal(number % 2, 1);
			seen |= 1u << number;
		}
		assert_int_equal(seen, 0xaaaaa);
		hash_fini(&table);
	}
}

/* How many of 4096 slots are wanted by none of 4096 keys: 37 in a hundred if keys were random. */
static size_t left_empty(uint64_t (*key)(uint64_t))
{
	bool taken[4096] = { false };
	size_t empty = 4096;

	for (uint64_t i = 0; i < 4096; i++) {
		bool *slot = &taken[hash_number(key(i)) & 4095];

		empty -= !*slot;
		*slot = true;
	}
	return empty;
}

static uint64_t as_it_is(uint64_t i)
{
	return i;
}

static uint64_t pages(uint64_t i)
{
	return 0x7f1200000000 + i * 4096;
}

static uint64_t high(uint64_t i)
{
	return i << 44;
}

static void test_spread(void **state)
{
	assert_true(left_empty(as_it_is) < 1800);
	assert_true(left_empty(pages) < 1800);
	assert_true(left_empty(high) < 1800);
	assert_int_not_equal(hash_two(1, 2), hash_two(2, 1));
	assert_int_not_equal(hash_text("ab"), hash_text("ba"));
	assert_int_not_equal(hash_words((const uint64_t[]){ 1, 2 }, 2),
			     hash_words((const uint64_t[]){ 2, 1 }, 2));
	assert_int_not_equal(hash_words((const uint64_t[]){ 0, 0 }, 1),
			     hash_words((const uint64_t[]){ 0, 0 }, 2));
}

static void test_texts(void **state)
{
	struct texts texts = { 0 };
	char text[16];
	uint32_t number;

	assert_false(texts_find(&texts, "0", &number));
	for (uint32_t i = 0; i < 3000; i++) {
		snprintf(text, sizeof text, "%" PRIu32, i % 1000);
		assert_int_equal(texts_add(&texts, text), i % 1000);
	}
	assert_int_equal(texts.count, 1000);
	assert_true(texts_find(&texts, "999", &number));
	assert_int_equal(number, 999);
	assert_string_equal(texts.list[number], "999");
	assert_false(texts_find(&texts, "1000", &number));
	texts_fini(&texts);
	assert_int_equal(texts_add(&texts, "1000"), 0);
	texts_fini(&texts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_all),
		cmocka_unit_test(test_same_hash),
		cmocka_unit_test(test_spread),
		cmocka_unit_test(test_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
