/* A parent and its children: what they had in common, and who has copied what of it. */
#include "model_check.h"

#include <string.h>

#include <stdlib.h>

#include "export/fork_report.h"

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
	assert_int_equal(figures(w)->given_up, 1);
	assert_int_equal(figures(w)->unknown, 1);
	set_pages(w, PARENT, 17, 19, PAGE_RESERVED);
	assert_int_equal(figures(w)->given_up, 3);
	struct event shrink = { .type = EVENT_CHANGE };
	shrink.region.id = 1;
	shrink.region.attr = check_anon(10, 25);
	send(w, shrink, CHILD, 40);
	assert_int_equal(figures(w)->given_up, 8);
	assert_int_equal(f->copier_count, 2); /* one address of code, of each */
	send(w, (struct event){ .type = EVENT_STATUS, .status = { PROCESS_EXITED, 0 } }, CHILD, 50);
	assert_int_equal(f->stage, FORKED_END);
	touch(w, PARENT, 20, FAULT_COW_FORK, 60);
	assert_int_equal(figures(w)->copied, 3);
	world_destroy(w);
}

/* Found when it ran already: what it has alone by then was not in common, but for what the parent has
 * copied since the fork. */
/* What it has not from the fork: copies, and what came since; known after its end, too. */
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
	fork_report_print(out, w);
	fclose(out);
	assert_non_null(strstr(text, "       20        3  15.0%"));
	assert_non_null(strstr(text, "2  child   collect (demo)"));
	assert_non_null(strstr(text, "1  parent  serve (demo)"));
	assert_non_null(strstr(text, "another program"));
	free(text);
	json_t *list = fork_report_json(w), *child = json_array_get(list, 0);
	assert_int_equal(json_array_size(list), 1);
	assert_int_equal(json_integer_value(json_object_get(child, "copied")), 3);
	assert_string_equal(json_string_value(json_object_get(child, "until")), "exec");
	assert_int_equal(json_array_size(json_object_get(child, "functions")), 2);
	json_decref(list);
	world_destroy(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copies), cmocka_unit_test(test_own),    cmocka_unit_test(test_late),
		cmocka_unit_test(test_vfork),  cmocka_unit_test(test_report),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
