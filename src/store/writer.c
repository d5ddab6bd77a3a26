/* Collects events into frames, packs them, writes each with one call.
 *
 * A frame ends when it is large enough to pack well, when its events are a second old, with
 * the first whole picture, and with the end of a process: so what is not written when the
 * machine dies is a second. While
 * only ticks come, frames are longer. A keyframe comes when so much was written since the last
 * one that reading it would take about as long as reading the keyframe several times. */
#include "store/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/codec.h"
#include "store/frame.h"
#include "store/keyframe.h"

#define FRAME_TARGET (256u << 10)
#define FRAME_AGE_NS UINT64_C(1000000000)
#define QUIET_FRAME_AGE_NS (10 * FRAME_AGE_NS)
#define STREAM_FRAME_AGE_NS (FRAME_AGE_NS / 10) /* into a pipe: somebody looks at it now */
#define KEY_EVERY (3u << 19)                    /* cost of events between keyframes, at least */
#define KEY_SHARE_OF 10                         /* and as many tenths of the bytes of these events ... */
#define KEY_SHARE 9                             /* ... are what keyframes take, at most */
#define EVENT_COST 8                            /* to apply one: about that of unpacking so many bytes */
#define TILES_AT_ONCE 32768
#define OUTPUT_AT_ONCE 65536
#define PACK_LEVEL 3
#define BLOCK_HEAD 16 /* what a block of its own costs, at most */

struct key_place {
	uint64_t offset, time_ns;
};

struct session_writer {
	struct sink sink;     /* first */
	struct sink key_sink; /* takes the events of a keyframe */
	struct session_writer_options options;
	char *path;
	int fd;
	bool started, pictured, failed;
	struct err err;  /* why it failed */
	uint64_t offset; /* of what is written next */
	struct coder coder;
	struct strbuf raw, packed;
	struct frame frame; /* the one being filled */
	bool news;          /* it has more than ticks */
	bool stream;        /* no file: a pipe, a device */
	ZSTD_CCtx *zstd;
	uint64_t cost_since_key;               /* of reading the events: see frame_cost */
	uint64_t stored_since_key, key_stored; /* bytes of frames */
	struct key_place *keys;
	size_t key_count, key_cap;
};

static void fail(struct session_writer *w)
{
	const char *name = strcmp(w->path, "-") ? w->path : _("standard output");
	char *path = text_printable_dup(name, strlen(name));

	w->failed = true;
	err_system(&w->err, errno, _("cannot write %s"), path);
	free(path);
}

static void write_all(struct session_writer *w, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len && !w->failed) {
		ssize_t n = write(w->fd, at, len);

		if (n < 0 && errno != EINTR)
			fail(w);
		if (n <= 0)
			continue;
		at += n;
		len -= (size_t)n;
		w->offset += (uint64_t)n;
	}
}

static void write_head(struct session_writer *w, uint64_t now_ns)
{
	struct session_head head = { .version = SESSION_VERSION, .page_shift = w->options.page_shift };
	struct strbuf all = { 0 }, texts = { 0 };
	uint8_t bytes[SESSION_HEAD];
	struct utsname system;
	struct timespec wall;

	uname(&system);
	clock_gettime(CLOCK_REALTIME, &wall);
	head.wall_ns = (uint64_t)wall.tv_sec * 1000000000u + (uint64_t)wall.tv_nsec - now_ns;
	head.big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	bytes_put_text(&texts, system.machine);
	bytes_put_text(&texts, system.nodename);
	bytes_put_text(&texts, system.release);
	bytes_put_text(&texts, PACKAGE_STRING);
	head.texts = (uint32_t)texts.len;
	head.crc = bytes_crc32c(0, texts.text, texts.len);
	head_put(bytes, &head);
	strbuf_add(&all, (char *)bytes, sizeof bytes);
	strbuf_add(&all, texts.text, texts.len);
	write_all(w, all.text, all.len);
	strbuf_fini(&all);
	strbuf_fini(&texts);
	w->started = true;
}

/* Each part begins a block of its own, which zstd finds its own numbers for. 0: no memory. */
static size_t pack(struct session_writer *w, const struct coder_part *parts, size_t n, size_t len)
{
	size_t cap = ZSTD_compressBound(len) + n * BLOCK_HEAD;
	ZSTD_outBuffer out = { .size = cap };

	mem_grow(w->packed.text, w->packed.cap, FRAME_HEAD + cap);
	out.dst = w->packed.text + FRAME_HEAD;
	ZSTD_CCtx_setPledgedSrcSize(w->zstd, len);
	for (size_t i = 0; i < n; i++) {
		ZSTD_inBuffer in = { parts[i].bytes, parts[i].len, 0 };
		bool last = i + 1 == n;

		if (!parts[i].len && !last)
			continue;
		if (ZSTD_compressStream2(w->zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_flush) != 0)
			return 0;
	}
	return out.pos;
}

