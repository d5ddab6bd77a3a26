/* Names that others wrote may have no end: in each section of an ELF file that has strings, in its notes, in maps
 * of code made at run time, in sessions. From a name on, each NUL is overwritten, up to the end of what holds
 * it. A sanitizer shows whether anything is read beyond; without one, no name may be longer than its section. */
#include "symbol/code_file.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/block.h"
#include "store/bytes.h"
#include "store/session.h"
#include "symbol/debug_file.h"
#include "symbol/debug_lookup.h"
#include "symbol/perf_map.h"
#include "unit/check.h"

static char folder[] = "/tmp/pagescape-unended.XXXXXX";

static const char program[] =
    "volatile int counter[4096];\n"
    "__attribute__((noinline)) int last_name(int i) { counter[i] = 1; return counter[i]; }\n"
    "int main(void) { return last_name(3); }\n";

/* What is damaged, and from where on: after a name in it, or from its beginning. */
static const struct damage {
	const char *section, *name;
} damages[] = {
	{ ".debug_str", "last_name" },
	{ ".debug_str", NULL },
	{ ".debug_line_str", NULL },
	{ ".strtab", "last_name" },
	{ ".strtab", NULL },
	{ ".dynstr", NULL },
	{ ".shstrtab", ".text" },
	{ ".shstrtab", NULL },
	{ ".gnu_debuglink", NULL },
	{ ".debug_info", NULL },
	{ ".note.gnu.build-id", NULL },
};
#define DAMAGES (sizeof damages / sizeof *damages)

static int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static bool run(const char *command)
{
	char line[512];

	snprintf(line, sizeof line, "cd %s && { %s; } >log 2>&1", folder, command);
	return system(line) == 0;
}

