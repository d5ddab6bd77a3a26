/* Collects events into blocks, packs them, writes each with one call.
 *
 * A block ends when it is large enough to pack well, when its events are a second old, with
 * the first whole picture, and with the end of a process: so if the machine dies, only about
 * the last second was not written yet (what was written may still be in the page cache). While
 * only ticks come, blocks are longer. A keyframe comes when the events since the last one cost so much to apply that
 * a jump between them would be slow (KEY_EVERY), and when they take so many bytes that keyframes stay a smaller part of
 * the file than events are (KEY_SHARE). */
#include "store/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/new_file.h"
#include "base/path.h"
#include "base/text.h"
#include "store/block.h"
#include "store/block_packer.h"
#include "store/bounds.h"
#include "store/codec.h"
#include "store/keyframe.h"
#include "store/lock.h"

#define BLOCK_TARGET (256u << 10)
#define BLOCK_AGE_NS CLOCK_SECOND
#define QUIET_BLOCK_AGE_NS (10 * BLOCK_AGE_NS)
#define STREAM_BLOCK_AGE_NS (BLOCK_AGE_NS / 10) /* into a pipe: somebody looks at it now */
#define KEY_EVERY (3u << 19)                    /* cost of events between keyframes, at least */
#define KEY_SHARE_OF 10                         /* and as many tenths of the bytes of these events ... */
#define KEY_SHARE 9                             /* ... are what keyframes take, at most */
#define EVENT_COST 8                            /* to apply one: about that of unpacking so many bytes */
#define TILES_AT_ONCE CODER_TILES_MAX
#define OUTPUT_AT_ONCE 65536
#define FILL_MAX (1u << 20)
#define FILL_MAGIC 0x184D2A50u /* of a frame that zstd skips: its length follows, then anything */
#define FILL_HEAD 8

/* The file, or what else takes the bytes. */
struct out {
	struct new_file file; /* its fd is -1 where this is standard output */
	int fd;
	bool stream;     /* no file: a pipe, a device */
	uint64_t offset; /* of what is written next */
	bool failed;     /* nothing is written from then on */
	struct err err;  /* why */
};

/* The block that is being filled. */
struct filling {
	struct coder coder;
	struct strbuf raw;
	struct block block;
	bool news; /* it contains more than ticks */
};

struct keyframe_at {
	uint64_t offset, time_ns;
};

/* Where keyframes are, and when another one is due. */
struct keys {
	struct keyframe_at *list;
	size_t count, cap;
	uint64_t cost;        /* of reading what came since the last one: see block_cost */
	uint64_t stored;      /* bytes of blocks since */
	uint64_t last_stored; /* and of its own */
};

struct session_writer {
	struct sink sink;     /* first */
	struct sink key_sink; /* takes the events of a keyframe */
	struct session_writer_options options;
	struct out out;
	struct filling filling;
	struct block_packer packer;
	struct keys keys;
	struct bounds bounds;
	bool started, pictured;
};

/* The file */

static void fail(struct out *o, int errnum)
{
	o->failed = true;
	if (o->file.path)
		new_file_fail(&o->file, errnum, &o->err);
	else
		err_system(&o->err, errnum, _("cannot write %s"), _("standard output"));
}

static void write_all(struct out *o, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len && !o->failed) {
		ssize_t n = write(o->fd, at, len);

		if (n < 0 && errno != EINTR)
			fail(o, errno);
		if (n <= 0)
			continue;
		at += n;
		len -= (size_t)n;
		o->offset += (uint64_t)n;
	}
}

static bool is_being_recorded(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool held = fd >= 0 && lock_is_held(fd);

	if (fd >= 0)
		close(fd);
	return held;
}

static int refuse_recorded(const char *path, struct err *err)
{
	char *shown = text_printable_dup(path, strlen(path));

	err_set(err, ERR_SYSTEM, _("%s is being recorded at this moment"), shown);
	free(shown);
	return -1;
}

/* A recording has its name once there is something in it to replay. */
static void keep(struct out *o)
{
	struct new_file *f = &o->file;

	if (o->failed || !f->path || f->kept)
		return;
	if (is_being_recorded(f->path))
		o->failed = refuse_recorded(f->path, &o->err) < 0;
	else
		o->failed = new_file_keep(f, &o->err) < 0;
}

static int open_file(struct out *o, const char *path, bool force, struct err *err)
{
	struct stat status;

	if (path_is_standard(path)) {
		o->file.fd = -1;
		o->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		if (o->fd < 0)
			return err_system(err, errno, _("cannot write %s"), _("standard output"));
	} else {
		if (force && is_being_recorded(path))
			return refuse_recorded(path, err);
		if (new_file_open(&o->file, path, force, err) < 0)
			return -1;
		o->fd = o->file.fd;
	}
	o->stream = fstat(o->fd, &status) < 0 || !S_ISREG(status.st_mode);
	if (!o->stream)
		lock_take(o->fd);
	return 0;
}

