/* Names of code, and the logs that refer to it: stacks, faults, calls, marks. */
#include "unit/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "model/calls.h"
#include "model/fault_log.h"
#include "model/marks.h"
#include "model/names.h"
#include "model/stacks.h"
#include "model/world.h"

/* --- names --- */

static void add_symbol(struct names *n, uint64_t ip, const char *function, uint64_t offset)
{
	char object[] = "/usr/bin/demo", name[64];
	struct code_frame frame = { name, "demo.c", 14 };
	struct event_symbol symbol = { .ip = ip,
				       .object = object,
				       .section = ".text",
				       .offset = offset,
				       .frames = &frame,
				       .count = *function != '\0',
				       .why = "" };

	strcpy(name, function);
	names_add(n, &symbol);
	memset(object, 'x', sizeof object - 1); /* it keeps its own */
	memset(name, 'x', sizeof name - 1);
}

static void check_text(const struct names *n, uint64_t ip, const char *expected)
{
	struct strbuf text = { 0 };

	names_text(&text, names_find(n, ip), ip);
	assert_string_equal(text.text, expected);
	strbuf_fini(&text);
}

static void test_symbols(void **state)
{
	struct names *n = names_create(), *copy;

	assert_null(names_find(n, 0x1000));
	check_text(n, 0x1000, "0x1000");
	for (uint64_t i = 0; i < 3000; i++) {
		char name[32];

		snprintf(name, sizeof name, "f%u", (unsigned)i);
		add_symbol(n, 0x1000 + i, i % 5 ? name : "", i);
	}
	assert_int_equal(names_count(n), 3000);
	check_text(n, 0x1000 + 44, "f44+0x2c");
	check_text(n, 0x1000 + 45, "demo .text+0x2d");
	add_symbol(n, 0x1000 + 44, "better", 1); /* the later one counts */
	assert_int_equal(names_count(n), 3000);
	check_text(n, 0x1000 + 44, "better+0x1");

	copy = names_copy(n);
	names_clear(n);
	assert_null(names_find(n, 0x1000 + 44));
	assert_int_equal(names_count(n), 0);
	assert_string_equal(names_find(copy, 0x1000 + 44)->object, "/usr/bin/demo");
	check_text(copy, 0x1000 + 2999, "f2999+0xbb7");
	names_destroy(n);
	names_destroy(copy);
}

static void test_inlined(void **state)
{
	static const struct code_frame frames[] = { { "inner", "a.h", 3 }, { "outer", "a.c", 30 } };
	struct event_symbol symbol = {
		.ip = 7, .object = "demo", .section = "", .offset = 9, .frames = frames, .count = 2, .why = ""
	};
	struct names *n = names_create();

	names_add(n, &symbol);
	assert_int_equal(names_find(n, 7)->count, 2);
	assert_string_equal(names_find(n, 7)->frames[1].function, "outer");
	assert_int_equal(names_find(n, 7)->frames[1].line, 30);
	check_text(n, 7, "inner"); /* the offset is the outer one's */
	names_destroy(n);
}

static void send(struct sink *sink, int32_t pid, enum event_type type, uint64_t time_ns, bool exec,
		 const char *function)
{
	struct code_frame frame = { function, "demo.c", 14 };
	struct event e = { .type = type, .pid = pid, .time_ns = time_ns };

	if (type == EVENT_PROCESS)
		e.process = (struct event_process){ .comm = "demo",
						    .exe = "",
						    .bits = 64,
						    .page_shift = 12,
						    .exec = exec,
						    .parent = pid == 2 ? 1 : 0 };
	else if (type == EVENT_STATUS)
		e.status.status = PROCESS_EXITED;
	else
		e.symbol = (struct event_symbol){
			.ip = 0x1000, .object = "demo", .section = "", .frames = &frame, .count = 1, .why = ""
		};
	sink_send(sink, &e);
}