static int open_in_folder(const char *name, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	fd = open(path, flags | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	return fd;
}

static void write_file(const char *name, const void *bytes, size_t size)
{
	int fd = open_in_folder(name, O_WRONLY | O_CREAT | O_TRUNC);

	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
}

/* A program with debug information, whose link to a file of more of it (.gnu_debuglink) leads to itself. */
static bool make_program(void)
{
	write_file("program.c", program, strlen(program));
	return run("gcc -g -O1 -rdynamic -Wl,--build-id -o whole program.c && cp whole more.debug && "
		   "objcopy --add-gnu-debuglink=more.debug whole");
}

static uint8_t *read_whole(size_t *size)
{
	int fd = open_in_folder("whole", O_RDONLY);
	off_t end = lseek(fd, 0, SEEK_END);
	uint8_t *bytes = mem_alloc((size_t)end);

	assert_int_equal(pread(fd, bytes, (size_t)end, 0), end);
	close(fd);
	*size = (size_t)end;
	return bytes;
}

/* False: there is no such section. */
static bool find_section(uint8_t *bytes, size_t size, const char *name, GElf_Shdr *found)
{
	Elf *elf = elf_memory((char *)bytes, size);
	bool there = false;
	size_t names;

	assert_non_null(elf);
	assert_int_equal(elf_getshdrstrndx(elf, &names), 0);
	for (Elf_Scn *at = elf_nextscn(elf, NULL); at && !there; at = elf_nextscn(elf, at))
		there = gelf_getshdr(at, found) && !strcmp(elf_strptr(elf, names, found->sh_name), name);
	elf_end(elf);
	return there;
}

static void overwrite(uint8_t *section, size_t size, const char *from)
{
	uint8_t *at = from ? memmem(section, size, from, strlen(from)) : section;

	assert_non_null(at);
	for (; at < section + size; at++)
		if (!*at)
			*at = 'A';
}

static void take_file(void *size, const char *name, const char *path)
{
	assert_true(strlen(name) <= *(size_t *)size && strlen(path) <= *(size_t *)size);
}

/* From the source to addresses, by the fd, which is taken over. */
static void look_up(int fd, size_t size)
{
	struct err err = { 0 };
	struct debug_lookup *lookup = debug_lookup_open(fd, &err);
	struct debug_variable variable;
	uint64_t vaddr;

	if (!lookup) {
		assert_true(err.text[0]);
		return;
	}
	debug_lookup_files(lookup, take_file, &size);
	debug_lookup_line(lookup, "program.c", 2, &vaddr, &err);
	debug_lookup_variable(lookup, "counter", &variable, &err);
	debug_lookup_close(lookup);
}

static void check_place(const struct code_location *place, size_t size)
{
	assert_true(strlen(place->section) <= size);
	for (size_t i = 0; i < place->count; i++) {
		assert_true(strlen(place->frames[i].function) <= size);
		assert_true(!place->frames[i].source || strlen(place->frames[i].source) <= size);
	}
}

/* Everything that takes a name from the file. */
static void use(const char *name, size_t size)
{
	struct err err = { 0 };
	char path[128];
	struct code_file *file;
	int fd = open_in_folder(name, O_RDONLY), more;

	elf_read_build_id(fd);
	snprintf(path, sizeof path, "%s/%s", folder, name);
	more = debug_file_open(fd, -1, path);
	if (more >= 0)
		close(more);
	look_up(fcntl(fd, F_DUPFD_CLOEXEC, 3), size);
	file = code_file_open(fd, -1, path, &err);
	assert_true(file || err.text[0]);
	for (uint64_t vaddr = 0; file && vaddr < 0x6000; vaddr += 0x11) {
		struct code_location place;

		code_file_find(file, vaddr, &place);
		check_place(&place, size);
	}
	if (file)
		code_file_close(file);
}

static void test_files(void **state)
{
	size_t size, damaged = 0;
	uint8_t *whole;

	if (!make_program()) {
		print_message("skipped: needs gcc and objcopy\n");
		skip();
	}
	elf_version(EV_CURRENT);
	whole = read_whole(&size);
	for (size_t i = 0; i < DAMAGES; i++) {
		uint8_t *bytes = mem_alloc(size);
		GElf_Shdr header;

		memcpy(bytes, whole, size);
		if (find_section(bytes, size, damages[i].section, &header)) {
			overwrite(bytes + header.sh_offset, header.sh_size, damages[i].name);
			write_file("damaged", bytes, size);
			use("damaged", size);
			damaged++;
		}
		free(bytes);
	}
	free(whole);
	assert_in_range(damaged, DAMAGES - 1, DAMAGES); /* .debug_line_str is of DWARF 5 */
}

/* A copy with nothing behind it. */
static char *exact(const char *text, size_t *len)
{
	*len = strlen(text);
	char *bytes = mem_alloc(*len);

	memcpy(bytes, text, *len);
	return bytes;
}

static void test_perf_map(void **state)
{
	static const char *const texts[] = { "7f1200001000 10 name", "7f1200001000 10 ", "7f1200001000 10",
					     "7f1200001000 1",       "7f1200001000 ",    "7f12000010",
					     "7f1200001000 10 a\n7" };
	uint64_t offset;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t len;
		char *bytes = exact(texts[i], &len);
		struct perf_map *map = perf_map_parse(bytes, len);
		const char *name;

		free(bytes);
		name = perf_map_find(map, 0x7f1200001000, &offset);
		assert_true(!name || strlen(name) <= len);
		assert_true(i || !strcmp(name, "name"));
		perf_map_free(map);
	}
}

static void test_session_text(void **state)
{
	size_t len;
	char *bytes = exact("no end", &len);
	struct cursor in = { .at = (uint8_t *)bytes, .end = (uint8_t *)bytes + len };

	bytes_get_text(&in);
	assert_true(in.bad);
	free(bytes);
}

/* The texts of a session's head: machine, host, kernel, program. */
static void test_session_head(void **state)
{
	static const char texts[] = { 'm', 0, 'h', 0, 'k', 0, 'p' };
	struct session_head head = { .version = SESSION_VERSION, .page_shift = 12, .texts = sizeof texts };
	uint8_t bytes[SESSION_HEAD + sizeof texts];
	struct session *session;
	struct err err = { 0 };
	char path[128];

	head.crc = bytes_crc32c(0, texts, sizeof texts);
	head_put(bytes, &head);
	memcpy(bytes + SESSION_HEAD, texts, sizeof texts);
	write_file("session", bytes, sizeof bytes);
	snprintf(path, sizeof path, "%s/session", folder);
	session = session_open(path, &err);
	assert_null(session);
	assert_int_equal(err.code, ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_perf_map),
		cmocka_unit_test(test_session_text),
		cmocka_unit_test(test_session_head),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
