/* A descendant is found between its execs: each is reported once, whether or not it lives to be seen. */
#include "live/unseen_life.h"

#include <stdio.h>
#include <string.h>

#include "unit/model_check.h"

#define PARENT 10
#define CHILD 11

struct log {
	struct sink sink;
	char text[256];
};

static void note(struct sink *sink, const struct event *e)
{
	struct log *log = (struct log *)sink;
	size_t length = strlen(log->text);
	if (e->type == EVENT_PROCESS)
		snprintf(log->text + length, sizeof log->text - length, "%s%s ",
			 e->process.exec ? "" : "born:", e->process.comm);
	else if (e->type == EVENT_STATUS)
		snprintf(log->text + length, sizeof log->text - length, "gone ");
}

struct life {
	struct world *world;
	struct watch watch;
	struct log log;
	struct unseen unseen;
};

static void begin(struct life *l)
{
	*l = (struct life){ .world = world_create(), .log = { .sink = { .take = note } } };
	check_process(l->world, PARENT);
	l->watch = (struct watch){ .world = l->world, .pid = PARENT, .began_ns = 1 };
	unseen_fork(&l->unseen, &(struct fault_task){
				    .kind = FAULT_TASK_FORK, .pid = PARENT, .child = CHILD, .time_ns = 10 });
	unseen_found(&l->unseen, CHILD);
}

static void exec(struct life *l, const char *name, uint64_t time_ns)
{
	struct fault_task task = { .kind = FAULT_TASK_EXEC, .pid = CHILD, .time_ns = time_ns };
	snprintf(task.name, sizeof task.name, "%s", name);
	unseen_exec(&l->unseen, &task);
}

static bool send_past(struct life *l, uint64_t until_ns)
{
	struct unseen_process *past = unseen_of_found(&l->unseen, CHILD);
	assert_non_null(past);
	return unseen_life_send_past(&l->watch, &l->log.sink, past, until_ns);
}

/* It ended before it was seen. */
static void end_unseen(struct life *l)
{
	struct unseen_process ended;
	unseen_settle(&l->unseen, CHILD, false, false);
	unseen_exit(&l->unseen, &(struct fault_task){ .kind = FAULT_TASK_EXIT, .pid = CHILD, .time_ns = 90 });
	assert_true(unseen_take(&l->unseen, &ended));
	unseen_life_send(&l->watch, &l->log.sink, &ended);
	unseen_process_fini(&ended);
}

static void finish(struct life *l, const char *text)
{
	assert_string_equal(l->log.text, text);
	unseen_fini(&l->unseen);
	world_destroy(l->world);
}

static void test_never_found(void **state)
{
	struct life l;
	begin(&l);
	exec(&l, "a", 20);
	exec(&l, "b", 30);
	end_unseen(&l);
	finish(&l, "born:demo a b gone ");
}

/* The last of the earlier ones is not reported here: the watch that sees it reports what it is. */
static void test_seen(void **state)
{
	struct life l;
	begin(&l);
	exec(&l, "a", 20);
	exec(&l, "b", 30);
	assert_true(send_past(&l, 40));
	unseen_settle(&l.unseen, CHILD, true, false);
	finish(&l, "born:demo a ");
}

static void test_gone_when_looked_at(void **state)
{
	struct life l;
	begin(&l);
	exec(&l, "a", 20);
	exec(&l, "b", 30);
	exec(&l, "c", 50);
	assert_true(send_past(&l, 40));
	end_unseen(&l);
	finish(&l, "born:demo a b c gone ");
}

/* ... and nothing came after. */
static void test_gone_as_its_last(void **state)
{
	struct life l;
	begin(&l);
	exec(&l, "a", 20);
	assert_true(send_past(&l, 40));
	end_unseen(&l);
	finish(&l, "born:demo a gone ");
}

static void test_nothing_before(void **state)
{
	struct life l;
	begin(&l);
	exec(&l, "a", 50);
	assert_false(send_past(&l, 40));
	end_unseen(&l);
	finish(&l, "born:demo a gone ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_found),         cmocka_unit_test(test_seen),
		cmocka_unit_test(test_gone_when_looked_at), cmocka_unit_test(test_gone_as_its_last),
		cmocka_unit_test(test_nothing_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
