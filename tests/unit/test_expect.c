/* The expectation language: what is accepted, the errors for what is not, and the value of each figure in a
 * world that is fully known. */
#include "unit/model_check.h"

#include <string.h>

#include "expect/evaluate.h"
#include "expect/keeper.h"

#define PID 7
#define CHILD 8
#define AREA UINT64_C(0x700000) /* 64 pages */
#define FIRST (AREA / PAGE)
#define IP UINT64_C(0x401000)

static struct world *world;
static struct moments moments;
static struct expect_facts facts;

static void send(struct event *e, int32_t pid)
{
	e->pid = pid;
	world_apply(world, e);
}

static void map(int32_t pid, uint64_t id, struct region_attr attr)
{
	struct event e = { .type = EVENT_MAP, .region = { id, attr } };
	send(&e, pid);
}

static void set_pages(int32_t pid, uint64_t first, uint64_t end, uint32_t word)
{
	struct run tile = { first, end, word };
	struct event e = { .type = EVENT_PAGES, .pages = { &tile, 1 } };
	send(&e, pid);
}

static void fault(uint64_t page, enum fault_cause cause, enum fault_access access, bool major)
{
	struct event e = { .type = EVENT_FAULT, .time_ns = 1 };
	e.fault = (struct event_fault){
		.address = page * PAGE, .ip = IP, .tid = PID, .cause = cause, .access = access, .major = major
	};
	send(&e, PID);
}

static void count(uint64_t minor, uint64_t major)
{
	struct event e = { .type = EVENT_COUNTERS, .counters = { minor, major, 1, 'R' } };
	send(&e, PID);
}

static void set_source(enum source_kind kind, bool ok, const char *why)
{
	struct event e = { .type = EVENT_SOURCE, .source = { .kind = kind, .ok = ok, .why = why } };
	send(&e, PID);
}

/* area: a pointer to AREA; buffer: 8 bytes at the page behind it; number: 5; errors by another name. */
static int variable(void *context, int32_t pid, const char *name, struct expect_variable *v, struct err *err)
{
	*v = (struct expect_variable){ .address = AREA + 64 * PAGE, .size = 8 };
	if (!strcmp(name, "buffer"))
		return 0;
	v->has_value = true;
	v->points = !strcmp(name, "area");
	v->value = v->points ? (int64_t)AREA : pid == CHILD ? 6 : 5;
	if (v->points || !strcmp(name, "number"))
		return 0;
	return err_set(err, ERR_NOT_FOUND, "no %s", name);
}

static int byte(void *context, int32_t pid, uint64_t address, uint8_t *out, struct err *err)
{
	*out = address % PAGE == 20 ? 65 : 0;
	return 0;
}

static int frame(void *context, int32_t pid, uint64_t number, uint64_t *out, struct err *err)
{
	*out = number + 100;
	return pid == PID ? 0 : err_set(err, ERR_DENIED, "denied");
}

static int mappings(void *context, int32_t pid, uint64_t number, uint64_t *out, struct err *err)
{
	return err_set(err, ERR_DENIED, "denied");
}

static int common(void *context, int32_t a, int32_t b, uint64_t number, uint8_t *out, struct err *err)
{
	*out = number == FIRST ? PAGE_COMMON_OWN : number == FIRST + 1 ? PAGE_COMMON_SAME : PAGE_COMMON_MAYBE;
	return 0;
}

static const struct expect_facts_ops ops = { variable, byte, frame, mappings, common };

static void begin_child(void)
{
	static const char *const argv[] = { "./demo", NULL };
	struct event e = { .type = EVENT_PROCESS };
	e.process = (struct event_process){
		.argv = argv, .comm = "demo", .exe = "/tmp/demo", .page_shift = 12, .parent = PID
	};
	send(&e, CHILD);
	map(CHILD, 1, check_anon(FIRST, FIRST + 64));
	set_pages(CHILD, FIRST, FIRST + 64, page_word(PAGE_ANON, PAGE_SHARED));
}

