/* faults: lines, JSON and tables of faults whose names, stacks and neighbours are known. */
#include "check.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/fault_lines.h"

#define PID 4242
#define FILL UINT64_C(0x401010)
#define MAIN UINT64_C(0x401200)
#define BARE UINT64_C(0x402040)

static struct world *world;
static char *said;
static size_t said_len;

static void send(struct sink *sink, struct event e)
{
	e.pid = PID;
	sink_send(sink, &e);
}

static void map(struct sink *sink, uint64_t id, uint64_t start, enum region_kind kind, const char *path)
{
	struct event e = { .type = EVENT_MAP };

	e.region.id = id;
	e.region.attr = (struct region_attr){ .start = start,
					      .end = start + 0x10000,
					      .kind = (uint8_t)kind,
					      .path = path,
					      .inode = *path == '/' ? 5 : 0 };
	send(sink, e);
}

static void name(struct sink *sink, uint64_t ip, uint64_t offset, const char *section,
		 const struct code_frame *frames, size_t count)
{
	struct event e = { .type = EVENT_SYMBOL };

	e.symbol = (struct event_symbol){ .ip = ip,
					  .object = "/bin/t\n",
					  .section = section,
					  .offset = offset,
					  .frames = frames,
					  .count = count,
					  .why = "" };
	send(sink, e);
}

static void fault(struct sink *sink, uint64_t address, uint64_t ip, bool major, uint16_t after, size_t depth)
{
	const uint64_t ips[] = { ip, MAIN };
	struct event e = { .type = EVENT_FAULT, .time_ns = 1204331876 };

	e.fault = (struct event_fault){ .address = address,
					.ip = ip,
					.tid = 4243,
					.major = major,
					.access = FAULT_WRITE,
					.cause = FAULT_ZERO_FILL,
					.was = page_word(PAGE_RESERVED, 0),
					.now = page_word(PAGE_ANON, after > 100 ? PAGE_HUGE : 0),
					.after = after };
	e.stack = (struct event_stack){ ips, depth, STACK_CUT, 0 };
	send(sink, e);
}

/* What is printed for some faults. */
static char *print(bool json, bool tables)
{
	static const struct code_frame inlined[] = { { "store\033[2J", "/src/demo.c", 7 },
						     { "fill", "/src/demo.c", 14 } };
	static const struct code_frame plain[] = { { "main", "/src/demo.c", 31 } };
	struct fault_lines lines;
	struct fanout fanout;
	FILE *out = open_memstream(&said, &said_len);

	world = world_create();
	fault_lines_init(&lines, out, out, world, json);
	fanout_init(&fanout, &world->sink);
	fanout_add(&fanout, &lines.sink);
	lines.summary = tables;
	send(&fanout.sink, (struct event){ .type = EVENT_PROCESS, .process = { .page_shift = 12 } });
	map(&fanout.sink, 1, 0x401000, REGION_TEXT, "/bin/t\n");
	map(&fanout.sink, 2, 0x700000, REGION_ANON, "");
	name(&fanout.sink, FILL, 0x10, "", inlined, 2);
	name(&fanout.sink, MAIN, 0x52, "", plain, 1);
	name(&fanout.sink, BARE, 0x40, ".plt", NULL, 0);
	fault(&fanout.sink, 0x700010, FILL, false, 0, 2);
	fault(&fanout.sink, 0x701000, MAIN, true, 511, 0);
	fault(&fanout.sink, 0x703000, BARE, false, 0, 1);
	fault(&fanout.sink, 0x704000, 0x403333, false, 0, 0); /* nothing is known of it */
	fault(&fanout.sink, 0x900000, UINT64_C(1) << 63, false, 0,
	      0); /* by the kernel, outside all regions */
	send(&fanout.sink, (struct event){ .type = EVENT_LOST, .lost = { 7, LOST_FAULTS } });
	fault_lines_print_summary(&lines, NULL, true);
	fault_lines_fini(&lines);
	world_destroy(world);
	fclose(out);
	return said;
}

