/* Functions and lines of small programs that the test compiles: what went into the compiler
 * must come out. */
#include "symbol/code_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbol/debug_file.h"
#include "symbol/plain_file.h"
#include "unit/check.h"

static char folder[] = "/tmp/pagescape-code.XXXXXX";

/* Line numbers count: `inner` at 2, its call in `middle` at 6, that in `outer` at 10. */
static const char program_c[] = "static inline __attribute__((always_inline)) int inner(volatile int *p) {\n"
				"	return *p + 3;\n"
				"}\n"
				"\n"
				"static inline __attribute__((always_inline)) int middle(volatile int *p) {\n"
				"	int x = inner(p);\n"
				"	return x * 2;\n"
				"}\n"
				"\n"
				"__attribute__((noinline)) int outer(volatile int *p) { return middle(p)\n"
				"	; }\n"
				"int main(void) { volatile int a = 3; return outer(&a); }\n";

static const char program_cc[] =
    "namespace store {\n"
    "struct page { int word; __attribute__((noinline)) int touch(volatile int *p); };\n"
    "int page::touch(volatile int *p) {\n"
    "	return *p + word;\n"
    "}\n"
    "template <typename T> __attribute__((noinline)) T twice(volatile T *p) {\n"
    "	return *p * 2;\n"
    "}\n"
    "}\n"
    "int main() { volatile int a = 1; store::page p = {2}; return p.touch(&a) + store::twice<int>(&a); }\n";

static const char program_rs[] =
    "mod store { #[inline(never)] pub fn touch(p: &mut [u8]) {\n"
    "	p[0] = 1;\n"
    "} }\n"
    "fn main() { let mut v = vec![0u8; 10]; store::touch(&mut v); println!(\"{}\", v[0]); }\n";

/* One function, `outer`, whose debug information ends in an unterminated name, at the very end
 * of a section. IN chooses the section. */
static const char unended_s[] = ".set INFO, 0\n.set STR, 1\n.set LINE_STR, 2\n.set FOLDER, 3\n"
				".set NONE, 4\n"
				".text\n"
				".globl outer\n"
				".type outer, @function\n"
				".file 1 \"program.c\"\n"
				"outer: .loc 1 3\n"
				"ret\n"
				"end: .size outer, end - outer\n"
				".section .debug_abbrev\n"
				".uleb128 1, 0x11\n"
				".byte (IN != FOLDER) & 1\n"
				".uleb128 0x11, 1, 0x12, 6, 0x10, 0x17\n" /* low_pc, high_pc, stmt_list */
				".if IN == FOLDER\n.uleb128 0x1b, 8\n.endif\n"
				".uleb128 0, 0\n"
				".uleb128 2, 0x2e\n"
				".byte 0\n"
				".uleb128 0x11, 1, 0x12, 6, 3\n" /* low_pc, high_pc, name */
				".if IN == INFO || IN == NONE\n.uleb128 8\n.endif\n"
				".if IN == STR\n.uleb128 0xe\n.endif\n"
				".if IN == LINE_STR\n.uleb128 0x1f\n.endif\n"
				".uleb128 0, 0, 0\n"
				".section .debug_info\n"
				".4byte 3f - 2f\n"
				"2: .2byte 4\n"
				".4byte 0\n"
				".byte 8\n"
				".uleb128 1\n"
				".8byte outer\n"
				".4byte end - outer\n"
				".4byte 0\n"
				".if IN != FOLDER\n"
				".uleb128 2\n"
				".8byte outer\n"
				".4byte end - outer\n"
				".endif\n"
				".if IN == INFO\n.ascii \"without an end\"\n.endif\n"
				".if IN == NONE\n.asciz \"with an end\"\n.endif\n"
				".if IN == FOLDER\n.ascii \"/without/an/end\"\n.endif\n"
				".if IN == STR || IN == LINE_STR\n.4byte 0\n.endif\n"
				"3:\n"
				".if IN == STR\n.section .debug_str\n.ascii \"without an end\"\n.endif\n"
				".if IN == LINE_STR\n.section .debug_line_str,\"\"\n"
				".ascii \"without an end\"\n.endif\n";

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