static int begin(void **state)
{
	static const struct code_frame frame = { "fill", "demo.c", 3 };
	struct event symbol = { .type = EVENT_SYMBOL };
	struct event output = { .type = EVENT_OUTPUT, .output = { "error: \"EINVAL\"\r\n", 17 } };

	world = world_create();
	check_process(world, PID);
	symbol.symbol = (struct event_symbol){
		.ip = IP, .object = "", .section = "", .frames = &frame, .count = 1, .why = ""
	};
	send(&symbol, PID);
	send(&output, PID);
	set_source(SOURCE_FAULTS, true, "");
	set_source(SOURCE_KPAGEFLAGS, false, "flags are root's");
	map(PID, 1, check_anon(FIRST, FIRST + 64));
	set_pages(PID, FIRST, FIRST + 64, PAGE_RESERVED);
	set_pages(PID, FIRST + 3, FIRST + 5, page_word(PAGE_ANON, PAGE_EXCLUSIVE));
	set_pages(PID, FIRST + 7, FIRST + 8, PAGE_ZERO | PAGE_SHARED);
	map(PID, 2,
	    (struct region_attr){ .start = AREA + 64 * PAGE,
				  .end = AREA + 80 * PAGE,
				  .perms = REGION_READ,
				  .kind = REGION_HEAP,
				  .path = "[heap]" });
	set_pages(PID, FIRST + 64, FIRST + 80, page_word(PAGE_ANON, PAGE_SHARED));
	set_pages(PID, FIRST + 70, FIRST + 72, page_unknown(PAGE_WHY_DENIED));
	map(PID, 3, check_file(10, 14, 77, 2));
	set_pages(PID, 10, 14, PAGE_RESERVED | PAGE_CACHE_UNKNOWN);
	count(0, 0);
	fault(FIRST + 3, FAULT_ZERO_FILL, FAULT_WRITE, false);
	fault(FIRST + 7, FAULT_ZERO_PAGE, FAULT_READ, false);
	count(2, 0);
	moments = (struct moments){ 0 };
	moments_add(&moments, "filled", world);
	fault(FIRST + 4, FAULT_FILE_READ, FAULT_WRITE, true);
	count(2, 1);
	begin_child();
	facts = (struct expect_facts){ .world = world, .pid = PID, .moments = &moments, .ops = &ops };
	(void)state;
	return 0;
}

static int end(void **state)
{
	moments_fini(&moments);
	world_destroy(world);
	(void)state;
	return 0;
}

static struct expect_result check(const char *text)
{
	struct expect_result r;
	struct err err = { 0 };
	struct expect *e = expect_parse(text, &err);

	if (!e)
		fail_msg("%s: %s", text, err.text);
	expect_judge(&facts, e, &r);
	expect_destroy(e);
	return r;
}

static void assert_outcome(const char *text, enum expect_outcome wanted)
{
	struct expect_result r = check(text);

	if (r.outcome != wanted)
		fail_msg("%s: outcome %d, expected %d", text, r.outcome, wanted);
	if (wanted == EXPECT_UNKNOWN)
		assert_true(r.why && *r.why);
	expect_result_fini(&r);
}

