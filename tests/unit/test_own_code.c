/* Whose code: files, scripts, sources, directories that the user named. */
#include "unit/model_check.h"

#include <string.h>

#include "model/own_code.h"

#define EXE UINT64_C(0x10000)
#define LIB UINT64_C(0x20000)
#define LIBC UINT64_C(0x30000)
#define JIT UINT64_C(0x40000)
#define KERNEL UINT64_C(0xffffffff81000000)

static struct world *world;
static struct process *p;

static void map(uint64_t start, const char *path)
{
	struct event e = { .type = EVENT_MAP, .pid = 7 };

	e.region.id = start;
	e.region.attr = (struct region_attr){
		.start = start, .end = start + 16 * PAGE, .kind = REGION_TEXT, .path = path
	};
	world_apply(world, &e);
}

/* A process that runs `exe`, and nothing has a name. */
static void run(const char *exe)
{
	struct event e = { .type = EVENT_PROCESS, .pid = 7 };

	world_destroy(world);
	world = world_create();
	e.process = (struct event_process){ .argv = (const char *const[]){ "t", NULL },
					    .comm = "t",
					    .exe = exe,
					    .bits = 64,
					    .page_shift = 12 };
	world_apply(world, &e);
	p = world_find(world, 7);
	map(EXE, exe);
	map(LIB, "/home/ann/libt.so");
	map(LIBC, "/usr/lib/x86_64-linux-gnu/libc.so.6");
	map(JIT, "");
}

static void name_all(uint64_t ip, const char *object, const struct code_frame *frames, size_t count)
{
	struct event e = { .type = EVENT_SYMBOL, .pid = 7 };

	e.symbol = (struct event_symbol){
		.ip = ip, .object = object, .section = "", .frames = frames, .count = count, .why = ""
	};
	world_apply(world, &e);
}

static void name(uint64_t ip, const char *object, const char *function, const char *source)
{
	name_all(ip, object, &(struct code_frame){ function, source, 0 }, 1);
}

/* Where on a stack of up to four addresses, ended by 0, the own frame is; -1: nowhere. */
static int find(const char *paths, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	const uint64_t ips[] = { a, b, c, d };
	struct event_stack stack = { .ips = ips };
	struct own_frame own;

	while (stack.count < 4 && ips[stack.count])
		stack.count++;
	own = own_code_find(paths, p, a, &stack, NULL, NULL);
	return own.own ? (int)own.at : -1;
}

static int tear_down(void **state)
{
	(void)state;
	world_destroy(world);
	world = NULL;
	return 0;
}

static enum own_code at(const char *paths, uint64_t ip)
{
	size_t frame;

	return own_code_at(paths, p, names_find(p->names, ip), ip, &frame);
}

static void test_files(void **state)
{
	(void)state;
	run("/home/ann/t");
	assert_int_equal(at(NULL, EXE), OWN_FILE);
	assert_int_equal(at(NULL, LIB), OWN_FILE);
	assert_int_equal(at(NULL, LIBC), OWN_NONE);
	assert_int_equal(at(NULL, KERNEL), OWN_NONE);
	assert_int_equal(at(NULL, 0x999000), OWN_NONE); /* no region */
	run("/usr/bin/t");
	assert_int_equal(at(NULL, EXE), OWN_EXECUTABLE);
	run("/usr/local/bin/t");
	assert_int_equal(at(NULL, EXE), OWN_FILE);
	run("/usrlocal/t"); /* the beginning of a name is no directory */
	assert_int_equal(at(NULL, EXE), OWN_FILE);
}

static void test_stacks(void **state)
{
	(void)state;
	run("/home/ann/t");
	assert_int_equal(find(NULL, LIBC, LIBC + 1, EXE, EXE + 1), 2);
	assert_int_equal(find(NULL, LIBC, LIB, EXE, 0), 1);
	assert_int_equal(find(NULL, LIBC, LIBC + 1, 0, 0), -1);
	assert_int_equal(find(NULL, 0, 0, 0, 0), -1);
	assert_int_equal(own_code_find(NULL, p, EXE, &(struct event_stack){ 0 }, NULL, NULL).own, OWN_FILE);
	/* a plug-in of a system program, which is own code if there is nothing better */
	run("/usr/bin/t");
	assert_int_equal(find(NULL, LIBC, EXE, LIB, EXE + 1), 2);
	assert_int_equal(find(NULL, LIBC, LIBC + 1, EXE, EXE + 1), 2);
}

