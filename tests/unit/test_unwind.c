/* Unwinding this program itself from a copy of its registers and its stack; what is kept from
 * stacks unwound before; and files whose tables make no sense. */
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
#include "symbol/unwind_bare.h"
#include "symbol/unwind_frames.h"
#include "symbol/unwind_memo.h"
#include "symbol/unwind_outer.h"
#include "unit/check.h"

#define SP UNWIND_REG_SP
#define IP UNWIND_REG_IP
#ifdef __aarch64__
#define FP 29
#else
#define FP 6
#endif
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

#if defined __x86_64__ || defined __aarch64__
/* All of it, and so what AddressSanitizer keeps between variables, too. */
__attribute__((no_sanitize("address"))) static void copy_stack(uint64_t from)
{
	const volatile uint8_t *bytes = (const volatile uint8_t *)from; /* NOLINT: an address */
	for (size_t i = 0; i < STACK; i++)
		stack[i] = bytes[i];
}

#ifdef __aarch64__
static struct unwind_sample sample_here(void)
{
	struct unwind_sample sample = { .known = (UINT64_C(1) << UNWIND_REGS) - 1,
					.stack = stack,
					.length = STACK };
	static ucontext_t here; /* as large as the sample */

	getcontext(&here);
	for (size_t i = 0; i < SP; i++)
		sample.regs[i] = here.uc_mcontext.regs[i];
	sample.regs[SP] = here.uc_mcontext.sp;
	sample.regs[IP] = here.uc_mcontext.pc;
	copy_stack(sample.regs[SP]);
	return sample;
}
#else
static struct unwind_sample sample_here(void)
{
	static const int from[] = { REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
				    REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
				    REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP };
	struct unwind_sample sample = { .known = (UINT64_C(1) << UNWIND_REGS) - 1,
					.stack = stack,
					.length = STACK };
	ucontext_t here;

	getcontext(&here);
	for (size_t i = 0; i < UNWIND_REGS; i++)
		sample.regs[i] = (uint64_t)here.uc_mcontext.gregs[from[i]];
	copy_stack(sample.regs[SP]);
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

	sample.length = 0;
	check_unwound(u, &sample, 64, 1, STACK_SAMPLE_ENDS);
	sample.length = STACK;
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

/* Any bytes of the file changed: it ends, whatever it takes for callers. */
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

/* Code at 0x1000, and a stack at 0x8000. */
struct bare {
	uint8_t code[64];
	uint64_t stack[16];
	bool unreadable;
};

static bool bare_word(void *context, uint64_t address, uint64_t *value)
{
	struct bare *b = context;

	if (address < 0x8000 || address >= 0x8000 + sizeof b->stack)
		return false;
	*value = b->stack[(address - 0x8000) / 8];
	return true;
}

static ptrdiff_t bare_code(void *context, uint64_t address, uint8_t *bytes, size_t size)
{
	struct bare *b = context;
	uint64_t at = address - 0x1000, left = sizeof b->code - at;

	if (at >= sizeof b->code)
		return -1;
	if (b->unreadable)
		return 0;
	size = left < size ? (size_t)left : size;
	memcpy(bytes, b->code + at, size);
	return (ptrdiff_t)size;
}

static struct unwind_state bare_state(uint64_t ip, uint64_t sp, uint64_t bp)
{
	struct unwind_state s = { .known = 1u << 6 | 1u << 7 | 1u << 16 };

