/* Memory calls: which they are, and their arguments as text. */
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "kern/memcall.h"
#include "unit/check.h"

static void check(bool narrow, uint64_t number, const uint64_t args[6], const char *name, const char *text)
{
	struct strbuf out = { 0 };
	struct event_call call;

	assert_true(memcall_decode(&call, number, args, narrow));
	assert_string_equal(call_name(call.kind), name);
	call_print_args(&out, &call);
	assert_string_equal(out.text, text);
	strbuf_fini(&out);
}
#define ARGS(...) ((const uint64_t[6]){ __VA_ARGS__ })

static void test_wide(void **state)
{
	struct event_call none;

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
	check(false, SYS_remap_file_pages, ARGS(4096, 4096, 0, 2, 0), "remap_file_pages",
	      "0x1000, 4096, PROT_NONE, 0x2000, 0x0");
	assert_false(memcall_decode(&none, SYS_getpid, ARGS(0), false));
	assert_false(memcall_decode(&none, 90, ARGS(0), false)); /* 32-bit mmap is another call here */
}

static void test_narrow(void **state)
{
	struct event_call none;

	check(true, 192, ARGS(0, 4096, 1, 2, 5, 3), "mmap", "NULL, 4096, PROT_READ, MAP_PRIVATE, 5, 0x3000");
	check(true, 192, ARGS(0, 4096, 1, 0x22, 0xffffffff, 0), "mmap",
	      "NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0");
	check(true, 45, ARGS(0x804c000), "brk", "0x804c000");
#ifdef __aarch64__ /* ARM's */
	check(true, 220, ARGS(4096, 1, 4), "madvise", "0x1000, 1, MADV_DONTNEED");
	check(true, 306, ARGS(0xf7000000), "shmdt", "0xf7000000");
	check(true, 305, ARGS(9, 0, 010000), "shmat", "9, NULL, SHM_RDONLY");
	assert_false(memcall_decode(&none, 219, ARGS(0), true)); /* mincore */
	assert_false(memcall_decode(&none, 90, ARGS(0), true));
#else
	check(true, 219, ARGS(4096, 1, 4), "madvise", "0x1000, 1, MADV_DONTNEED");
	check(true, 117, ARGS(22, 0, 0, 0, 0xf7000000), "shmdt", "0xf7000000");
	check(true, 117, ARGS(21, 9, 010000, 0xff00, 0), "shmat", "9, NULL, SHM_RDONLY");
	check(true, 90, ARGS(0xffff1000), "mmap", "0xffff1000");
#endif
	assert_false(memcall_decode(&none, 117, ARGS(1), true)); /* semop */
	assert_false(memcall_decode(&none, 9, ARGS(0), true));
}

static void check_range(uint64_t number, const uint64_t args[6], uint64_t result, int error, uint64_t start,
			uint64_t end, uint64_t address)
{
	struct event_call call;

	assert_true(memcall_decode(&call, number, args, false));
	call_return(&call, result, error);
	assert_true(call.result == result && call.error == error);
	assert_true(call.start == start && call.end == end);
	assert_true(call_address(&call) == address);
}

static void test_range(void **state)
{
	const uint64_t *args = ARGS(0x1000, 0x2000, 0x8000, 1);

	check_range(SYS_munmap, args, 0, 0, 0x1000, 0x3000, 0x1000);
	check_range(SYS_munmap, args, 0, EINVAL, 0, 0, 0x1000);
	check_range(SYS_mremap, args, 0x70000, 0, 0x70000, 0x78000, 0x70000);
	check_range(SYS_mremap, args, UINT64_MAX, ENOMEM, 0, 0, 0x1000);
	check_range(SYS_brk, args, 0x1000, 0, 0, 0, 0x1000);
	check_range(SYS_mlockall, args, 0, 0, 0, 0, 0);
	check_range(SYS_shmat, ARGS(5, 0), 0x9000, 0, 0, 0, 0x9000);
	check_range(SYS_munmap, ARGS(0x1000, UINT64_MAX), 0, 0, 0, 0, 0x1000); /* beyond the end */
}

static void test_short(void **state)
{
	struct event_call call = { .kind = CALL_MMAP, .args = { 0, 8192, 3, 2 } };
	struct strbuf out = { 0 };

	call_print(&out, &call, 2);
	call_print(&out, &(struct event_call){ .kind = CALL_BRK, .args = { 4096 } }, 2);
	assert_string_equal(out.text, "mmap(NULL, 8192, ...)brk(0x1000)");
	strbuf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_range),
		cmocka_unit_test(test_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
