/* jansson escapes only C0. The other characters that must not be printed raw occur only in strings, where any
 * character may be written as an escape: "\u009B", "\u202E". */
#include "export/json.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

json_t *json_from_text(const char *bytes)
{
	return json_from_bytes(bytes, strlen(bytes));
}

/* Is it printable ASCII, as most text is? */
static bool is_plain(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] < ' ' || bytes[i] >= 0x7f) /* a byte of a longer character is below, or above */
			return false;
	return true;
}

json_t *json_from_bytes(const char *bytes, size_t len)
{
	if (is_plain(bytes, len))
		return json_stringn_nocheck(bytes, len);

	const char *end = bytes + len;
	struct strbuf text = { 0 };
	json_t *json;

	strbuf_puts(&text, "");
	for (;;) {
		size_t part = strnlen(bytes, (size_t)(end - bytes));
		char *utf8 = text_utf8_dup(bytes, part);

		strbuf_puts(&text, utf8);
		free(utf8);
		bytes += part;
		if (bytes == end)
			break;
		strbuf_add(&text, bytes++, 1);
	}
	json = json_stringn(text.text, text.len);
	strbuf_fini(&text);
	return json;
}

json_t *json_from_address(uint64_t address)
{
	char text[2 + 16], *at = text + sizeof text;

	do
		*--at = "0123456789abcdef"[address & 15];
	while (address >>= 4);
	*--at = 'x';
	*--at = '0';
	return json_stringn_nocheck(at, (size_t)(text + sizeof text - at));
}

json_t *json_from_count(uint64_t count)
{
	return json_integer((json_int_t)count);
}

/* A callback for a part of jansson's output, which never ends within a character. */
static int append_part(const char *bytes, size_t len, void *out)
{
	size_t plain = 0; /* from here on nothing needed an escape */

	if (is_plain(bytes, len)) {
		strbuf_add(out, bytes, len);
		return 0;
	}
	for (size_t i = 0, used; i < len; i += used) {
		uint32_t c;

		used = text_decode(bytes + i, len - i, &c);
		if (c < 0x7f || !text_char_is_control(c))
			continue;
		strbuf_add(out, bytes + plain, i - plain);
		strbuf_printf(out, "\\u%04X", (unsigned)c);
		plain = i + used;
	}
	strbuf_add(out, bytes + plain, len - plain);
	return 0;
}

void json_append(struct strbuf *out, json_t *json, size_t flags)
{
	if (flags == (flags & ~JSON_REAL_PRECISION(0x1f)))
		flags |= JSON_REAL_PRECISION(15); /* 17, which is Jansson's, shows what doubles cannot hold */
	json_dump_callback(json, append_part, out, flags);
	json_decref(json);
}

void json_append_text(struct strbuf *out, const char *bytes)
{
	size_t len = strlen(bytes);

	if (!is_plain(bytes, len) || strpbrk(bytes, "\"\\")) {
		json_append(out, json_from_bytes(bytes, len), JSON_ENCODE_ANY);
		return;
	}
	strbuf_puts(out, "\"");
	strbuf_add(out, bytes, len);
	strbuf_puts(out, "\"");
}

void json_print(FILE *out, json_t *json, size_t flags)
{
	struct strbuf text = { 0 };

	json_append(&text, json, flags);
	if (text.len)
		fwrite(text.text, 1, text.len, out);
	strbuf_fini(&text);
}
