/* What a program writes to its terminal: any bytes, cut anywhere, give the same printable
 * lines, and what a keyframe keeps of them leads to the same again. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "base/strbuf.h"
#include "base/text.h"
#include "model/output.h"

static void check_same(const struct output *a, const struct output *b)
{
	assert(a->count == b->count);
	for (size_t back = 0; back <= a->count; back++)
		assert(!strcmp(output_line(a, back), output_line(b, back)));
	assert(!output_line(a, a->count + 1));
}

static void check_lines(const struct output *o)
{
	for (size_t back = 0; back <= o->count; back++) {
		const char *line = output_line(o, back);

		assert(strlen(line) <= OUTPUT_LINE_MAX);
		for (const char *c = line; *c; c++)
			assert((unsigned char)*c >= ' ' && *c != 0x7f);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char more[] = "b\bc\r\td\n\033[1mend";
	const char *bytes = (const char *)data;
	struct output whole = { 0 }, parts = { 0 }, again = { 0 };
	struct strbuf kept = { 0 };

	output_add(&whole, bytes, size);
	for (size_t i = 0; i < size; i++)
		output_add(&parts, bytes + i, 1);
	assert(whole.bytes == size && parts.bytes == size);
	check_same(&whole, &parts);
	check_lines(&whole);

	output_write(&whole, &kept);
	output_add(&again, kept.text, kept.len);
	check_same(&whole, &again);
	struct output copy = output_copy(&whole);
	output_add(&copy, more, sizeof more - 1);
	output_add(&parts, more, sizeof more - 1);
	check_same(&copy, &parts);

	strbuf_fini(&kept);
	output_fini(&whole);
	output_fini(&parts);
	output_fini(&again);
	output_fini(&copy);
	return 0;
}
