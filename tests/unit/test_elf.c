/* ELF files: real ones compared with nm and readelf, and damaged ones. */
#include "symbol/elf.h"

#include <fcntl.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "unit/check.h"

#define FLIPS 4000

static struct elf_file *open_elf(const char *path)
{
	struct err err = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	struct elf_file *file = elf_file_open(fd, &err);
	close(fd);
	if (!file)
		fail_msg("%s: %s", path, err.text);
	return file;
}

static bool has_tool(const char *name)
{
	char command[64];
	snprintf(command, sizeof command, "%s --version > /dev/null 2>&1", name);
	return system(command) == 0;
}

static FILE *run(const char *command, const char *path)
{
	char line[512];
	snprintf(line, sizeof line, "LC_ALL=C %s '%s' 2>/dev/null", command, path);
	return popen(line, "r");
}

/* The library that this program's printf is in: the dynamic table alone. */
static const char *libc_path(char path[static 256])
{
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	path[0] = '\0';
	while (maps && !path[0] && fgets(line, sizeof line, maps))
		if (strstr(line, "/libc.so") || strstr(line, "/libc-"))
			sscanf(strchr(line, '/'), "%255[^\n]", path);
	if (maps)
		fclose(maps);
	return path;
}

static const char *self_path(char path[static 256])
{
	ssize_t n = readlink("/proc/self/exe", path, 255);
	assert_true(n > 0);
	path[n] = '\0';
	return path;
}

/* Each line of nm: our symbol at that address is one of those that nm has there. */
static int compare_with_nm(const char *path, const char *command)
{
	struct elf_file *file = open_elf(path);
	FILE *nm = run(command, path);
	char type, name[1024], found[1024] = "";
	unsigned long long address, last = ~0ULL;
	int checked = 0, same = 1;
	while (fscanf(nm, "%llx %c %1023s", &address, &type, name) == 3) {
		struct elf_symbol symbol;
		/* so low are only offsets of thread-local variables: the file begins with its headers */
		if (!strchr("TtDdBbRrWVi", type) || address < 0x200 || *name == '$') /* $x: not a name */
			continue;
		name[strcspn(name, "@")] = '\0';
		if (address != last) {
			assert_true(same);
			assert_true(elf_file_symbol(file, address, &symbol));
			assert_true(symbol.address == address);
			snprintf(found, sizeof found, "%s", symbol.name);
			same = 0;
			checked++;
		}
		same |= strcmp(found, name) == 0;
		last = address;
		if (symbol.size > 1) {
			struct elf_symbol inside;
			assert_true(elf_file_symbol(file, address + 1, &inside));
			assert_true(inside.address == address || inside.address == address + 1);
		}
	}
	assert_true(same);
	pclose(nm);
	elf_file_close(file);
	return checked;
}

static void test_symbols_as_nm(void **state)
{
	char path[256];
	if (!has_tool("nm"))
		return;
	assert_true(compare_with_nm(self_path(path), "nm -n --defined-only") > 50);
	if (*libc_path(path))
		assert_true(compare_with_nm(path, "nm -n -D --defined-only") > 1000);
}

static int compare_sections(const char *path)
{
	struct elf_file *file = open_elf(path);
	FILE *readelf = run("readelf -SW", path);
	char line[512], name[128], type[32], flags[16];
	unsigned long long address, offset, size;
	int checked = 0;
	while (fgets(line, sizeof line, readelf)) {
		const char *at = strchr(line, ']');
		if (!at || sscanf(at + 1, "%127s %31s %llx %llx %llx %*x %15s", name, type, &address, &offset,
				  &size, flags) != 6)
			continue;
		if (!strchr(flags, 'A') || !size || (!strcmp(type, "NOBITS") && strchr(flags, 'T')))
			continue;
		uint64_t value;
		assert_string_equal(elf_file_section(file, address), name);
		assert_string_equal(elf_file_section(file, address + size - 1), name);
		const char *names[64];
		size_t n = elf_file_sections(file, address, address + size, names, 64), i = 0;
		while (i < n && strcmp(names[i], name) != 0)
			i++;
		assert_true(i < n);
		assert_true(elf_file_loads(file, address));
		if (strcmp(type, "NOBITS") != 0) {
			assert_true(elf_file_address(file, offset, &value));
			assert_true(value == address);
			assert_true(elf_file_offset(file, address, &value));
			assert_true(value == offset);
		}
		checked++;
	}
	pclose(readelf);
	elf_file_close(file);
	return checked;
}

