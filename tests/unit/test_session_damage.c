/* Sessions that are cut, flipped, lying or strange: what comes before the damage is there,
 * nothing else is, and one line says where it is. */
#include "session_check.h"

#include <zstd.h>

#include "store/block.h"

struct recording {
	char *bytes;
	size_t len, blocks_at;
	struct keep kept;
};

static int make_sample(void **state)
{
	struct recording *sample = mem_zalloc(sizeof *sample);
	struct world *world = world_create();
	char *path = check_path("damage");

	check_record(path, 25, 11, 700, &sample->kept, world);
	sample->bytes = check_slurp(path, &sample->len);
	sample->blocks_at = SESSION_HEAD + (size_t)bytes_get_le((uint8_t *)sample->bytes + 12, 4);
	world_destroy(world);
	unlink(path);
	*state = sample;
	return 0;
}

static int free_sample(void **state)
{
	struct recording *sample = *state;

	keep_fini(&sample->kept);
	free(sample->bytes);
	free(sample);
	return 0;
}

/* Plays the session, from the start and from the last keyframe. */
static enum session_result play(struct session *session, const struct recording *sample, size_t *count)
{
	struct world *world = world_create();
	struct keep got = { { .take = keep_take }, &world->sink, NULL, NULL, 0, 0 };
	enum session_result result = check_play(session, &got.sink, UINT64_MAX);

	check_prefix(&got, &sample->kept);
	*count = got.count;
	keep_fini(&got);
	world_destroy(world);
	world = world_create();
	if (session_seek(session, UINT64_MAX, NULL) == 0)
		check_play(session, &world->sink, UINT64_MAX);
	world_destroy(world);
	return result;
}

static void test_cut_at_every_byte(void **state)
{
	const struct recording *sample = *state;
	size_t before = 0;

	for (size_t len = 0; len < sample->len; len++) {
		struct err err = { 0 };
		struct session *session = check_open_bytes(sample->bytes, len, &err);
		size_t count;

		if (!session) {
			assert_true(len < sample->blocks_at);
			assert_int_equal(err.code, ERR_INPUT);
			continue;
		}
		assert_true(len >= sample->blocks_at);
		if (play(session, sample, &count) == SESSION_END) /* only the foot is missing */
			assert_true(len >= sample->len - SESSION_FOOT);
		assert_true(count >= before);
		before = count;
		session_close(session);
	}
	assert_int_equal(before, sample->kept.count);
}

static void test_flip_every_byte(void **state)
{
	const struct recording *sample = *state;
	char *bytes = mem_alloc(sample->len);

	for (size_t i = 0; i < sample->len; i++) {
		struct session *session;
		size_t count = 0;

		memcpy(bytes, sample->bytes, sample->len);
		bytes[i] ^= (char)(1 << i % 8);
		session = check_open_bytes(bytes, sample->len, NULL);
		assert_int_equal(session != NULL, i >= sample->blocks_at);
		if (session && i < sample->len - SESSION_FOOT)
			assert_int_equal(play(session, sample, &count), SESSION_BROKEN);
		else if (session)
			assert_int_equal(play(session, sample, &count), SESSION_END);
		session_close(session);
	}
	free(bytes);
}

/* The sample's head, followed by a block made here. */
static struct session *open_with_block(const struct recording *sample, struct block block,
				       const char *payload, size_t len)
{
	struct strbuf all = { 0 };
	struct session *session;
	uint8_t head[BLOCK_HEAD];

	block.stored = block.stored ? block.stored : (uint32_t)len;
	block.crc = bytes_crc32c(0, payload, len);
	block_put(head, &block);
	strbuf_add(&all, sample->bytes, sample->blocks_at);
	strbuf_add(&all, (char *)head, sizeof head);
	strbuf_add(&all, payload, len);
	strbuf_add(&all, sample->bytes + sample->blocks_at, sample->len - sample->blocks_at);
	session = check_open_bytes(all.text, all.len, NULL);
	strbuf_fini(&all);
	assert_non_null(session);
	return session;
}

static void check_refused(const struct recording *sample, struct block block, const char *payload, size_t len)
{
	struct session *session = open_with_block(sample, block, payload, len);
	struct err err = { 0 };
	struct event e;

	assert_int_equal(session_next(session, &e, &err), SESSION_BROKEN);
	assert_non_null(strstr(err.text, "damaged"));
	session_close(session);
}

/* Its checksums are right, its contents are not. */
static void test_lying_lengths(void **state)
{
	const struct recording *sample = *state;
	char *zeros = mem_zalloc(64 << 20), *packed = mem_alloc(1 << 20);
	struct block block = { .type = BLOCK_EVENTS, .last_ns = UINT64_MAX };
	size_t len = ZSTD_compress(packed, 1 << 20, zeros, 1000, 3), bomb;

	block.raw = UINT32_MAX;
	check_refused(sample, block, packed, len);
	block.raw = BLOCK_RAW_MAX; /* more than there is */
	check_refused(sample, block, packed, len);
	block.raw = 999; /* less */
	check_refused(sample, block, packed, len);
	bomb = ZSTD_compress(packed, 1 << 20, zeros, 64 << 20, 3);
	block.raw = 10;
	check_refused(sample, block, packed, bomb);
	check_refused(sample, block, "no zstd at all", 14);
	block.stored = UINT32_MAX;
	check_refused(sample, block, packed, len);
	block.stored = BLOCK_STORED_MAX; /* beyond the end of the file */
	check_refused(sample, block, packed, len);
	free(zeros);
	free(packed);
}