static void test_scripts(void **state)
{
	(void)state;
	run("/home/ann/.pyenv/bin/python3");
	name(JIT, "", "py::load:/home/ann/load.py", "");
	name(JIT + 1, "", "py::_find_and_load:<frozen importlib._bootstrap>", "");
	name(JIT + 2, "", "py::dumps:/usr/lib/python3.12/json/__init__.py", "");
	name(JIT + 3, "", "JS:*grow file:///srv/a.js:3:1", "");
	name(JIT + 4, "", "Builtin:ArrayPush", "");
	name(JIT + 5, "", "LazyCompile:~emit node:events:467", "");
	name(JIT + 6, "", "TRACE_1", "");
	assert_int_equal(at(NULL, JIT), OWN_SCRIPT);
	assert_int_equal(at(NULL, JIT + 1), OWN_NONE);
	assert_int_equal(at(NULL, JIT + 2), OWN_NONE);
	assert_int_equal(at(NULL, JIT + 3), OWN_SCRIPT);
	assert_int_equal(at(NULL, JIT + 4), OWN_NONE);
	assert_int_equal(at(NULL, JIT + 5), OWN_NONE);
	assert_int_equal(at(NULL, JIT + 6), OWN_FILE);
	/* the interpreter is in somebody's home: the script still counts */
	assert_int_equal(find(NULL, LIBC, EXE, JIT + 1, JIT), 3);
	assert_int_equal(find(NULL, LIBC, EXE, JIT + 1, 0), 1);
	assert_int_equal(at("/home/ann", JIT), OWN_SCRIPT);
	assert_int_equal(at("/home/bob:/srv/", JIT + 3), OWN_SCRIPT);
	assert_int_equal(at("/home/bob", JIT), OWN_NONE);
}

static void test_sources(void **state)
{
	const struct code_frame inlined[] = {
		{ "std::copy", "/usr/include/c++/12/bits/stl_algobase.h", 400 },
		{ "append", "/home/ann/src/t.cc", 14 },
		{ "fill", "/home/ann/src/t.cc", 31 },
	};
	size_t frame;

	(void)state;
	run("/home/ann/t");
	name(EXE, "/home/ann/t", "std::vector<int>::_M_realloc_insert",
	     "/usr/include/c++/12/bits/vector.tcc");
	name(EXE + 1, "/home/ann/t", "cache_insert", "/home/ann/src/t.cc");
	name(EXE + 2, "/home/ann/t", "runtime.mallocgc", "/usr/lib/go-1.19/src/runtime/malloc.go");
	assert_int_equal(at(NULL, EXE), OWN_NONE);
	assert_int_equal(find(NULL, LIBC, EXE, EXE + 1, 0), 2);
	assert_int_equal(find(NULL, EXE + 2, EXE + 1, 0, 0), 1);
	name_all(EXE + 3, "/home/ann/t", inlined, 3);
	assert_int_equal(own_code_at(NULL, p, names_find(p->names, EXE + 3), EXE + 3, &frame), OWN_FILE);
	assert_int_equal(frame, 1);
	/* directories that were named: of the sources, too, in whichever file the code is */
	assert_int_equal(at("/home/ann/src", EXE + 1), OWN_FILE);
	assert_int_equal(at("/home/ann/src", EXE), OWN_NONE);
	assert_int_equal(at("/home/ann/sr", EXE + 1), OWN_NONE);
	assert_int_equal(at("/home/ann/src", EXE + 9), OWN_NONE);
	assert_int_equal(at("/home/ann/t", EXE + 9), OWN_FILE);
	assert_int_equal(at("/", LIBC), OWN_FILE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_stacks),
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_sources),
	};

	return cmocka_run_group_tests(tests, NULL, tear_down);
}
