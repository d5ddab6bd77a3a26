/* Expectations, as a person types them: any text is refused in words, or evaluates to something that can be
 * printed; what it is worth twice is the same. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "expect/evaluate.h"

#define TEXT_MAX (EXPECT_TEXT_MAX + 10)

static struct world *make_world(void)
{
	static const char *const argv[] = { "t", NULL };
	struct run tile = { 0x600, 0x610, PAGE_ANON };
	struct world *world = world_create();
	struct event e = { .type = EVENT_PROCESS, .pid = 7 };

	e.process =
	    (struct event_process){ .argv = argv, .comm = "t", .exe = "/t", .bits = 64, .page_shift = 12 };
	world_apply(world, &e);
	e = (struct event){ .type = EVENT_MAP, .pid = 7 };
	e.region.id = 1;
	e.region.attr =
	    (struct region_attr){ .start = 0x600000, .end = 0x700000, .kind = REGION_HEAP, .path = "[heap]" };
	world_apply(world, &e);
	e = (struct event){ .type = EVENT_PAGES, .pid = 7, .pages = { &tile, 1 } };
	world_apply(world, &e);
	e = (struct event){ .type = EVENT_FAULT, .pid = 7, .time_ns = 1 };
	e.fault = (struct event_fault){
		.address = 0x600010, .ip = 0x401000, .tid = 8, .access = FAULT_WRITE, .cause = FAULT_ZERO_FILL
	};
	world_apply(world, &e);
	return world;
}

/* Every variable points anywhere. */
static int variable(void *context, int32_t pid, const char *name, struct expect_variable *v, struct err *err)
{
	*v = (struct expect_variable){ .address = 0x600010, .size = 8, .points = true, .has_value = true };
	v->value = name[0] == 'h' ? 0x600000 : -(int64_t)name[0];
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct expect_facts_ops ops = { .variable = variable };
	static struct world *world;
	struct moments moments = { 0 };
	struct err err = { 0 };
	char text[TEXT_MAX + 1];

	if (!world)
		world = make_world();
	size = size > TEXT_MAX ? TEXT_MAX : size;
	memcpy(text, data, size);
	text[size] = '\0';
	struct expect *e = expect_parse(text, &err);
	if (!e) {
		assert(err.code == ERR_INPUT && err.text[0]);
		return 0;
	}
	struct expect_facts facts = { .world = world, .pid = 7, .moments = &moments, .ops = &ops };
	struct expect_result once, twice;
	struct strbuf out = { 0 };
	expect_judge(&facts, e, &once);
	expect_judge(&facts, e, &twice);
	assert(once.outcome == twice.outcome && (once.outcome != EXPECT_UNKNOWN || once.why));
	expect_explain(&out, e, &once);
	assert(out.len >= strlen(text));
	strbuf_fini(&out);
	expect_result_fini(&once);
	expect_result_fini(&twice);
	expect_destroy(e);
	return 0;
}
