/* Little-endian numbers at fixed places, with a CRC32C after each part.
 *
 *     head    0 magic[8]  8 version  10 order  11 page shift  12 texts  16 wall time
 *             24 CRC of the texts  28 CRC of 0..27  32 texts
 *     block   0 "pgsF"  4 type  6 flags  8 stored  12 raw  16 events  20 (zero)  24 first
 *             32 last  40 CRC of the payload  44 CRC of 0..43  48 payload
 *     foot    0 "PGSEND\r\n"  8 offset of the index  16 CRC of 0..15 */
#include "store/block.h"

#include <string.h>

#include "store/bytes.h"

static const char head_magic[8] = { '\x89', 'P', 'G', 'S', '\r', '\n', '\x1a', '\n' };
static const char block_magic[4] = { 'p', 'g', 's', 'F' };
static const char foot_magic[8] = { 'P', 'G', 'S', 'E', 'N', 'D', '\r', '\n' };

static void seal(uint8_t *bytes, size_t len)
{
	bytes_put_le(bytes + len, bytes_crc32c(0, bytes, len), 4);
}

static bool sealed(const uint8_t *bytes, size_t len)
{
	return bytes_get_le(bytes + len, 4) == bytes_crc32c(0, bytes, len);
}

void block_put(uint8_t out[static BLOCK_HEAD], const struct block *b)
{
	memset(out, 0, BLOCK_HEAD);
	memcpy(out, block_magic, sizeof block_magic);
	bytes_put_le(out + 4, b->type, 2);
	bytes_put_le(out + 6, b->flags, 2);
	bytes_put_le(out + 8, b->stored, 4);
	bytes_put_le(out + 12, b->raw, 4);
	bytes_put_le(out + 16, b->events, 4);
	bytes_put_le(out + 24, b->first_ns, 8);
	bytes_put_le(out + 32, b->last_ns, 8);
	bytes_put_le(out + 40, b->crc, 4);
	seal(out, 44);
}

bool block_get(const uint8_t in[static BLOCK_HEAD], struct block *b)
{
	if (memcmp(in, block_magic, sizeof block_magic) || !sealed(in, 44))
		return false;
	b->type = (uint32_t)bytes_get_le(in + 4, 2);
	b->flags = (uint32_t)bytes_get_le(in + 6, 2);
	b->stored = (uint32_t)bytes_get_le(in + 8, 4);
	b->raw = (uint32_t)bytes_get_le(in + 12, 4);
	b->events = (uint32_t)bytes_get_le(in + 16, 4);
	b->first_ns = bytes_get_le(in + 24, 8);
	b->last_ns = bytes_get_le(in + 32, 8);
	b->crc = (uint32_t)bytes_get_le(in + 40, 4);
	return b->stored <= BLOCK_STORED_MAX && b->raw <= BLOCK_RAW_MAX;
}

void head_put(uint8_t out[static SESSION_HEAD], const struct session_head *h)
{
	memcpy(out, head_magic, sizeof head_magic);
	bytes_put_le(out + 8, h->version, 2);
	out[10] = h->big_endian ? 2 : 1;
	out[11] = (uint8_t)h->page_shift;
	bytes_put_le(out + 12, h->texts, 4);
	bytes_put_le(out + 16, h->wall_ns, 8);
	bytes_put_le(out + 24, h->crc, 4);
	seal(out, 28);
}

enum session_head_result head_get(const uint8_t in[static SESSION_HEAD], struct session_head *h)
{
	if (memcmp(in, head_magic, sizeof head_magic))
		return SESSION_HEAD_FOREIGN;
	if (!sealed(in, 28))
		return SESSION_HEAD_DAMAGED;
	h->version = (unsigned)bytes_get_le(in + 8, 2);
	h->big_endian = in[10] == 2;
	h->page_shift = in[11];
	h->texts = (uint32_t)bytes_get_le(in + 12, 4);
	h->wall_ns = bytes_get_le(in + 16, 8);
	h->crc = (uint32_t)bytes_get_le(in + 24, 4);
	return SESSION_HEAD_OK;
}

void foot_put(uint8_t out[static SESSION_FOOT], uint64_t index_offset)
{
	memcpy(out, foot_magic, sizeof foot_magic);
	bytes_put_le(out + 8, index_offset, 8);
	seal(out, 16);
}

bool foot_get(const uint8_t in[static SESSION_FOOT], uint64_t *index_offset)
{
	*index_offset = bytes_get_le(in + 8, 8);
	return !memcmp(in, foot_magic, sizeof foot_magic) && sealed(in, 16);
}
