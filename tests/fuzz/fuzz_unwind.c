/* Unwind tables and a stack that may be anything: unwinding ends, with addresses or without. An
 * input is the stack (512 bytes) followed by the ELF file that is mapped. */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "symbol/unwind.h"

#define STACK_BYTES 512
#define BASE UINT64_C(0x7f1200000000) /* where the file is mapped */
#define MAPPED 0x100000
#define STACK_AT UINT64_C(0x7ffd00001000)
#define FRAMES 32

struct input {
	const uint8_t *bytes;
	size_t size;
	int file; /* that has them; -1: they are bytes in memory */
};

static bool find(void *context, uint64_t address, struct unwind_mapping *mapping)
{
	const struct input *input = context;
	if (address < BASE || address >= BASE + MAPPED)
		return false;
	*mapping = (struct unwind_mapping){ .start = BASE, .end = BASE + MAPPED, .fd = -1 };
	if (input->file < 0) {
		mapping->bytes = input->bytes;
		mapping->size = input->size;
		return true;
	}
	mapping->fd = fcntl(input->file, F_DUPFD_CLOEXEC, 3);
	if (mapping->fd < 0)
		exit(99);
	return true;
}

/* One for all inputs: to make a file takes longer than to unwind by it. */
static int file_of(const uint8_t *bytes, size_t size)
{
	static int file = -1;

	if (file < 0)
		file = memfd_create("unwind", MFD_CLOEXEC);
	if (file < 0 || ftruncate(file, 0) < 0 || pwrite(file, bytes, size, 0) != (ssize_t)size)
		exit(99);
	return file;
}

#define STEP 61

/* From some places in the code on, as the first byte says: all would take long. */
static void unwind_some(struct unwinder *unwinder, const uint8_t *stack)
{
	struct unwind_sample sample = { .known = (UINT64_C(1) << UNWIND_REGS) - 1,
					.stack = stack,
					.length = STACK_BYTES };
	for (size_t i = 0; i < UNWIND_REGS; i++)
		sample.regs[i] = STACK_AT + 16 * i;
	sample.regs[UNWIND_REG_SP] = STACK_AT;
	for (uint64_t at = 0x100 + stack[0] % STEP; at < 0x300; at += STEP) {
		uint64_t ips[FRAMES];
		sample.regs[UNWIND_REG_IP] = BASE + at;
		struct event_stack found = unwinder_libunwind.unwind(unwinder, &sample, ips, FRAMES);
		assert(found.count >= 1 && found.count <= FRAMES && ips[0] == BASE + at);
		assert(found.deduced < found.count && (found.end != STACK_TOO_DEEP || found.count == FRAMES));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < STACK_BYTES)
		return 0;
	for (int as_file = 0; as_file < 2; as_file++) {
		struct input input = { data + STACK_BYTES, size - STACK_BYTES,
				       as_file ? file_of(data + STACK_BYTES, size - STACK_BYTES) : -1 };
		struct unwinder *unwinder =
		    unwinder_libunwind.create(&(struct unwind_files){ find, NULL, &input });
		if (!unwinder)
			return 0;
		unwind_some(unwinder, data);
		unwinder_libunwind.destroy(unwinder);
	}
	return 0;
}