/* Blocks */

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
	write_all(&w->out, all.text, all.len);
	strbuf_fini(&all);
	strbuf_fini(&texts);
	w->started = true;
}

/* Packs and writes what was collected, as one block, and begins the next. */
static void write_block(struct session_writer *w, enum block_type type, unsigned flags)
{
	struct filling *f = &w->filling;
	const struct strbuf *packed = block_packer_bytes(&w->packer);
	struct coder_part parts[CODER_PARTS];

	coder_finish(&f->coder, &f->raw, parts);
	f->block.type = type;
	f->block.flags = flags;
	if (!block_packer_pack(&w->packer, &f->block, parts, CODER_PARTS)) {
		fail(&w->out, ENOMEM);
		return;
	}
	write_all(&w->out, packed->text, packed->len);
	bounds_count_block(&w->bounds, f->block.raw, 0);
	strbuf_clear(&f->raw);
	coder_reset(&f->coder);
	f->block = (struct block){ 0 };
	f->news = false;
}

static size_t block_size(const struct session_writer *w)
{
	return coder_size(&w->filling.coder, &w->filling.raw);
}

/* The cost for a reader of the block that is being filled. */
static uint64_t block_cost(const struct session_writer *w)
{
	return block_size(w) + EVENT_COST * (uint64_t)w->filling.block.events;
}

static void add(struct session_writer *w, const struct event *e)
{
	if (!w->filling.block.events)
		w->filling.block.first_ns = w->filling.block.last_ns = e->time_ns;
	if (w->filling.block.first_ns > e->time_ns)
		w->filling.block.first_ns = e->time_ns;
	if (w->filling.block.last_ns < e->time_ns)
		w->filling.block.last_ns = e->time_ns;
	w->filling.block.events++;
	bounds_count(&w->bounds, e, false);
	coder_put(&w->filling.coder, &w->filling.raw, e);
}

static void write_fill(struct session_writer *w, uint32_t len)
{
	struct block block = { .type = BLOCK_FILL, .stored = FILL_HEAD + len };
	uint8_t *bytes = mem_zalloc(BLOCK_HEAD + FILL_HEAD + len);

	bytes_put_le(bytes + BLOCK_HEAD, FILL_MAGIC, 4);
	bytes_put_le(bytes + BLOCK_HEAD + 4, len, 4);
	block.crc = bytes_crc32c(0, bytes + BLOCK_HEAD, block.stored);
	block_put(bytes, &block);
	write_all(&w->out, bytes, BLOCK_HEAD + block.stored);
	free(bytes);
}

/* If events pack into fewer bytes than the bounds require for their contents, pads the file. */
static void fill_up(struct session_writer *w)
{
	uint64_t need = bounds_need(&w->bounds);

	while (w->out.offset < need && !w->out.failed) {
		uint64_t missing = need - w->out.offset;

		write_fill(w, missing < FILL_MAX ? (uint32_t)missing : FILL_MAX);
	}
}

static void flush(struct session_writer *w)
{
	uint64_t before = w->out.offset;

	w->keys.cost += block_cost(w);
	fill_up(w); /* before the events that need it, because a reader checks at each event */
	if (w->filling.block.events)
		write_block(w, BLOCK_EVENTS, 0);
	fill_up(w);
	if (w->pictured)
		keep(&w->out);
	w->keys.stored += w->out.offset - before;
}

static void add_and_flush(struct session_writer *w, const struct event *e)
{
	add(w, e);
	if (block_size(w) >= BLOCK_TARGET)
		flush(w);
}

static void take_key_event(struct sink *sink, const struct event *e)
{
	struct session_writer *w =
	    (struct session_writer *)((char *)sink - offsetof(struct session_writer, key_sink));

	if (block_size(w) >= BLOCK_TARGET) {
		write_block(w, BLOCK_KEY, w->filling.block.flags);
	}
	add(w, e);
}

static void write_keyframe(struct session_writer *w)
{
	const struct world *world = w->options.world;

	flush(w);
	mem_grow(w->keys.list, w->keys.cap, w->keys.count + 1);
	w->keys.list[w->keys.count++] = (struct keyframe_at){ w->out.offset, world->now_ns };
	w->filling.block.flags = BLOCK_FIRST;
	keyframe_send(world, &w->key_sink);
	write_block(w, BLOCK_KEY, w->filling.block.flags | BLOCK_LAST);
	w->keys.last_stored = w->out.offset - w->keys.list[w->keys.count - 1].offset;
	w->keys.cost = w->keys.stored = 0;
}

