/* Faults to bytes and back: the same faults, in the same places among other events, whatever they are; and
 * malformed bytes are refused. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "event/page.h"
#include "store/codec.h"

#define DEPTH 24

struct made {
	struct event *events;
	uint64_t (*ips)[DEPTH]; /* what their stacks point to */
	size_t count;
};

/* Sets of these sizes are drawn from; above 255 the coder forgets them and starts again. */
struct shape {
	unsigned page_shift;
	uint32_t ips, threads, kinds, pages, stacks;
	uint64_t time_unit;
	bool back; /* time goes back now and then */
};

static uint64_t random_wide(uint64_t *random)
{
	return (uint64_t)check_random(random) << 33 ^ (uint64_t)check_random(random) << 10 ^
	       check_random(random);
}

static uint64_t one_of(uint32_t set, uint32_t which, uint64_t seed)
{
	uint64_t random = which % set + seed;

	return random_wide(&random);
}

static void make_fault(struct event *e, const struct shape *s, uint64_t *random, uint64_t *ips)
{
	struct event_fault *f = &e->fault;
	uint32_t kind = check_random(random) % s->kinds;

	e->type = EVENT_FAULT;
	e->pid = (int32_t)(check_random(random) % 3 * 1000000000);
	f->ip = one_of(s->ips, check_random(random), 11);
	f->address = check_random(random) % 4 ? one_of(s->pages, check_random(random), 22) : f->ip;
	if (check_random(random) % 2)
		f->address += check_random(random) % 20 << s->page_shift;
	f->tid = (int32_t)(check_random(random) % s->threads * 1000003 % INT32_MAX);
	f->major = kind & 1;
	f->inferred = kind & 2;
	f->access = (enum fault_access)(kind >> 2 & 3);
	f->cause = (enum fault_cause)(kind % FAULT_CAUSES);
	f->deduced = f->cause && kind & 4;
	f->why = f->cause ? FAULT_WHY_NONE : (enum fault_why)(kind >> 2 & 3);
	f->was = kind % PAGE_STATES | (kind & 7) << 4;
	f->now = (kind >> 4) % PAGE_STATES | PAGE_HUGE;
	f->before = kind % 5 ? 0 : (uint16_t)(check_random(random) % (FAULT_AROUND_MAX + 1));
	f->after = kind % 7 ? 0 : (uint16_t)(check_random(random) % (FAULT_AROUND_MAX + 1));
	if (!s->stacks || check_random(random) % 4 == 0)
		return;
	uint32_t stack = check_random(random) % s->stacks;
	e->stack = (struct event_stack){ ips, 1 + stack % DEPTH, (enum stack_end)(stack % STACK_ENDS),
					 stack % (1 + stack % DEPTH) };
	for (size_t i = 0; i < e->stack.count; i++) /* outer callers in common */
		ips[e->stack.count - 1 - i] = one_of(1 + (stack >> i), stack, 33 + i);
}

static struct made make(const struct shape *s, size_t count, uint64_t seed)
{
	struct made t = { mem_zalloc(count * sizeof *t.events), mem_zalloc(count * sizeof *t.ips), count };
	uint64_t time = seed % 2 ? 0 : 1000000000000;

	for (size_t i = 0; i < count; i++) {
		uint64_t step = check_random(&seed) >> check_random(&seed) % 31;

		time += (s->back && time > step && step % 5 == 0 ? -step : step) * s->time_unit;
		t.events[i].time_ns = time - time % s->time_unit;
		if (check_random(&seed) % 10) {
			make_fault(&t.events[i], s, &seed, t.ips[i]);
		} else {
			t.events[i].type = check_random(&seed) % 2 ? EVENT_TICK : EVENT_LOST;
			t.events[i].pid = (int32_t)(check_random(&seed) % 5);
			t.events[i].lost.what = LOST_PROCESSES;
			t.events[i].lost.count = i;
		}
	}
	return t;
}

static void made_fini(struct made *t)
{
	free(t->events);
	free(t->ips);
}

static void check_same_stack(const struct event_stack *a, const struct event_stack *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->end, b->end);
	assert_int_equal(a->deduced, b->deduced);
	for (size_t i = 0; i < a->count; i++)
		assert_true(a->ips[i] == b->ips[i]);
}

