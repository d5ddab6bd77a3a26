/* A session: any bytes give events that the model takes, from the start and from any keyframe, forwards and
 * backwards, or are refused.
 *
 * Bytes that are damaged at random hardly get past a checksum. So half of the damage is done to what a block has
 * unpacked, or to its head, and then it is packed again, with sums that are right (LLVMFuzzerCustomMutator). */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "base/mem.h"
#include "base/minmax.h"
#include "model/world.h"
#include "store/block.h"
#include "store/block_packer.h"
#include "store/bytes.h"
#include "store/replay.h"
#include "store/session.h"

#define RAW_MOST (64u << 10) /* of a block that is damaged: for speed */
#define BLOCKS_MOST 64
#define MOVES 8

static void play(struct session *session)
{
	struct world *world = world_create();
	struct err err = { 0 };
	struct event e;
	enum session_result result;

	session_watch_world(session, world);
	while ((result = session_next(session, &e, &err)) == SESSION_EVENT)
		world_apply(world, &e);
	assert(result == SESSION_END || (result == SESSION_BROKEN && *err.text));
	session_watch_world(session, NULL);
	world_destroy(world);
}

/* To and fro, as the arrow keys do. */
static void move(struct source *source, struct world *world)
{
	struct err err = { 0 };
	struct time_status at;

	source->ops->time->status(source, &at);
	for (int i = 0; i < MOVES; i++) {
		struct time_move m = { .unit = (enum time_unit)(i % 4),
				       .step = i & 2 ? 1 : -1,
				       .end = UINT64_MAX };

		m.pid = world->count ? world->processes[0]->pid : 1;
		source->ops->time->seek(source, &world->sink, at.end_ns / MOVES * (uint64_t)i, &err);
		source->ops->time->move(source, &world->sink, &m, &err);
		source->ops->step(source, &world->sink, 0, &err);
	}
}

static void look_around(struct session *session)
{
	struct world *world = world_create();
	struct source *source = replay_create(session, world, NULL, NULL);
	struct err err = { 0 };

	source->ops->time->play(source, false);
	if (source->ops->sweep(source, &world->sink, &err) == 0)
		move(source, world);
	source->ops->destroy(source);
	world_destroy(world);
}

static struct session *open_bytes(const uint8_t *data, size_t size)
{
	int fd = memfd_create("session", 0);
	struct session *session;
	struct err err = { 0 };
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		exit(99);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	session = session_open(path, &err);
	close(fd);
	assert(session || *err.text);
	return session;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session *session = open_bytes(data, size);
	struct err err = { 0 };

	if (!session)
		return 0;
	play(session);
	if (session_seek(session, UINT64_MAX, &err) == 0)
		play(session);
	session_close(session);
	session = open_bytes(data, size);
	assert(session);
	look_around(session);
	session_close(session);
	return 0;
}

/* Damage behind the sums */

struct place {
	size_t at, len; /* of a block in the file, with its head */
};

static size_t find_blocks(const uint8_t *data, size_t size, struct place *places)
{
	struct session_head head;
	size_t n = 0, at = SESSION_HEAD;

	if (size < SESSION_HEAD || head_get(data, &head) != SESSION_HEAD_OK ||
	    head.texts > size - SESSION_HEAD)
		return 0;
	for (at += head.texts; n < BLOCKS_MOST && size - at >= BLOCK_HEAD; at += places[n++].len) {
		struct block block;

		if (!block_get(data + at, &block) || block.stored > size - at - BLOCK_HEAD)
			break;
		places[n] = (struct place){ at, BLOCK_HEAD + block.stored };
	}
	return n;
}

static void damage_head(struct block *block, unsigned how)
{
	switch (how % 8) {
	case 0:
		block->type = 1 + how / 8 % 5;
		break;
	case 1:
		block->flags = how / 8 % 4;
		break;
	case 2:
		block->events += how / 8 % 3 - 1;
		break;
	case 3:
		block->last_ns = how / 8 % 2 ? UINT64_MAX : block->first_ns;
		break;
	case 4:
		block->first_ns ^= UINT64_C(1) << how / 8 % 64;
		break;
	default:
		break;
	}
}

/* The block as it stands in the file, damaged, in `packer`; false where it cannot be unpacked. */
static bool damage_block(const uint8_t *bytes, unsigned how, struct block_packer *packer)
{
	static uint8_t raw[2 * RAW_MOST];
	struct block block;
	size_t n;

	block_get(bytes, &block);
	n = ZSTD_decompress(raw, RAW_MOST, bytes + BLOCK_HEAD, block.stored);
	if (ZSTD_isError(n))
		return false;
	damage_head(&block, how);
	if (how % 8 > 3 || !n)
		n = LLVMFuzzerMutate(raw, n, n + min(RAW_MOST, n + 64));
	return block_packer_pack(packer, &block, &(struct coder_part){ (char *)raw, n }, 1);
}

/* In place of the block comes what was packed; or it comes twice, or is left out. */
static size_t put(uint8_t *data, size_t size, size_t max, const struct place *p, const struct strbuf *packed,
		  unsigned how)
{
	size_t rest = size - p->at - p->len, from = p->at + (how % 16 == 14 ? p->len : 0);
	size_t len = how % 16 == 15 ? 0 : packed->len;

	if (from + len + rest > max)
		return 0;
	memmove(data + from + len, data + p->at + p->len, rest);
	memcpy(data + from, packed->text, len);
	return from + len + rest;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	struct place places[BLOCKS_MOST];
	size_t n = seed % 2 ? find_blocks(data, size, places) : 0, made = 0;
	struct block_packer packer = { 0 };

	seed /= 2;
	if (n) {
		const struct place *p = &places[seed % n];

		seed /= BLOCKS_MOST;
		if (damage_block(data + p->at, seed, &packer))
			made = put(data, size, max, p, &packer.bytes, seed / 512);
	}
	block_packer_fini(&packer);
	return made ? made : LLVMFuzzerMutate(data, size, max);
}
