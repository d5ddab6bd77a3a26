/* What a program wrote, as lines. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "model/output.h"

/* All lines, oldest first, then the one being written, each with a '|' behind. */
static void lines_of(const struct output *o, char *text, size_t size)
{
	size_t at = 0;
	text[0] = '\0';
	for (size_t back = o->count + 1; back-- > 0;)
		at += (size_t)snprintf(text + at, size - at, "%s|", output_line(o, back));
}

static void check_output(const char *bytes, size_t len, const char *expect)
{
	char text[4096];
	/* in two writes, split at every place */
	for (size_t cut = 0; cut <= len; cut++) {
		struct output o = { 0 };
		output_add(&o, bytes, cut);
		output_add(&o, bytes + cut, len - cut);
		lines_of(&o, text, sizeof text);
		assert_string_equal(text, expect);
		assert_int_equal(o.bytes, len);
		output_fini(&o);
	}
	struct output o = { 0 }; /* byte by byte */
	for (size_t i = 0; i < len; i++)
		output_add(&o, bytes + i, 1);
	lines_of(&o, text, sizeof text);
	assert_string_equal(text, expect);
	output_fini(&o);
}
#define OUTPUT(bytes, expect) check_output(bytes, sizeof(bytes) - 1, expect)

static void plain(void **state)
{
	OUTPUT("", "|");
	OUTPUT("one\r\ntwo\r\n\r\nthree", "one|two||three|");
	OUTPUT("10%\r20%\r100%\r\ndone\n", "100%|done||");
	OUTPUT("abc\r", "abc|");
	OUTPUT("ab\b\bxy\b \b!\n", "x!||");
	OUTPUT("ü\bo\n", "o||");
	OUTPUT("a\tb\t\tc\n", "a       b               c||");
	OUTPUT("日\tx\n", "日      x||");
	OUTPUT("bell\a, null\0, del\177, form\f\n", "bell, null, del, form||");
}

static void sequences(void **state)
{
	OUTPUT("\033[1;31mred\033[0m and \033[?25lplain\033[K\n", "red and plain||");
	OUTPUT("\033]0;a title\aone\033]8;;http://x\033\\link\033]8;;\033\\\n", "onelink||");
	OUTPUT("\033(B\033)0a\033=b\033>c\0337d\0338\n", "abcd||");
	OUTPUT("\033Pq#0;2~-\033\\six\033_app\033\\el\033^pm\033\\s\n", "sixels||");
	OUTPUT("\033[12\033[3mx\n", "x||");
	OUTPUT("\033]0;never ended\nnext\n", "|next||");
	OUTPUT("\033", "|");
}

static void characters(void **state)
{
	OUTPUT("日本 \xf0\x9f\x99\x82 é\n", "日本 \xf0\x9f\x99\x82 é||");
	OUTPUT("a\xe6\x97z\xff\xc3\n", "a\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd||");
	OUTPUT("\xc3\xe6\x97\xa5\n", "\xef\xbf\xbd日||");
	OUTPUT("\xc0\xaf\xed\xa0\x80.\n", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd.||");
	OUTPUT("\xc2\x9b"
	       "31m\xe2\x80\xae.\n",
	       "31m\\u202e.||");
}

static void long_and_many(void **state)
{
	struct output o = { 0 };
	for (int i = 0; i < OUTPUT_LINE_MAX + 10; i++)
		output_add(&o, "x", 1);
	assert_int_equal(o.count, 1);
	assert_int_equal(strlen(output_line(&o, 1)), OUTPUT_LINE_MAX);
	assert_int_equal(strlen(output_line(&o, 0)), 10);
	output_add(&o, "\n", 1);

	char line[32];
	for (int i = 0; i < 3 * OUTPUT_LINES; i++)
		output_add(&o, line, (size_t)snprintf(line, sizeof line, "%d\n", i));
	assert_int_equal(o.count, OUTPUT_LINES);
	assert_string_equal(output_line(&o, 1), "2999");
	assert_string_equal(output_line(&o, OUTPUT_LINES), "2000");
	assert_null(output_line(&o, OUTPUT_LINES + 1));
	assert_string_equal(output_line(&o, 0), "");
	output_fini(&o);
}

static void random_bytes(void **state)
{
	static const char some[] = "\033\033[]P;\\\a\r\n\b\tab0m\xc3\xa4\xe6\x97\xa5\xff\x9b";
	uint64_t seed = 3;
	struct output o = { 0 };
	for (int i = 0; i < 200000; i++) {
		char byte = some[check_random(&seed) % (sizeof some - 1)];
		output_add(&o, &byte, 1);
		const char *text = output_line(&o, 0);
		for (size_t k = 0; text[k]; k++)
			assert_true((unsigned char)text[k] >= 0x20 && text[k] != 0x7f);
	}
	output_fini(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),         cmocka_unit_test(sequences),    cmocka_unit_test(characters),
		cmocka_unit_test(long_and_many), cmocka_unit_test(random_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