static void check_same(const struct event *a, const struct event *b)
{
	const struct event_fault *f = &a->fault, *g = &b->fault;

	assert_int_equal(a->type, b->type);
	assert_true(a->time_ns == b->time_ns);
	assert_int_equal(a->pid, b->pid);
	if (a->type == EVENT_LOST)
		assert_int_equal(a->lost.count, b->lost.count);
	if (a->type != EVENT_FAULT)
		return;
	assert_true(f->address == g->address);
	assert_true(f->ip == g->ip);
	assert_int_equal(f->tid, g->tid);
	assert_int_equal(f->major, g->major);
	assert_int_equal(f->inferred, g->inferred);
	assert_int_equal(f->access, g->access);
	assert_int_equal(f->cause, g->cause);
	assert_int_equal(f->deduced, g->deduced);
	assert_int_equal(f->why, g->why);
	assert_int_equal(f->was, g->was);
	assert_int_equal(f->now, g->now);
	assert_int_equal(f->before, g->before);
	assert_int_equal(f->after, g->after);
	check_same_stack(&a->stack, &b->stack);
}

static void put_all(struct coder *c, const struct made *t, struct strbuf *all)
{
	struct coder_part parts[CODER_PARTS];
	struct strbuf records = { 0 };
	size_t size;

	for (size_t i = 0; i < t->count; i++)
		coder_put(c, &records, &t->events[i]);
	size = coder_size(c, &records);
	coder_finish(c, &records, parts);
	for (size_t i = 0; i < CODER_PARTS; i++)
		if (parts[i].len)
			strbuf_add(all, parts[i].bytes, parts[i].len);
	assert_true(all->len < 8 * size + 200);
	strbuf_fini(&records);
}

static void check_back(struct coder *c, const struct made *t, const struct strbuf *all)
{
	struct cursor in = { .at = (uint8_t *)all->text, .end = (uint8_t *)all->text + all->len };
	struct event e;

	for (size_t i = 0; i < t->count; i++) {
		assert_int_equal(coder_get(c, &in, &e), 1);
		check_same(&t->events[i], &e);
	}
	assert_int_equal(coder_get(c, &in, &e), 0);
}

static const struct shape shapes[] = {
	{ 12, 1, 1, 1, 1, 0, 1, false },      { 12, 40, 3, 12, 20, 0, 100, false },
	{ 12, 40, 3, 12, 20, 30, 100, true }, { 12, 1000, 400, 208, 3000, 500, 1, true },
	{ 14, 300, 2, 30, 100, 3, 7, true },  { 24, 300, 256, 200, 100000, 2000, 100, true },
};
#define SHAPES (sizeof shapes / sizeof shapes[0])

static void test_there_and_back(void **state)
{
	for (size_t i = 0; i < SHAPES; i++) {
		struct coder put = { .page_shift = shapes[i].page_shift }, get = put;

		/* the same coders again and again, as for the blocks of a file */
		for (uint64_t seed = 1; seed <= 20; seed++) {
			struct made t = make(&shapes[i], seed == 20 ? 5000 : 20 * seed, seed);
			struct strbuf all = { 0 };

			put_all(&put, &t, &all);
			check_back(&get, &t, &all);
			coder_reset(&put);
			coder_reset(&get);
			strbuf_fini(&all);
			made_fini(&t);
		}
		coder_fini(&put);
		coder_fini(&get);
	}
}

/* The faults of a thread that walks through memory cost next to nothing except their times. */
static void test_walk_is_small(void **state)
{
	struct made t = { mem_zalloc(10000 * sizeof *t.events), NULL, 10000 };
	struct coder put = { .page_shift = 12 };
	struct strbuf records = { 0 };
	struct coder_part parts[CODER_PARTS];

	for (size_t i = 0; i < t.count; i++) {
		t.events[i] = (struct event){ .type = EVENT_FAULT, .pid = 7, .time_ns = 5000 * i };
		t.events[i].fault = (struct event_fault){ .address = 0x7f0000000000 + 4096 * i,
							  .ip = 0x401234,
							  .tid = 7,
							  .was = PAGE_RESERVED,
							  .now = PAGE_ANON };
		coder_put(&put, &records, &t.events[i]);
	}
	coder_finish(&put, &records, parts);
	for (int column = FAULT_COLUMN_KIND; column <= FAULT_COLUMN_OFFSET; column++) {
		struct coder_part *part = &parts[1 + column];

		assert_int_equal(part->len, t.count);
		for (size_t i = 3; i < t.count; i++) /* one value alone */
			assert_int_equal(part->bytes[i], part->bytes[2]);
	}
	assert_true(parts[1 + FAULT_COLUMN_NEWS].len + parts[1 + FAULT_COLUMN_NEW_IP].len < 20);
	assert_int_equal(parts[1 + FAULT_COLUMN_FAR_PAGE].len, 6);
	assert_int_equal(parts[1 + FAULT_COLUMN_TIME].len, t.count); /* 50 of 100 ns: three bits are below */
	assert_true(parts[1 + FAULT_COLUMN_TIME_BITS].len <= t.count * 3 / 8 + 1);
	strbuf_fini(&records);
	coder_fini(&put);
	made_fini(&t);
}