	s.regs[6] = bp;
	s.regs[7] = sp;
	s.regs[16] = ip;
	return s;
}

static void test_without_tables(void **state)
{
	struct bare b = { .code = { [0x1b] = 0xe8, [0x26] = 0xff, [0x27] = 0xd1 } };
	struct unwind_bare_ops ops = { bare_word, bare_code, &b };
	struct unwind_state s = bare_state(0x1008, 0x8000, 0x8020);

	/* Python's trampoline, behind its call: sub $8,%rsp; call *%rcx; add $8,%rsp; ret */
	memcpy(b.code, "\x48\x83\xec\x08\xff\xd1\x48\x83\xc4\x08\xc3", 11);
	b.stack[1] = 0x1020; /* behind call, relative */
	b.stack[4] = 0x8040;
	b.stack[5] = 0x1028; /* behind call *%rcx */
	s.regs[16] = 0x1006;
	assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_SURE);
	assert_int_equal(s.regs[16], 0x1020);
	assert_int_equal(s.regs[7], 0x8010);
	assert_int_equal(s.regs[6], 0x8020);
	/* by the frame pointer */
	s = bare_state(0x1010, 0x8000, 0x8020);
	assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_LIKELY);
	assert_int_equal(s.regs[16], 0x1028);
	assert_int_equal(s.regs[7], 0x8030);
	assert_int_equal(s.regs[6], 0x8040);
	/* it has only just been called */
	s = bare_state(0x1010, 0x8008, 0x8020);
	assert_int_equal(unwind_bare_step(&ops, &s, false), UNWIND_BARE_LIKELY);
	assert_int_equal(s.regs[16], 0x1020);
	assert_int_equal(s.regs[7], 0x8010);
	/* what no call can have led to is no caller */
	b.stack[5] = 0x1024;
	s = bare_state(0x1010, 0x8000, 0x8020);
	assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_NONE);
	b.unreadable = true; /* it may be */
	assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_LIKELY);
	b.stack[5] = 0x9000; /* no code */
	s = bare_state(0x1010, 0x8000, 0x8020);
	assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_NONE);
	/* a frame pointer below the stack, beyond it, or askew */
	b.stack[5] = 0x1028;
	for (int i = 0; i < 3; i++) {
		s = bare_state(0x1010, 0x8030, (const uint64_t[]){ 0x8020, 0x9000, 0x8031 }[i]);
		assert_int_equal(unwind_bare_step(&ops, &s, true), UNWIND_BARE_NONE);
	}
}

static void test_without_tables_arm64(void **state)
{
	struct bare b = { 0 };
	struct unwind_bare_ops ops = { bare_word, bare_code, &b };
	const uint32_t bl = 0x94000010, blr = 0xd63f0060;
	struct unwind_state start = { .known = UINT64_C(0xf) << 29 }, s = start;

	memcpy(b.code + 0x1c, &bl, sizeof bl);
	memcpy(b.code + 0x24, &blr, sizeof blr);
	b.stack[4] = 0x8040;
	b.stack[5] = 0x1028;
	start.regs[29] = 0x8020;
	start.regs[30] = 0x1020;
	start.regs[31] = 0x8000;
	start.regs[32] = 0x1008;
	s = start; /* it has called nothing yet */
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, false), UNWIND_BARE_LIKELY);
	assert_int_equal(s.regs[32], 0x1020);
	assert_int_equal(s.regs[31], 0x8000);
	assert_int_equal(s.regs[29], 0x8020);
	s = start; /* by the frame pointer */
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, true), UNWIND_BARE_LIKELY);
	assert_int_equal(s.regs[32], 0x1028);
	assert_int_equal(s.regs[31], 0x8040);
	assert_int_equal(s.regs[29], 0x8040);
	s = start; /* no call leads to where the link register points */
	s.regs[30] = 0x1024;
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, false), UNWIND_BARE_LIKELY);
	assert_int_equal(s.regs[32], 0x1028);
	s = start;
	b.stack[5] = 0x102c;
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, true), UNWIND_BARE_NONE);
	b.unreadable = true; /* it may be */
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, true), UNWIND_BARE_LIKELY);
	b.stack[5] = 0x1029; /* between instructions */
	s = start;
	assert_int_equal(unwind_bare_arm64_step(&ops, &s, true), UNWIND_BARE_NONE);
}