static void compare_build_id(const char *path)
{
	FILE *readelf = run("readelf -n", path);
	char line[512], wanted[256] = "", found[256] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct build_id id = elf_read_build_id(fd);
	while (fgets(line, sizeof line, readelf))
		sscanf(line, " Build ID: %255s", wanted);
	pclose(readelf);
	for (size_t i = 0; i < id.len; i++)
		snprintf(found + 2 * i, sizeof found - 2 * i, "%02x", id.bytes[i]);
	assert_string_equal(found, wanted);
	assert_int_equal(elf_has_build_id(fd, &id), id.len > 0);
	close(fd);
}

static void test_sections_as_readelf(void **state)
{
	char path[256];
	if (!has_tool("readelf"))
		return;
	assert_true(compare_sections(self_path(path)) > 10);
	compare_build_id(path);
	if (*libc_path(path)) {
		assert_true(compare_sections(path) > 10);
		compare_build_id(path);
	}
}

/* A 32-bit file, made by hand: one segment, .text and .bss, three symbols. */
#define SYMBOLS 4
static const char strings32[] = "\0.text\0.bss\0.symtab\0.strtab\0start\0middle\0zeroes";

static uint32_t string32(const char *name)
{
	for (size_t i = 0; i < sizeof strings32; i++)
		if (strcmp(strings32 + i, name) == 0)
			return (uint32_t)i;
	return 0;
}

static const struct elf32 {
	Elf32_Ehdr header;
	Elf32_Phdr segment[2];
	char note[20], strings[sizeof strings32], text[64];
	Elf32_Sym symbols[SYMBOLS];
	Elf32_Shdr sections[5];
} layout;
#define AT(member) ((uint32_t)((const char *)&layout.member - (const char *)&layout))

static int make_elf32(void)
{
	struct elf32 *f = mem_zalloc(sizeof *f);
	memcpy((void *)(uintptr_t)f, &layout, sizeof layout);
	char *bytes = (char *)(uintptr_t)f;
	Elf32_Ehdr header = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_EXEC,
		.e_machine = EM_386,
		.e_version = EV_CURRENT,
		.e_ehsize = sizeof header,
		.e_phoff = AT(segment),
		.e_phentsize = sizeof(Elf32_Phdr),
		.e_phnum = 2,
		.e_shoff = AT(sections),
		.e_shentsize = sizeof(Elf32_Shdr),
		.e_shnum = 5,
		.e_shstrndx = 4,
	};
	Elf32_Phdr segments[2] = {
		{ .p_type = PT_LOAD,
		  .p_offset = 0,
		  .p_vaddr = 0x8048000,
		  .p_filesz = 0x2000,
		  .p_memsz = 0x3000 },
		{ .p_type = PT_NOTE, .p_offset = AT(note), .p_filesz = 20, .p_memsz = 20, .p_align = 4 },
	};
	uint32_t text = 0x8048000 + AT(text);
	Elf32_Sym symbols[SYMBOLS] = {
		{ 0 },
		{ string32("start"), text, 16, ELF32_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 1 },
		{ string32("middle"), text + 32, 8, ELF32_ST_INFO(STB_LOCAL, STT_FUNC), 0, 1 },
		{ string32("zeroes"), 0x804a000, 64, ELF32_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, 2 },
	};
	Elf32_Shdr sections[5] = {
		{ 0 },
		{ string32(".text"), SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, text, AT(text), 64, 0, 0, 1,
		  0 },
		{ string32(".bss"), SHT_NOBITS, SHF_ALLOC | SHF_WRITE, 0x804a000, AT(text), 64, 0, 0, 1, 0 },
		{ string32(".symtab"), SHT_SYMTAB, 0, 0, AT(symbols), sizeof symbols, 4, 3, 4,
		  sizeof(Elf32_Sym) },
		{ string32(".strtab"), SHT_STRTAB, 0, 0, AT(strings), sizeof strings32, 0, 0, 1, 0 },
	};
	static const char note[20] = "\4\0\0\0\4\0\0\0\3\0\0\0GNU\0\x12\x34\x56\x78";
	memcpy(bytes + AT(header), &header, sizeof header);
	memcpy(bytes + AT(segment), segments, sizeof segments);
	memcpy(bytes + AT(note), note, sizeof note);
	memcpy(bytes + AT(strings), strings32, sizeof strings32);
	memcpy(bytes + AT(symbols), symbols, sizeof symbols);
	memcpy(bytes + AT(sections), sections, sizeof sections);
	int fd = memfd_create("elf32", MFD_CLOEXEC);
	assert_int_equal(write(fd, bytes, sizeof layout), sizeof layout);
	free(bytes);
	return fd;
}