static const char *const hold[] = {
	"resident of area[64 pages] = 2",
	"resident of area[64 pages] = 2 pages",
	"resident of area[64 pages] = 8 KiB",
	"resident of area[64 pages] != 3",
	"reserved of area = 61 pages",
	"zero of area = 1",
	"zero of page 7 of area = 1",
	"pages of pages 3 to 7 of area = 5",
	"resident of pages 3 to 4 of area = 2",
	"pages of area[5 pages + 1 byte] = 6",
	"size of area = 256 KiB",
	"exclusive of area = 2",
	"resident of area + 3 pages = 1",
	"resident of 0x700000 + 4 pages = 1",
	"resident of 0x703000[2 pages] = 2",
	"pages of buffer = 1",
	"regions of everything = 3",
	"regions of heap = 1",
	"regions of \"file\" = 1",
	"regions of file \"/tmp/file\" = 1",
	"regions of text = 0",
	"resident of heap >= 14",
	"resident of heap <= 16",
	"resident of heap != 17",
	"state of area = reserved",
	"state of page 3 of area = anon or zero",
	"state of page 7 of area = anon or zero",
	"state of page 3 of area != zero or copy",
	"resident of area != 65 or 66 or 67",
	"state of 0x1000 = none",
	"state of area != anon",
	"kind of area = anon",
	"kind of 0x1000 = none",
	"kind of buffer = heap",
	"rights of area = \"rw-p\"",
	"path of file contains \"mp/fi\"",
	"name of heap = \"[heap]\"",
	"offset of file = 2 pages",
	"inode of file = 77",
	"start of area = area",
	"end of area - start of area = 64 pages",
	"area = 0x700000",
	"number = 5",
	"number in child = 6",
	"number in parent = 5",
	"number + 2 * 3 = 11",
	"(number + 1) * 2 = 12",
	"number = EIO",
	"22 = EINVAL",
	"variable number = 5",
	"cause of fault at area + 3 pages = zero-fill",
	"cause of fault at page 0 of area = none",
	"access of fault at page 7 of area = read",
	"kind of fault at page 4 of area = major",
	"function of fault at page 3 of area = \"fill\"",
	"faults of area since filled = 1",
	"faults of area since last = 1",
	"major of area since filled = 1",
	"minor of area since filled = 0",
	"faults of area since filled with cause zero-fill = 0",
	"faults of area since filled with access write = 1",
	"faults of function fill since filled = 1",
	"faults of function main since filled = 0",
	"faults of own function fill since filled = 1",
	"faults under function fill since filled = 1",
	"9223372036854775806 > 0",
	"faults since filled with access write under function fill = 1",
	"faults >= 3",
	"frame of area = 1892",
	"frame of page 1 of area = frame of page 1 of area in child",
	"frame of page 0 of area != frame of page 0 of area in child",
	"byte of area + 20 bytes = 65",
	"output contains \"\"",
	"status = running",
	"signal = none",
	"children = 1",
	"resident of area in child = 64",
	"resident of area in child 1 = 64",
	"page-size = 4096",
	"threads = 1",
	"- 3 < 0",
	"7 pages / 2 = 3",
	"64 * page-size = 256 KiB",
};

static const char *const failing[] = {
	"resident of area = 3",
	"resident of area != 2",
	"resident of area < 2",
	"resident of area > 2",
	"resident of area <= 1",
	"resident of area >= 3",
	"resident of heap > 16",
	"reserved of area = 64",
	"size of area = 255 KiB",
	"exclusive of area = 0",
	"regions of heap = 2",
	"state of area = anon",
	"state of area = anon or copy",
	"state of page 3 of area != zero or anon",
	"state of page 3 of area != anon or zero",
	"kind of area = heap",
	"rights of area = \"r--p\"",
	"path of file contains \"nothing\"",
	"name of heap = \"heap\"",
	"offset of file = 0",
	"inode of file = 78",
	"area = 0",
	"number = 6",
	"number in child = 5",
	"cause of fault at area + 3 pages = zero-page",
	"access of fault at page 7 of area = write",
	"kind of fault at page 4 of area = minor",
	"function of fault at page 3 of area = \"main\"",
	"faults of area since filled = 2",
	"faults of function fill since filled > 1",
	"faults of own function fill since filled > 1",
	"faults under function fill since filled != 1",
	"frame of area = 1",
	"frame of page 1 of area != frame of page 1 of area in child",
	"frame of page 0 of area = frame of page 0 of area in child",
	"byte of area + 21 bytes = 65",
	"output contains \"EPERM\"",
	"status = exited",
	"signal = SIGSEGV",
	"children = 0",
	"threads = 2",
	"page-size = 8192",
};

