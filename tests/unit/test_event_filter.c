/* Event filters, the index of matching events, the profile by function. */
#include "unit/check.h"

#include <string.h>

#include "base/strbuf.h"
#include "model/event_index.h"
#include "ui/view/scene.h"
#include "ui/view/tab_events.h"
#include "ui/view/views.h"
#include "render/profile_rows.h"

#define PID 7
#define FILL UINT64_C(0x401000)
#define COPY UINT64_C(0x401100)
#define MAIN UINT64_C(0x401200)
#define HEAP UINT64_C(0x600000)
#define ANON UINT64_C(0x700000)

static struct world *world;
static struct process *p;

static void send(struct event *e)
{
	e->pid = PID;
	world_apply(world, e);
}

static void map(uint64_t id, uint64_t start, uint64_t pages, enum region_kind kind, const char *path)
{
	struct event e = { .type = EVENT_MAP };

	e.region.id = id;
	e.region.attr = (struct region_attr){
		.start = start, .end = start + pages * 4096, .kind = (uint8_t)kind, .path = path
	};
	send(&e);
}

static int set_up(void **state)
{
	static const char *const argv[] = { "t", NULL };
	struct event e = { .type = EVENT_PROCESS };

	(void)state;
	world = world_create();
	e.process =
	    (struct event_process){ .argv = argv, .comm = "t", .exe = "/t", .bits = 64, .page_shift = 12 };
	send(&e);
	p = world_find(world, PID);
	map(1, 0x401000, 2, REGION_TEXT, "/bin/t");
	map(2, HEAP, 256, REGION_HEAP, "[heap]");
	map(3, ANON, 256, REGION_ANON, "");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_destroy(world);
	return 0;
}

static void fault(uint64_t address, int32_t tid, enum fault_cause cause, uint64_t ip, bool called)
{
	const uint64_t ips[] = { ip, MAIN };
	struct event e = { .type = EVENT_FAULT, .time_ns = p->faults.log.end + 1 };

	e.fault = (struct event_fault){ .address = address,
					.ip = ip,
					.tid = tid,
					.access = FAULT_WRITE,
					.cause = cause,
					.major = cause == FAULT_FILE_READ,
					.now = PAGE_ANON };
	e.stack = (struct event_stack){ ips, called ? 2 : 0, STACK_WHOLE, 0 };
	send(&e);
}

static void call(enum call_kind kind, int32_t tid)
{
	struct event e = { .type = EVENT_CALL, .call = { .tid = tid, .kind = kind } };

	send(&e);
}

static void name(uint64_t ip, const char *function, const char *outer)
{
	struct code_frame frames[] = { { function, "t.c", 3 }, { outer, "t.c", 9 } };
	struct event e = { .type = EVENT_SYMBOL };

	e.symbol = (struct event_symbol){ .ip = ip,
					  .object = "/bin/t",
					  .section = "",
					  .why = "",
					  .frames = frames,
					  .count = outer ? 2 : 1 };
	send(&e);
}

static void some_faults(void)
{
	fault(HEAP, 10, FAULT_ZERO_FILL, FILL, true);
	fault(HEAP + 4096, 10, FAULT_COW_FORK, COPY, true);
	call(CALL_MUNMAP, 11);
	fault(ANON, 11, FAULT_FILE_READ, FILL, false);
	fault(ANON + 8192, 11, FAULT_COW_FILE, COPY, true);
	name(FILL, "fill", "outer_fill");
	name(COPY, "operator new(unsigned long)", NULL);
	name(MAIN, "main", NULL);
}

/* A page that was there, but no longer is. */
static void leave(uint64_t address)
{
	struct run tile = { address / 4096, address / 4096 + 1, PAGE_ANON };
	struct event e = { .type = EVENT_PAGES, .pages = { &tile, 1 } };

	send(&e);
	tile.value = PAGE_RESERVED;
	send(&e);
}

/* The numbers of the matching faults, 'c' for the call, 'l' for pages that went, 'x' for an exec, in order: "013c" */
static const char *fitting(const char *text)
{
	static char out[32];
	struct event_index index = { 0 };
	size_t n = 0;

	event_index_update(&index, p, text, SIZE_MAX);
	assert_false(index.pending);
	for (int64_t i = index.first; i < index.end && n < sizeof out - 1; i++) {
		struct event_item item = event_index_at(&index, i);

		out[n++] = item.kind == EVENT_KIND_CALL   ? 'c'
			   : item.kind == EVENT_KIND_LEFT ? 'l'
			   : item.kind == EVENT_KIND_EXEC ? 'x'
							  : (char)('0' + item.number);
	}
	out[n] = '\0';
	event_index_fini(&index);
	return out;
}