/* Each of these events would break the model. */
static void test_events_that_make_no_sense(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} records[] = {
		{ "\x04\0\xc8\x01\x0a\x01\x20\0\0\0\0\0\0\0\0\0", 16 },     /* a region of no pages */
		{ "\x04\0\xc8\x01\x0a\0\x20\x01\0\0\0\0\0\0\0\0", 16 },     /* of no id */
		{ "\x04\0\xc8\x01\x0a\x01\x01\x01\0\0\0\0\0\0\0\0", 16 },   /* beyond the last page */
		{ "\x04\0\xc8\x01\x0a\x01\x20\x01\x10\0\0\0\0\0\0\0", 16 }, /* permissions */
		{ "\x04\0\xc8\x01\x0a\x01\x20\x01\0\x0c\0\0\0\0\0\0", 16 }, /* kind */
		{ "\x04\0\xc8\x01\x0a\x01\x20\x01\0\0\0\0\0\0\0x", 16 },    /* a path without an end */
		{ "\x07\0\xc8\x01\x04\x01\0\0\x01", 9 },                    /* no pages */
		{ "\x07\0\xc8\x01\x04\x01\0\x01\x0f", 9 },                  /* a state that does not exist */
		{ "\x07\0\xc8\x01\x04\x01\x01\x02\x01", 9 },                /* pages beyond the last */
		{ "\x07\0\xc8\x01\x04\x7f\0\x01\x01", 9 },                  /* fewer than it says */
		{ "\x02\0\xc8\x01\x02\x07\0", 7 },                          /* status */
		{ "\x03\0\xc8\x01\x04\0\0\x01\x1b", 9 },                    /* a state that is ESC */
		{ "\x0c\0\xc8\x01\x01", 5 },                                /* a body beyond the end */
		{ "\x0c\0\x01\0", 4 },                                      /* a pid below 0 */
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0", 11 },       /* no varint */
	};

	for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
		struct block block = { .type = BLOCK_EVENTS,
				       .last_ns = UINT64_MAX,
				       .raw = (uint32_t)records[i].len };
		char packed[256];
		size_t len = ZSTD_compress(packed, sizeof packed, records[i].bytes, records[i].len, 3);

		check_refused(*state, block, packed, len);
	}
}

static void test_unknown_is_skipped(void **state)
{
	static const char record[] = "\x90\x4e\0\0\x03"
				     "abc"; /* number 10000 */
	const struct recording *sample = *state;
	struct block block = { .type = BLOCK_EVENTS, .last_ns = UINT64_MAX, .raw = sizeof record - 1 };
	struct session *session;
	char packed[256];
	size_t len = ZSTD_compress(packed, sizeof packed, record, sizeof record - 1, 3), count;
	struct keep got = { { .take = keep_take }, NULL, NULL, NULL, 0, 0 };

	session = open_with_block(sample, block, packed, len);
	assert_int_equal(check_play(session, &got.sink, UINT64_MAX), SESSION_END);
	assert_int_equal(got.count, sample->kept.count);
	session_close(session);
	keep_fini(&got);

	block = (struct block){ .type = 4711, .raw = BLOCK_RAW_MAX };
	session = open_with_block(sample, block, "whatever", 8);
	got = (struct keep){ { .take = keep_take }, NULL, NULL, NULL, 0, 0 };
	assert_int_equal(check_play(session, &got.sink, UINT64_MAX), SESSION_END);
	count = got.count;
	assert_int_equal(count, sample->kept.count);
	session_close(session);
	keep_fini(&got);
}

static void test_no_session(void **state)
{
	const struct recording *sample = *state;
	char *bytes = mem_alloc(sample->len);
	struct session_head head;
	struct err err = { 0 };

	assert_null(check_open_bytes("", 0, &err));
	assert_non_null(strstr(err.text, "not a session"));
	assert_null(check_open_bytes("a text that is long enough to have a head in it", 47, &err));
	assert_non_null(strstr(err.text, "not a session"));
	assert_null(session_open("/no/such/file", &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_null(session_open("/", &err));

	memcpy(bytes, sample->bytes, sample->len);
	assert_int_equal(head_get((uint8_t *)bytes, &head), SESSION_HEAD_OK);
	head.version = 2;
	head_put((uint8_t *)bytes, &head);
	assert_null(check_open_bytes(bytes, sample->len, &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	head.version = 1;
	head.page_shift = 70;
	head_put((uint8_t *)bytes, &head);
	assert_null(check_open_bytes(bytes, sample->len, &err));
	head.page_shift = SHIFT;
	head.texts = UINT32_MAX;
	head_put((uint8_t *)bytes, &head);
	assert_null(check_open_bytes(bytes, sample->len, &err));
	free(bytes);
}

/* The CRC's own test: RFC 3720, B.4. */
static void test_crc(void **state)
{
	uint8_t zeros[32] = { 0 };

	assert_int_equal(bytes_crc32c(0, "123456789", 9), 0xe3069283);
	assert_int_equal(bytes_crc32c(0, zeros, 32), 0x8a9136aa);
	assert_int_equal(bytes_crc32c(bytes_crc32c(0, "1234", 4), "56789", 5), 0xe3069283);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut_at_every_byte),
		cmocka_unit_test(test_flip_every_byte),
		cmocka_unit_test(test_lying_lengths),
		cmocka_unit_test(test_events_that_make_no_sense),
		cmocka_unit_test(test_unknown_is_skipped),
		cmocka_unit_test(test_no_session),
		cmocka_unit_test(test_crc),
	};
	return cmocka_run_group_tests(tests, make_sample, free_sample);
}