static const char *const unknown[] = {
	"resident of heap = 16",
	"resident of heap = 14",
	"resident of heap >= 15",
	"state of page 6 of buffer[16 pages] = anon",
	"dirty of area = 0",
	"shared of heap = 16",
	"cached of file = 0",
	"reserved of file = 4",
	"state of file = reserved",
	"frame of area in child = 3",
	"mappings of area = 1",
	"frame of page 2 of area = frame of page 2 of area in child",
	"nothing = 3",
	"resident of area in child 2 = 64",
	"faults of area since nowhere = 0",
	"faults under function main since filled = 0", /* it may have called fill */
	"exit = 0",
	"state of page 64 of area = anon",
	"number / 0 = 3",
	"number at mark filled = 5",
	"number in child 3 = 5",
	"resident of area at mark filled = 2",
};

static void test_outcomes(void **state)
{
	for (size_t i = 0; i < sizeof hold / sizeof *hold; i++)
		assert_outcome(hold[i], EXPECT_HOLDS);
	for (size_t i = 0; i < sizeof failing / sizeof *failing; i++)
		assert_outcome(failing[i], EXPECT_FAILS);
	(void)state;
}

static void test_unknown(void **state)
{
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		assert_outcome(unknown[i], EXPECT_UNKNOWN);
	(void)state;
}

/* Where a file was mapped before, its faults are not those of the memory that came there. */
static void test_other_memory(void **state)
{
	struct event gone = { .type = EVENT_UNMAP, .region = { 20, check_file(0x800, 0x810, 78, 2) } };

	map(PID, 20, gone.region.attr);
	fault(0x805, FAULT_FILE_CACHED, FAULT_READ, false);
	count(3, 1);
	assert_outcome("cause of fault at 0x805000 = file-cached", EXPECT_HOLDS);
	assert_outcome("faults of 0x805000 = 1", EXPECT_HOLDS);
	send(&gone, PID);
	map(PID, 21, check_anon(0x800, 0x810));
	assert_outcome("cause of fault at 0x805000 = none", EXPECT_HOLDS);
	assert_outcome("faults of 0x805000 = 0", EXPECT_HOLDS);
	fault(0x805, FAULT_ZERO_FILL, FAULT_WRITE, false);
	count(4, 1);
	assert_outcome("cause of fault at 0x805000 = zero-fill", EXPECT_HOLDS);
	assert_outcome("faults of 0x805000 = 1", EXPECT_HOLDS);
	(void)state;
}

/* The same for pages that a neighbour's fault brought in, where nothing is any more. */
static void test_other_neighbours(void **state)
{
	struct event gone = { .type = EVENT_UNMAP, .region = { 20, check_file(0x800, 0x810, 78, 2) } };
	struct event e = { .type = EVENT_FAULT, .time_ns = 1 };

	map(PID, 20, gone.region.attr);
	e.fault = (struct event_fault){ .address = 0x80c * PAGE,
					.ip = IP,
					.tid = PID,
					.cause = FAULT_FILE_CACHED,
					.access = FAULT_READ,
					.before = 10 };
	send(&e, PID);
	count(3, 1);
	assert_outcome("cause of fault at 0x805000 = file-cached", EXPECT_HOLDS);
	send(&gone, PID);
	map(PID, 21, check_anon(0x800, 0x808));
	assert_outcome("cause of fault at 0x805000 = none", EXPECT_HOLDS);
	(void)state;
}

