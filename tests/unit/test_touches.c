/* How the page of a fault was, where its region is gone by the time the fault is told. */
#include "base/mem.h"
#include "event/page.h"
#include "live/touches.h"
#include "unit/check.h"

#define PAGE UINT64_C(4096)

struct scene {
	struct world *world;
	struct fault_batch batch;
	struct touches touches;
	struct seen seen;
};

static struct process *begin(struct scene *s)
{
	struct event e = { .type = EVENT_PROCESS, .pid = 1 };
	*s = (struct scene){ .world = world_create() };
	e.process = (struct event_process){
		.argv = (const char *const[]){ "t", NULL }, .comm = "t", .exe = "", .page_shift = 12
	};
	world_apply(s->world, &e);
	return world_find(s->world, 1);
}

static void end(struct scene *s)
{
	fault_batch_fini(&s->batch);
	touches_fini(&s->touches);
	seen_fini(&s->seen);
	world_destroy(s->world);
}

static void fault(struct scene *s, uint64_t time_ns, uint64_t page)
{
	mem_grow(s->batch.records, s->batch.cap, s->batch.count + 1);
	s->batch.records[s->batch.count++] =
	    (struct fault_record){ .time_ns = time_ns, .address = page * PAGE, .pid = 1, .tid = 1 };
}

static void change(struct scene *s, uint64_t page, enum page_state was, enum page_state now, uint64_t time_ns)
{
	seen_add(&s->seen,
		 &(struct seen_change){ page, page + 1, page_word(was, 0), page_word(now, 0), time_ns });
}

/* The state before each fault, by their places, and when their memory was mapped. */
static void find(struct scene *s, const struct process *p, const enum touch_memory *places,
		 const uint64_t *fresh)
{
	touches_gather(&s->touches, &s->batch, p->space);
	touches_before(&s->touches, &s->batch, p, &s->seen, 0, 0);
	touches_apart(&s->touches, &s->batch, p, &s->seen, places, fresh, 0);
}

static enum page_state was(const struct scene *s, size_t record)
{
	return page_state(touches_of_record(&s->touches, record)->was);
}

/* The region went with the look that came after the touch, or by its stamp before it. */
static void test_left(void **state)
{
	struct scene s;
	struct process *p = begin(&s);
	enum touch_memory places[5] = { TOUCH_IN_LEFT, TOUCH_IN_LEFT, TOUCH_IN_LEFT, TOUCH_IN_LEFT,
					TOUCH_IN_LEFT };
	uint64_t fresh[5] = { 0 };
	change(&s, 14, PAGE_RESERVED, PAGE_ANON, 5);
	change(&s, 10, PAGE_ANON, PAGE_NONE, 30);
	change(&s, 11, PAGE_RESERVED, PAGE_NONE, 30);
	change(&s, 14, PAGE_ANON, PAGE_NONE, 30);
	fault(&s, 20, 10);
	fault(&s, 20, 11);
	fault(&s, 40, 10); /* the second one of its page: whatever the first has left */
	fault(&s, 20, 12); /* nothing was ever known of it */
	fault(&s, 40, 14); /* it may be what the first look saw, told late */
	find(&s, p, places, fresh);
	assert_int_equal(was(&s, 0), PAGE_ANON);
	assert_int_equal(was(&s, 1), PAGE_RESERVED);
	assert_int_equal(was(&s, 2), PAGE_UNKNOWN);
	assert_int_equal(was(&s, 3), PAGE_UNKNOWN);
	assert_int_equal(was(&s, 4), PAGE_UNKNOWN);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(page_state(touches_of_record(&s.touches, i)->now), PAGE_UNKNOWN);
	end(&s);
	(void)state;
}

/* The stamp of the look is older than the touch. */
static void test_left_by_stamp(void **state)
{
	struct scene s;
	struct process *p = begin(&s);
	enum touch_memory places[1] = { TOUCH_IN_LEFT };
	uint64_t fresh[1] = { 0 };
	change(&s, 10, PAGE_ANON, PAGE_NONE, 30);
	fault(&s, 40, 10);
	find(&s, p, places, fresh);
	assert_int_equal(was(&s, 0), PAGE_ANON);
	end(&s);
	(void)state;
}

/* It came and went between two looks: the first touch of a page found it untouched, of others nothing is known. */
static void test_unseen(void **state)
{
	struct scene s;
	struct process *p = begin(&s);
	enum touch_memory places[3] = { TOUCH_IN_UNSEEN, TOUCH_IN_UNSEEN, TOUCH_IN_UNSEEN };
	uint64_t fresh[3] = { 15, 15, 0 };
	fault(&s, 20, 10);
	fault(&s, 21, 10);
	fault(&s, 22, 11);
	find(&s, p, places, fresh);
	assert_int_equal(was(&s, 0), PAGE_RESERVED);
	assert_int_equal(was(&s, 1), PAGE_UNKNOWN);
	assert_int_equal(was(&s, 2), PAGE_UNKNOWN);
	end(&s);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_left_by_stamp),
		cmocka_unit_test(test_unseen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