static void test_32_bits(void **state)
{
	int fd = make_elf32();
	struct elf_file *file = elf_file_open(fd, NULL);
	struct elf_symbol symbol;
	struct build_id id = elf_read_build_id(fd), other = { .len = 4 };
	uint64_t vaddr;
	assert_non_null(file);
	assert_int_equal(elf_file_bits(file), 32);
	assert_int_equal(id.len, 4);
	assert_memory_equal(id.bytes, "\x12\x34\x56\x78", 4);
	assert_true(elf_has_build_id(fd, &id));
	assert_false(elf_has_build_id(fd, &other));
	assert_true(elf_file_address(file, 0x100, &vaddr));
	assert_true(vaddr == 0x8048100);
	assert_false(elf_file_address(file, 0x2000, &vaddr));
	assert_false(elf_file_offset(file, 0x804a000, &vaddr));
	assert_true(elf_file_loads(file, 0x804a000));
	assert_true(elf_file_symbol(file, 0x804a010, &symbol));
	assert_string_equal(symbol.name, "zeroes");
	assert_string_equal(elf_file_section(file, 0x804a010), ".bss");
	assert_string_equal(elf_file_section(file, 0x804a040), "");
	/* one before the first symbol, and one of another section */
	assert_false(elf_file_symbol(file, 0x8048000, &symbol));
	assert_false(elf_file_symbol(file, 0x8049000, &symbol));
	elf_file_close(file);
	close(fd);
}

/* Calls every lookup. */
static void ask_all(int fd)
{
	elf_read_build_id(fd);
	struct elf_file *file = elf_file_open(fd, NULL);
	if (!file)
		return;
	static const uint64_t places[] = { 0,         1,          0x1000,         0x8048100,
					   0x804a000, UINT64_MAX, UINT64_MAX / 2, 0x80000000 };
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const char *names[8];
		struct elf_symbol symbol;
		uint64_t value;
		elf_file_address(file, places[i], &value);
		elf_file_offset(file, places[i], &value);
		elf_file_first_load(file, &value, &value);
		elf_file_loads(file, places[i]);
		if (elf_file_symbol(file, places[i], &symbol))
			assert_true(strlen(symbol.name) > 0);
		assert_non_null(elf_file_section(file, places[i]));
		size_t n = elf_file_sections(file, places[i], UINT64_MAX, names, 8);
		while (n-- > 0)
			assert_non_null(strchr(names[n], '\0'));
	}
	elf_file_close(file);
}

/* Flips bits, truncates, and looks things up. Mostly in the headers, where it matters most. */
static void damage(int original)
{
	struct stat st;
	uint64_t random = 4;
	assert_int_equal(fstat(original, &st), 0);
	size_t size = (size_t)st.st_size;
	unsigned char *bytes = mem_alloc(size);
	assert_int_equal(pread(original, bytes, size, 0), st.st_size);
	int fd = memfd_create("damaged", MFD_CLOEXEC);
	for (int i = 0; i < FLIPS; i++) {
		assert_int_equal(pwrite(fd, bytes, size, 0), st.st_size);
		for (unsigned n = check_random(&random) % 6 + 1; n > 0; n--) {
			size_t span = n % 2 && size > 256 ? 256 : size;
			size_t at = check_random(&random) % span;
			if (check_random(&random) % 3 == 0)
				at = size - 1 - at; /* section headers lie at the end */
			unsigned bit = 1u << check_random(&random) % 8;
			unsigned char byte =
			    check_random(&random) % 4 ? (unsigned char)(bytes[at] ^ bit) : 0xff;
			assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
		}
		if (i % 16 == 0)
			assert_int_equal(ftruncate(fd, (off_t)(check_random(&random) % size)), 0);
		ask_all(fd);
	}
	close(fd);
	free(bytes);
}

static void test_damaged_files(void **state)
{
	int fd = make_elf32();
	damage(fd);
	close(fd);
	fd = open("/bin/true", O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		damage(fd);
	close(fd);
}

static void test_no_elf_files(void **state)
{
	struct err err = { 0 };
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_null(elf_file_open(fd, &err));
	assert_int_equal(err.code, ERR_INPUT);
	close(fd);
	fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	assert_null(elf_file_open(fd, NULL));
	close(fd);
	assert_null(elf_file_open(-1, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_symbols_as_nm), cmocka_unit_test(test_sections_as_readelf),
		cmocka_unit_test(test_32_bits),       cmocka_unit_test(test_damaged_files),
		cmocka_unit_test(test_no_elf_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