/* Faults that the kernel counted but that were not reported may have been anywhere. */
static void test_missed_faults(void **state)
{
	assert_outcome("faults of area = 3", EXPECT_HOLDS);
	count(4, 1); /* two more */
	assert_outcome("faults = 3", EXPECT_FAILS);
	assert_outcome("faults of area = 3", EXPECT_UNKNOWN);
	assert_outcome("faults of area >= 3", EXPECT_HOLDS);
	assert_outcome("faults of area <= 5", EXPECT_HOLDS);
	assert_outcome("faults of area = 6", EXPECT_FAILS);
	set_source(SOURCE_FAULTS, false, "perf is off");
	assert_outcome("faults of area >= 3", EXPECT_UNKNOWN);
	assert_outcome("cause of fault at page 3 of area = zero-fill", EXPECT_UNKNOWN);
	(void)state;
}

static void test_end(void **state)
{
	struct event e = { .type = EVENT_STATUS, .status = { PROCESS_KILLED, 11 } };

	send(&e, PID);
	assert_outcome("signal = SIGSEGV", EXPECT_HOLDS);
	assert_outcome("status = killed", EXPECT_HOLDS);
	assert_outcome("exit = 0", EXPECT_UNKNOWN);
	e.status.status = PROCESS_EXITED;
	e.status.code = 3;
	send(&e, PID);
	assert_outcome("exit = 3", EXPECT_HOLDS);
	assert_outcome("signal = none", EXPECT_HOLDS);
	e.status.status = PROCESS_GONE;
	send(&e, PID);
	assert_outcome("signal = none", EXPECT_UNKNOWN);
	(void)state;
}

/* A name has the length that a lesson gives it. */
static void test_named(void **state)
{
	struct expect_place *place = expect_parse_place("area[4 pages]", NULL);
	struct expect_named named = { "area", place };

	facts.named = &named;
	facts.named_count = 1;
	assert_outcome("pages of area = 4", EXPECT_HOLDS);
	assert_outcome("pages of area[5 pages] = 5", EXPECT_HOLDS);
	assert_outcome("resident of page 3 of area = 1", EXPECT_HOLDS);
	assert_outcome("resident of page 4 of area = 1", EXPECT_UNKNOWN);
	expect_place_destroy(place);
	(void)state;
}

/* Terms with a mark are worth what they were worth there, the first time. */
static void test_marks(void **state)
{
	struct expect *e = expect_parse("resident of area - resident of area at mark now = 1", NULL);
	struct expect *list[] = { e };
	struct event mark = { .type = EVENT_MARK, .mark = { "now" } };
	struct expect_keeper keeper;
	struct expect_result r;

	assert_non_null(e);
	expect_keeper_init(&keeper, list, 1, &facts, &moments);
	mark.pid = PID;
	sink_take(&keeper.sink, &mark);
	set_pages(PID, FIRST, FIRST + 1, PAGE_ANON);
	sink_take(&keeper.sink, &mark);
	expect_judge(&facts, e, &r);
	assert_int_equal(r.outcome, EXPECT_HOLDS);
	assert_non_null(moments_find(&moments, "now"));
	expect_result_fini(&r);
	expect_destroy(e);
	(void)state;
}

static void test_explain(void **state)
{
	struct expect *e = expect_parse("resident of area = 3 pages", NULL);
	struct expect_result r;
	struct strbuf out = { 0 };

	expect_judge(&facts, e, &r);
	expect_explain(&out, e, &r);
	assert_string_equal(out.text, "resident of area = 3 pages: it is 2 pages");
	strbuf_fini(&out);
	expect_result_fini(&r);
	expect_destroy(e);
	(void)state;
}