#define skip_because(why)                                                                                    \
	do {                                                                                                 \
		print_message("skipped: %s\n", why);                                                         \
		skip();                                                                                      \
	} while (0)

static bool has(const char *program)
{
	char command[256];
	snprintf(command, sizeof command, "%s --version > /dev/null 2>&1", program);
	return system(command) == 0;
}

static const char *in_folder(const char *name)
{
	static char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(in_folder(name), "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* Runs the command in the folder; whether it succeeded. */
static bool run(const char *command)
{
	char line[1024];
	snprintf(line, sizeof line, "cd %s && { %s; } > log 2>&1", folder, command);
	return system(line) == 0;
}

static void must_run(const char *command)
{
	if (!run(command))
		fail_msg("%s: failed, see its output in %s/log", command, folder);
}

static struct code_file *open_code(const char *name)
{
	struct err err = { 0 };
	struct code_file *file =
	    code_file_open(open(in_folder(name), O_RDONLY | O_CLOEXEC), -1, in_folder(name), &err);
	if (!file)
		fail_msg("%s: %s", name, err.text);
	return file;
}

/* The address of a symbol, as nm has it. */
static uint64_t address_of(const char *name, const char *symbol)
{
	char command[256], line[1024], found[512];
	unsigned long long address, result = 0;
	snprintf(command, sizeof command, "nm %s", in_folder(name));
	FILE *nm = popen(command, "r");
	while (nm && fgets(line, sizeof line, nm))
		if (sscanf(line, "%llx %*c %511s", &address, found) == 2 && !strcmp(found, symbol))
			result = address;
	pclose(nm);
	assert_true(result != 0);
	return result;
}

static void expect_frame(const struct code_location *place, size_t i, const char *function,
			 const char *source, unsigned line)
{
	char path[128];
	assert_true(i < place->count);
	assert_string_equal(place->frames[i].function, function);
	snprintf(path, sizeof path, "%s/%s", folder, source);
	assert_string_equal(place->frames[i].source, path);
	assert_int_equal(place->frames[i].line, line);
}

/* The three frames at the first load of `outer`, and main below them, wherever it is. */
static void expect_inlined(const char *name)
{
	struct code_file *file = open_code(name);
	struct code_location place;
	uint64_t outer = address_of(name, "outer"), at = outer;
	for (;; at++) { /* the frame's set-up belongs to outer alone */
		assert_true(at < outer + 64);
		code_file_find(file, at, &place);
		if (place.count == 3)
			break;
	}
	expect_frame(&place, 0, "inner", "program.c", 2);
	expect_frame(&place, 1, "middle", "program.c", 6);
	expect_frame(&place, 2, "outer", "program.c", 10);
	assert_true(place.offset == at - outer);
	assert_string_equal(place.why, "");
	code_file_find(file, address_of(name, "main"), &place);
	assert_true(place.count >= 1);
	expect_frame(&place, place.count - 1, "main", "program.c", 12);
	assert_true(place.offset == 0);
	code_file_close(file);
}

static void compile(const char *name, const char *flags)
{
	char command[512];
	write_file("program.c", program_c);
	snprintf(command, sizeof command, "gcc -o %s %s $PWD/program.c", name, flags);
	must_run(command);
}

static void test_inlined(void **state)
{
	if (!has("gcc") || !has("nm"))
		skip_because("needs gcc, nm");
	compile("pie", "-O2 -g -fPIE -pie");
	expect_inlined("pie");
	compile("fixed", "-O2 -g -no-pie");
	expect_inlined("fixed");
	compile("old", "-O1 -gdwarf-3 -gstrict-dwarf");
	expect_inlined("old");
	compile("packed", "-O2 -g -gz=zlib");
	expect_inlined("packed");
	must_run("objcopy --compress-debug-sections=zlib-gnu pie packed-before");
	must_run("readelf -S packed-before | grep -q zdebug_info && readelf -S packed-before | grep -q "
		 "zdebug_line");
	expect_inlined("packed-before");
	must_run("cp pie cold"); /* no ranges but those of the units themselves */
	must_run("objcopy --remove-section .debug_aranges cold");
	expect_inlined("cold");
}

/* Split by the compiler: the functions are in a file of their own, or are missing. */
static void test_split(void **state)
{
	struct code_location place;
	if (!has("gcc") || !has("nm"))
		skip_because("needs gcc, nm");
	compile("split", "-O2 -g -gsplit-dwarf");
	expect_inlined("split");
	must_run("rm *.dwo && mkfifo split-program.dwo program.dwo");
	struct code_file *file = open_code("split");
	code_file_find(file, address_of("split", "outer"), &place);
	assert_int_equal(place.count, 1);
	assert_string_equal(place.frames[0].function, "outer");
	assert_non_null(strstr(place.why, ".dwo"));
	code_file_close(file);
	write_file("split.dwp", "");
	file = open_code("split");
	code_file_find(file, address_of("split", "outer"), &place);
	assert_int_equal(place.count, 1);
	assert_non_null(strstr(place.why, ".dwp"));
	code_file_close(file);
}

/* An unterminated name does not count: the symbol table's is used. With a sanitizer this also shows
 * that nothing is read past it. */
static void test_names_without_end(void **state)
{
	struct code_location place;
	char command[256];
	if (!has("gcc") || !has("nm"))
		skip_because("needs gcc, nm");
	write_file("unended.s", unended_s);
	for (int in = 0; in < 5; in++) {
		snprintf(command, sizeof command,
			 "gcc -shared -nostdlib -Wa,--defsym,IN=%d -o unended unended.s", in);
		if (!run(command))
			skip_because("made for x86-64");
		struct code_file *file = open_code("unended");
		code_file_find(file, address_of("unended", "outer"), &place);
		assert_int_equal(place.count, 1);
		assert_string_equal(place.frames[0].function, in < 4 ? "outer" : "with an end");
		code_file_close(file);
	}
}

/* What a signal handler returns to has its name in a stripped file, too; its neighbour has none. */
static void test_signal_return(void **state)
{
	static const char code[] = ".globl entry\nentry: nop\nnop\nmov $15, %rax\nsyscall\nmov $15, %rbx\n";
	struct code_location place;
	if (!has("gcc") || !has("nm"))
		skip_because("needs gcc, nm");
	write_file("return.s", code);
	if (!run("gcc -shared -nostdlib -o whole return.s && gcc -shared -nostdlib -s -o stripped return.s"))
		skip_because("made for x86-64");
	uint64_t entry = address_of("whole", "entry");
	struct code_file *file = open_code("stripped");
	code_file_find(file, entry + 2, &place);
	assert_int_equal(place.count, 1);
	assert_string_equal(place.frames[0].function, "__restore_rt");
	assert_int_equal(place.offset, 0);
	code_file_find(file, entry + 1, &place);
	assert_true(place.count == 0 || strcmp(place.frames[0].function, "__restore_rt") != 0);
	code_file_close(file);
}

static void test_static(void **state)
{
	if (!has("gcc") || !has("nm"))
		skip_because("needs gcc, nm");
	write_file("program.c", program_c);
	if (!run("gcc -o static -O2 -g -static $PWD/program.c"))
		skip_because("no static libc");
	expect_inlined("static");
}

static void test_32_bits(void **state)
{
	if (!has("gcc") || !has("nm"))
		skip_because("needs gcc, nm");
	write_file("program.c", program_c);
	if (!run("gcc -m32 -c -O2 -g -o 32.o $PWD/program.c && ld -m elf_i386 -e main -o 32 32.o"))
		skip_because("gcc makes no 32-bit programs here");
	expect_inlined("32");
}

static void test_unoptimized(void **state)
{
	struct code_location place;
	if (!has("gcc") || !has("nm"))
		skip_because("needs gcc, nm");
	compile("plain", "-O0 -g");
	struct code_file *file = open_code("plain");
	code_file_find(file, address_of("plain", "outer"), &place);
	assert_int_equal(place.count, 1);
	expect_frame(&place, 0, "outer", "program.c", 10);
	code_file_close(file);
}

static void test_without_debug_information(void **state)
{
	struct code_location place;
	if (!has("gcc") || !has("nm") || !has("strip"))
		skip_because("needs gcc, nm, strip");
	compile("bare", "-O2");
	struct code_file *file = open_code("bare");
	uint64_t outer = address_of("bare", "outer");
	code_file_find(file, outer + 1, &place);
	assert_int_equal(place.count, 1);
	assert_string_equal(place.frames[0].function, "outer");
	assert_string_equal(place.frames[0].source, "");
	assert_int_equal(place.frames[0].line, 0);
	assert_true(place.offset == 1);
	assert_non_null(strstr(place.why, "no debug information"));
	code_file_close(file);

	must_run("strip -o stripped bare");
	file = open_code("stripped");
	code_file_find(file, outer + 1, &place);
	assert_int_equal(place.count, 0);
	assert_string_equal(place.section, ".text");
	uint64_t start;
	assert_string_equal(elf_file_section_start(code_file_elf(file), outer, &start), ".text");
	assert_true(place.offset == outer + 1 - start);
	assert_non_null(strstr(place.why, "stripped"));
	code_file_find(file, 1, &place);
	assert_int_equal(place.count, 0);
	code_file_find(file, UINT64_MAX, &place);
	assert_int_equal(place.count, 0);
	assert_string_equal(place.section, "");
	code_file_close(file);
}

/* As distributions do it: names in a file beside it, found by its link; one that does not
 * match is not used. */
static void test_separate_file(void **state)
{
	struct code_location place;
	if (!has("gcc") || !has("nm") || !has("objcopy"))
		skip_because("needs gcc, nm, objcopy");
	compile("whole", "-O2 -g -Wl,--build-id=none");
	uint64_t outer = address_of("whole", "outer");
	must_run("objcopy --only-keep-debug whole apart.debug && objcopy --strip-all whole apart && "
		 "objcopy --add-gnu-debuglink=apart.debug apart");
	struct code_file *file = open_code("apart");
	code_file_find(file, outer, &place);
	expect_frame(&place, 2, "outer", "program.c", 10);
	code_file_close(file);

	must_run("mkdir -p .debug && mv apart.debug .debug");
	file = open_code("apart");
	code_file_find(file, outer, &place);
	expect_frame(&place, 2, "outer", "program.c", 10);
	code_file_close(file);

	must_run("echo >> .debug/apart.debug");
	file = open_code("apart");
	code_file_find(file, outer, &place);
	assert_int_equal(place.count, 0);
	code_file_close(file);
}

/* Found by the build-id alone, below a root of its own, as there is no link. */
static void test_separate_file_by_id(void **state)
{
	static const char id[] = "\x12\x34\x56\x78\x9a\xbc\xde\xf0";
	struct code_location place;
	if (!has("gcc") || !has("nm") || !has("objcopy"))
		skip_because("needs gcc, nm, objcopy");
	compile("whole", "-O2 -g -Wl,--build-id=0x123456789abcdef0");
	uint64_t outer = address_of("whole", "outer");
	must_run("mkdir -p usr/lib/debug/.build-id/12 && objcopy --strip-all whole apart && "
		 "objcopy --only-keep-debug whole usr/lib/debug/.build-id/12/3456789abcdef0.debug");
	int root = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = debug_file_open_by_id(root, id, sizeof id - 1);
	assert_true(fd >= 0);
	close(fd);
	struct code_file *file =
	    code_file_open(open(in_folder("apart"), O_RDONLY | O_CLOEXEC), root, "/apart", NULL);
	code_file_find(file, outer, &place);
	expect_frame(&place, 2, "outer", "program.c", 10);
	code_file_close(file);

	/* another file's, under this file's name */
	compile("other", "-O2 -g -Wl,--build-id=0x1234567800000000");
	must_run("objcopy --only-keep-debug other usr/lib/debug/.build-id/12/3456789abcdef0.debug");
	assert_int_equal(debug_file_open_by_id(root, id, sizeof id - 1), -1);
	/* no way out of the root */
	must_run("ln -sf /etc/passwd usr/lib/debug/out && mkfifo usr/lib/debug/pipe");
	struct stat st;
	assert_int_equal(plain_file_open(root, "/usr/lib/debug/out", &st, NULL), -1);
	assert_int_equal(plain_file_open(root, "/../../../../etc/passwd", &st, NULL), -1);
	assert_int_equal(plain_file_open(root, "/usr/lib/debug/pipe", &st, NULL), -1);
	assert_int_equal(plain_file_open(-1, "/dev/null", &st, NULL), -1);
	close(root);
}

static void test_cplusplus(void **state)
{
	static const char *const flags[] = { "-O1 -g", "-O1" };
	struct code_location place;
	if (!has("g++") || !has("nm"))
		skip_because("needs g++, nm");
	write_file("program.cc", program_cc);
	for (size_t i = 0; i < 2; i++) {
		char command[256];
		snprintf(command, sizeof command, "g++ -o cc %s $PWD/program.cc", flags[i]);
		must_run(command);
		struct code_file *file = open_code("cc");
		code_file_find(file, address_of("cc", "_ZN5store4page5touchEPVi"), &place);
		assert_int_equal(place.count, 1);
		assert_string_equal(place.frames[0].function, "store::page::touch");
		if (i == 0) /* its first instruction may already be of its body */
			expect_frame(&place, 0, "store::page::touch", "program.cc",
				     place.frames[0].line == 3 ? 3 : 4);
		code_file_find(file, address_of("cc", "_ZN5store5twiceIiEET_PVS1_"), &place);
		assert_non_null(strstr(place.frames[0].function, "store::twice<int>"));
		code_file_close(file);
	}
}

static void test_rust(void **state)
{
	static const char *const mangling[] = { "legacy", "v0" };
	if (!has("rustc") || !has("nm"))
		skip_because("needs rustc, nm");
	write_file("program.rs", program_rs);
	for (size_t i = 0; i < 2; i++) {
		char command[512], symbol[512] = "";
		struct code_location place;
		snprintf(command, sizeof command,
			 "rustc -g -O -C symbol-mangling-version=%s -o rs $PWD/program.rs%s", mangling[i],
			 i == 0 ? " -Z unstable-options" : "");
		if (!run(command)) {
			/* old compilers always know the one way, new ones the other */
			snprintf(command, sizeof command, "rustc -g -O -o rs $PWD/program.rs");
			must_run(command);
		}
		snprintf(command, sizeof command, "nm %s | grep -o '_[RZ].*5store5touch.*'", in_folder("rs"));
		FILE *nm = popen(command, "r");
		assert_int_equal(fscanf(nm, "%511s", symbol), 1);
		pclose(nm);
		struct code_file *file = open_code("rs");
		code_file_find(file, address_of("rs", symbol), &place);
		assert_true(place.count >= 1);
		expect_frame(&place, place.count - 1, "program::store::touch", "program.rs",
			     place.frames[place.count - 1].line);
		assert_in_range(place.frames[0].line, 1, 3);
		code_file_close(file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inlined),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_names_without_end),
		cmocka_unit_test(test_signal_return),
		cmocka_unit_test(test_static),
		cmocka_unit_test(test_32_bits),
		cmocka_unit_test(test_unoptimized),
		cmocka_unit_test(test_without_debug_information),
		cmocka_unit_test(test_separate_file),
		cmocka_unit_test(test_separate_file_by_id),
		cmocka_unit_test(test_cplusplus),
		cmocka_unit_test(test_rust),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
