/* Text from outside made harmless and cut; figures in five characters; errors. */
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/text_width.h"

static void check_printable(const char *bytes, size_t len, const char *expect)
{
	char *text = text_printable_dup(bytes, len);
	assert_string_equal(text, expect);
	free(text);
}
#define PRINTABLE(bytes, expect) check_printable(bytes, sizeof(bytes) - 1, expect)

static void harmless(void **state)
{
	PRINTABLE("", "");
	PRINTABLE("/usr/lib/libc.so.6", "/usr/lib/libc.so.6");
	PRINTABLE("Ünïcode 日本 \xf0\x9f\x99\x82", "Ünïcode 日本 \xf0\x9f\x99\x82");
	PRINTABLE("\033[2J\033]0;x\a", "\\x1b[2J\\x1b]0;x\\x07");
	PRINTABLE("a\nb\tc\rd\177", "a\\nb\\tc\\x0dd\\x7f");
	PRINTABLE("a\0b", "a\\x00b");
	PRINTABLE("\xc2\x9b"
		  "31m",
		  "\\x9b31m"); /* C1 CSI as UTF-8 */
	PRINTABLE("\x9b"
		  "31m",
		  "\xef\xbf\xbd"
		  "31m");                                  /* ... as a bare byte */
	PRINTABLE("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"); /* overlong '/' */
	PRINTABLE("\xe0\x80\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	PRINTABLE("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* a surrogate */
	PRINTABLE("\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	PRINTABLE("x\xe6\x97", "x\xef\xbf\xbd\xef\xbf\xbd"); /* cut off */
	PRINTABLE("\xef\xbf\xbd", "\xef\xbf\xbd");           /* U+FFFD itself */
	PRINTABLE("exe\xe2\x80\xae"
		  "gpj",
		  "exe\\u202egpj");
	PRINTABLE("\xe2\x81\xa6\xe2\x80\x8f\xd8\x9c\xe2\x80\xa8", "\\u2066\\u200f\\u061c\\u2028");
}

/* Whatever comes in, what comes out is UTF-8 without control characters, and a second pass
 * does not change it. */
static void random_bytes(void **state)
{
	uint64_t seed = 11;
	for (int round = 0; round < 20000; round++) {
		char bytes[24];
		size_t len = check_random(&seed) % sizeof bytes;
		for (size_t i = 0; i < len; i++)
			bytes[i] = (char)(check_random(&seed) % 3 ? 0x80 + check_random(&seed) % 128
								  : check_random(&seed) % 256);
		char *text = text_printable_dup(bytes, len);
		size_t out = strlen(text);
		uint32_t c;
		for (size_t i = 0, used; i < out; i += used) {
			used = text_decode(text + i, out - i, &c);
			assert_true(used > 1 || c != 0xfffd);
			assert_true(c >= 0x20 && (c < 0x7f || c >= 0xa0));
		}
		check_printable(text, out, text);
		free(text);
		char *utf8 = text_utf8_dup(bytes, len);
		for (size_t i = 0, used, all = strlen(utf8); i < all; i += used) {
			used = text_decode(utf8 + i, all - i, &c);
			assert_true(used > 1 || c != 0xfffd);
		}
		free(utf8);
	}
}

static void columns(void **state)
{
	assert_int_equal(text_columns("abc"), 3);
	assert_int_equal(text_columns("日本"), 4);
	assert_int_equal(text_columns("e\xcc\x81"), 1);        /* e and an acute accent */
	assert_int_equal(text_columns("\xf0\x9f\x99\x82"), 2); /* an emoji */
	assert_int_equal(text_columns("█░▸·■⋯…─┴"), 9);        /* our own drawing */
	assert_int_equal(text_char_columns(0x200b), 0);
	assert_int_equal(text_char_columns(0x1b), 0);
	assert_int_equal(text_char_columns(0xa0), 1);
	assert_int_equal(text_char_columns(0x20001), 2);
}

static void check_fit(const char *text, int width, enum text_cut cut, int ascii, const char *expect)
{
	struct strbuf out = { 0 };
	int used = text_fit(&out, text, width, cut, ascii);
	assert_string_equal(out.text, expect);
	assert_int_equal(used, text_columns(expect));
	assert_true(used <= width || width < 0);
	strbuf_fini(&out);
}

static void fitting(void **state)
{
	check_fit("abcdef", 6, TEXT_CUT_RIGHT, 0, "abcdef");
	check_fit("abcdef", 5, TEXT_CUT_RIGHT, 0, "abcd…");
	check_fit("abcdef", 5, TEXT_CUT_RIGHT, 1, "abcd~");
	check_fit("abcdef", 5, TEXT_CUT_LEFT, 0, "…cdef");
	check_fit("abcdef", 5, TEXT_CUT_MIDDLE, 0, "ab…ef");
	check_fit("abcdef", 4, TEXT_CUT_MIDDLE, 0, "a…ef");
	check_fit("abcdef", 1, TEXT_CUT_MIDDLE, 0, "…");
	check_fit("abcdef", 1, TEXT_CUT_LEFT, 1, "~");
	check_fit("abcdef", 0, TEXT_CUT_RIGHT, 0, "");
	check_fit("abcdef", -3, TEXT_CUT_RIGHT, 0, "");
	check_fit("", 3, TEXT_CUT_LEFT, 0, "");
	check_fit("日本語", 5, TEXT_CUT_RIGHT, 0, "日本…");
	check_fit("日本語", 4, TEXT_CUT_RIGHT, 0, "日…");
	check_fit("日本語", 4, TEXT_CUT_LEFT, 0, "…語");
	check_fit("e\xcc\x81"
		  "e\xcc\x81"
		  "e\xcc\x81",
		  2, TEXT_CUT_RIGHT, 0, "e\xcc\x81…");
	check_fit("e\xcc\x81"
		  "e\xcc\x81"
		  "e\xcc\x81",
		  2, TEXT_CUT_LEFT, 0, "…e\xcc\x81");

	for (int width = 0; width < 20; width++)
		for (int cut = TEXT_CUT_RIGHT; cut <= TEXT_CUT_MIDDLE; cut++) {
			struct strbuf out = { 0 };
			int used = text_fit(&out,
					    "a日e\xcc\x81本\xcc\x81"
					    "bc語\xe2\x80\x8b"
					    "d",
					    width, cut, 0);
			assert_true(used <= width);
			assert_int_equal(used, text_columns(out.text));
			strbuf_fini(&out);
		}
}

static void check_padded(const char *text, int columns, const char *left, const char *right)
{
	struct strbuf out = { 0 };

	text_left(&out, text, columns);
	assert_string_equal(out.text, left);
	strbuf_clear(&out);
	text_right(&out, text, columns);
	assert_string_equal(out.text, right);
	strbuf_fini(&out);
}

/* By columns, not bytes; what is too long stays whole. */
static void padding(void **state)
{
	check_padded("ab", 4, "ab  ", "  ab");
	check_padded("да", 4, "да  ", "  да");
	check_padded("体", 4, "体  ", "  体");
	check_padded("e\xcc\x81", 2, "e\xcc\x81 ", " e\xcc\x81");
	check_padded("слово", 4, "слово", "слово");
	check_padded("", 2, "  ", "  ");
	check_padded("a", -3, "a", "a");
}

static void check_size(uint64_t bytes, const char *expect)
{
	char buf[16];
	assert_string_equal(text_size(buf, bytes), expect);
}

static void check_count(uint64_t count, const char *expect)
{
	char buf[16];
	assert_string_equal(text_count(buf, count), expect);
}

static void figures(void **state)
{
	const uint64_t K = 1024, M = K * K, G = M * K, T = G * K;
	check_size(0, "0");
	check_size(512, "512");
	check_size(1000, "1.0K");
	check_size(1536, "1.5K");
	check_size(4 * K, "4K");
	check_size(132 * K, "132K");
	check_size(996 * K, "996K");
	check_size(1020 * K, "1.0M");
	check_size(1023 * K, "1.0M");
	check_size(8 * M, "8.0M");
	check_size(99 * M + 960 * K, "99.9M");
	check_size(100 * M - 4 * K, "100M");
	check_size(132 * M + 400 * K, "132M");
	check_size(132 * M + 600 * K, "133M");
	check_size(999 * M + 511 * K, "999M");
	check_size(999 * M + 512 * K, "1.0G");
	check_size(13 * T + 200 * G, "13.2T");
	check_size(UINT64_MAX, "16.0E");

	check_count(812, "812");
	check_count(9999, "9999");
	check_count(10000, "10.0k");
	check_count(12345, "12.3k");
	check_count(99949, "99.9k");
	check_count(99950, "100k");
	check_count(999499, "999k");
	check_count(999500, "1.0M");
	check_count(4000000, "4.0M");
	check_count(UINT64_MAX, "18.4E");

	/* never more than five characters */
	char buf[16];
	for (uint64_t n = 1; n < UINT64_MAX / 3; n += n / 7 + 1) {
		assert_true(strlen(text_size(buf, n)) <= 5);
		assert_true(strlen(text_size(buf, n & ~UINT64_C(4095))) <= 5);
		assert_true(strlen(text_count(buf, n)) <= 5);
	}
}

static void times(void **state)
{
	char buf[24];
	assert_string_equal(text_clock(buf, 0), "00:00.0");
	assert_string_equal(text_clock(buf, UINT64_C(12499) * CLOCK_MS), "00:12.4");
	assert_string_equal(text_clock(buf, UINT64_C(3723) * CLOCK_SECOND + 400 * CLOCK_MS), "1:02:03.4");
	assert_true(strlen(text_clock(buf, UINT64_MAX)) < sizeof buf);

	char wall[32];
	clock_wall_iso(wall);
	assert_int_equal(strlen(wall), strlen("2026-11-22T10:15:00.123Z"));
	assert_int_equal(wall[19], '.');
	uint64_t a = clock_now_ns();
	assert_true(clock_now_ns() >= a && a > 0);
}

static void errors(void **state)
{
	struct err err;
	assert_int_equal(err_set(NULL, ERR_USAGE, "x"), -1);
	assert_int_equal(err_set(&err, ERR_USAGE, "no option %s", "\033[1m"), -1);
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.text, "no option \\x1b[1m");

	assert_int_equal(err_system(&err, EACCES, "cannot open %s", "/proc/1/maps"), -1);
	assert_int_equal(err.code, ERR_DENIED);
	assert_int_equal(err.errnum, EACCES);
	assert_string_equal(err.text, "cannot open /proc/1/maps: Permission denied");
	err_system(&err, ESRCH, "x");
	assert_int_equal(err.code, ERR_GONE);
	err_system(&err, ENOENT, "x");
	assert_int_equal(err.code, ERR_NOT_FOUND);
	err_system(&err, EIO, "x");
	assert_int_equal(err.code, ERR_SYSTEM);

	char path[4001]; /* cut between characters */
	for (size_t i = 0; i < 4000; i += 2)
		memcpy(path + i, "ü", 2);
	path[4000] = '\0';
	err_set(&err, ERR_INPUT, "%s", path);
	assert_int_equal(strlen(err.text), 510);
	char *again = text_printable_dup(err.text, strlen(err.text));
	assert_string_equal(again, err.text);
	free(again);
}

static void growing(void **state)
{
	int *list = NULL;
	size_t cap = 0;
	for (size_t i = 0; i < 1000; i++) {
		mem_grow(list, cap, i + 1);
		list[i] = (int)i;
	}
	assert_int_equal(list[999], 999);
	assert_true(cap >= 1000 && cap < 3000);
	free(list);

	struct strbuf s = { 0 };
	for (int i = 0; i < 300; i++)
		strbuf_printf(&s, "%d,", i);
	strbuf_puts(&s, "end");
	assert_int_equal(strlen(s.text), s.len);
	assert_string_equal(s.text + s.len - 7, "299,end");
	strbuf_clear(&s);
	assert_string_equal(s.text, "");
	strbuf_fini(&s);
}

/* For a screen: a path as long as one may be; beyond that only its ends. */
static void shown(void **state)
{
	static char path[100001];
	char *text;

	memset(path, 'x', 2 * TEXT_SHOWN_END);
	path[0] = 'a';
	text = text_shown_dup(path);
	assert_string_equal(text, path);
	free(text);
	memset(path, 'x', sizeof path - 1);
	path[0] = 'a';
	path[sizeof path - 2] = '\n';
	text = text_shown_dup(path);
	assert_int_equal(text[0], 'a');
	assert_string_equal(text + strlen(text) - 3, "x\\n");
	assert_ptr_equal(strstr(text, "…"), text + TEXT_SHOWN_END);
	assert_int_equal(strlen(text), 2 * TEXT_SHOWN_END + strlen("…") + 1);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(harmless), cmocka_unit_test(random_bytes), cmocka_unit_test(columns),
		cmocka_unit_test(fitting),  cmocka_unit_test(figures),      cmocka_unit_test(times),
		cmocka_unit_test(errors),   cmocka_unit_test(growing),      cmocka_unit_test(padding),
		cmocka_unit_test(shown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