static bool key_due(const struct session_writer *w)
{
	return w->options.world && w->keys.cost + block_cost(w) >= w->options.key_every &&
	       w->keys.stored * KEY_SHARE >= w->keys.last_stored * KEY_SHARE_OF;
}

/* Splits long runs of pages, and long output, into several events. */
static void add_in_pieces(struct session_writer *w, const struct event *e)
{
	struct event piece = *e;

	if (e->type == EVENT_PAGES) {
		for (size_t i = 0; i < e->pages.n; i += piece.pages.n) {
			piece.pages.tiles = e->pages.tiles + i;
			piece.pages.n = min(e->pages.n - i, TILES_AT_ONCE);
			add_and_flush(w, &piece);
		}
	} else if (e->type == EVENT_OUTPUT) {
		for (size_t i = 0; i < e->output.len; i += piece.output.len) {
			piece.output.bytes = e->output.bytes + i;
			piece.output.len = min(e->output.len - i, OUTPUT_AT_ONCE);
			add_and_flush(w, &piece);
		}
	} else {
		add_and_flush(w, e);
	}
}

static uint64_t block_age(const struct session_writer *w)
{
	return w->out.stream ? STREAM_BLOCK_AGE_NS : w->filling.news ? BLOCK_AGE_NS : QUIET_BLOCK_AGE_NS;
}

static void take(struct sink *sink, const struct event *e)
{
	struct session_writer *w = (struct session_writer *)sink;
	bool first = e->type == EVENT_TICK && !w->pictured;
	bool end = first || (e->type == EVENT_STATUS && e->status.status >= PROCESS_ZOMBIE);

	if (w->out.failed)
		return;
	if (!w->started)
		write_head(w, e->time_ns);
	add_in_pieces(w, e);
	w->pictured |= first;
	w->filling.news |= e->type != EVENT_TICK && e->type != EVENT_COUNTERS;
	if (w->filling.block.events && (end || (e->time_ns > w->filling.block.first_ns &&
						e->time_ns - w->filling.block.first_ns >= block_age(w))))
		flush(w);
	if (e->type == EVENT_TICK && key_due(w))
		write_keyframe(w);
}

struct session_writer *session_writer_create(const char *path, const struct session_writer_options *options,
					     struct err *err)
{
	struct session_writer *w = mem_zalloc(sizeof *w);

	if (open_file(&w->out, path, options->force, err) < 0) {
		free(w);
		return NULL;
	}
	w->sink.take = take;
	w->key_sink.take = take_key_event;
	w->options = *options;
	if (!w->options.key_every)
		w->options.key_every = KEY_EVERY;
	w->filling.coder.page_shift = options->page_shift;
	bounds_watch(&w->bounds, options->world);
	return w;
}

struct sink *session_writer_sink(struct session_writer *w)
{
	return &w->sink;
}

void session_writer_flush(struct session_writer *w)
{
	if (w->started && !w->out.failed)
		flush(w);
}

uint64_t session_writer_size(const struct session_writer *w)
{
	return w->out.offset;
}

const bool *session_writer_failed(const struct session_writer *w)
{
	return &w->out.failed;
}

static void write_index(struct session_writer *w)
{
	struct keyframe_at before = { 0 };
	uint64_t at = w->out.offset;
	uint8_t foot[SESSION_FOOT];

	bytes_put_varint(&w->filling.raw, w->keys.count);
	for (size_t i = 0; i < w->keys.count; i++) {
		bytes_put_varint(&w->filling.raw, w->keys.list[i].offset - before.offset);
		bytes_put_varint(&w->filling.raw, w->keys.list[i].time_ns - before.time_ns);
		before = w->keys.list[i];
	}
	write_block(w, BLOCK_INDEX, 0);
	foot_put(foot, at);
	write_all(&w->out, foot, sizeof foot);
}

int session_writer_close(struct session_writer *w, struct err *err)
{
	int result = 0;

	if (!w)
		return 0;
	if (w->started && !w->out.failed) {
		flush(w);
		write_index(w);
		keep(&w->out);
	}
	if (close(w->out.fd) != 0 && !w->out.failed)
		fail(&w->out, errno);
	if (w->out.failed) {
		result = -1;
		if (err)
			*err = w->out.err;
	}
	if (w->out.file.path)
		new_file_fini(&w->out.file);
	coder_fini(&w->filling.coder);
	strbuf_fini(&w->filling.raw);
	block_packer_fini(&w->packer);
	free(w->keys.list);
	free(w);
	return result;
}