static void filters_fit(void **state)
{
	(void)state;
	some_faults();
	assert_string_equal(fitting(""), "01c23");
	assert_string_equal(fitting("thread:11"), "c23");
	assert_string_equal(fitting("thread:10 thread:11 cause:cow"), "13");
	assert_string_equal(fitting("cause:cow-file"), "3");
	assert_string_equal(fitting("CAUSE:COW"), "13");
	assert_string_equal(fitting("region:heap"), "01");
	assert_string_equal(fitting("region:anon"), "23");
	assert_string_equal(fitting("func:fill"), "02");
	assert_string_equal(fitting("func:outer"), "02"); /* inlined into */
	assert_string_equal(fitting("func:main"), "");
	assert_string_equal(fitting("in:main"), "013");
	assert_string_equal(fitting("func:=\"operator new(unsigned long)\""), "13");
	assert_string_equal(fitting("func:=operator"), "");
	assert_string_equal(fitting("kind:major"), "2");
	assert_string_equal(fitting("kind:call"), "c");
	assert_string_equal(fitting("munmap"), "c");
	assert_string_equal(fitting("access:write thread:10"), "01");
	assert_string_equal(fitting("Write thread:10"), "01"); /* the whole name of an access or a kind */
	assert_string_equal(fitting("wri thread:10"), "");
	assert_string_equal(fitting("major"), "2");
	assert_string_equal(fitting("call"), "c");
	assert_string_equal(fitting("heap"), "01");
	assert_string_equal(fitting("page:0x601008"), "1");
	assert_string_equal(fitting("   "), "01c23");
	assert_string_equal(fitting("kind:segv"), "");
	fault(ANON, 11, FAULT_GUARD, FILL, true);
	assert_string_equal(fitting("kind:segv"), "4");
	assert_string_equal(fitting("kind:minor"), "013");
}

/* Faults from before an exec came from other code: the names of now do not apply. */
static void names_of_another_image(void **state)
{
	static const char *const argv[] = { "u", NULL };
	struct event e = { .type = EVENT_PROCESS };

	(void)state;
	some_faults();
	e.process = (struct event_process){ .argv = argv, .page_shift = 12, .exec = true };
	send(&e);
	map(9, 0x401000, 2, REGION_TEXT, "/bin/u");
	fault(0x401000, 10, FAULT_FILE_CACHED, FILL, true);
	name(FILL, "begin", NULL);
	name(MAIN, "main", NULL);
	assert_string_equal(fitting("func:begin"), "4");
	assert_string_equal(fitting("in:main"), "4");
	assert_string_equal(fitting("region:heap"), "01"); /* where they were is known */
	assert_int_equal(p->faults.profile.count, 1);
}

static void neighbours_have_a_biography(void **state)
{
	struct event e = { .type = EVENT_FAULT };

	(void)state;
	e.fault = (struct event_fault){ .address = ANON + 8 * 4096, .tid = 1, .before = 3, .after = 2 };
	send(&e);
	assert_string_equal(fitting("page:0x704000"), "");
	assert_string_equal(fitting("page:0x705000"), "0");
	assert_string_equal(fitting("page:0x70afff"), "0");
	assert_string_equal(fitting("page:0x70b000"), "");
}

