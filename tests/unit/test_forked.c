/* A parent and its children: what they had in common, and who has copied what of it. */
#include "model_check.h"

#include <string.h>

#include <stdlib.h>

#include "export/family_table.h"
#include "export/fork_report.h"
#include "model/forks.h"

#define PARENT 4242
#define CHILD 4250

static void send(struct world *w, struct event e, int32_t pid, uint64_t time_ns)
{
	e.pid = pid;
	e.time_ns = time_ns;
	world_apply(w, &e);
}

static void set_pages(struct world *w, int32_t pid, uint64_t first, uint64_t end, uint32_t word)
{
	struct run tile = { first, end, word };
	struct event e = { .type = EVENT_PAGES, .pages = { &tile, 1 } };

	send(w, e, pid, 5);
}

static void map_pages(struct world *w, int32_t pid, uint64_t id, struct region_attr attr, uint32_t word)
{
	struct event e = { .type = EVENT_MAP };

	e.region.id = id;
	e.region.attr = attr;
	send(w, e, pid, 5);
	set_pages(w, pid, attr.start / PAGE, attr.end / PAGE, word);
}

static void touch(struct world *w, int32_t pid, uint64_t page, enum fault_cause cause, uint64_t time_ns)
{
	struct event e = { .type = EVENT_FAULT };

	e.fault = (struct event_fault){
		.address = page * PAGE + 8, .ip = 0x1000 + page / 10, .access = FAULT_WRITE, .cause = cause
	};
	send(w, e, pid, time_ns);
}

static void fork_child(struct world *w, struct event_process process)
{
	struct event e = { .type = EVENT_PROCESS, .process = process };

	e.process.page_shift = 12;
	e.process.parent = PARENT;
	send(w, e, CHILD, 20);
}

/* Pages 10 to 29 are the parent's own, 30 to 39 shared memory; the child has the same. */
static struct world *make(struct event_process child, uint32_t word)
{
	struct world *w = world_create();
	struct region_attr shared = check_anon(30, 40);

	shared.perms |= REGION_MAY_SHARE;
	check_process(w, PARENT);
	map_pages(w, PARENT, 1, check_anon(10, 30), PAGE_ANON | PAGE_EXCLUSIVE);
	map_pages(w, PARENT, 2, shared, PAGE_SHM);
	touch(w, PARENT, 12, FAULT_COW_FORK, 8); /* of an earlier fork */
	fork_child(w, child);
	map_pages(w, CHILD, 1, check_anon(10, 30), word);
	map_pages(w, CHILD, 2, shared, PAGE_SHM);
	return w;
}

static const struct forked_figures *figures(const struct world *w)
{
	return &world_find(w, CHILD)->forked.figures;
}

static void test_copies(void **state)
{
	struct world *w = make((struct event_process){ .unrun = true, .forked_ns = 10 }, PAGE_ANON);
	const struct forked *f = &world_find(w, CHILD)->forked;

	touch(w, PARENT, 11, FAULT_COW_FORK, 15); /* before the child was looked at */
	assert_int_equal(f->stage, FORKED_AWAITED);
	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	assert_int_equal(f->stage, FORKED_COUNTED);
	assert_true(f->known && f->whole);
	assert_int_equal(figures(w)->shared, 20);
	assert_int_equal(figures(w)->copied, 1);
	touch(w, PARENT, 14, FAULT_COW_FORK, 30);
	touch(w, PARENT, 14, FAULT_COW_FORK, 31); /* a second child's: not this one's */
	touch(w, CHILD, 14, FAULT_COW_FORK, 32);
	touch(w, CHILD, 15, FAULT_COW_FORK, 33);
	touch(w, PARENT, 15, FAULT_REUSE, 34);
	touch(w, CHILD, 16, FAULT_REUSE, 35);
	touch(w, CHILD, 17, FAULT_CAUSE_UNKNOWN, 36);
	touch(w, CHILD, 31, FAULT_COW_FORK, 37); /* not private */
	touch(w, CHILD, 99, FAULT_COW_FORK, 38);
	assert_int_equal(figures(w)->copied, 3);
	assert_int_equal(figures(w)->by_parent, 2);
	assert_int_equal(figures(w)->by_child, 2);
	assert_int_equal(figures(w)->given_up,
			 0); /* these faults do not show why only one process has them */
	assert_int_equal(figures(w)->unknown, 1);
	set_pages(w, PARENT, 17, 19, PAGE_RESERVED);
	assert_int_equal(figures(w)->given_up, 2);
	struct event shrink = { .type = EVENT_CHANGE };
	shrink.region.id = 1;
	shrink.region.attr = check_anon(10, 25);
	send(w, shrink, CHILD, 40);
	assert_int_equal(figures(w)->given_up, 7);
	assert_int_equal(f->copier_count, 2); /* one address of code, of each */
	send(w, (struct event){ .type = EVENT_STATUS, .status = { PROCESS_EXITED, 0 } }, CHILD, 50);
	assert_int_equal(f->stage, FORKED_END);
	touch(w, PARENT, 20, FAULT_COW_FORK, 60);
	assert_int_equal(figures(w)->copied, 3);
	world_destroy(w);
}

