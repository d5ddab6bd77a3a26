/* Each type of event to bytes and back, at its limits; and what a later version adds. */
#include "unit/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "event/page.h"
#include "store/codec.h"

#define SHIFT 12

static struct coder writer, reader;
static struct strbuf bytes;
static struct cursor in;

static void put(const struct event *e)
{
	coder_put(&writer, &bytes, e);
}

/* What was put, as the payload of a block. */
static void finish(void)
{
	struct coder_part parts[CODER_PARTS];
	struct strbuf all = { 0 };

	coder_finish(&writer, &bytes, parts);
	for (size_t i = 0; i < CODER_PARTS; i++)
		if (parts[i].len)
			strbuf_add(&all, parts[i].bytes, parts[i].len);
	strbuf_fini(&bytes);
	bytes = all;
}

static void begin_reading(void)
{
	in = (struct cursor){ (uint8_t *)bytes.text, (uint8_t *)bytes.text + bytes.len, false };
}

static int setup(void **state)
{
	writer = (struct coder){ .page_shift = SHIFT };
	reader = (struct coder){ .page_shift = SHIFT };
	return 0;
}

static int teardown(void **state)
{
	coder_fini(&writer);
	coder_fini(&reader);
	strbuf_fini(&bytes);
	bytes = (struct strbuf){ 0 };
	return 0;
}

static void check_stack(const struct event_stack *got, const struct event_stack *expected)
{
	assert_int_equal(got->count, expected->count);
	assert_int_equal(got->end, expected->count ? expected->end : STACK_WHOLE);
	assert_int_equal(got->deduced, expected->count ? expected->deduced : 0);
	if (got->count)
		assert_memory_equal(got->ips, expected->ips, got->count * sizeof *got->ips);
}

static void check_fault(const struct event_fault *a, const struct event_fault *b)
{
	assert_int_equal(a->address, b->address);
	assert_int_equal(a->ip, b->ip);
	assert_int_equal(a->tid, b->tid);
	assert_int_equal(a->major, b->major);
	assert_int_equal(a->inferred, b->inferred);
	assert_int_equal(a->access, b->access);
	assert_int_equal(a->cause, b->cause);
	assert_int_equal(a->deduced, b->deduced);
	assert_int_equal(a->why, b->why);
	assert_int_equal(a->was, b->was);
	assert_int_equal(a->now, b->now);
	assert_int_equal(a->before, b->before);
	assert_int_equal(a->after, b->after);
}

static void make_fault(uint64_t *random, struct event *e, uint64_t ips[STACK_MAX])
{
	static const uint64_t places[] = { 0, 1, 0x400123, 0x7fffffffffff, UINT64_MAX, UINT64_C(1) << 63 };

	e->fault =
	    (struct event_fault){ .address = places[check_random(random) % 5] &
					     ~(uint64_t)(check_random(random) % 3),
				  .ip = places[check_random(random) % 6],
				  .tid = check_random(random) % 2 ? INT32_MAX : 7,
				  .major = check_random(random) % 2,
				  .inferred = check_random(random) % 2,
				  .access = (enum fault_access)(check_random(random) % 4),
				  .cause = (enum fault_cause)(check_random(random) % FAULT_CAUSES),
				  .was = PAGE_RESERVED,
				  .now = check_random(random) % 2 ? PAGE_ANON | PAGE_HUGE : PAGE_UNKNOWN,
				  .before = (uint16_t)(check_random(random) % 2 * FAULT_AROUND_MAX),
				  .after = (uint16_t)(check_random(random) % 3) };
	e->fault.deduced = e->fault.cause && check_random(random) % 2;
	if (!e->fault.cause)
		e->fault.why = (enum fault_why)(check_random(random) % FAULT_WHYS);
	for (int i = 0; i < STACK_MAX; i++)
		ips[i] = places[(check_random(random) + i) % 6];
	e->stack = (struct event_stack){ ips, check_random(random) % 3 ? check_random(random) % 4 : STACK_MAX,
					 (enum stack_end)(check_random(random) % STACK_ENDS), 0 };
	e->stack.deduced = check_random(random) % (e->stack.count + 1);
}