static void bad_filters(void **state)
{
	static const char *const bad[] = { "threat:3",  "thread:x", "thread:",
					   "page:here", "func:\"a", "thread:12x" };
	struct event_filter filter;
	char many[64] = "";
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err = (struct err){ 0 };
		assert_int_equal(event_filter_parse(&filter, bad[i], &err), -1);
		assert_true(err.text[0]);
		assert_int_equal(filter.count, 0);
	}
	event_filter_parse(&filter, "cause:crow", &err);
	assert_non_null(strstr(err.text, "no such cause as \"crow\"; there are unknown, zero-fill, "));
	assert_non_null(strstr(err.text, "cow-file, cow-fork, "));
	const char *call = strstr(err.text, ", mmap,"); /* a call, and why pages went: once is enough */
	assert_non_null(call);
	assert_null(strstr(call + 1, ", mmap,"));
	event_filter_parse(&filter, "kind:huge", &err);
	assert_string_equal(err.text,
			    "no such kind as \"huge\"; there are minor, major, segv, bus, call, left, exec");
	event_filter_parse(&filter, "access:=writ", &err);
	assert_string_equal(err.text, "no such access as \"writ\"; there are read, write, exec");
	assert_int_equal(
	    event_filter_parse(&filter,
			       "cause:COW cause:mmap cause:swapped cause:=reuse kind:maj kind:left "
			       "access:w",
			       NULL),
	    0);
	event_filter_fini(&filter);
	for (int i = 0; i < EVENT_FILTER_WORDS_MAX + 1; i++)
		strcat(many, "a ");
	assert_int_equal(event_filter_parse(&filter, many, NULL), -1);
	assert_int_equal(event_filter_parse(&filter, "std::move", NULL), 0); /* no key */
	assert_int_equal(filter.words[0].key, EVENT_FILTER_ANY);
	event_filter_fini(&filter);
}

static void quoting(void **state)
{
	static const char *const names[] = { "a b", "say \"x\"", "back\\slash", "=x", "" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct strbuf text = { 0 };
		struct event_filter filter;

		strbuf_puts(&text, "func:");
		event_filter_quote(&text, names[i], true);
		assert_int_equal(event_filter_parse(&filter, text.text, NULL), 0);
		assert_int_equal(filter.count, 1);
		assert_true(filter.words[0].exact);
		assert_string_equal(filter.words[0].text, names[i]);
		event_filter_fini(&filter);
		strbuf_fini(&text);
	}
}

/* However it is built, the index holds what a full search would find. */
static void check_index(const struct event_index *index, const char *text)
{
	struct event_index all = { 0 };

	event_index_update(&all, p, text, SIZE_MAX);
	assert_int_equal(all.end - all.first, index->end - index->first);
	for (int64_t i = 0; i < all.end - all.first; i++) {
		struct event_item a = event_index_at(&all, all.first + i),
				  b = event_index_at(index, index->first + i);

		assert_true(a.order == b.order && a.number == b.number);
		assert_true(i == 0 || a.order >= event_index_at(&all, all.first + i - 1).order);
		assert_true(event_index_at(index, event_index_find(index, b.order)).order == b.order);
	}
	event_index_fini(&all);
}

static void pages_that_went(void **state)
{
	(void)state;
	fault(HEAP, 10, FAULT_ZERO_FILL, FILL, true);
	leave(HEAP);
	fault(ANON, 11, FAULT_FILE_READ, FILL, false);
	leave(ANON);
	call(CALL_MUNMAP, 11);
	assert_string_equal(fitting(""), "0l1cl");
	assert_string_equal(fitting("kind:left"), "ll");
	assert_string_equal(fitting("cause:program"), "ll");
	assert_string_equal(fitting("kind:left region:heap"), "l");
	assert_string_equal(fitting("thread:11"), "1c");
	assert_string_equal(fitting("in:fill kind:left"), "");
}

static void become(const char *const *argv)
{
	struct event e = { .type = EVENT_PROCESS };

	e.process = (struct event_process){
		.argv = argv, .comm = "new", .exe = "/bin/new", .bits = 64, .exec = true
	};
	send(&e);
}

static void execs(void **state)
{
	char number[32];

	(void)state;
	fault(HEAP, 10, FAULT_ZERO_FILL, FILL, true);
	become((const char *const[]){ "make", "-j2", NULL });
	fault(ANON, 11, FAULT_FILE_READ, FILL, false);
	fault(ANON, 11, FAULT_ZERO_FILL, FILL, true);
	become((const char *const[]){ NULL });
	assert_string_equal(fitting(""), "0x12x");
	assert_string_equal(fitting("kind:exec"), "xx");
	assert_string_equal(fitting("cause:exec"), "xx");
	assert_string_equal(fitting("exec"), "xx");
	assert_string_equal(fitting("kind:call"), "");
	assert_string_equal(fitting("region:heap"), "0");
	assert_string_equal(fitting("MAKE"), "x");
	assert_string_equal(fitting("make kind:minor"), "");
	assert_string_equal(fitting("page:0x1000"), "xx"); /* whatever was there is gone */
	snprintf(number, sizeof number, "thread:%d", (int)p->pid);
	assert_string_equal(fitting(number), "xx");
	assert_string_equal(exec_log_at(&p->execs, 0)->command, "make -j2");
	assert_string_equal(exec_log_at(&p->execs, 1)->command, "new");
	for (int i = 0; i < EXEC_LOG_MAX; i++)
		become((const char *const[]){ "again", NULL });
	assert_null(exec_log_at(&p->execs, 1));
	assert_string_equal(fitting("make"), "");
}