/* Packs and writes what was collected, as one frame, and begins the next. */
static void write_frame(struct session_writer *w, enum frame_type type, unsigned flags)
{
	struct coder_part parts[CODER_PARTS];
	size_t packed, len = 0;

	coder_finish(&w->coder, &w->raw, parts);
	for (size_t i = 0; i < CODER_PARTS; i++)
		len += parts[i].len;
	packed = pack(w, parts, CODER_PARTS, len);
	if (!packed) {
		errno = ENOMEM;
		fail(w);
		return;
	}
	w->frame.type = type;
	w->frame.flags = flags;
	w->frame.stored = (uint32_t)packed;
	w->frame.raw = (uint32_t)len;
	w->frame.crc = bytes_crc32c(0, w->packed.text + FRAME_HEAD, packed);
	frame_put((uint8_t *)w->packed.text, &w->frame);
	write_all(w, w->packed.text, FRAME_HEAD + packed);
	strbuf_clear(&w->raw);
	coder_reset(&w->coder);
	w->frame = (struct frame){ 0 };
	w->news = false;
}

static size_t frame_size(const struct session_writer *w)
{
	return coder_size(&w->coder, &w->raw);
}

/* What a reader will have to do for the frame that is being filled. */
static uint64_t frame_cost(const struct session_writer *w)
{
	return frame_size(w) + EVENT_COST * (uint64_t)w->frame.events;
}

static void add(struct session_writer *w, const struct event *e)
{
	if (!w->frame.events)
		w->frame.first_ns = w->frame.last_ns = e->time_ns;
	if (w->frame.first_ns > e->time_ns)
		w->frame.first_ns = e->time_ns;
	if (w->frame.last_ns < e->time_ns)
		w->frame.last_ns = e->time_ns;
	w->frame.events++;
	coder_put(&w->coder, &w->raw, e);
}

static void flush(struct session_writer *w)
{
	uint64_t before = w->offset;

	w->cost_since_key += frame_cost(w);
	if (w->frame.events)
		write_frame(w, FRAME_EVENTS, 0);
	w->stored_since_key += w->offset - before;
}

static void add_and_flush(struct session_writer *w, const struct event *e)
{
	add(w, e);
	if (frame_size(w) >= FRAME_TARGET)
		flush(w);
}

static void take_key_event(struct sink *sink, const struct event *e)
{
	struct session_writer *w =
	    (struct session_writer *)((char *)sink - offsetof(struct session_writer, key_sink));

	if (frame_size(w) >= FRAME_TARGET) {
		write_frame(w, FRAME_KEY, w->frame.flags);
		w->frame.flags = FRAME_WHOLE;
	}
	add(w, e);
}

static void write_keyframe(struct session_writer *w)
{
	const struct world *world = w->options.world;

	flush(w);
	mem_grow(w->keys, w->key_cap, w->key_count + 1);
	w->keys[w->key_count++] = (struct key_place){ w->offset, world->now_ns };
	w->frame.flags = FRAME_FIRST | FRAME_WHOLE;
	keyframe_send(world, &w->key_sink);
	write_frame(w, FRAME_KEY, w->frame.flags | FRAME_LAST);
	w->key_stored = w->offset - w->keys[w->key_count - 1].offset;
	w->cost_since_key = w->stored_since_key = 0;
}

static bool key_due(const struct session_writer *w)
{
	return w->options.world && w->cost_since_key + frame_cost(w) >= w->options.key_every &&
	       w->stored_since_key * KEY_SHARE >= w->key_stored * KEY_SHARE_OF;
}

/* A stretch of pages, or much output, is as good in several pieces. */
static void add_in_pieces(struct session_writer *w, const struct event *e)
{
	struct event piece = *e;

	if (e->type == EVENT_PAGES) {
		for (size_t i = 0; i < e->pages.n; i += piece.pages.n) {
			piece.pages.tiles = e->pages.tiles + i;
			piece.pages.n = e->pages.n - i < TILES_AT_ONCE ? e->pages.n - i : TILES_AT_ONCE;
			add_and_flush(w, &piece);
		}
	} else if (e->type == EVENT_OUTPUT) {
		for (size_t i = 0; i < e->output.len; i += piece.output.len) {
			piece.output.bytes = e->output.bytes + i;
			piece.output.len =
			    e->output.len - i < OUTPUT_AT_ONCE ? e->output.len - i : OUTPUT_AT_ONCE;
			add_and_flush(w, &piece);
		}
	} else {
		add_and_flush(w, e);
	}
}