/* What it does not have from the fork: copies, and what came since; known after its end, too. */
static void test_own(void **state)
{
	struct world *w = make((struct event_process){ .unrun = true, .forked_ns = 10 }, PAGE_ANON);
	struct process *p = world_find(w, CHILD);
	uint64_t pages;

	assert_false(forked_own(&p->forked, p->space, &pages)); /* no look yet */
	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	assert_true(forked_own(&p->forked, p->space, &pages));
	assert_int_equal(pages, 0);
	touch(w, CHILD, 15, FAULT_COW_FORK, 33);
	touch(w, PARENT, 16, FAULT_COW_FORK, 34);
	map_pages(w, CHILD, 3, check_anon(50, 57), PAGE_ANON);
	set_pages(w, CHILD, 56, 57, PAGE_RESERVED);
	assert_true(forked_own(&p->forked, p->space, &pages));
	assert_int_equal(pages, 1 + 1 + 6);
	send(w, (struct event){ .type = EVENT_STATUS, .status = { PROCESS_EXITED, 0 } }, CHILD, 40);
	assert_int_equal(p->forked.stage, FORKED_END);
	assert_true(forked_own(&p->forked, p->space, &pages));
	assert_int_equal(pages, 8);
	world_destroy(w);

	w = make((struct event_process){ .forked_ns = 10 },
		 PAGE_ANON); /* it had run: what is still in common? */
	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	p = world_find(w, CHILD);
	assert_false(forked_own(&p->forked, p->space, &pages));
	world_destroy(w);
	(void)state;
}

/* Found when it ran already: what it has alone by then was not in common, but for what the parent has
 * copied since the fork. */
static void test_late(void **state)
{
	struct world *w = make((struct event_process){ .forked_ns = 10 }, PAGE_ANON | PAGE_SHARED);

	touch(w, PARENT, 11, FAULT_COW_FORK, 15);
	set_pages(w, CHILD, 11, 13, PAGE_ANON | PAGE_EXCLUSIVE);
	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	assert_false(world_find(w, CHILD)->forked.whole);
	assert_int_equal(figures(w)->shared, 19);
	assert_int_equal(figures(w)->copied, 1);
	assert_int_equal(figures(w)->by_parent, 1);
	world_destroy(w);
}

static void test_vfork(void **state)
{
	struct world *w = make((struct event_process){ .vfork = true }, PAGE_ANON);
	const struct forked *f = &world_find(w, CHILD)->forked;

	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	touch(w, CHILD, 11, FAULT_COW_FORK, 22);
	assert_false(f->known);
	assert_int_equal(figures(w)->shared, 0);
	send(w, (struct event){ .type = EVENT_PROCESS, .process = { .exec = true, .parent = PARENT } }, CHILD,
	     23);
	assert_int_equal(f->stage, FORKED_EXEC);
	world_destroy(w);
}

static void add_name(struct world *w, int32_t pid, uint64_t ip, const char *function)
{
	struct code_frame frame = { function, "demo.c", 7 };
	struct event e = { .type = EVENT_SYMBOL };

	e.symbol = (struct event_symbol){
		.ip = ip, .object = "/tmp/demo", .section = "", .frames = &frame, .count = 1, .why = ""
	};
	send(w, e, pid, 25);
}