static void index_in_steps(void **state)
{
	static const char *const texts[] = { "", "thread:3", "cause:cow", "in:main", "kind:call" };
	struct event_index index = { 0 };
	uint64_t seed = 5;

	(void)state;
	name(FILL, "fill", NULL);
	name(MAIN, "main", NULL);
	for (int round = 0; round < 300; round++) {
		const char *text = texts[round / 60];

		for (uint32_t n = check_random(&seed) % 40; n > 0; n--) {
			if (check_random(&seed) % (round < 240 ? 64 : 4) ==
			    0) /* in the end, more than are kept */
				call(CALL_BRK, (int32_t)(check_random(&seed) % 5));
			else if (check_random(&seed) % 16 == 0)
				leave(ANON + check_random(&seed) % 256 * 4096);
			else
				fault(ANON + check_random(&seed) % 256 * 4096,
				      (int32_t)(check_random(&seed) % 5),
				      (enum fault_cause)(check_random(&seed) % FAULT_CAUSES), FILL,
				      check_random(&seed) % 2);
		}
		event_index_update(&index, p, text, 50);
		for (int i = 0; index.pending; i++) {
			assert_true(i < 1000);
			event_index_update(&index, p, text, 50);
		}
		check_index(&index, text);
	}
	event_index_fini(&index);
}

/* The oldest are forgotten by the log, and by the index; positions of the others stay. */
static void index_forgets(void **state)
{
	struct event_index index = { 0 };
	int64_t position = -1;

	(void)state;
	fault(ANON, 1, FAULT_ZERO_FILL, FILL, false);
	event_index_update(&index, p, "", SIZE_MAX);
	for (size_t i = 0; i < FAULT_LOG_MAX + 1000; i++) {
		fault(ANON + i % 256 * 4096, (int32_t)(i % 1000), FAULT_ZERO_FILL, FILL, false);
		if (i % 5000 == 0)
			event_index_update(&index, p, "", SIZE_MAX);
		if (i == 5000)
			position = event_index_find(&index, 2 * i + 1);
	}
	event_index_update(&index, p, "", SIZE_MAX);
	assert_int_equal(index.end - index.first, FAULT_LOG_MAX);
	assert_int_equal(event_index_at(&index, index.first).number, p->faults.log.begin);
	assert_int_equal(event_index_at(&index, position).number, 5000);
	event_index_update(&index, p, "thread:7", 1000); /* the newest are there at once */
	assert_true(index.pending);
	assert_int_equal(index.end - index.first, 1);
	for (int i = 0; index.pending; i++) {
		assert_true(i < 400);
		event_index_update(&index, p, "thread:7", 1000);
	}
	check_index(&index, "thread:7");
	event_index_fini(&index);
}

static void names_come_late(void **state)
{
	struct event_index index = { 0 };

	(void)state;
	fault(HEAP, 1, FAULT_ZERO_FILL, FILL, true);
	event_index_update(&index, p, "func:fill", SIZE_MAX);
	assert_int_equal(index.end - index.first, 0);
	name(FILL, "fill", NULL);
	event_index_update(&index, p, "func:fill", SIZE_MAX);
	assert_int_equal(index.end - index.first, 1);
	event_index_fini(&index);
}

/* A frozen picture and a log that went back are searched again; the selected event stays selected. */
static void another_log(void **state)
{
	struct process *copy;
	struct view view;
	struct scene scene = { .process = p, .view = &view };
	struct view_event event;
	struct events_tab *e;
	struct tab *tab;

	(void)state;
	view_init(&view, views, PID);
	tab = tabs_named(&view.tabs, "events");
	view_show(&view, tab->ops);
	tab->rows = 6; /* the heading is one of them */
	e = tab_events_state(&view);
	for (int i = 0; i < 20; i++)
		fault(HEAP + (uint64_t)i * 4096, 1, FAULT_ZERO_FILL, FILL, true);
	copy = process_copy(p);
	for (int i = 0; i < 20; i++)
		fault(ANON, 1, FAULT_COW_FILE, COPY, true);
	tab->ops->update(tab, &scene);
	assert_int_equal(e->at, e->index.end - 1);
	tab_scroll(tab, -30);
	assert_true(e->held && tab->ops->take_event(tab, &view, &scene, &event));
	assert_int_equal(event.number, 9);
	scene.process = copy;
	tab->ops->update(tab, &scene);
	assert_false(e->index.pending);
	assert_int_equal(e->index.end - e->index.first, 20);
	assert_true(tab->ops->take_event(tab, &view, &scene, &event));
	assert_int_equal(event.number, 9);
	assert_in_range(e->at - e->top, 0, 4);
	tab_scroll(tab, 1000); /* at the end it goes with the newest again */
	assert_false(e->held);
	view_fini(&view);
	process_destroy(copy);
}