static void test_faults_and_stories(void **state)
{
	enum { N = 500 };
	static uint64_t ips[N][STACK_MAX];
	static struct event events[N];
	uint64_t random = 3;
	struct event e;

	for (int i = 0; i < N; i++) {
		struct event *to = &events[i];

		*to = (struct event){ .type = i % 2 ? EVENT_FAULT : EVENT_STORY,
				      .time_ns = check_random(&random) * (uint64_t)FAULT_TIME_NS,
				      .pid = 1 + i % 3 };
		make_fault(&random, to, ips[i]);
		if (to->type == EVENT_STORY) {
			struct event_fault fault = to->fault;

			to->story = (struct event_story){ fault.address >> SHIFT, 1 + i % 3, fault };
			if (to->story.first + to->story.pages > RUNS_END)
				to->story.pages = 1;
		}
		put(to);
	}
	finish();
	begin_reading();
	for (int i = 0; i < N; i++) {
		assert_int_equal(coder_get(&reader, &in, &e), 1);
		assert_int_equal(e.type, events[i].type);
		assert_int_equal(e.time_ns, events[i].time_ns);
		assert_int_equal(e.pid, events[i].pid);
		if (e.type == EVENT_FAULT) {
			check_fault(&e.fault, &events[i].fault);
		} else {
			check_fault(&e.story.fault, &events[i].story.fault);
			assert_int_equal(e.story.first, events[i].story.first);
			assert_int_equal(e.story.pages, events[i].story.pages);
		}
		check_stack(&e.stack, &events[i].stack);
	}
	assert_int_equal(coder_get(&reader, &in, &e), 0);
}

static void test_symbols_and_lines(void **state)
{
	static const struct code_frame frames[] = { { "f<int>(char)", "/src/a.cc", UINT32_MAX },
						    { "", "", 0 } };
	struct event e = { .type = EVENT_SYMBOL, .pid = 5 };

	e.symbol = (struct event_symbol){ .ip = UINT64_MAX,
					  .object = "/lib/x\xff",
					  .section = "",
					  .offset = 77,
					  .frames = frames,
					  .count = 2,
					  .why = "stripped" };
	put(&e);
	e.symbol.ip = 3;
	e.symbol.count = 0;
	put(&e);
	e = (struct event){ .type = EVENT_LINES, .pid = 5 };
	e.lines.path = "/src/a.cc";
	e.lines.first = 12;
	e.lines.text = "one\n\ntwo";
	put(&e);
	finish();
	begin_reading();
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_int_equal(e.symbol.ip, UINT64_MAX);
	assert_string_equal(e.symbol.object, "/lib/x\xff");
	assert_int_equal(e.symbol.count, 2);
	assert_string_equal(e.symbol.frames[0].function, "f<int>(char)");
	assert_int_equal(e.symbol.frames[0].line, UINT32_MAX);
	assert_string_equal(e.symbol.frames[1].source, "");
	assert_string_equal(e.symbol.why, "stripped");
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_int_equal(e.symbol.ip, 3);
	assert_int_equal(e.symbol.count, 0);
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_string_equal(e.lines.path, "/src/a.cc");
	assert_int_equal(e.lines.first, 12);
	assert_string_equal(e.lines.text, "one\n\ntwo");
}

static void test_call_stop_thread(void **state)
{
	uint64_t ips[] = { 9, 8 };
	struct event e = { .type = EVENT_CALL };
	struct event_stack stack = { ips, 2, STACK_NO_TABLES, 1 };

	e.call = (struct event_call){ .tid = 7, .kind = CALL_MMAP, .args = { 0, 4096 } };
	call_return(&e.call, UINT64_MAX, 12);
	e.stack = stack;
	put(&e);
	e = (struct event){ .type = EVENT_STOP, .stop = { .why = STOP_EXEC, .tid = INT32_MAX } };
	put(&e);
	e = (struct event){ .type = EVENT_THREAD, .thread = { 8, "worker", true, 9, UINT64_MAX } };
	put(&e);
	finish();
	begin_reading();
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_int_equal(e.call.tid, 7);
	assert_int_equal(e.call.kind, CALL_MMAP);
	assert_int_equal(e.call.args[0], 0);
	assert_int_equal(e.call.args[1], 4096);
	assert_int_equal(e.call.result, UINT64_MAX);
	assert_int_equal(e.call.error, 12);
	check_stack(&e.stack, &stack);
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_int_equal(e.stop.why, STOP_EXEC);
	assert_int_equal(e.stop.tid, INT32_MAX);
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_int_equal(e.thread.tid, 8);
	assert_true(e.thread.ended);
	assert_string_equal(e.thread.name, "worker");
	assert_int_equal(e.thread.minor, 9);
	assert_int_equal(e.thread.major, UINT64_MAX);
}