static void test_report(void **state)
{
	struct world *w = make((struct event_process){ .unrun = true, .forked_ns = 10 }, PAGE_ANON);
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	add_name(w, CHILD, 0x1001, "collect");
	add_name(w, PARENT, 0x1002, "serve");
	touch(w, CHILD, 15, FAULT_COW_FORK, 33);
	touch(w, CHILD, 16, FAULT_COW_FORK, 33);
	touch(w, PARENT, 20, FAULT_COW_FORK, 34);
	send(w, (struct event){ .type = EVENT_PROCESS, .process = { .exec = true, .parent = PARENT } }, CHILD,
	     40); /* its names go */
	fork_report_print(out, w, NULL);
	fclose(out);
	assert_non_null(strstr(text, "       20        3  15.0%"));
	assert_non_null(strstr(text, "2  child   collect (demo)"));
	assert_non_null(strstr(text, "1  parent  serve (demo)"));
	assert_non_null(strstr(text, "another program"));
	free(text);
	json_t *list = fork_report_json(w, NULL), *child = json_array_get(list, 0);
	assert_int_equal(json_array_size(list), 1);
	assert_int_equal(json_integer_value(json_object_get(child, "copied")), 3);
	assert_string_equal(json_string_value(json_object_get(child, "until")), "exec");
	assert_int_equal(json_array_size(json_object_get(child, "functions")), 2);
	json_decref(list);
	world_destroy(w);
}

static char *report_of(const struct world *w, json_t **child)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	json_t *list = fork_report_json(w, NULL);

	fork_report_print(out, w, NULL);
	fclose(out);
	*child = json_incref(json_array_get(list, 0));
	json_decref(list);
	return text;
}

/* Where copies may have been missed, none seen does not mean 0. */
static void test_bounds(void **state)
{
	struct event lost = { .type = EVENT_LOST, .lost = { 1, LOST_FAULTS } };
	struct world *w = make((struct event_process){ .forked_ns = 0 }, PAGE_ANON);
	json_t *child;
	char *text;

	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	text = report_of(w, &child);
	assert_non_null(strstr(text, "<=20  unknown      -        -        -         -\n"));
	assert_non_null(strstr(text, "its fork was not seen"));
	assert_true(json_is_false(json_object_get(child, "exact")));
	assert_null(json_object_get(child, "copied"));
	assert_null(json_object_get(child, "by_parent"));
	free(text);
	json_decref(child);
	touch(w, CHILD, 15, FAULT_COW_FORK, 33);
	text = report_of(w, &child);
	assert_non_null(strstr(text, "<=20      >=1   5.0%    4 KiB      >=1         -\n"));
	assert_int_equal(json_integer_value(json_object_get(child, "copied")), 1);
	free(text);
	json_decref(child);
	world_destroy(w);

	/* held at its birth: one fault came before, which is reported once; later ones may have copied */
	w = make((struct event_process){ .unrun = true, .forked_ns = 10 }, PAGE_ANON);
	send(w, lost, CHILD, 20);
	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	text = report_of(w, &child);
	assert_non_null(strstr(text, " 20        0   0.0%        0        0         0\n"));
	assert_non_null(strstr(text, "The first fault of a child"));
	assert_null(strstr(text, "lost"));
	assert_true(json_is_true(json_object_get(child, "exact")));
	assert_int_equal(json_integer_value(json_object_get(child, "copied")), 0);
	free(text);
	json_decref(child);
	send(w, lost, PARENT, 22);
	text = report_of(w, &child);
	assert_non_null(strstr(text, " 20  unknown "));
	assert_non_null(strstr(text, "1 fault was lost"));
	free(text);
	json_decref(child);
	world_destroy(w);
}

/* Code without a name at the time of the exec: its file is kept. */
static void test_unnamed(void **state)
{
	struct world *w = make((struct event_process){ .unrun = true, .forked_ns = 10 }, PAGE_ANON);
	struct region_attr code = { .start = PAGE,
				    .end = 2 * PAGE,
				    .perms = REGION_READ | REGION_EXEC,
				    .kind = REGION_TEXT,
				    .inode = 7,
				    .path = "/usr/lib/libcollect.so" };
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	map_pages(w, CHILD, 3, code, PAGE_FILE);
	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	touch(w, CHILD, 15, FAULT_COW_FORK, 33);
	send(w, (struct event){ .type = EVENT_PROCESS, .process = { .exec = true, .parent = PARENT } }, CHILD,
	     40);
	fork_report_print(out, w, NULL);
	fclose(out);
	assert_non_null(strstr(text, "1  child   code without a name (libcollect.so)"));
	free(text);
	world_destroy(w);
}