static uint64_t frame_age(const struct session_writer *w)
{
	return w->stream ? STREAM_FRAME_AGE_NS : w->news ? FRAME_AGE_NS : QUIET_FRAME_AGE_NS;
}

static void take(struct sink *sink, const struct event *e)
{
	struct session_writer *w = (struct session_writer *)sink;
	bool first = e->type == EVENT_TICK && !w->pictured;
	bool end = first || (e->type == EVENT_STATUS && e->status.status >= PROCESS_ZOMBIE);

	if (w->failed)
		return;
	if (!w->started)
		write_head(w, e->time_ns);
	add_in_pieces(w, e);
	w->pictured |= first;
	w->news |= e->type != EVENT_TICK && e->type != EVENT_COUNTERS;
	if (w->frame.events &&
	    (end || (e->time_ns > w->frame.first_ns && e->time_ns - w->frame.first_ns >= frame_age(w))))
		flush(w);
	if (e->type == EVENT_TICK && key_due(w))
		write_keyframe(w);
}

/* Who replays the file sees by the lock that it still grows. It goes with this process,
 * however that ends; where there are no locks, nobody is told. */
static void look_at_file(struct session_writer *w)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat status;

	w->stream = fstat(w->fd, &status) < 0 || !S_ISREG(status.st_mode);
	if (!w->stream)
		(void)fcntl(w->fd, F_SETLK, &lock);
}

static int open_file(const char *path, bool force, struct err *err)
{
	char *shown;
	int fd;

	if (!strcmp(path, "-"))
		return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL), 0666);
	if (fd >= 0)
		return fd;
	shown = text_printable_dup(path, strlen(path));
	if (errno == EEXIST)
		err_set(err, ERR_SYSTEM, _("%s exists already (--force writes over it)"), shown);
	else
		err_system(err, errno, _("cannot write %s"), shown);
	free(shown);
	return -1;
}

struct session_writer *session_writer_create(const char *path, const struct session_writer_options *options,
					     struct err *err)
{
	int fd = open_file(path, options->force, err);
	struct session_writer *w;

	if (fd < 0)
		return NULL;
	w = mem_zalloc(sizeof *w);
	w->sink.take = take;
	w->key_sink.take = take_key_event;
	w->options = *options;
	if (!w->options.key_every)
		w->options.key_every = KEY_EVERY;
	w->path = mem_strdup(path);
	w->fd = fd;
	look_at_file(w);
	w->coder.page_shift = options->page_shift;
	w->zstd = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, PACK_LEVEL);
	return w;
}

struct sink *session_writer_sink(struct session_writer *w)
{
	return &w->sink;
}

uint64_t session_writer_size(const struct session_writer *w)
{
	return w->offset;
}

const bool *session_writer_failed(const struct session_writer *w)
{
	return &w->failed;
}

static void write_index(struct session_writer *w)
{
	struct key_place before = { 0 };
	uint64_t at = w->offset;
	uint8_t foot[SESSION_FOOT];

	bytes_put_varint(&w->raw, w->key_count);
	for (size_t i = 0; i < w->key_count; i++) {
		bytes_put_varint(&w->raw, w->keys[i].offset - before.offset);
		bytes_put_varint(&w->raw, w->keys[i].time_ns - before.time_ns);
		before = w->keys[i];
	}
	write_frame(w, FRAME_INDEX, 0);
	foot_put(foot, at);
	write_all(w, foot, sizeof foot);
}

/* Only what this made is removed: no device, no pipe. */
static void remove_empty(const struct session_writer *w)
{
	struct stat status;

	if (strcmp(w->path, "-") && fstat(w->fd, &status) == 0 && S_ISREG(status.st_mode))
		unlink(w->path);
}

int session_writer_close(struct session_writer *w, struct err *err)
{
	int result = 0;

	if (!w)
		return 0;
	if (!w->started)
		remove_empty(w);
	if (w->started && !w->failed) {
		flush(w);
		write_index(w);
	}
	if (close(w->fd) != 0 && !w->failed)
		fail(w);
	if (w->failed) {
		result = -1;
		if (err)
			*err = w->err;
	}
	coder_fini(&w->coder);
	strbuf_fini(&w->raw);
	strbuf_fini(&w->packed);
	ZSTD_freeCCtx(w->zstd);
	free(w->keys);
	free(w->path);
	free(w);
	return result;
}
