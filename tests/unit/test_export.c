/* Snapshots and lines, of a small process made here. */
#include "check.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "export/json.h"
#include "export/lines.h"
#include "export/snapshot_json.h"
#include "export/snapshot_table.h"

#define PID 4242
#define HEAP 0x1000u /* page numbers */
#define FILE_AT 0x2000u

static const char *const argv_demo[] = { "./demo", "a\033b\xff", NULL };

static void send(struct sink *sink, struct event event)
{
	event.pid = PID;
	sink_send(sink, &event);
}

static void send_process(struct sink *sink)
{
	send(sink, (struct event){ .type = EVENT_PROCESS,
				   .process = { .argv = argv_demo,
						.comm = "demo",
						.exe = "/demo",
						.bits = 64,
						.page_shift = 12,
						.address_bits = 48 } });
}

static void send_map(struct sink *sink, uint64_t id, uint64_t first, uint64_t pages, enum region_kind kind,
		     const char *path)
{
	send(sink, (struct event){ .type = EVENT_MAP,
				   .time_ns = 1000000,
				   .region = { id,
					       { .start = first << 12,
						 .end = (first + pages) << 12,
						 .perms = REGION_READ | REGION_WRITE,
						 .kind = kind,
						 .path = path,
						 .inode = *path == '/' ? 7 : 0,
						 .offset = *path == '/' ? 0x8000 : 0 } } });
}

static void send_pages(struct sink *sink, uint64_t ms, const struct run *tiles, size_t n)
{
	send(sink, (struct event){ .type = EVENT_PAGES, .time_ns = ms * 1000000, .pages = { tiles, n } });
}

static void send_type(struct sink *sink, uint64_t ms, enum event_type type)
{
	send(sink, (struct event){ .type = type, .time_ns = ms * 1000000 });
}

/* A heap of 16 pages, 2 of them anon (in two model runs that look alike), and a file of 8. */
static void fill(struct sink *sink)
{
	const struct run heap[] = {
		{ HEAP, HEAP + 1, page_word(PAGE_ANON, PAGE_EXCLUSIVE) },
		{ HEAP + 1, HEAP + 2, page_word(PAGE_ANON, PAGE_EXCLUSIVE | 1u << 20) },
		{ HEAP + 2, HEAP + 16, page_word(PAGE_RESERVED, 0) },
	};
	const struct run file[] = {
		{ FILE_AT, FILE_AT + 3, page_word(PAGE_FILE, 0) },
		{ FILE_AT + 3, FILE_AT + 6, page_word(PAGE_RESERVED, PAGE_CACHE_UNKNOWN) },
		{ FILE_AT + 6, FILE_AT + 8, page_unknown(PAGE_WHY_ZERO_OR_ANON) },
	};

	send_process(sink);
	send(sink, (struct event){ .type = EVENT_SOURCE,
				   .source = { .kind = SOURCE_PAGEMAP, .ok = true, .why = "" } });
	send(sink,
	     (struct event){ .type = EVENT_SOURCE,
			     .source = { .kind = SOURCE_FRAMES, .ok = false, .why = "no right to it" } });
	send_map(sink, 1, HEAP, 16, REGION_HEAP, "[heap]");
	send_map(sink, 2, FILE_AT, 8, REGION_FILE, "/tmp/n\033\n\xff");
	send_pages(sink, 1, heap, 3);
	send_pages(sink, 1, file, 3);
	send_type(sink, 2, EVENT_TICK);
}

static struct world *make_world(void)
{
	struct world *world = world_create();

	fill(&world->sink);
	return world;
}

static json_t *snapshot(const struct snapshot_options *options)
{
	struct world *world = make_world();
	json_error_t error;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *json;

	snapshot_print_json(out, world_find(world, PID), "2026-11-22T10:15:00.123Z", options);
	fclose(out);
	json = json_loadb(text, size, 0, &error);
	if (!json)
		fail_msg("%s at line %d of %s", error.text, error.line, text);
	free(text);
	world_destroy(world);
	return json;
}

static json_int_t integer(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		fail_msg("no number: %s", key);
	return json_integer_value(value);
}