/* Bytes that were not read may change; bytes that were read may not. */
static void test_memo(void **state)
{
	struct unwind_memo *memo = unwind_memo_create();
	uint64_t words[4] = { 1, 2, 3, 4 }, ips[] = { 100, 200, 300 }, got[4];
	struct unwind_frame places[] = { { 1, 2 }, { 3, 4 }, { 5, 6 } }, places_got[4];
	struct unwind_sample sample = { .stack = (const uint8_t *)words, .length = sizeof words };
	struct unwind_trace trace = { .regs = UINT64_C(1) << SP | UINT64_C(1) << IP,
				      .count = 2,
				      .at = { 0, 16 } };
	struct event_stack whole = { ips, 3, STACK_WHOLE, 1 }, found;

	sample.regs[SP] = 0x7ffd0000;
	sample.regs[IP] = 100;
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	unwind_memo_add(memo, &sample, &trace, &whole, places);
	sample.regs[0] = 77;
	words[1] = 77;
	assert_true(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	assert_int_equal(found.count, 3);
	assert_int_equal(found.deduced, 1);
	assert_int_equal(found.end, STACK_WHOLE);
	assert_memory_equal(got, ips, sizeof ips);
	assert_memory_equal(places_got, places, sizeof places);
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 2, &found));
	words[2] = 77;
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	words[2] = 3;
	sample.length = 8; /* what was read is not all there */
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	sample.length = sizeof words;
	sample.regs[SP] += 8;
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	sample.regs[SP] -= 8;
	unwind_memo_flush(memo);
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	unwind_memo_add(memo, &sample, &trace, &(struct event_stack){ ips, 2, STACK_SAMPLE_ENDS, 0 }, places);
	assert_true(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	assert_int_equal(found.count, 2);
	assert_int_equal(found.end, STACK_SAMPLE_ENDS);
	sample.length -= 8; /* another end of the sample, another stack */
	assert_false(unwind_memo_find(memo, &sample, got, places_got, 4, &found));
	unwind_memo_destroy(memo);
}

/* A stack goes on as the last one that had the same function in the same place. */
static void test_outer(void **state)
{
	struct unwind_outer *outer = unwind_outer_create();
	uint64_t ips[] = { 11, 21, 31, 41 }, others[] = { 12, 22, 51 }, got[4] = { 13, 23 };
	struct unwind_frame places[] = { { 10, 0x100 }, { 20, 0x200 }, { 30, 0x300 }, { 40, 0x400 } };
	struct event_stack cut = { got, 2, STACK_SAMPLE_ENDS, 0 };
	struct unwind_frame last = places[1];

	assert_false(unwind_outer_find(outer, 5, last, got, 4, &cut));
	unwind_outer_add(outer, 5, &(struct event_stack){ ips, 4, STACK_WHOLE, 0 }, places);
	assert_true(unwind_outer_find(outer, 5, last, got, 4, &cut));
	assert_int_equal(cut.count, 4);
	assert_int_equal(cut.deduced, 2);
	assert_int_equal(cut.end, STACK_WHOLE);
	assert_memory_equal(got, ((const uint64_t[]){ 13, 23, 31, 41 }), sizeof got);
	cut = (struct event_stack){ got, 2, STACK_SAMPLE_ENDS, 0 };
	assert_true(unwind_outer_find(outer, 5, last, got, 3, &cut)); /* no room for more */
	assert_int_equal(cut.end, STACK_TOO_DEEP);
	assert_int_equal(cut.count, 3);
	unwind_outer_add(outer, 5, &(struct event_stack){ others, 3, STACK_WHOLE, 0 }, places);
	cut = (struct event_stack){ got, 2, STACK_SAMPLE_ENDS, 0 };
	assert_true(unwind_outer_find(outer, 5, last, got, 4, &cut));
	assert_memory_equal(got, ((const uint64_t[]){ 13, 23, 51 }), 3 * sizeof *got);
	cut = (struct event_stack){ got, 2, STACK_SAMPLE_ENDS, 0 };
	assert_false(unwind_outer_find(outer, 6, last, got, 4, &cut));
	last.sp += 8;
	assert_false(unwind_outer_find(outer, 5, last, got, 4, &cut));
	last = places[1];
	for (int i = 0; i < 1000; i++) /* pushes the others out */
		unwind_outer_add(outer, 9, &(struct event_stack){ ips, 1, STACK_WHOLE, 0 }, places);
	assert_false(unwind_outer_find(outer, 5, last, got, 4, &cut));
	unwind_outer_destroy(outer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_stack),      cmocka_unit_test(test_short_sample),
		cmocka_unit_test(test_rounded_first),  cmocka_unit_test(test_signal),
		cmocka_unit_test(test_seen_before),    cmocka_unit_test(test_damaged_files),
		cmocka_unit_test(test_frames),         cmocka_unit_test(test_debug_frames),
		cmocka_unit_test(test_without_tables), cmocka_unit_test(test_without_tables_arm64),
		cmocka_unit_test(test_memo),           cmocka_unit_test(test_outer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
