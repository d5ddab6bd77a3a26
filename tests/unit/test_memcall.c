/* Calls that change memory: which they are, and their arguments in words. */
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "kern/memcall.h"
#include "unit/check.h"

static void check(bool narrow, uint64_t number, const uint64_t args[6], const char *name, const char *text)
{
	struct strbuf out = { 0 };
	const struct memcall *call = memcall_find(number, args, narrow);
	assert_non_null(call);
	assert_string_equal(memcall_name(call), name);
	memcall_print(&out, call, args, narrow);
	assert_string_equal(out.text, text);
	strbuf_fini(&out);
}
#define ARGS(...) ((const uint64_t[6]){ __VA_ARGS__ })

static void test_wide(void **state)
{
	check(false, SYS_mmap, ARGS(0, 8388608, 3, 0x22, UINT64_MAX, 0), "mmap",
	      "NULL, 8388608, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0");
	check(false, SYS_mmap, ARGS(0x7f0000001000, 4096, 5, 0x812, 3, 0x26000), "mmap",
	      "0x7f0000001000, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, 3, 0x26000");
	check(false, SYS_mmap, ARGS(0, 4096, 0, 0x40021 | 21 << 26, -1, 0), "mmap",
	      "NULL, 4096, PROT_NONE, MAP_SHARED|MAP_ANONYMOUS|MAP_HUGETLB|21<<MAP_HUGE_SHIFT, -1, 0");
	check(false, SYS_mremap, ARGS(4096, 1, 2, 1, 0x5000), "mremap", "0x1000, 1, 2, MREMAP_MAYMOVE");
	check(false, SYS_mremap, ARGS(4096, 1, 2, 3, 0x5000), "mremap",
	      "0x1000, 1, 2, MREMAP_MAYMOVE|MREMAP_FIXED, 0x5000");
	check(false, SYS_madvise, ARGS(4096, 1, 102), "madvise", "0x1000, 1, MADV_GUARD_INSTALL");
	check(false, SYS_madvise, ARGS(4096, 1, 999), "madvise", "0x1000, 1, 999");
	check(false, SYS_munlockall, ARGS(0), "munlockall", "");
	check(false, SYS_mprotect, ARGS(4096, 1, 0x80000001), "mprotect", "0x1000, 1, PROT_READ|0x80000000");
	assert_null(memcall_find(SYS_getpid, ARGS(0), false));
	assert_null(memcall_find(90, ARGS(0), false)); /* 32-bit mmap is another call here */
}

static void test_narrow(void **state)
{
	check(true, 192, ARGS(0, 4096, 1, 2, 5, 3), "mmap", "NULL, 4096, PROT_READ, MAP_PRIVATE, 5, 0x3000");
	check(true, 192, ARGS(0, 4096, 1, 0x22, 0xffffffff, 0), "mmap",
	      "NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0");
	check(true, 45, ARGS(0x804c000), "brk", "0x804c000");
	check(true, 117, ARGS(22, 0, 0, 0, 0xf7000000), "shmdt", "0xf7000000");
	check(true, 117, ARGS(21, 9, 0, 0xff00, 0), "shmat", "9, NULL");
	assert_null(memcall_find(117, ARGS(1), true)); /* semop */
	assert_null(memcall_find(9, ARGS(0), true));
}

static void test_range(void **state)
{
	uint64_t start = 0, end = 0;
	const uint64_t *args = ARGS(0x1000, 0x2000, 0x8000, 1);
	assert_true(memcall_range(memcall_find(SYS_munmap, args, false), args, 0, &start, &end));
	assert_true(start == 0x1000 && end == 0x3000);
	assert_true(memcall_range(memcall_find(SYS_mremap, args, false), args, 0x70000, &start, &end));
	assert_true(start == 0x70000 && end == 0x78000);
	assert_false(memcall_range(memcall_find(SYS_brk, args, false), args, 0x1000, &start, &end));
	assert_false(memcall_range(memcall_find(SYS_mlockall, args, false), args, 0, &start, &end));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