static const char *string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void test_json_head(void **state)
{
	json_t *json = snapshot(&(struct snapshot_options){ 0 });
	json_t *totals = json_object_get(json, "totals");

	assert_string_equal(string(json, "schema"), "pagescape.snapshot/1");
	assert_int_equal(integer(json, "pid"), PID);
	assert_int_equal(integer(json, "page_size"), 4096);
	assert_string_equal(string(json, "time"), "2026-11-22T10:15:00.123Z");
	assert_string_equal(json_string_value(json_array_get(json_object_get(json, "command"), 1)),
			    "a\033b\xef\xbf\xbd");
	assert_string_equal(string(json_object_get(json, "sources"), "pagemap"), "ok");
	assert_string_equal(string(json_object_get(json, "sources"), "frames"), "denied: no right to it");
	assert_null(json_object_get(json_object_get(json, "sources"), "smaps")); /* never tried */
	assert_int_equal(integer(totals, "pages"), 24);
	assert_int_equal(integer(totals, "anon"), 2);
	assert_int_equal(integer(totals, "reserved"), 17);
	assert_int_equal(integer(totals, "file"), 3);
	assert_int_equal(integer(totals, "unknown"), 2);
	assert_null(json_object_get(totals, "swap"));
	json_decref(json);
}

static void test_json_region(void **state)
{
	json_t *json = snapshot(&(struct snapshot_options){ 0 });
	json_t *file = json_array_get(json_object_get(json, "regions"), 1);

	assert_int_equal(json_array_size(json_object_get(json, "regions")), 2);
	assert_string_equal(string(file, "start"), "0x2000000");
	assert_string_equal(string(file, "end"), "0x2008000");
	assert_string_equal(string(file, "perms"), "rw-p");
	assert_int_equal(integer(file, "offset"), 0x8000);
	assert_int_equal(integer(file, "inode"), 7);
	assert_string_equal(string(file, "device"), "00:00");
	assert_string_equal(string(file, "path"), "/tmp/n\033\n\xef\xbf\xbd");
	assert_string_equal(string(file, "kind"), "file");
	assert_int_equal(integer(json_object_get(file, "pages"), "file"), 3);
	assert_null(json_object_get(file, "runs"));
	json_decref(json);
}

static void test_json_runs(void **state)
{
	json_t *json = snapshot(&(struct snapshot_options){ .pages = true });
	json_t *heap = json_object_get(json_array_get(json_object_get(json, "regions"), 0), "runs");
	json_t *file = json_object_get(json_array_get(json_object_get(json, "regions"), 1), "runs");
	json_t *run = json_array_get(heap, 0);

	assert_int_equal(json_array_size(heap), 2); /* what looks alike is one */
	assert_string_equal(string(run, "start"), "0x1000000");
	assert_int_equal(integer(run, "pages"), 2);
	assert_string_equal(string(run, "state"), "anon");
	assert_int_equal(json_array_size(json_object_get(run, "flags")), 1);
	assert_string_equal(json_string_value(json_array_get(json_object_get(run, "flags"), 0)), "exclusive");
	assert_null(json_object_get(run, "pfn"));

	assert_int_equal(json_array_size(file), 3);
	run = json_array_get(file, 1);
	assert_string_equal(json_string_value(json_array_get(json_object_get(run, "flags"), 0)),
			    "cache-unknown");
	run = json_array_get(file, 2);
	assert_string_equal(string(run, "state"), "unknown");
	assert_string_equal(string(run, "why"), page_why_text(PAGE_WHY_ZERO_OR_ANON));
	json_decref(json);
}

/* Frames 0x50, 0x51 under the heap; 0x60, 0x90, none under the file's first pages. */
static size_t some_frames(void *context, uint64_t first, uint64_t *frames, size_t n)
{
	for (size_t i = 0; i < n; i++)
		frames[i] = first + i < FILE_AT        ? 0x50 + (first + i - HEAP)
			    : first + i == FILE_AT     ? 0x60
			    : first + i == FILE_AT + 1 ? 0x90
						       : 0;
	return n;
}

static size_t no_frames(void *context, uint64_t first, uint64_t *frames, size_t n)
{
	return 0;
}

static void test_json_frames(void **state)
{
	json_t *json = snapshot(&(struct snapshot_options){ .pages = true, .frames = some_frames });
	json_t *heap = json_object_get(json_array_get(json_object_get(json, "regions"), 0), "runs");
	json_t *file = json_object_get(json_array_get(json_object_get(json, "regions"), 1), "runs");

	assert_int_equal(json_array_size(heap), 2);
	assert_int_equal(integer(json_array_get(heap, 0), "pfn"), 0x50);
	assert_null(json_object_get(json_array_get(heap, 1), "pfn"));
	assert_int_equal(json_array_size(file), 5);
	assert_int_equal(integer(json_array_get(file, 0), "pfn"), 0x60);
	assert_int_equal(integer(json_array_get(file, 1), "pfn"), 0x90);
	assert_null(json_object_get(json_array_get(file, 2), "pfn"));
	json_decref(json);

	json = snapshot(&(struct snapshot_options){ .pages = true, .frames = no_frames });
	heap = json_object_get(json_array_get(json_object_get(json, "regions"), 0), "runs");
	assert_int_equal(json_array_size(heap), 2);
	assert_null(json_object_get(json_array_get(heap, 0), "pfn"));
	json_decref(json);
}

