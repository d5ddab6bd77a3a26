/* Unwinding this program itself from a copy of its registers and its stack; what is kept from
 * stacks unwound before; and files whose tables make no sense. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/mem.h"
#include "symbol/unwind.h"
#include "symbol/unwind_frames.h"
#include "symbol/unwind_memo.h"
#include "unit/check.h"

#define SP 7 /* DWARF's numbers */
#define IP 16
#define STACK 4096

static uint8_t stack[STACK];
static unsigned asked; /* for files */
static uint8_t *image; /* this program's, where it is to be given from memory; else NULL */
static size_t image_size;

static bool find_own(void *context, uint64_t address, struct unwind_mapping *mapping)
{
	char line[4096 + 128], path[4096];
	FILE *maps = fopen("/proc/self/maps", "r");
	bool found = false;

	asked++;
	while (!found && fgets(line, sizeof line, maps)) {
		*path = '\0';
		*mapping = (struct unwind_mapping){ .fd = -1 };
		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %4095s", &mapping->start,
			   &mapping->end, &mapping->offset, path) < 4)
			continue;
		found = mapping->start <= address && address < mapping->end && *path == '/';
	}
	fclose(maps);
	if (found && image) {
		mapping->bytes = image;
		mapping->size = image_size;
	} else if (found) {
		mapping->fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	return found;
}

#ifdef __x86_64__
static struct unwind_sample sample_here(void)
{
	static const int from[] = { REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
				    REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
				    REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP };
	struct unwind_sample sample = { .known = (1u << UNWIND_REGS) - 1, .stack = stack, .length = STACK };
	ucontext_t here;

	getcontext(&here);
	for (size_t i = 0; i < UNWIND_REGS; i++)
		sample.regs[i] = (uint64_t)here.uc_mcontext.gregs[from[i]];
	memcpy(stack, (const void *)sample.regs[SP], STACK); /* NOLINT: an address */
	return sample;
}
/* The caller, and its caller's, as the compiler knows them. */
__attribute__((noinline)) static struct unwind_sample inner(uint64_t *caller)
{
	*caller = (uint64_t)(uintptr_t)__builtin_return_address(0);
	return sample_here();
}

__attribute__((noinline)) static struct unwind_sample outer(uint64_t callers[2])
{
	struct unwind_sample sample = inner(&callers[0]);

	callers[1] = (uint64_t)(uintptr_t)__builtin_return_address(0);
	return sample;
}

static struct unwinder *create(void)
{
	struct unwinder *u = unwinder_libunwind.create(&(struct unwind_files){ find_own, NULL });

	assert_non_null(u);
	asked = 0;
	return u;
}

/* sample_here may have been put into inner, or not: where its callers are in the stack. */
static bool has_callers(const uint64_t *ips, size_t count, const uint64_t callers[2])
{
	for (size_t i = 1; i + 1 < count; i++)
		if (ips[i] == callers[0] - 1 && ips[i + 1] == callers[1] - 1)
			return true;
	return false;
}

static void test_own_stack(void **state)
{
	struct unwinder *u = create();
	uint64_t ips[64], again[64], callers[2];
	struct unwind_sample sample = outer(callers);
	enum stack_end end, end_again;
	size_t count = unwinder_libunwind.unwind(u, &sample, ips, 64, &end);

	assert_int_equal(ips[0], sample.regs[IP]);
	assert_true(has_callers(ips, count, callers));
	unsigned before = asked;
	assert_int_equal(unwinder_libunwind.unwind(u, &sample, again, 64, &end_again), count);
	assert_memory_equal(ips, again, count * sizeof *ips);
	assert_int_equal(end, end_again);
	assert_int_equal(asked, before);
	/* another return address is not taken for the same stack */
	for (size_t at = 0; at + 8 <= STACK; at += 8)
		if (!memcmp(stack + at, &callers[1], 8))
			memset(stack + at, 0, 8);
	count = unwinder_libunwind.unwind(u, &sample, again, 64, &end_again);
	assert_false(has_callers(again, count, callers));
	unwinder_libunwind.destroy(u);
}