static void test_past_and_samples(void **state)
{
	struct event_past past = { 1, 2, RUNS_END - 1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
	struct event e = { .type = EVENT_PAST };

	e.past = past;
	put(&e);
	e = (struct event){ .type = EVENT_SAMPLE, .time_ns = 99, .sample = { 1, 2, 3, UINT64_MAX } };
	put(&e);
	e = (struct event){ .type = EVENT_PROCESS };
	e.process =
	    (struct event_process){ .comm = "c", .exe = "", .bits = 64, .address_bits = 48, .parent = 41 };
	put(&e);
	finish();
	begin_reading();
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_memory_equal(&e.past, &past, sizeof past);
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_int_equal(e.time_ns, 99);
	assert_int_equal(e.sample.minor, 2);
	assert_int_equal(e.sample.quiet_ns, UINT64_MAX);
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_int_equal(e.process.parent, 41);
}

static void test_began(void **state)
{
	const struct run tiles[] = { { 3, 7, PAGE_ANON }, { 9, UINT64_C(1) << 51, PAGE_ANON } };
	struct event e = { .type = EVENT_BEGAN, .pid = 4 };

	e.began = (struct event_began){ false, BEGAN_SEEN, 12, tiles, 2 };
	put(&e);
	e.began = (struct event_began){ true, BEGAN_UNKNOWN, 0, NULL, 0 };
	put(&e);
	finish();
	begin_reading();
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_int_equal(e.began.began, BEGAN_SEEN);
	assert_false(e.began.more);
	assert_int_equal(e.began.resident, 12);
	assert_int_equal(e.began.n, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(e.began.tiles[i].first, tiles[i].first);
		assert_int_equal(e.began.tiles[i].end, tiles[i].end);
		assert_int_equal(e.began.tiles[i].value, tiles[i].value);
	}
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_true(e.began.more);
	assert_int_equal(e.began.began, BEGAN_UNKNOWN);
	assert_int_equal(e.began.n, 0);
}

/* A record with an unknown number is skipped, and so is anything in a body after what we know. */
static void test_later_versions(void **state)
{
	struct event e = {
		.type = EVENT_STOP, .time_ns = 10, .pid = 4, .stop = { .why = STOP_FAULT, .tid = 6 }
	};

	bytes_put_varint(&bytes, 999);
	bytes_put_signed(&bytes, 10);
	bytes_put_signed(&bytes, 4);
	bytes_put_varint(&bytes, 3);
	strbuf_add(&bytes, "abc", 3);
	bytes_put_varint(&bytes, 17); /* stop: the same time and process */
	bytes_put_signed(&bytes, 0);
	bytes_put_signed(&bytes, 0);
	bytes_put_varint(&bytes, 5);
	strbuf_add(&bytes, "\x01\x06xyz", 5);
	begin_reading();
	e = (struct event){ 0 };
	assert_int_equal(coder_get(&reader, &in, &e), 1);
	assert_int_equal(e.type, EVENT_STOP);
	assert_int_equal(e.time_ns, 10);
	assert_int_equal(e.pid, 4);
	assert_int_equal(e.stop.why, STOP_FAULT);
	assert_int_equal(e.stop.tid, 6);
	assert_int_equal(coder_get(&reader, &in, &e), 0);
}

/* What the model could not use is refused. */
static void test_refused(void **state)
{
	static const struct {
		unsigned number;
		const char *body;
		size_t len;
	} bad[] = {
		{ 17, "\x04\x00", 2 }, /* a reason for a stop that does not exist */
		{ 14,
		  "\x02"
		  "o\0"
		  "s\0"
		  "\x00"
		  "\0"
		  "\x21",
		  8 },                                 /* more functions than can be */
		{ 20, "\x40\x00\x00", 3 },             /* undefined bits */
		{ 20, "\x20\x00\x00\x00", 4 },         /* no page */
		{ 20, "\x00\x01\x00\x00", 4 },         /* a page before the first */
		{ 20, "\x20\x00\x00\x81\x80\x04", 6 }, /* too many pages */
		{ 19, "\x00", 1 },                     /* figures are missing */
		{ 16,
		  "\x01"
		  "mmap",
		  5 }, /* a text without end */
		{ 16,
		  "\x01"
		  "m\0"
		  "a\0"
		  "\x00\x00\x07",
		  8 }, /* a stack that was not written */
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct event e;

		strbuf_clear(&bytes);
		coder_reset(&reader);
		bytes_put_varint(&bytes, bad[i].number);
		bytes_put_signed(&bytes, 0);
		bytes_put_signed(&bytes, 0);
		bytes_put_varint(&bytes, bad[i].len);
		strbuf_add(&bytes, bad[i].body, bad[i].len);
		begin_reading();
		if (coder_get(&reader, &in, &e) != -1)
			fail_msg("number %zu was taken", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_faults_and_stories, setup, teardown),
		cmocka_unit_test_setup_teardown(test_symbols_and_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_call_stop_thread, setup, teardown),
		cmocka_unit_test_setup_teardown(test_past_and_samples, setup, teardown),
		cmocka_unit_test_setup_teardown(test_began, setup, teardown),
		cmocka_unit_test_setup_teardown(test_later_versions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