static char *table(const struct snapshot_options *options)
{
	struct world *world = make_world();
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	snapshot_print_table(out, world_find(world, PID), options);
	fclose(out);
	world_destroy(world);
	return text;
}

static void assert_says(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" is not in:\n%s", words, text);
}

static void test_table(void **state)
{
	char *text = table(&(struct snapshot_options){ .ascii = true });

	assert_says(text, "pid 4242  ./demo a\\x1bb\xef\xbf\xbd\n");
	assert_says(text, " ADDRESS   SIZE    RSS  CACHE  FILL   PERM KIND     NAME\n");
	assert_says(text, " 1000000    64K     8K      -  #....  rw-p heap     [heap]\n");
	assert_says(text, " 2000000    32K   12K+      ?  #?...  rw-p file     /tmp/n\\x1b\\n\xef\xbf\xbd\n");
	assert_says(text, "   total    96K   20K+      ?  #....\n");
	assert_says(text, "24 pages of 4K: 17 reserved, 3 file, 2 anon, 2 unknown\n");
	assert_says(text, "not seen: frames: no right to it\n");
	assert_null(strstr(text, "SWAP")); /* nothing is swapped */
	free(text);
}

/* The kernel says 12K for the heap where the pages say 8K, and has no sums for the file. */
static const struct region_sums some_sums[] = {
	{ .start = HEAP << 12,
	  .end = (HEAP + 16) << 12,
	  .rss = 8192,
	  .pss = 5120,
	  .locked = 4096,
	  .hugetlb = 4096 },
	{ .start = FILE_AT << 12, .end = (FILE_AT + 4) << 12, .rss = 4096, .pss = 4096 },
};

static void test_json_sums(void **state)
{
	struct snapshot_options options = { .smaps = true, .sums = some_sums, .sums_count = 2 };
	json_t *json = snapshot(&options), *regions = json_object_get(json, "regions");
	json_t *heap = json_object_get(json_array_get(regions, 0), "smaps");
	json_t *file = json_object_get(json_array_get(regions, 1), "smaps");

	assert_int_equal(integer(heap, "rss"), 8192);
	assert_int_equal(integer(heap, "pss"), 5120);
	assert_int_equal(integer(heap, "swap"), 0);
	assert_int_equal(integer(heap, "locked"), 4096);
	assert_int_equal(integer(heap, "hugetlb"), 4096);
	assert_int_equal(json_object_size(file), 1);
	assert_non_null(strstr(string(file, "denied"), "changed"));
	json_decref(json);

	json =
	    snapshot(&(struct snapshot_options){ .smaps = true, .sums_err = { ERR_DENIED, 0, "forbidden" } });
	heap = json_object_get(json_array_get(json_object_get(json, "regions"), 0), "smaps");
	assert_string_equal(string(heap, "denied"), "forbidden");
	json_decref(json);
}

static void test_table_sums(void **state)
{
	char *text = table(
	    &(struct snapshot_options){ .ascii = true, .smaps = true, .sums = some_sums, .sums_count = 2 });

	assert_says(text, " ADDRESS   SIZE    RSS   RSS*    PSS  CACHE  FILL   PERM KIND     NAME\n");
	assert_says(text, " 1000000    64K     8K   12K*     5K      -  #....  rw-p heap     [heap]\n");
	assert_says(text, " 2000000    32K   12K+             ?      ?  #?...  rw-p file     /tmp/n");
	assert_says(text, "   total    96K   20K+  12K*+    5K+      ?  #....\n");
	assert_says(text, "* the kernel's own figure");
	free(text);
}

static void test_table_is_cut_to_the_screen(void **state)
{
	char *text = table(&(struct snapshot_options){ .columns = 50, .ascii = true, .pages = true });

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (text_columns(line) > 50 && !strstr(line, "pages of") && !strstr(line, "not seen") &&
		    !strstr(line, "was running"))
			fail_msg("too wide: %s", line);
	free(text);
}