static const struct profile_node *row_of(const struct profile_rows *rows, const char *function)
{
	for (size_t i = 0; i < rows->count; i++)
		if (!strcmp(profile_rows_at(rows, i)->name, function))
			return profile_rows_at(rows, i);
	fail_msg("no row of %s", function);
	return profile_rows_at(rows, 0);
}

static void profile_of_functions(void **state)
{
	struct profile_rows rows = { 0 };
	struct event e = { .type = EVENT_FAULT };

	(void)state;
	some_faults();
	e.fault = (struct event_fault){
		.address = ANON + 9 * 4096, .ip = FILL, .major = true, .before = 4, .after = 11
	};
	send(&e);
	profile_rows_update(&rows, p, PROFILE_FUNCTION, NULL, 0);
	assert_int_equal(rows.tree.all.pages, 20);
	assert_int_equal(rows.tree.all.minor + rows.tree.all.major, 5);
	assert_int_equal(rows.count, 2);
	assert_string_equal(profile_rows_at(&rows, 0)->name, "fill"); /* the innermost, inlined as it is */
	assert_int_equal(profile_rows_at(&rows, 0)->sum.pages, 18);
	assert_int_equal(profile_rows_at(&rows, 0)->sum.minor, 1);
	assert_int_equal(profile_rows_at(&rows, 0)->sum.major, 2);
	assert_string_equal(profile_rows_at(&rows, 0)->object, "t");
	profile_rows_update(&rows, p, PROFILE_CALLERS, NULL, 0);
	assert_int_equal(row_of(&rows, "main")->sum.pages, 3); /* three had a stack */
	assert_int_equal(row_of(&rows, "outer_fill")->sum.pages, 18);
	assert_int_equal(row_of(&rows, "fill")->sum.pages, 18);
	profile_rows_fini(&rows);
}

static void profile_of_recursion_and_late_names(void **state)
{
	const uint64_t ips[] = { FILL, FILL, FILL, MAIN };
	struct event e = { .type = EVENT_FAULT, .fault = { .address = HEAP, .ip = FILL } };
	struct profile_rows rows = { 0 };

	(void)state;
	e.stack = (struct event_stack){ ips, 4, STACK_WHOLE, 0 };
	send(&e);
	profile_rows_update(&rows, p, PROFILE_CALLERS, NULL, 0);
	assert_int_equal(rows.count, 1); /* the region stands for both */
	assert_string_equal(profile_rows_at(&rows, 0)->object, "t");
	assert_int_equal(profile_rows_at(&rows, 0)->sum.pages, 1);
	name(FILL, "fill", NULL);
	name(MAIN, "main", NULL);
	profile_rows_update(&rows, p, PROFILE_CALLERS, NULL, 1); /* not due yet */
	assert_true(rows.pending);
	profile_rows_update(&rows, p, PROFILE_CALLERS, NULL, rows.due_ns);
	assert_false(rows.pending);
	assert_int_equal(row_of(&rows, "fill")->sum.pages, 1);
	assert_int_equal(row_of(&rows, "main")->sum.pages, 1);
	profile_rows_fini(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(filters_fit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_of_another_image, set_up, tear_down),
		cmocka_unit_test_setup_teardown(neighbours_have_a_biography, set_up, tear_down),
		cmocka_unit_test(bad_filters),
		cmocka_unit_test(quoting),
		cmocka_unit_test_setup_teardown(pages_that_went, set_up, tear_down),
		cmocka_unit_test_setup_teardown(execs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(index_in_steps, set_up, tear_down),
		cmocka_unit_test_setup_teardown(index_forgets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_come_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_log, set_up, tear_down),
		cmocka_unit_test_setup_teardown(profile_of_functions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(profile_of_recursion_and_late_names, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
