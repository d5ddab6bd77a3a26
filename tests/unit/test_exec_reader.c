/* Memory that was opened and is gone belonged to a program that another one has replaced, or to one that is
 * ending: only the first is an exec. */
#include "live/exec_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live/code_names.h"
#include "live/fault_reader.h"
#include "unit/model_check.h"
#include "unit/reader_check.h"

#define PID 4242

struct log {
	struct sink sink;
	struct world *world;
	int execs;
};

static void take(struct sink *sink, const struct event *e)
{
	struct log *log = (struct log *)sink;

	log->execs += e->type == EVENT_PROCESS && e->process.exec;
	world_apply(log->world, e);
}

/* A captured process whose maps are empty, with its memory's size as in stat. Returns how many execs are sent. */
static int count_execs(const char *vsize)
{
	char root[] = "/tmp/exec-reader-XXXXXX", command[512];
	struct reader_options options = { .proc_root = root };
	struct live_program *program = calloc(1, sizeof *program);
	struct fault_reader *faults = calloc(1, sizeof *faults);
	struct code_names *names = calloc(1, sizeof *names);
	struct live_status status = { 0 };
	struct descent descent = { 0 };
	struct live_picture picture;
	struct exec_reader execs;
	struct err err = { 0 };
	bool off[SOURCE_KINDS] = { 0 };

	assert_non_null(mkdtemp(root));
	snprintf(command, sizeof command,
		 "cp -r " TESTS_DIR "/fixtures/demo64/. %s && cd %s/%d && : >maps && "
		 "sed -i -E 's/^(([^ ]+ ){22})[0-9]+/\\1%s/' stat",
		 root, root, PID, vsize);
	assert_int_equal(system(command), 0);
	struct log log = { { .take = take }, world_create(), 0 };
	struct watch watch = { .world = log.world, .pid = PID };
	struct reader *reader = open_reader(PID, &options);

	check_process(log.world, PID);
	live_picture_init(&picture, &watch, reader, faults, off, false);
	exec_reader_init(&execs, &(struct exec_parts){ &watch, reader, program, &status, &picture, faults,
						       names, &descent });
	assert_int_equal(exec_reader_take_first(&execs, &log.sink, false, &err), -1);
	assert_int_equal(err.code, ERR_GONE);
	live_picture_fini(&picture);
	reader_close(reader);
	world_destroy(log.world);
	free(program);
	free(faults);
	free(names);
	snprintf(command, sizeof command, "rm -r %s", root);
	assert_int_equal(system(command), 0);
	return log.execs;
}

static void test_gone(void **state)
{
	(void)state;
	assert_true(count_execs("2514944") > 0); /* it has memory, but not what was opened */
	assert_int_equal(count_execs("0"), 0);   /* it is ending, and no zombie yet */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