static void test_lines(void **state)
{
	const struct run change[] = {
		{ HEAP + 1, HEAP + 2, page_word(PAGE_ANON, PAGE_EXCLUSIVE) }, /* only flags: no change */
		{ HEAP + 2, HEAP + 4, page_word(PAGE_ANON, 0) },
	};
	const struct run gone = { HEAP + 2, HEAP + 3, page_word(PAGE_SWAP, 0) };
	struct world *world = world_create();
	struct fanout fanout;
	struct lines lines;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	lines_init(&lines, out, world);
	fanout_init(&fanout, &world->sink);
	fanout_add(&fanout, &lines.sink);
	fill(&fanout.sink);
	send_pages(&fanout.sink, 1204, change, 2);
	send_pages(&fanout.sink, 1300, &gone, 1);
	send(&fanout.sink, (struct event){ .type = EVENT_OUTPUT,
					   .time_ns = 61 * UINT64_C(1000000000),
					   .output = { "one\r\ntw", 7 } });
	send(&fanout.sink, (struct event){ .type = EVENT_OUTPUT,
					   .time_ns = 61 * UINT64_C(1000000000),
					   .output = { "o\033[1m\nrest", 10 } });
	send(&fanout.sink, (struct event){ .type = EVENT_CHANGE,
					   .time_ns = 62 * UINT64_C(1000000000),
					   .region = { 1,
						       { .start = HEAP << 12,
							 .end = (HEAP + 20) << 12,
							 .perms = REGION_READ,
							 .kind = REGION_HEAP,
							 .path = "[heap]" } } });
	send(&fanout.sink, (struct event){ .type = EVENT_STATUS,
					   .time_ns = 63 * UINT64_C(1000000000),
					   .status = { PROCESS_EXITED, 3 } });
	lines_fini(&lines);
	fclose(out);
	assert_string_equal(
	    text, "00:00.000 4242 process ./demo a\\x1bb\xef\xbf\xbd\n"
		  "00:00.000 4242 source frames denied: no right to it\n"
		  "00:00.001 4242 map 0x1000000 16 rw-p heap [heap]\n"
		  "00:00.001 4242 map 0x2000000 8 rw-p file /tmp/n\\x1b\\n\xef\xbf\xbd\n"
		  "00:00.001 4242 pages 0x1000000 2 anon  [heap]+0x0\n"
		  "00:00.001 4242 pages 0x2000000 3 file  n\\x1b\\n\xef\xbf\xbd+0x8000\n"
		  "00:00.001 4242 pages 0x2006000 2 unknown  n\\x1b\\n\xef\xbf\xbd+0xe000\n"
		  "00:01.204 4242 pages 0x1002000 2 reserved -> anon  [heap]+0x2000\n"
		  "00:01.300 4242 left 0x1002000 1 anon -> swap swapped\n"
		  "00:01.300 4242 pages 0x1002000 1 anon -> swap  [heap]+0x2000\n"
		  "01:01.000 4242 output one\n"
		  "01:01.000 4242 output two\\x1b[1m\n"
		  "01:02.000 4242 resize 0x1000000 20 r--p heap [heap]  was 0x1000000 16  was rw-p\n"
		  "01:03.000 4242 output rest\n"
		  "01:03.000 4242 exit 3\n");
	free(text);
	world_destroy(world);
}

/* What a terminal would act on is escaped, and is read back unchanged. */
static void test_json_shows_no_control(void **state)
{
	static const struct {
		const char *bytes, *json;
	} texts[] = {
		{ "plain \xc3\xa4 \xe2\x82\xac", "\"plain \xc3\xa4 \xe2\x82\xac\"" },
		{ "a\033[m\n", "\"a\\u001B[m\\n\"" },
		{ "\xc2\x9b"
		  "31m\x7f",
		  "\"\\u009B31m\\u007F\"" },
		{ "x\xe2\x80\xae"
		  "gpj\xe2\x81\xa6\xd8\x9c",
		  "\"x\\u202Egpj\\u2066\\u061C\"" },
		{ "\\\xe2\x80\xa8\"", "\"\\\\\\u2028\\\"\"" },
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct strbuf text = { 0 };
		json_t *back;

		json_append(&text, json_from_text(texts[i].bytes), JSON_ENCODE_ANY);
		assert_string_equal(text.text, texts[i].json);
		back = json_loads(text.text, JSON_DECODE_ANY, NULL);
		assert_string_equal(json_string_value(back), texts[i].bytes);
		json_decref(back);
		strbuf_fini(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_head),  cmocka_unit_test(test_json_region),
		cmocka_unit_test(test_json_runs),  cmocka_unit_test(test_json_frames),
		cmocka_unit_test(test_table),      cmocka_unit_test(test_json_sums),
		cmocka_unit_test(test_table_sums), cmocka_unit_test(test_table_is_cut_to_the_screen),
		cmocka_unit_test(test_lines),      cmocka_unit_test(test_json_shows_no_control),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
