/* Numbers and text as bytes.
 *
 *     300 as a varint   ac 02        0101100 with the top bit set, then 10
 *     -2 signed         03           0, -1, 1, -2 are 0, 1, 2, 3
 *     "ab"              61 62 00 */
#include "store/bytes.h"

#include <string.h>

#define VARINT_MAX 10

void bytes_put_varint(struct strbuf *out, uint64_t value)
{
	char bytes[VARINT_MAX];
	size_t n = 0;

	for (; value >= 0x80; value >>= 7)
		bytes[n++] = (char)(value | 0x80);
	bytes[n++] = (char)value;
	strbuf_add(out, bytes, n);
}

void bytes_put_signed(struct strbuf *out, int64_t value)
{
	bytes_put_varint(out, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

void bytes_put_text(struct strbuf *out, const char *text)
{
	if (!text)
		text = "";
	strbuf_add(out, text, strlen(text) + 1);
}

uint64_t bytes_get_varint(struct cursor *c)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64 && c->at < c->end && !c->bad; shift += 7) {
		uint8_t byte = *c->at++;

		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	c->bad = true;
	return 0;
}

uint64_t bytes_get_bounded(struct cursor *c, uint64_t max)
{
	uint64_t value = bytes_get_varint(c);

	if (value <= max)
		return value;
	c->bad = true;
	return 0;
}

int64_t bytes_get_signed(struct cursor *c)
{
	uint64_t value = bytes_get_varint(c);

	return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

const char *bytes_get_text(struct cursor *c)
{
	const char *text = (const char *)c->at;
	size_t left = (size_t)(c->end - c->at), look = left <= BYTES_TEXT_MAX ? left : BYTES_TEXT_MAX + 1;
	const uint8_t *nul = c->bad || !left ? NULL : memchr(c->at, 0, look);

	if (!nul) {
		c->bad = true;
		return "";
	}
	c->at = nul + 1;
	return text;
}

void bytes_put_le(uint8_t *to, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

uint64_t bytes_get_le(const uint8_t *from, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)from[i] << 8 * i;
	return value;
}

/* Four bits at a time: the table has the remainder of each by the reflected polynomial. */
static uint32_t crc_by_table(uint32_t crc, const uint8_t *at, size_t len)
{
	static const uint32_t table[16] = {
		0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
		0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
		0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
	};

	for (size_t i = 0; i < len; i++) {
		crc ^= at[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return crc;
}

#if defined __x86_64__ && defined __GNUC__
/* x86 processors since 2008 have an instruction for exactly this checksum. */
__attribute__((target("sse4.2"))) static uint32_t crc_by_instruction(uint32_t crc, const uint8_t *at,
								     size_t len)
{
	uint64_t wide = crc;

	for (; len >= 8; at += 8, len -= 8) {
		uint64_t eight;

		memcpy(&eight, at, sizeof eight);
		wide = __builtin_ia32_crc32di(wide, eight);
	}
	crc = (uint32_t)wide;
	for (; len; at++, len--)
		crc = __builtin_ia32_crc32qi(crc, *at);
	return crc;
}

uint32_t bytes_crc32c(uint32_t crc, const void *bytes, size_t len)
{
	if (__builtin_cpu_supports("sse4.2"))
		return ~crc_by_instruction(~crc, bytes, len);
	return ~crc_by_table(~crc, bytes, len);
}
#else
uint32_t bytes_crc32c(uint32_t crc, const void *bytes, size_t len)
{
	return ~crc_by_table(~crc, bytes, len);
}
#endif

uint32_t bytes_crc32c_plain(uint32_t crc, const void *bytes, size_t len)
{
	return ~crc_by_table(~crc, bytes, len);
}