static const struct {
	const char *text, *said;
} wrong[] = {
	{ "", "expected a number, a figure, or the name of a variable, found the end" },
	{ "faults < 18446744073709551615",
	  "expected a number below 2^63 - 1, found \"18446744073709551615\"" },
	{ "9223372036854775807 + 1 > 0", "expected a number below 2^63 - 1, found \"9223372036854775807\"" },
	{ "state of 0xffffffffff600000 = anon", "expected a place, found \"0xffffffffff600000\"" },
	{ "faults under main = 1", "expected \"function\" and its name, found \"main\"" },
	{ "faults of area under function f = 1", "expected one \"of\", found \"function\"" },
	{ "resident", "expected =, !=, <, <=, >, >= or contains, found the end" },
	{ "residnt of area = 3", "expected a figure before \"of\", found \"residnt\"" },
	{ "resident of area = residnt of area", "expected a figure before \"of\", found \"residnt\"" },
	{ "resident of = 3", "expected a place, found \"=\"" },
	{ "resident off area = 3", "expected =, !=, <, <=, >, >= or contains, found \"off\"" },
	{ "state = anon", "expected \"of\" and a place, found \"=\"" },
	{ "cause of area = zero-fill", "expected \"of fault at\" and a place, found \"=\"" },
	{ "resident of fault at area = 3",
	  "expected a place: a fault has only kind, cause, access and function, "
	  "found \"at\"" },
	{ "cause of fault area = none", "expected \"at\" and a place, found \"area\"" },
	{ "state of area < anon", "expected = or !=, found \"<\"" },
	{ "resident contains \"x\"", "expected =, !=, <, <=, > or >=, found \"contains\"" },
	{ "output = 3", "expected a text in quotes, found \"3\"" },
	{ "resident = \"x\"", "expected a number, found \"x\"" },
	{ "resident = 3 apples", "expected the end, found \"apples\"" },
	{ "resident < 3 or 4", "expected the end, found \"or\"" },
	{ "resident = 3 or", "expected a number, a figure, or the name of a variable, found the end" },
	{ "resident of area[3 = 3", "expected \"]\", found \"=\"" },
	{ "(1 = 1", "expected \")\", found \"=\"" },
	{ "resident of area of heap = 1", "expected one \"of\", found \"heap\"" },
	{ "faults since = 1", "expected a mark, found \"=\"" },
	{ "faults with cause blue = 1", NULL },
	{ "faults with colour blue = 1", "expected cause or access, found \"colour\"" },
	{ "resident at filled = 1", "expected \"mark\" and a mark's name, found \"filled\"" },
	{ "resident in house = 1", "expected child, child NUMBER or parent, found \"house\"" },
	{ "resident in child 0 = 1", "expected the number of a child, from 1, found \"0\"" },
	{ "pages of pages 3 of area = 1", "expected \"to\" and the last page, found \"of\"" },
	{ "pages of page 3 area = 1", "expected \"of\" and a place, found \"area\"" },
	{ "signal = SEGV", "expected SIGSEGV, SIGBUS, SIGKILL, ..., none, found \"SEGV\"" },
	{ "99999999999999999999 = 1", "expected a number below 2^63 - 1, found \"99999999999999999999\"" },
	{ "9999999999999 TiB = 1", NULL },
	{ "output contains \"x", "expected a number, a figure, or the name of a variable, found \"\"x\"" },
	{ "resident = 1 \xff", NULL },
	{ "((((((((((((((((((((((((((1))))))))))))))))))))))))))) = 1", NULL },
	{ "1 = 1 or 2 or 3 or 4 or 5 or 6 or 7 or 8 or 9", NULL },
};

static void test_wrong(void **state)
{
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct err err = { 0 };
		struct expect *e = expect_parse(wrong[i].text, &err);
		if (e)
			fail_msg("%s: taken for an expectation", wrong[i].text);
		assert_int_equal(err.code, ERR_INPUT);
		if (wrong[i].said && strcmp(err.text, wrong[i].said))
			fail_msg("%s: said \"%s\", expected \"%s\"", wrong[i].text, err.text, wrong[i].said);
	}
	(void)state;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_outcomes), TEST(test_unknown), TEST(test_missed_faults),    TEST(test_other_memory),
		TEST(test_end),      TEST(test_named),   TEST(test_other_neighbours), TEST(test_marks),
		TEST(test_explain),  TEST(test_wrong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