/* Three programs, one after the other, two of them of one process; then a child whose pid is used again. */
static void tell_all(struct sink *sink, uint64_t until_ns)
{
	static const struct {
		int32_t pid;
		enum event_type type;
		bool exec;
		const char *function;
	} events[] = {
		{ 1, EVENT_PROCESS, false, "" }, { 1, EVENT_SYMBOL, false, "before" },
		{ 1, EVENT_PROCESS, true, "" },  { 1, EVENT_SYMBOL, false, "after" },
		{ 2, EVENT_PROCESS, false, "" }, { 2, EVENT_SYMBOL, false, "child" },
		{ 2, EVENT_STATUS, false, "" },  { 2, EVENT_PROCESS, false, "" },
	};

	for (uint64_t i = 0; i < sizeof events / sizeof *events && i < until_ns; i++)
		send(sink, events[i].pid, events[i].type, i, events[i].exec, events[i].function);
}

static void check_later(const struct later_names *later, uint64_t until_ns, int32_t pid, const char *expected)
{
	struct world *w = world_create();
	const struct event_symbol *symbol;
	struct process *copy;

	world_use_later_names(w, later);
	tell_all(&w->sink, until_ns);
	symbol = names_find(world_find(w, pid)->names, 0x1000);
	assert_string_equal(symbol ? symbol->frames[0].function : "none", expected);
	assert_int_equal(names_count(world_find(w, pid)->names), 0);
	copy = process_copy(world_find(w, pid));
	assert_ptr_equal(names_find(copy->names, 0x1000), symbol);
	process_destroy(copy);
	world_destroy(w);
}

/* A name holds for its program at any time, and for no other one. */
static void test_later(void **state)
{
	struct later_names later;
	struct world *w = world_create();
	uint64_t generation;

	later_names_init(&later);
	tell_all(&later.sink, 6);
	check_later(&later, 1, 1, "before");
	check_later(&later, 3, 1, "after");
	check_later(&later, 5, 2, "child");
	tell_all(&w->sink, 3); /* those that it has by itself come first, and the others when they are read */
	assert_null(names_find(world_find(w, 1)->names, 0x1000));
	generation = names_generation(world_find(w, 1)->names);
	world_use_later_names(w, &later);
	assert_string_equal(names_find(world_find(w, 1)->names, 0x1000)->frames[0].function, "after");
	assert_int_not_equal(names_generation(world_find(w, 1)->names), generation);
	send(&w->sink, 1, EVENT_SYMBOL, 9, false, "better");
	assert_string_equal(names_find(world_find(w, 1)->names, 0x1000)->frames[0].function, "better");
	world_use_later_names(w, NULL);
	world_destroy(w);
	later_names_fini(&later);
	later_names_init(&later);
	tell_all(&later.sink, 8); /* two had the pid: whose name it is is not known */
	check_later(&later, 5, 2, "none");
	check_later(&later, 1, 1, "before");
	later_names_fini(&later);
}

static void test_lines(void **state)
{
	struct names *n = names_create();
	const char *path, *text;
	uint32_t line;

	names_add_lines(n, "a.c", 10, "ten\n\televen\n");
	names_add_lines(n, "b.c", 10, "other");
	assert_string_equal(names_line(n, "a.c", 10), "ten");
	assert_string_equal(names_line(n, "a.c", 11), "\televen");
	assert_string_equal(names_line(n, "b.c", 10), "other");
	assert_null(names_line(n, "a.c", 9));
	assert_null(names_line(n, "c.c", 10));
	names_add_lines(n, "a.c", 11, "changed");
	assert_string_equal(names_line(n, "a.c", 11), "changed");
	names_clear(n); /* a new image: source lines stay */
	assert_string_equal(names_line(n, "a.c", 10), "ten");
	for (uint32_t i = 0; i < 2000; i++)
		names_add_lines(n, "long.c", i + 1, "x");
	assert_string_equal(names_line(n, "long.c", 2000), "x");
	assert_string_equal(names_line(n, "b.c", 10), "other");
	names_line_at(n, 0, &path, &line, &text);
	assert_string_equal(path, "a.c");
	assert_int_equal(line, 10);
	assert_string_equal(text, "ten");
	names_destroy(n);
}

