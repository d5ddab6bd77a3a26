/* Where the entries of .eh_frame and .debug_frame are, also of damaged ones. */
#include "symbol/unwind_frames.h"

#include <stdlib.h>
#include <string.h>

#include "unit/check.h"

static const uint8_t frames[] = {
	0x14, 0,    0,    0,    0, 0,    0, 0,    1, 'z', 'R',  0,    1, 0x78, 0x10, 1,    0x1b,
	0x0c, 7,    8,    0x90, 1, 0,    0, 0x10, 0, 0,   0,    0x1c, 0, 0,    0,    0x00, 0x10,
	0,    0,    0x20, 0,    0, 0,    0, 0,    0, 0,   0x10, 0,    0, 0,    0x30, 0,    0,
	0,    0x00, 0x01, 0,    0, 0x20, 0, 0,    0, 0,   0,    0,    0, 0,    0,    0,    0,
};

static void test_frames(void **state)
{
	struct unwind_entry *entries;
	uint8_t bytes[sizeof frames];
	uint64_t seed = 7;

	assert_int_equal(unwind_frames_read(frames, sizeof frames, 0x400000, &entries), 2);
	assert_int_equal(entries[0].code, 0x400000 + 0x34 + 0x100); /* sorted: the second comes first */
	assert_int_equal(entries[0].description, 0x2c);
	assert_int_equal(entries[1].code, 0x400000 + 0x20 + 0x1000);
	assert_int_equal(entries[1].description, 0x18);
	free(entries);
	for (size_t length = 0; length < sizeof frames; length++) {
		assert_true(unwind_frames_read(frames, length, 0x400000, &entries) <= 2);
		free(entries);
	}
	for (int round = 0; round < 100000; round++) {
		memcpy(bytes, frames, sizeof bytes);
		for (int i = 0; i <= round % 5; i++)
			bytes[check_random(&seed) % sizeof bytes] = (uint8_t)check_random(&seed);
		assert_true(unwind_frames_read(bytes, sizeof bytes, 0x400000, &entries) <= sizeof bytes / 8);
		free(entries);
	}
}

/* .debug_frame as Go's linker writes it, with a CIE of version 3, and one of version 4. */
static void test_debug_frames(void **state)
{
	static const uint8_t debug[] = {
		0x10, 0,    0,    0, 0xff, 0xff, 0xff, 0xff, 3,    0, 1, 0x7c, 0x10, 0x0c, 7,    8,
		5,    0x10, 1,    0, 0x18, 0,    0,    0,    0,    0, 0, 0,    0,    0x20, 0,    0,
		0,    0,    0,    0, 0,    0x80, 0,    0,    0,    0, 0, 0,    0,    0,    0,    0,
		0x10, 0,    0,    0, 0xff, 0xff, 0xff, 0xff, 4,    0, 8, 0,    1,    0x7c, 0x10, 0x0c,
		7,    8,    0x90, 1, 0x14, 0,    0,    0,    0x31, 0, 0, 0,    0,    0x10, 0,    0,
		0,    0,    0,    0, 0x40, 0,    0,    0,    0,    0, 0, 0,
	};
	uint8_t bytes[sizeof debug];
	struct unwind_entry *entries;
	uint64_t seed = 3;
	uint32_t word;

	memcpy(bytes, debug, sizeof debug);
	size_t count = unwind_debug_frames_read(bytes, sizeof bytes, 0x5000, &entries);
	assert_int_equal(count, 1);
	assert_int_equal(entries[0].code, 0x5000 + 0x2000);
	assert_int_equal(entries[0].description, 0x14);
	memcpy(&word, bytes + 0x18, 4);
	assert_int_equal(word, 0x18); /* so far before it its CIE begins */
	memcpy(&word, bytes + 4, 4);
	assert_int_equal(word, 0); /* a CIE */
	assert_null(unwind_entry_find(entries, count, 0x6fff));
	assert_ptr_equal(unwind_entry_find(entries, count, 0x7fff), entries);
	free(entries);
	for (int round = 0; round < 100000; round++) {
		memcpy(bytes, debug, sizeof bytes);
		for (int i = 0; i <= round % 5; i++)
			bytes[check_random(&seed) % sizeof bytes] = (uint8_t)check_random(&seed);
		assert_true(unwind_debug_frames_read(bytes, sizeof bytes, 0x5000, &entries) <=
			    sizeof bytes / 8);
		free(entries);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_debug_frames),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
