#include "store/block_packer.h"

#include "base/mem.h"

#define PACK_LEVEL 3
#define ZSTD_BLOCK_HEAD 16 /* what a zstd block costs, at most */

void block_packer_fini(struct block_packer *p)
{
	ZSTD_freeCCtx(p->zstd);
	strbuf_fini(&p->bytes);
	*p = (struct block_packer){ 0 };
}

static size_t length_of(const struct coder_part *parts, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += parts[i].len;
	return len;
}

/* Packs the parts, each in its own zstd block, for which zstd chooses its own parameters. 0: no memory. */
static size_t pack(struct block_packer *p, const struct coder_part *parts, size_t n, size_t len)
{
	size_t cap = ZSTD_compressBound(len) + n * ZSTD_BLOCK_HEAD;
	ZSTD_outBuffer out = { .size = cap };

	mem_grow(p->bytes.text, p->bytes.cap, BLOCK_HEAD + cap);
	out.dst = p->bytes.text + BLOCK_HEAD;
	ZSTD_CCtx_setPledgedSrcSize(p->zstd, len);
	for (size_t i = 0; i < n; i++) {
		ZSTD_inBuffer in = { parts[i].bytes, parts[i].len, 0 };
		bool last = i + 1 == n;

		if (!parts[i].len && !last)
			continue;
		if (ZSTD_compressStream2(p->zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_flush) != 0)
			return 0;
	}
	return out.pos;
}

bool block_packer_pack(struct block_packer *p, struct block *block, const struct coder_part *parts, size_t n)
{
	size_t len = length_of(parts, n), packed;

	if (!p->zstd) {
		p->zstd = ZSTD_createCCtx();
		if (!p->zstd)
			return false;
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, PACK_LEVEL);
	}
	packed = pack(p, parts, n, len);
	if (!packed)
		return false;
	p->bytes.len = BLOCK_HEAD + packed;
	block->stored = (uint32_t)packed;
	block->raw = (uint32_t)len;
	block->crc = bytes_crc32c(0, p->bytes.text + BLOCK_HEAD, packed);
	block_put((uint8_t *)p->bytes.text, block);
	return true;
}

const struct strbuf *block_packer_bytes(const struct block_packer *p)
{
	return &p->bytes;
}