/* What was not looked at is unknown, not 0; what was looked at and is empty is 0. */
static void test_family(void **state)
{
	struct world *w = make((struct event_process){ .unrun = true, .forked_ns = 10 }, PAGE_RESERVED);
	struct event end = { .type = EVENT_STATUS, .status = { .status = PROCESS_EXITED } };
	struct event_process process = { .page_shift = 12, .parent = PARENT };
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	set_pages(w, CHILD, 30, 40, PAGE_RESERVED);
	for (int32_t pid = CHILD + 1; pid <= CHILD + 2; pid++)
		send(w, (struct event){ .type = EVENT_PROCESS, .process = process }, pid, 22);
	send(w, end, CHILD + 2, 23);
	map_pages(w, PARENT, 1, check_anon(10, 30), page_unknown(PAGE_WHY_DENIED));
	set_pages(w, PARENT, 30, 40, page_unknown(PAGE_WHY_DENIED));
	family_table_print(out, w);
	fclose(out);
	assert_non_null(strstr(text, "\n    4250    4242          0 "));
	assert_non_null(
	    strstr(text, "\n    4251    4242          -               -          -  : not looked at yet\n"));
	assert_non_null(strstr(
	    text, "\n    4252    4242          -               -          -  , ended: never looked at\n"));
	assert_non_null(strstr(text, page_why_text(PAGE_WHY_DENIED)));
	free(text);
	json_t *list = family_table_json(w), *child = json_array_get(list, 1),
	       *unseen = json_array_get(list, 3);
	assert_int_equal(json_array_size(list), 4);
	assert_int_equal(json_integer_value(json_object_get(child, "rss")), 0);
	assert_null(json_object_get(child, "unknown"));
	assert_null(json_object_get(unseen, "rss"));
	assert_string_equal(json_string_value(json_object_get(unseen, "unknown")), "never looked at");
	json_decref(list);
	world_destroy(w);
}

/* Who called memset: the program's own code is named, where the stack has it. */
static void test_own_code(void **state)
{
	struct world *w = make((struct event_process){ .unrun = true, .forked_ns = 10 }, PAGE_ANON);
	struct region_attr libc = { .start = PAGE,
				    .end = 2 * PAGE,
				    .perms = REGION_READ | REGION_EXEC,
				    .kind = REGION_TEXT,
				    .inode = 7,
				    .path = "/usr/lib/libc.so.6" };
	struct region_attr own = libc;
	uint64_t ips[] = { PAGE + 1, 2 * PAGE + 8, 2 * PAGE + 80 };
	struct event e = { .type = EVENT_FAULT, .stack = { .ips = ips, .count = 3 } };
	json_t *child;
	char *text;

	own.start = 2 * PAGE;
	own.end = 3 * PAGE;
	own.path = "/home/ann/demo";
	map_pages(w, CHILD, 3, libc, PAGE_FILE);
	map_pages(w, CHILD, 4, own, PAGE_FILE);
	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	e.fault = (struct event_fault){
		.address = 15 * PAGE, .ip = ips[0], .access = FAULT_WRITE, .cause = FAULT_COW_FORK
	};
	send(w, e, CHILD, 33);
	touch(w, CHILD, 16, FAULT_COW_FORK, 34); /* without a stack */
	add_name(w, CHILD, ips[0], "memset");
	add_name(w, CHILD, ips[1], "child_work");
	add_name(w, CHILD, ips[2], "main");
	text = report_of(w, &child);
	assert_non_null(strstr(text, " 1  child   child_work (demo)"));
	assert_non_null(strstr(text, " 1  child   memset (demo)"));
	assert_null(strstr(text, "main"));
	free(text);
	json_decref(child);
	world_destroy(w);
}

