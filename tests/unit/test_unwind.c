/* Unwinding this program itself from a copy of its registers and its stack, also with files whose tables are
 * malformed. */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/mem.h"
#include "symbol/unwind.h"
#include "unit/check.h"

#define SP UNWIND_REG_SP
#define IP UNWIND_REG_IP
#ifdef __aarch64__
#define FP 29
#else
#define FP 6
#endif
#define STACK 32768 /* what a processor with wide registers keeps for a signal alone takes over 8 KiB */

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

#if defined __x86_64__ || defined __aarch64__
static uint64_t stack_end(void)
{
	pthread_attr_t attr;
	void *start;
	size_t size;

	assert_int_equal(pthread_getattr_np(pthread_self(), &attr), 0);
	assert_int_equal(pthread_attr_getstack(&attr, &start, &size), 0);
	pthread_attr_destroy(&attr);
	return (uint64_t)(uintptr_t)start + size;
}

/* All of it, and so what AddressSanitizer keeps between variables, too. Returns how many bytes there were. */
__attribute__((no_sanitize("address"))) static uint32_t copy_stack(uint64_t from)
{
	const volatile uint8_t *bytes = (const volatile uint8_t *)from; /* NOLINT: an address */
	uint64_t end = stack_end();
	uint32_t length = end - from < STACK ? (uint32_t)(end - from) : STACK;
	for (size_t i = 0; i < length; i++)
		stack[i] = bytes[i];
	return length;
}

#ifdef __aarch64__
static struct unwind_sample sample_here(void)
{
	struct unwind_sample sample = { .known = (UINT64_C(1) << UNWIND_REGS) - 1, .stack = stack };
	static ucontext_t here; /* as large as the sample */

	getcontext(&here);
	for (size_t i = 0; i < SP; i++)
		sample.regs[i] = here.uc_mcontext.regs[i];
	sample.regs[SP] = here.uc_mcontext.sp;
	sample.regs[IP] = here.uc_mcontext.pc;
	sample.length = copy_stack(sample.regs[SP]);
	return sample;
}
#else
static struct unwind_sample sample_here(void)
{
	static const int from[] = { REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
				    REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
				    REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP };
	struct unwind_sample sample = { .known = (UINT64_C(1) << UNWIND_REGS) - 1, .stack = stack };
	ucontext_t here;

	getcontext(&here);
	for (size_t i = 0; i < UNWIND_REGS; i++)
		sample.regs[i] = (uint64_t)here.uc_mcontext.gregs[from[i]];
	sample.length = copy_stack(sample.regs[SP]);
	return sample;
}
#endif

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
	struct unwinder *u = unwinder_libunwind.create(&(struct unwind_files){ find_own, NULL, NULL });

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
	struct event_stack stack_of, second;
	stack_of = unwinder_libunwind.unwind(u, &sample, ips, 64);
	size_t count = stack_of.count;

	assert_int_equal(ips[0], sample.regs[IP]);
	assert_true(has_callers(ips, count, callers));
	unsigned before = asked;
	second = unwinder_libunwind.unwind(u, &sample, again, 64);
	assert_int_equal(second.count, count);
	assert_memory_equal(ips, again, count * sizeof *ips);
	assert_int_equal(stack_of.end, second.end);
	assert_int_equal(asked, before);
	/* another return address is not taken for the same stack */
	for (size_t at = 0; at + 8 <= STACK; at += 8)
		if (!memcmp(stack + at, &callers[1], 8))
			memset(stack + at, 0, 8);
	count = unwinder_libunwind.unwind(u, &sample, again, 64).count;
	assert_false(has_callers(again, count, callers));
	unwinder_libunwind.destroy(u);
}

static void check_unwound(struct unwinder *u, const struct unwind_sample *sample, size_t max, size_t count,
			  enum stack_end end)
{
	uint64_t ips[STACK_MAX];
	struct event_stack found = unwinder_libunwind.unwind(u, sample, ips, max);

	assert_int_equal(found.count, count);
	assert_int_equal(found.end, end);
}

static void test_short_sample(void **state)
{
	struct unwinder *u = create();
	uint64_t ips[64], callers[2];
	struct unwind_sample sample = outer(callers);
	uint32_t length = sample.length;

	sample.length = 0;
	check_unwound(u, &sample, 64, 1, STACK_SAMPLE_ENDS);
	sample.length = length;
	size_t whole = unwinder_libunwind.unwind(u, &sample, ips, 64).count;
	check_unwound(u, &sample, 2, 2, STACK_TOO_DEEP);
	assert_int_equal(unwinder_libunwind.unwind(u, &sample, ips, 64).count, whole);
	sample.regs[IP] = 0x1000; /* where no file is, */
	sample.regs[FP] = 0;      /* and no frame pointer */
#ifdef __aarch64__
	sample.regs[30] = 0; /* and where no call led to */
#endif
	memset(stack, 0, 8);
	check_unwound(u, &sample, 64, 1, STACK_NO_TABLES);
	unwinder_libunwind.flush(u);
	/* the same, where the kernel has let the program begin: there is no caller */
	sample.top = sample.regs[SP] + 8;
	check_unwound(u, &sample, 64, 1, STACK_NO_TABLES);
	unwinder_libunwind.flush(u);
	sample.top = sample.regs[SP];
	check_unwound(u, &sample, 64, 1, STACK_WHOLE);
	unwinder_libunwind.destroy(u);
}

#ifdef __x86_64__
static struct unwind_sample in_handler;

static void sample_signal(int number)
{
	(void)number;
	in_handler = sample_here();
}