/* --- stacks --- */

static void test_stacks(void **state)
{
	uint64_t random = 1, ips[STACK_MAX + 10], first[3] = { 1, 2, 3 };
	struct stacks stacks = { 0 }, copy;
	struct event_stack stack = { first, 3, STACK_WHOLE, 0 }, got;
	uint32_t number, cut;

	assert_int_equal(stacks_add(&stacks, &(struct event_stack){ 0 }), 0);
	assert_int_equal(stacks_get(&stacks, 0).count, 0);
	assert_int_equal(stacks_get(&stacks, 12345).count, 0);
	number = stacks_add(&stacks, &stack);
	assert_true(number > 0);
	stack.end = STACK_CUT;
	cut = stacks_add(&stacks, &stack);
	assert_int_not_equal(cut, number); /* a cut one is a different stack */
	for (int i = 0; i < 5000; i++) {
		size_t count = 1 + check_random(&random) % 20;

		for (size_t j = 0; j < count; j++)
			ips[j] = check_random(&random) % 50;
		stack = (struct event_stack){ ips, count, STACK_WHOLE, 0 };
		got = stacks_get(&stacks, stacks_add(&stacks, &stack));
		assert_int_equal(got.count, count);
		assert_memory_equal(got.ips, ips, count * sizeof *ips);
	}
	stack = (struct event_stack){ first, 3, STACK_WHOLE, 0 };
	assert_int_equal(stacks_add(&stacks, &stack), number); /* kept once */
	assert_int_equal(stacks_get(&stacks, cut).end, STACK_CUT);
	for (size_t i = 0; i < STACK_MAX + 10; i++)
		ips[i] = i;
	got = stacks_get(&stacks,
			 stacks_add(&stacks, &(struct event_stack){ ips, STACK_MAX + 10, STACK_WHOLE, 0 }));
	assert_int_equal(got.count, STACK_MAX);
	assert_int_equal(got.end, STACK_TOO_DEEP);
	copy = stacks_copy(&stacks);
	stacks_fini(&stacks);
	assert_int_equal(stacks_get(&copy, number).ips[2], 3);
	stacks_fini(&copy);
}

/* --- faults --- */

static struct fault_entry entry(uint64_t i)
{
	return (struct fault_entry){ .time_ns = i,
				     .fault = { .address = i * 4096, .tid = 7 },
				     .stack = (uint32_t)i };
}

static void test_fault_log(void **state)
{
	struct fault_log log = { 0 }, copy;
	struct fault_entry e;
	uint64_t n = FAULT_LOG_MAX + 1000;

	assert_null(fault_log_at(&log, 0));
	for (uint64_t i = 0; i < n; i++) {
		e = entry(i);
		fault_log_add(&log, &e);
		if (i == 300)
			assert_int_equal(fault_log_at(&log, 0)->time_ns, 0);
	}
	assert_int_equal(log.end, n);
	assert_int_equal(log.begin, 1000);
	assert_null(fault_log_at(&log, 999));
	assert_int_equal(fault_log_at(&log, 1000)->time_ns, 1000);
	assert_int_equal(fault_log_at(&log, n - 1)->fault.address, (n - 1) * 4096);
	assert_null(fault_log_at(&log, n));
	copy = fault_log_copy(&log);
	fault_log_fini(&log);
	assert_int_equal(fault_log_at(&copy, 70000)->stack, 70000);
	fault_log_fini(&copy);
	assert_null(fault_log_at(&copy, 70000));
}

