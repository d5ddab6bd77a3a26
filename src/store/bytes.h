/* The session file's smallest parts: varints, fixed little-endian numbers, text, CRC32C. */
#ifndef STORE_BYTES_H
#define STORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/strbuf.h"

static inline void bytes_put_byte(struct strbuf *out, size_t byte)
{
	mem_grow(out->text, out->cap, out->len + 1);
	out->text[out->len++] = (char)byte;
}

/* Seven bits a byte, the lowest first; the top bit says that more follow. */
void bytes_put_varint(struct strbuf *, uint64_t);
/* Zigzag encoding, small for numbers near 0 on either side: 0, -1, 1, -2, ... as 0, 1, 2, 3. */
void bytes_put_signed(struct strbuf *, int64_t);
/* The bytes and a NUL; NULL counts as "". */
void bytes_put_text(struct strbuf *, const char *);

/* What is still to be read. Once a read did not fit, it is bad, and all reads return 0 or "". */
struct cursor {
	const uint8_t *at, *end;
	bool bad;
};
static inline size_t bytes_get_byte(struct cursor *c)
{
	if (c->at < c->end)
		return *c->at++;
	c->bad = true;
	return 0;
}
uint64_t bytes_get_varint(struct cursor *);
/* As above; the cursor is bad if the number is greater than max. */
uint64_t bytes_get_bounded(struct cursor *, uint64_t max);
int64_t bytes_get_signed(struct cursor *);
/* Points into the bytes that are read; the cursor is bad if the text is longer than BYTES_TEXT_MAX. */
const char *bytes_get_text(struct cursor *);
#define BYTES_TEXT_MAX (1u << 20)

/* A number of `size` bytes, the lowest first. */
void bytes_put_le(uint8_t *to, uint64_t value, size_t size);
uint64_t bytes_get_le(const uint8_t *from, size_t size);

/* CRC-32C (Castagnoli, RFC 3720), continued from `crc`; begin with 0. */
uint32_t bytes_crc32c(uint32_t crc, const void *bytes, size_t len);
/* The same without the processor's own instruction. */
uint32_t bytes_crc32c_plain(uint32_t crc, const void *bytes, size_t len);

#endif