/* Processes that were not watched are counted and reported. */
static void test_unwatched(void **state)
{
	struct event lost = { .type = EVENT_LOST, .lost = { 3, LOST_PROCESSES } };
	struct world *w = world_create();
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	json_t *object = json_object();

	check_process(w, PARENT);
	family_table_set_unseen(object, w);
	assert_null(json_object_get(object, "unseen"));
	send(w, lost, PARENT, 20);
	lost.lost.what = LOST_THEIR_FAULTS;
	lost.lost.count = 700;
	send(w, lost, PARENT, 20);
	assert_int_equal(world_find(w, PARENT)->course.lost, 0);
	family_table_print(out, w);
	fclose(out);
	assert_non_null(strstr(text, "3 processes were not watched"));
	assert_non_null(strstr(text, "700 faults of theirs"));
	free(text);
	family_table_set_unseen(object, w);
	json_t *unseen = json_object_get(object, "unseen");
	assert_int_equal(json_integer_value(json_object_get(unseen, "processes")), 3);
	assert_int_equal(json_integer_value(json_object_get(unseen, "faults")), 700);
	json_decref(object);
	world_destroy(w);
}

/* What was copied and then given up, with the fault reported afterwards; and what no fault explains. */
static void test_doubted(void **state)
{
	struct world *w = make((struct event_process){ .unrun = true, .forked_ns = 10 }, PAGE_ANON);

	send(w, (struct event){ .type = EVENT_TICK }, CHILD, 21);
	set_pages(w, CHILD, 10, 14, PAGE_RESERVED);
	assert_int_equal(figures(w)->given_up, 4);
	touch(w, CHILD, 10, FAULT_COW_FORK, 18);
	assert_int_equal(figures(w)->given_up, 3);
	assert_int_equal(figures(w)->by_child, 1);
	assert_int_equal(forked_bound(&world_find(w, CHILD)->forked, 0), FORKED_EXACT);
	touch(w, PARENT, 11, FAULT_COW_FORK, 18); /* before that, or shared with another child */
	assert_int_equal(figures(w)->copied, 1);
	assert_int_equal(figures(w)->unknown, 1);
	set_pages(w, CHILD, 20, 24, PAGE_ANON | PAGE_EXCLUSIVE);
	assert_int_equal(figures(w)->unknown, 5);
	assert_int_equal(forked_bound(&world_find(w, CHILD)->forked, 0), FORKED_AT_LEAST);
	touch(w, PARENT, 20, FAULT_COW_FORK, 30); /* so that was why */
	assert_int_equal(figures(w)->unknown, 4);
	assert_int_equal(figures(w)->copied, 2);
	set_pages(w, PARENT, 21, 22, PAGE_RESERVED);
	assert_int_equal(figures(w)->unknown, 3);
	assert_int_equal(figures(w)->given_up, 3);
	(void)state;
	world_destroy(w);
}

/* Not quite none and not quite all are neither 0 nor 100. */
static void test_percent(void **state)
{
	static const struct {
		uint64_t copied, shared;
		bool exact;
		const char *want;
	} rows[] = {
		{ 0, 0, true, "0.0" },         { 0, 4096, true, "0.0" },       { 1, 4096, true, "<0.1" },
		{ 1, 4096, false, ">0.0" },    { 3, 4096, true, "0.1" },       { 1024, 4096, true, "25.0" },
		{ 4095, 4096, true, ">99.9" }, { 4095, 4096, false, ">99.9" }, { 4090, 4096, true, "99.9" },
		{ 4096, 4096, true, "100.0" },
	};
	char buf[FORKED_PERCENT_SIZE];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct forked_figures figures = { .shared = rows[i].shared, .copied = rows[i].copied };

		assert_string_equal(forked_percent(buf, &figures, rows[i].exact), rows[i].want);
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies),   cmocka_unit_test(test_own),
		cmocka_unit_test(test_doubted),  cmocka_unit_test(test_late),
		cmocka_unit_test(test_vfork),    cmocka_unit_test(test_report),
		cmocka_unit_test(test_unnamed),  cmocka_unit_test(test_family),
		cmocka_unit_test(test_bounds),   cmocka_unit_test(test_unwatched),
		cmocka_unit_test(test_own_code), cmocka_unit_test(test_percent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