/* Reads whatever the bytes are. How many events came out; -1: refused. */
static int read_bytes(const uint8_t *bytes, size_t len)
{
	struct coder get = { .page_shift = 12 };
	uint8_t *copy =
	    mem_alloc(len + 1); /* of exactly this size, so that a sanitizer sees reads past its end */
	struct cursor in = { .at = copy, .end = copy + len };
	struct event e;
	int result, count = 0;

	memcpy(copy, bytes, len);
	while ((result = coder_get(&get, &in, &e)) > 0) {
		assert_true(e.type < EVENT_TYPES);
		if (e.type == EVENT_FAULT) {
			assert_true(e.fault.cause < FAULT_CAUSES && e.fault.tid >= 0 && e.pid >= 0);
			assert_true(page_state(e.fault.was) < PAGE_STATES &&
				    page_state(e.fault.now) < PAGE_STATES);
			assert_true(e.fault.before <= FAULT_AROUND_MAX && e.fault.after <= FAULT_AROUND_MAX);
			assert_true(e.stack.count <= STACK_MAX);
		}
		count++;
	}
	coder_fini(&get);
	free(copy);
	return result < 0 ? -1 : count;
}

static void test_damage(void **state)
{
	struct made t = make(&shapes[2], 150, 5);
	struct coder put = { .page_shift = 12 };
	struct strbuf all = { 0 };
	uint64_t random = 1;

	put_all(&put, &t, &all);
	assert_int_equal(read_bytes((uint8_t *)all.text, all.len), t.count);
	for (size_t len = 0; len < all.len; len++)
		assert_true(read_bytes((uint8_t *)all.text, len) < (int)t.count);
	for (size_t i = 0; i < 3 * all.len; i++) {
		char was = all.text[i % all.len];

		all.text[i % all.len] = (char)(i < all.len ? 0xff : was ^ (1 << check_random(&random) % 8));
		read_bytes((uint8_t *)all.text, all.len);
		all.text[i % all.len] = was;
	}
	strbuf_fini(&all);
	coder_fini(&put);
	made_fini(&t);
}

/* A record's head with no time and no process, and its body's length. */
#define RECORD(number, length) number, 0, 0, length
#define EMPTY_COLUMNS 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0

static void test_lies(void **state)
{
	static const struct {
		uint8_t bytes[32];
		uint8_t len;
		int result;
	} lies[] = {
		{ { RECORD(32, 2), 1, 0 }, 6, -1 }, /* columns are missing */
		{ { RECORD(32, 16), 1, 14, EMPTY_COLUMNS }, 20, 0 },
		{ { RECORD(32, 16), 1, 14, EMPTY_COLUMNS, RECORD(33, 1), 0 }, 25, 0 },
		{ { RECORD(33, 1), 1 }, 5, -1 }, /* faults without columns */
		/* columns that have none */
		{ { RECORD(32, 16), 1, 14, EMPTY_COLUMNS, RECORD(33, 1), 1 }, 25, -1 },
		{ { RECORD(33, 10), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 }, 14, -1 },
		{ { RECORD(32, 3), 1, 1, 1 }, 7, -1 }, /* a column past the body's end */
		{ { RECORD(32, 12), 1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 }, 16, -1 },
		{ { RECORD(32, 2), 1, 14 }, 6, -1 },                       /* fewer lengths than it says */
		{ { RECORD(32, 18), 1, 15, EMPTY_COLUMNS, 1, 9 }, 22, 0 }, /* a column that is not known */
		/* a kind at a place where none is yet */
		{ { RECORD(32, 18), 1, 14, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, RECORD(33, 1), 1 },
		  27,
		  -1 },
	};

	for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++)
		assert_int_equal(read_bytes(lies[i].bytes, lies[i].len), lies[i].result);
}

/* The processor's sum and ours are the same. */
static void test_crc(void **state)
{
	uint8_t bytes[100];
	uint64_t random = 3;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)check_random(&random);
	for (size_t first = 0; first < 9; first++)
		for (size_t len = 0; first + len <= sizeof bytes; len++)
			assert_int_equal(bytes_crc32c(5, bytes + first, len),
					 bytes_crc32c_plain(5, bytes + first, len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_walk_is_small),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_crc),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
