/* ELF files with debug information: any bytes give functions and lines that are strings, or
 * are refused. */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

#include "symbol/code_file.h"

static void ask(struct code_file *file, uint64_t vaddr)
{
	struct code_place place;

	code_file_find(file, vaddr, &place);
	assert(place.count <= DEBUG_FRAMES_MAX);
	assert(place.count || place.why);
	for (size_t i = 0; i < place.count; i++) {
		assert(!strchr(place.frames[i].function, '\n') || *place.frames[i].function);
		assert(place.frames[i].line == 0 || *place.frames[i].source);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("code", MFD_CLOEXEC);
	struct code_file *file;
	struct err err = { 0 };

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		exit(99);
	file = code_file_open(fd, -1, "", &err);
	assert(file || *err.text);
	if (!file)
		return 0;
	for (uint64_t vaddr = 0; vaddr < 0x400; vaddr++)
		ask(file, 0x1000 + vaddr);
	for (uint64_t vaddr = 1; vaddr; vaddr <<= 1)
		ask(file, vaddr);
	ask(file, UINT64_MAX);
	code_file_close(file);
	return 0;
}
