/* What a person types to choose events: any text is refused in words, or gives a filter of
 * bounded size that answers; text put in quotes is one word, with that text. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "model/event_filter.h"

#define TEXT_MAX 4096

static struct world *make_world(void)
{
	static const char *const argv[] = { "t", NULL };
	static const uint64_t ips[] = { 0x401000, 0x401200 };
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
	e = (struct event){ .type = EVENT_FAULT, .pid = 7, .time_ns = 1 };
	e.fault = (struct event_fault){
		.address = 0x600010, .ip = ips[0], .tid = 8, .access = FAULT_WRITE, .cause = FAULT_ZERO_FILL
	};
	e.stack = (struct event_stack){ ips, 2, STACK_WHOLE, 0 };
	world_apply(world, &e);
	return world;
}

static void check_quoted(const char *text, bool exact)
{
	struct event_filter filter = { 0 };
	struct strbuf quoted = { 0 };
	struct err err = { 0 };

	event_filter_quote(&quoted, text, exact);
	if (*text && !event_filter_parse(&filter, quoted.text, &err))
		assert(filter.count == 1 && filter.words[0].exact == exact &&
		       !strcmp(filter.words[0].text, text));
	event_filter_fini(&filter);
	strbuf_fini(&quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world *world;
	struct event_filter filter = { 0 };
	struct err err = { 0 };
	bool unnamed = false;
	char text[TEXT_MAX + 1];

	if (!world)
		world = make_world();
	if (size > TEXT_MAX)
		size = TEXT_MAX;
	memcpy(text, data, size);
	text[size] = '\0';
	if (event_filter_parse(&filter, text, &err)) {
		assert(filter.count == 0 && err.text[0]);
	} else {
		assert(filter.count <= EVENT_FILTER_WORDS_MAX);
		bool fits = event_filter_fault(&filter, world_find(world, 7), 0, &unnamed);
		event_filter_renamed(&filter);
		assert(fits == event_filter_fault(&filter, world_find(world, 7), 0, &unnamed));
	}
	event_filter_fini(&filter);
	check_quoted(text, true);
	check_quoted(text, false);
	return 0;
}
