/* ELF files with debug information: any bytes give functions, lines and variables that are strings and numbers,
 * or are refused. */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "symbol/code_file.h"
#include "symbol/debug_lookup.h"

#define STEP 13 /* which addresses are looked up depends on the size: all of them would take long */

static void ask(struct code_file *file, uint64_t vaddr)
{
	struct code_location place;

	code_file_find(file, vaddr, &place);
	assert(place.count <= DEBUG_FRAMES_MAX);
	assert(place.count || place.why);
	for (size_t i = 0; i < place.count; i++) {
		assert(!strchr(place.frames[i].function, '\n') || *place.frames[i].function);
		assert(place.frames[i].line == 0 || *place.frames[i].source);
	}
}

static void take_file(void *context, const char *name, const char *path)
{
	size_t *length = context;

	*length += strlen(name) + strlen(path);
}

/* From the source to addresses. The fd is taken over. */
static void look_up(int fd)
{
	static const char *const names[] = { "area", "counter", "main" };
	struct err err = { 0 };
	struct debug_lookup *lookup = debug_lookup_open(fd, &err);
	struct debug_variable variable;
	uint64_t vaddr;
	size_t length = 0;

	assert(lookup || *err.text);
	if (!lookup)
		return;
	debug_lookup_files(lookup, take_file, &length);
	for (unsigned line = 1; line < 20; line++)
		debug_lookup_line(lookup, "f.c", line, &vaddr, &err);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		debug_lookup_variable(lookup, names[i], &variable, &err);
	debug_lookup_close(lookup);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("code", MFD_CLOEXEC);
	struct code_file *file;
	struct err err = { 0 };

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		exit(99);
	look_up(fcntl(fd, F_DUPFD_CLOEXEC, 3));
	file = code_file_open(fd, -1, "", &err);
	assert(file || *err.text);
	if (!file)
		return 0;
	for (uint64_t vaddr = size % STEP; vaddr < 0x400; vaddr += STEP)
		ask(file, 0x1000 + vaddr);
	for (uint64_t vaddr = 1; vaddr; vaddr <<= 1)
		ask(file, vaddr);
	ask(file, UINT64_MAX);
	code_file_close(file);
	return 0;
}
