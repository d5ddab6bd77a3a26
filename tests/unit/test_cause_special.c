/* Causes of faults in memory that is neither the process's own nor a file's, or whose contents may be elsewhere. */
#include "model/cause.h"

#include "event/page.h"
#include "unit/check.h"

#define ADDRESS 0x7f1200003010
#define ELSEWHERE 0x55d2c0a4f1c2

/* Special mappings of the kernel and devices have neither zeroes nor the page cache's pages. */
static void test_special(void **state)
{
	static const struct {
		enum region_kind kind;
		uint8_t perms;
		bool device;
		uint32_t was, now;
		enum fault_access decoded;
		bool present, reported; /* by the processor, as that access */
		enum fault_cause cause;
	} specials[] = {
		{ REGION_VVAR, 1, 0, 0, 0, 0, 0, 0, FAULT_SPECIAL },
		{ REGION_VVAR, 1, 0, 0, 0, FAULT_READ, 0, 1, FAULT_SPECIAL },
		{ REGION_VDSO, 5, 0, PAGE_RESERVED, PAGE_FILE, 0, 0, 0, FAULT_SPECIAL },
		{ REGION_VDSO, 5, 0, PAGE_RESERVED, 0, 0, 0, 0, FAULT_SPECIAL },
		{ REGION_VDSO, 7, 0, PAGE_FILE, PAGE_COPY, FAULT_WRITE, 0, 0, FAULT_COW_FILE },
		{ REGION_FILE, 11, 1, 0, PAGE_FILE, 0, 0, 0, FAULT_SPECIAL },
		{ REGION_FILE, 11, 1, 0, 0, 0, 0, 0, FAULT_CAUSE_UNKNOWN },
		{ REGION_FILE, 11, 1, 0, 0, FAULT_READ, 0, 0, FAULT_SPECIAL },
		{ REGION_FILE, 11, 1, 0, 0, FAULT_WRITE, 0, 1, FAULT_SPECIAL },
		{ REGION_FILE, 11, 1, 0, 0, FAULT_WRITE, 1, 1, FAULT_WRITE_ENABLE },
		{ REGION_FILE, 11, 1, PAGE_FILE, PAGE_FILE, FAULT_WRITE, 0, 0, FAULT_WRITE_ENABLE },
		{ REGION_FILE, 3, 1, 0, 0, FAULT_WRITE, 0, 1, FAULT_CAUSE_UNKNOWN },
		{ REGION_FILE, 3, 1, 0, 0, FAULT_READ, 0, 1, FAULT_SPECIAL },
	};
	const uint32_t unseen = page_unknown(PAGE_WHY_SPECIAL);

	for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++)
		for (int with = 0; with < 4; with++) {
			struct region_attr attr = { .kind = (uint8_t)specials[i].kind,
						    .perms = specials[i].perms,
						    .device = specials[i].device,
						    .inode = specials[i].device,
						    .path = "" };
			struct cause_facts facts = {
				.region = &attr,
				.address = ADDRESS,
				.ip = ELSEWHERE,
				.was = specials[i].was ? specials[i].was : unseen,
				.now = specials[i].now ? specials[i].now : unseen,
				.last = unseen,
				.decoded = specials[i].decoded,
				.machine.no_zero_page = with & 1,
				.userfault.unsure = with & 2, /* it cannot be registered */
				.reported = { specials[i].reported, specials[i].decoded,
					      specials[i].present },
			};
			struct cause cause = cause_infer(&facts);

			if (cause.cause != specials[i].cause)
				fail_msg("%zu: %s", i, fault_cause_name(cause.cause));
			if (specials[i].kind == REGION_VVAR)
				assert_int_equal(cause.access, FAULT_READ);
		}
}

/* The page was absent, and nothing shows how it was: it may have been in swap, if that is in use. */
static void test_swap_in_use(void **state)
{
	struct region_attr attr = { .kind = REGION_ANON, .perms = 3, .path = "" };
	struct cause_facts facts = { .region = &attr,
				     .address = ADDRESS,
				     .ip = ELSEWHERE,
				     .was = page_unknown(PAGE_WHY_NOT_READ),
				     .last = page_unknown(PAGE_WHY_NOT_READ),
				     .now = PAGE_ANON,
				     .reported = { .known = true, .access = FAULT_WRITE } };
	(void)state;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	facts.machine.swaps = true;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	assert_int_equal(cause_infer(&facts).why, FAULT_WHY_BEFORE);
	facts.now = page_unknown(PAGE_WHY_NOT_READ); /* it is gone again */
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	facts.machine.swaps = false;
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
	facts.machine.swaps = true;
	facts.was = page_unasked(); /* new memory has nothing there */
	assert_int_equal(cause_infer(&facts).cause, FAULT_ZERO_FILL);
}

/* Shared memory that was mapped privately is copied when it is written, also if it is gone before a look. */
static void test_private_shm(void **state)
{
	struct region_attr attr = { .kind = REGION_SHM, .perms = 3, .inode = 5, .path = "/memfd:x" };
	struct cause_facts facts = { .region = &attr,
				     .address = ADDRESS,
				     .ip = ELSEWHERE,
				     .was = page_unasked(),
				     .now = page_unknown(PAGE_WHY_NOT_READ),
				     .decoded = FAULT_WRITE };
	(void)state;
	assert_int_equal(cause_infer(&facts).cause, FAULT_COW_FILE);
	facts.decoded = FAULT_READ;
	assert_int_equal(cause_infer(&facts).cause, FAULT_SHM);
	facts.decoded = FAULT_ACCESS_UNKNOWN;
	assert_int_equal(cause_infer(&facts).cause, FAULT_CAUSE_UNKNOWN);
	attr.perms = 3 | REGION_MAY_SHARE;
	assert_int_equal(cause_infer(&facts).cause, FAULT_SHM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_special),
		cmocka_unit_test(test_swap_in_use),
		cmocka_unit_test(test_private_shm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