/* The last ones keep their order whatever number they are given. */
static void test_fault_numbers(void **state)
{
	static const uint64_t numbers[] = { 0, 1, 99, 100, 101, 356, 1000, 4096, UINT64_C(1) << 40 };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct fault_log log = { 0 };
		uint64_t next = numbers[i], kept = next < 100 ? next : 100;
		struct fault_entry e;

		for (uint64_t j = 0; j < 100; j++) {
			e = entry(j);
			fault_log_add(&log, &e);
		}
		fault_log_number(&log, next);
		assert_int_equal(log.end, next);
		assert_int_equal(log.begin, next - kept);
		for (uint64_t j = 0; j < kept; j++)
			assert_int_equal(fault_log_at(&log, next - 1 - j)->time_ns, 99 - j);
		e = entry(555);
		fault_log_add(&log, &e);
		assert_int_equal(fault_log_at(&log, next)->time_ns, 555);
		if (kept)
			assert_int_equal(fault_log_at(&log, next - 1)->time_ns, 99);
		fault_log_fini(&log);
	}
}

/* --- calls --- */

static void test_calls(void **state)
{
	struct calls calls = { 0 }, copy;

	assert_null(calls_at(&calls, 0));
	for (unsigned i = 0; i < CALLS_MAX + 50; i++) {
		struct event_call call = { .tid = 1, .kind = CALL_BRK, .args = { i }, .result = i };

		calls_add(&calls, i, &call, i, 0);
	}
	assert_null(calls_at(&calls, 49));
	assert_int_equal(calls_at(&calls, 50)->call.args[0], 50);
	copy = calls_copy(&calls);
	calls_number(&calls, 1000);
	assert_int_equal(calls.begin, 1000 - CALLS_MAX);
	assert_int_equal(calls_at(&calls, 999)->time_ns, CALLS_MAX + 49);
	assert_int_equal(calls_at(&calls, 1000 - CALLS_MAX)->call.args[0], 50);
	calls_number(&calls, 3); /* more than there ever were are none */
	assert_int_equal(calls.begin, 0);
	assert_int_equal(calls_at(&calls, 2)->time_ns, CALLS_MAX + 49);
	calls_fini(&calls);
	assert_int_equal(calls_at(&copy, CALLS_MAX + 49)->call.kind, CALL_BRK);
	calls_fini(&copy);
}

/* --- marks --- */

static void test_marks(void **state)
{
	struct marks marks = { 0 };
	char text[MARK_TEXT_MAX + 10];

	assert_null(marks_after(&marks, 0));
	assert_null(marks_before(&marks, UINT64_MAX));
	marks_add(&marks, 30, 1, "c");
	marks_add(&marks, 10, 1, "a");
	marks_add(&marks, 20, 1, "b");
	marks_add(&marks, 20, 1, "b2");
	assert_string_equal(marks_after(&marks, 0)->text, "a");
	assert_string_equal(marks_after(&marks, 10)->text, "b");
	assert_string_equal(marks_after(&marks, 20)->text, "c");
	assert_null(marks_after(&marks, 30));
	assert_string_equal(marks_before(&marks, 30)->text, "b2");
	assert_string_equal(marks_before(&marks, 20)->text, "a");
	assert_null(marks_before(&marks, 10));
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	marks_add(&marks, 40, 1, text);
	assert_int_equal(strlen(marks_after(&marks, 30)->text), MARK_TEXT_MAX);
	for (int i = 0; i < 2 * MARKS_MAX; i++)
		marks_add(&marks, 50, 1, "");
	assert_int_equal(marks.count, MARKS_MAX);
	marks_fini(&marks);
	assert_int_equal(marks.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_symbols),       cmocka_unit_test(test_inlined),
		cmocka_unit_test(test_later),         cmocka_unit_test(test_lines),
		cmocka_unit_test(test_stacks),        cmocka_unit_test(test_fault_log),
		cmocka_unit_test(test_fault_numbers), cmocka_unit_test(test_calls),
		cmocka_unit_test(test_marks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