/* How many bytes before the instruction after `ip` make a call, of the ways that compilers use; 0: none. */
static bool is_in_call(uint64_t ip)
{
	const uint8_t *end = (const uint8_t *)(uintptr_t)(ip + 1); /* NOLINT: an address */

	return end[-5] == 0xe8 || end[-6] == 0xff || end[-2] == 0xff || end[-3] == 0xff;
}
#endif

/* A handler returns to code that was not called, and so does that to what the signal interrupted; all further out
 * are calls again. */
static void test_signal(void **state)
{
#ifdef __x86_64__
	static const uint8_t code[] = { 0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05 };
	struct unwinder *u = create();
	uint64_t ips[64];
	size_t at = 1;

	signal(SIGUSR1, sample_signal);
	raise(SIGUSR1);
	signal(SIGUSR1, SIG_DFL);
	for (int round = 0; round < 2; round++) {
		struct event_stack found = unwinder_libunwind.unwind(u, &in_handler, ips, 64);

		for (at = 1; at < found.count; at++)
			if (!memcmp((const void *)(uintptr_t)ips[at], code,
				    sizeof code)) /* NOLINT: an address */
				break;
		assert_true(at + 3 < found.count);
		assert_true(is_in_call(ips[at - 1]) || at == 1);
		for (size_t i = at + 2; i < found.count; i++)
			assert_true(is_in_call(ips[i]));
	}
	unwinder_libunwind.destroy(u);
#endif
}

/* The first function has rounded its stack pointer down, and its tables do not know: what lies where its caller
 * would be is no code, close below where the kernel let the program begin. */
static void test_rounded_first(void **state)
{
#ifndef __aarch64__
	struct unwinder *u = create();
	uint64_t ips[64], callers[2], word, above;
	struct unwind_sample sample = outer(callers);
	size_t at = 0, count;

	for (word = 0; word != callers[1]; at += sizeof word) {
		assert_true(at + sizeof word <= STACK);
		memcpy(&word, (const char *)stack + at, sizeof word);
	}
	word = 1;
	memcpy((char *)stack + at - sizeof word, &word, sizeof word);
	above = sample.regs[SP] + at;
	count = unwinder_libunwind.unwind(u, &sample, ips, 64).count;
	assert_int_equal(ips[count - 1], 0);
	assert_int_equal(ips[count - 2], callers[0] - 1);
	check_unwound(u, &sample, 64, count, STACK_NO_TABLES);
	unwinder_libunwind.flush(u);
	sample.top = above + 0x200;
	check_unwound(u, &sample, 64, count, STACK_NO_TABLES);
	unwinder_libunwind.flush(u);
	sample.top = above + 0x28;
	check_unwound(u, &sample, 64, count - 1, STACK_WHOLE);
	assert_int_equal(unwinder_libunwind.unwind(u, &sample, ips, 64).ips[count - 2], callers[0] - 1);
	unwinder_libunwind.destroy(u);
#endif
}

#define THREAD_STACK (256 << 10) /* aarch64 takes no less than half of it */

/* A thread's stack can be copied to its end, and unwound to it: there is memory beyond. */
static void *sample_thread(void *sample)
{
	*(struct unwind_sample *)sample = sample_here();
	return NULL;
}

static struct unwind_sample sample_of_thread(uint8_t *memory)
{
	struct unwind_sample sample;
	pthread_attr_t attr;
	pthread_t thread;

	assert_int_equal(pthread_attr_init(&attr), 0);
	assert_int_equal(pthread_attr_setstack(&attr, memory, THREAD_STACK), 0);
	assert_int_equal(pthread_create(&thread, &attr, sample_thread, &sample), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	pthread_attr_destroy(&attr);
	return sample;
}

/* What is beyond the sample, as it was seen when more was sampled: of the same thread, in the same
 * place, and said to be deduced. */
static void test_seen_before(void **state)
{
	struct unwinder *u = create();
	uint64_t ips[64], again[64];
	uint8_t *memory = aligned_alloc(4096, 2 * THREAD_STACK);
	struct unwind_sample sample = sample_of_thread(memory), other;
	struct event_stack found, whole;

	free(memory);
	sample.tid = 7;
	whole = unwinder_libunwind.unwind(u, &sample, ips, 64);
	assert_int_equal(whole.end, STACK_WHOLE);
	assert_true(whole.count > 2);
	assert_int_equal(whole.deduced, 0);
	sample.length = 0;
	found = unwinder_libunwind.unwind(u, &sample, again, 64);
	assert_int_equal(found.count, whole.count);
	assert_int_equal(found.end, STACK_WHOLE);
	assert_int_equal(found.deduced, whole.count - 1);
	assert_memory_equal(again, ips, whole.count * sizeof *ips);
	other = sample;
	other.tid = 8;
	check_unwound(u, &other, 64, 1, STACK_SAMPLE_ENDS);
	other = sample;
	other.regs[SP] -= 64;
	check_unwound(u, &other, 64, 1, STACK_SAMPLE_ENDS);
	unwinder_libunwind.flush(u);
	check_unwound(u, &sample, 64, 1, STACK_SAMPLE_ENDS);
	unwinder_libunwind.destroy(u);
}

/* Any bytes of the file changed: unwinding ends, whatever it takes for callers. */
static void test_damaged_files(void **state)
{
	uint64_t seed = 5, ips[64], callers[2];
	struct unwind_sample sample = outer(callers);
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
		assert_true(unwinder_libunwind.unwind(u, &sample, ips, 64).count >= 1);
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
static void test_seen_before(void **state)
{
}
static void test_damaged_files(void **state)
{
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_stack),     cmocka_unit_test(test_short_sample),
		cmocka_unit_test(test_rounded_first), cmocka_unit_test(test_signal),
		cmocka_unit_test(test_seen_before),   cmocka_unit_test(test_damaged_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
