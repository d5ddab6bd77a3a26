#include "symbol/file_blocks.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define BLOCK 4096
#define FILE_MAX (UINT64_C(1) << 32)

void file_blocks_fini(struct file_blocks *b)
{
	for (size_t i = 0; i < b->count; i++)
		free(b->list[i]);
	free(b->list);
	*b = (struct file_blocks){ 0 };
}

static void make_room(struct file_blocks *b, size_t count)
{
	count = count > 2 * b->count ? count : 2 * b->count;
	b->list = mem_realloc(b->list, count * sizeof *b->list);
	memset(b->list + b->count, 0, (count - b->count) * sizeof *b->list);
	b->count = count;
}

/* NULL: there is none. */
static const uint8_t *block_at(struct file_blocks *b, int fd, uint64_t number)
{
	if (number >= FILE_MAX / BLOCK)
		return NULL;
	if (number >= b->count)
		make_room(b, (size_t)number + 1);
	if (!b->list[number]) {
		uint8_t *block = mem_zalloc(BLOCK);
		if (pread(fd, block, BLOCK, (off_t)(number * BLOCK)) <= 0) {
			free(block);
			return NULL;
		}
		b->list[number] = block;
	}
	return b->list[number];
}

size_t file_blocks_read(struct file_blocks *b, int fd, uint64_t offset, void *to, size_t length)
{
	size_t done = 0;
	while (done < length) {
		const uint8_t *block = block_at(b, fd, (offset + done) / BLOCK);
		size_t at = (offset + done) % BLOCK,
		       n = BLOCK - at < length - done ? BLOCK - at : length - done;
		if (!block)
			break;
		memcpy((uint8_t *)to + done, block + at, n);
		done += n;
	}
	return done;
}