static void lines_of_faults(void **state)
{
	char *text = print(false, false);

	(void)state;
	assert_string_equal(
	    text, "1.204331876 4243 minor write zero-fill     0x000000700010 anon+0x10 reserved -> anon  "
		  "store\\x1b[2J demo.c:7 (t\\n)\n"
		  "1.204331876 4243 major write zero-fill     0x000000701000 anon+0x1000 reserved -> anon  "
		  "main+0x52 demo.c:31 (t\\n)\n"
		  "1.204331876 4243 minor write zero-fill     0x000000703000 anon+0x3000 reserved -> anon  "
		  "t\\n .plt+0x40\n"
		  "1.204331876 4243 minor write zero-fill     0x000000704000 anon+0x4000 reserved -> anon  "
		  "t\\n+0x2333\n"
		  "1.204331876 4243 minor write zero-fill     0x000000900000 - reserved -> anon  [kernel]\n"
		  "lost: 7 faults\n"
		  "4 minor, 1 major, 7 lost, in user mode only\n");
	free(text);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void check_first(const json_t *fault)
{
	const json_t *stack = json_object_get(fault, "stack"), *entry;

	assert_string_equal(text_of(fault, "event"), "fault");
	assert_string_equal(text_of(fault, "symbol"), "store\033[2J");
	assert_string_equal(text_of(fault, "source"), "/src/demo.c:7");
	assert_string_equal(text_of(fault, "access_from"), "kernel");
	assert_string_equal(text_of(fault, "cause"), "zero-fill");
	assert_null(json_object_get(fault, "huge"));
	assert_int_equal(json_array_size(stack), 3);
	entry = json_array_get(stack, 0);
	assert_true(json_is_true(json_object_get(entry, "inlined")));
	assert_string_equal(text_of(entry, "symbol"), "store\033[2J");
	entry = json_array_get(stack, 1);
	assert_string_equal(text_of(entry, "ip"), "0x401010"); /* the same place */
	assert_string_equal(text_of(entry, "symbol"), "fill");
	assert_int_equal(json_integer_value(json_object_get(entry, "offset")), 0x10);
	assert_null(json_object_get(entry, "inlined"));
	assert_string_equal(text_of(json_array_get(stack, 2), "symbol"), "main");
	assert_true(json_is_true(json_object_get(fault, "stack_cut")));
}

static void json_of_faults(void **state)
{
	static const char *const kinds[] = { "fault", "fault", "fault", "fault", "fault", "lost", "summary" };
	char *text = print(true, false), *rest = text, *line;
	json_t *objects[7];
	size_t n = 0;

	(void)state;
	while ((line = strsep(&rest, "\n")) && *line) {
		assert_true(n < 7);
		objects[n] = json_loads(line, 0, NULL);
		assert_string_equal(text_of(objects[n], "event"), kinds[n]);
		n++;
	}
	assert_int_equal(n, 7);
	check_first(objects[0]);
	assert_non_null(strstr(text, "\"time\": 1.204331876,"));
	assert_true(json_is_true(json_object_get(objects[1], "huge")));
	assert_int_equal(json_integer_value(json_object_get(objects[1], "after")), 511);
	assert_null(json_object_get(objects[1], "before"));
	assert_null(json_object_get(objects[1], "stack"));
	assert_string_equal(text_of(objects[2], "section"), ".plt");
	assert_null(json_object_get(objects[2], "symbol"));
	assert_null(json_object_get(objects[3], "symbol"));
	assert_null(json_object_get(objects[4], "region"));
	assert_int_equal(json_integer_value(json_object_get(objects[5], "count")), 7);
	assert_int_equal(json_integer_value(json_object_get(objects[6], "minor")), 4);
	assert_true(json_is_true(json_object_get(objects[6], "user_only")));
	for (size_t i = 0; i < n; i++)
		json_decref(objects[i]);
	free(text);
}

static const struct event_symbol *find_name(void *context, const struct process *p, uint64_t ip)
{
	(void)context;
	return names_find(p->names, ip);
}

static struct event any_fault(uint64_t *seed)
{
	static const uint64_t ips[] = { FILL, MAIN, BARE, 0x403333, UINT64_C(0xffffffff81000000), 3 };
	struct event e = { .type = EVENT_FAULT, .pid = PID, .time_ns = check_random(seed) * UINT64_C(77777) };

	e.fault = (struct event_fault){ .address = check_random(seed) % 0x900000,
					.ip = ips[check_random(seed) % 6],
					.tid = (int32_t)check_random(seed),
					.major = check_random(seed) & 1,
					.inferred = check_random(seed) & 1,
					.access = (enum fault_access)(check_random(seed) % 4),
					.cause = (enum fault_cause)(check_random(seed) % FAULT_CAUSES),
					.was = check_random(seed) % PAGE_STATES,
					.now = check_random(seed) % PAGE_STATES,
					.before = (uint16_t)(check_random(seed) % 3),
					.after = (uint16_t)(check_random(seed) % 3) };
	if (check_random(seed) & 1)
		e.fault.now |= PAGE_HUGE;
	if (check_random(seed) % 2 == 0) /* many alike, differing in one thing */
		e.stack = (struct event_stack){ ips + check_random(seed) % 2, 1 + check_random(seed) % 4,
						check_random(seed) & 1 ? STACK_CUT : STACK_WHOLE, 0 };
	return e;
}

static void print_both(struct fault_json *fast, const struct event_names *names, const struct event *e,
		       const struct process *p)
{
	struct strbuf text = { 0 };
	json_t *long_way, *one, *other;
	char *dumped;

	fault_json_add(fast, &text, e, p);
	long_way = event_json(e, p, names);
	dumped = json_dumps(long_way, EVENT_JSON_FLAGS);
	one = json_loads(text.text, 0, NULL);
	other = json_loads(dumped, 0, NULL);
	assert_non_null(one);
	assert_true(json_equal(one, other));
	json_decref(long_way);
	json_decref(one);
	json_decref(other);
	free(dumped);
	strbuf_fini(&text);
}

/* The fast way and the slow one print the same for any fault and any change in between. */
static void json_is_the_same(void **state)
{
	static const struct code_frame frames[] = { { "a \"b\"", "/x\\y.c", 9 } };
	struct event_names names = { find_name, NULL };
	struct fault_json *fast = fault_json_create(&names);
	uint64_t seed = 3;

	(void)state;
	world = world_create();
	send(&world->sink, (struct event){ .type = EVENT_PROCESS, .process = { .page_shift = 12 } });
	map(&world->sink, 1, 0x401000, REGION_TEXT, "/bin/t\n");
	for (int i = 0; i < 4000; i++) {
		const struct process *p = world_find(world, PID);
		struct event e = any_fault(&seed);

		print_both(fast, &names, &e, p);
		if (i == 1000)
			map(&world->sink, 2, 0x700000, REGION_ANON, "");
		if (i == 2000)
			name(&world->sink, FILL, 4, "", frames, 1);
		if (i == 2500)
			name(&world->sink, FILL, 8, "", frames, 1); /* another name of the same place */
		if (i == 3000)
			map(&world->sink, 3, 0x420000, REGION_FILE, "/tmp/\"\033");
	}
	fault_json_destroy(fast);
	world_destroy(world);
}

static void of_process(struct sink *sink, int32_t parent, bool exec, const char *name)
{
	const char *const argv[] = { name, "two\n", NULL };
	struct event e = { .type = EVENT_PROCESS, .time_ns = 1500000000, .pid = PID + (parent != 0) };

	e.process = (struct event_process){
		.argv = argv, .comm = "c", .exe = "", .page_shift = 12, .parent = parent, .exec = exec
	};
	sink_send(sink, &e);
}

static void of_status(struct sink *sink, enum process_status status, int code)
{
	struct event e = { .type = EVENT_STATUS, .time_ns = 2000000001, .pid = PID + 1 };

	e.status.status = status;
	e.status.code = code;
	sink_send(sink, &e);
}

/* A child is forked, becomes another program, is paused, and ends. */
static char *print_lives(bool processes, bool json, const char *words)
{
	struct event_filter filter;
	struct fault_lines lines;
	struct fanout fanout;
	FILE *out = open_memstream(&said, &said_len);

	world = world_create();
	fault_lines_init(&lines, out, out, world, json);
	fanout_init(&fanout, &world->sink);
	fanout_add(&fanout, &lines.sink);
	lines.processes = processes;
	assert_int_equal(event_filter_parse(&filter, words, NULL), 0);
	lines.filter = words ? &filter : NULL;
	of_process(&fanout.sink, 0, false, "root");
	of_process(&fanout.sink, PID, false, "root");
	of_process(&fanout.sink, PID, true, "child");
	of_status(&fanout.sink, PROCESS_PAUSED, 0);
	of_status(&fanout.sink, PROCESS_KILLED, 9);
	of_status(&fanout.sink, PROCESS_EXITED, 3);
	fault_lines_fini(&lines);
	event_filter_fini(&filter);
	fclose(out);
	world_destroy(world);
	return said;
}

static void lines_of_processes(void **state)
{
	char *text = print_lives(true, false, NULL);

	(void)state;
	assert_string_equal(text, "1.500000000 4243 forked by 4242: root two\\n\n"
				  "1.500000000 4243 exec: child two\\n\n"
				  "2.000000001 4243 killed by signal 9 (Killed)\n"
				  "2.000000001 4243 exited 3\n");
	free(text);
	text = print_lives(true, true, NULL);
	assert_non_null(
	    strstr(text, "{\"event\": \"fork\", \"time\": 1.5, \"pid\": 4243, \"parent\": 4242, "));
	assert_non_null(strstr(text, "{\"event\": \"exec\", \"time\": 1.5, \"pid\": 4243, "));
	assert_non_null(strstr(text, "\"pid\": 4243, \"signal\": 9}"));
	assert_null(strstr(text, "paused"));
	free(text);
	text = print_lives(false, false, NULL);
	assert_string_equal(text, "");
	free(text);
	/* a filter knows execs, but neither forks nor ends */
	text = print_lives(true, false, "kind:exec child");
	assert_non_null(strstr(text, "exec: child two"));
	free(text);
	for (int json = 0; json < 2; json++) {
		text = print_lives(true, json, "cause:zero-fill");
		assert_null(strstr(text, "child"));
		assert_non_null(strstr(text, json ? "\"fork\"" : "forked by"));
		assert_non_null(strstr(text, json ? "\"code\": 3" : "exited 3"));
		free(text);
	}
}

static void tables_of_faults(void **state)
{
	char *text = print(false, true);

	(void)state;
	assert_non_null(strstr(text, "    PAGES    MINOR    MAJOR  FUNCTION\n"
				     "      512        0        1  main (t\\n)\n"));
	assert_non_null(strstr(text, "        1        1        0  store\\x1b[2J (t\\n)\n"));
	assert_non_null(strstr(text, "        1        1        0  [kernel]\n"));
	assert_non_null(strstr(text, "        2        2        0  code without a name (t\\n)\n"));
	assert_non_null(strstr(text, "      515        3        1  0x000000700000 anon\n"));
	assert_non_null(strstr(text, "      515        3        1  anon\n"));
	assert_non_null(strstr(text, "4 minor, 1 major, 7 lost"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_faults),  cmocka_unit_test(json_of_faults),
		cmocka_unit_test(json_is_the_same), cmocka_unit_test(lines_of_processes),
		cmocka_unit_test(tables_of_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