static void test_short_sample(void **state)
{
	struct unwinder *u = create();
	uint64_t ips[64], callers[2];
	struct unwind_sample sample = outer(callers);
	enum stack_end end;
	size_t whole = unwinder_libunwind.unwind(u, &sample, ips, 64, &end);

	sample.length = 0;
	assert_int_equal(unwinder_libunwind.unwind(u, &sample, ips, 64, &end), 1);
	assert_int_equal(end, STACK_SAMPLE_ENDS);
	sample.length = STACK;
	assert_int_equal(unwinder_libunwind.unwind(u, &sample, ips, 2, &end), 2);
	assert_int_equal(end, STACK_TOO_DEEP);
	assert_int_equal(unwinder_libunwind.unwind(u, &sample, ips, 64, &end), whole);
	sample.regs[IP] = 0x1000; /* where no file is */
	assert_int_equal(unwinder_libunwind.unwind(u, &sample, ips, 64, &end), 1);
	assert_int_equal(end, STACK_NO_TABLES);
	unwinder_libunwind.flush(u);
	/* the same, where the kernel has let the program begin: there is no caller */
	sample.top = sample.regs[SP] + 8;
	assert_int_equal(unwinder_libunwind.unwind(u, &sample, ips, 64, &end), 1);
	assert_int_equal(end, STACK_NO_TABLES);
	unwinder_libunwind.flush(u);
	sample.top = sample.regs[SP];
	assert_int_equal(unwinder_libunwind.unwind(u, &sample, ips, 64, &end), 1);
	assert_int_equal(end, STACK_WHOLE);
	unwinder_libunwind.destroy(u);
}

/* Any bytes of the file changed: it ends, whatever it takes for callers. */
static void test_damaged_files(void **state)
{
	uint64_t seed = 5, ips[64], callers[2];
	struct unwind_sample sample = outer(callers);
	enum stack_end end;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	image_size = (size_t)st.st_size;
	image = mem_alloc(image_size);
	for (int round = 0; round < 150; round++) {
		struct unwinder *u = create();

		assert_int_equal(pread(fd, image, image_size, 0), (ssize_t)image_size);
		for (int i = 0; i < 1 << round % 12; i++)
			image[check_random(&seed) % (round % 3 ? image_size : 4096)] =
			    (uint8_t)check_random(&seed);
		for (size_t i = 0; round % 5 == 4 && i < image_size; i++)
			image[i] = i < 4096 ? image[i] : (uint8_t)check_random(&seed);
		assert_true(unwinder_libunwind.unwind(u, &sample, ips, 64, &end) >= 1);
		unwinder_libunwind.destroy(u);
	}
	free(image);
	image = NULL;
	close(fd);
}
#else
static void test_own_stack(void **state)
{
}
static void test_short_sample(void **state)
{
}
static void test_damaged_files(void **state)
{
}
#endif

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
	assert_int_equal(entries[0].code, 0x34 + 0x100); /* sorted: the second comes first */
	assert_int_equal(entries[0].description, 0x2c);
	assert_int_equal(entries[1].code, 0x20 + 0x1000);
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

/* Bytes that were not read may change; bytes that were read may not. */
static void test_memo(void **state)
{
	struct unwind_memo *memo = unwind_memo_create();
	uint64_t words[4] = { 1, 2, 3, 4 }, ips[] = { 100, 200, 300 }, got[4];
	struct unwind_sample sample = { .stack = (const uint8_t *)words, .length = sizeof words };
	struct unwind_trace trace = { .regs = 1u << SP | 1u << IP, .count = 2, .at = { 0, 16 } };
	enum stack_end end;

	sample.regs[SP] = 0x7ffd0000;
	sample.regs[IP] = 100;
	assert_int_equal(unwind_memo_find(memo, &sample, got, 4, &end), 0);
	unwind_memo_add(memo, &sample, &trace, ips, 3, STACK_WHOLE);
	sample.regs[0] = 77;
	words[1] = 77;
	assert_int_equal(unwind_memo_find(memo, &sample, got, 4, &end), 3);
	assert_memory_equal(got, ips, sizeof ips);
	assert_int_equal(unwind_memo_find(memo, &sample, got, 2, &end), 0);
	words[2] = 77;
	assert_int_equal(unwind_memo_find(memo, &sample, got, 4, &end), 0);
	words[2] = 3;
	sample.length = 8; /* what was read is not all there */
	assert_int_equal(unwind_memo_find(memo, &sample, got, 4, &end), 0);
	sample.length = sizeof words;
	sample.regs[SP] += 8;
	assert_int_equal(unwind_memo_find(memo, &sample, got, 4, &end), 0);
	sample.regs[SP] -= 8;
	unwind_memo_flush(memo);
	assert_int_equal(unwind_memo_find(memo, &sample, got, 4, &end), 0);
	unwind_memo_add(memo, &sample, &trace, ips, 2, STACK_SAMPLE_ENDS);
	assert_int_equal(unwind_memo_find(memo, &sample, got, 4, &end), 2);
	assert_int_equal(end, STACK_SAMPLE_ENDS);
	sample.length -= 8; /* another end of the sample, another stack */
	assert_int_equal(unwind_memo_find(memo, &sample, got, 4, &end), 0);
	unwind_memo_destroy(memo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_stack),     cmocka_unit_test(test_short_sample),
		cmocka_unit_test(test_damaged_files), cmocka_unit_test(test_frames),
		cmocka_unit_test(test_memo),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
