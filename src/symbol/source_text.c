/* Lines are returned in chunks of sixteen that begin at line 1, 17, 33, ..., so that those of a function with
 * faults in every line are returned once. For a line near the edge of its chunk the neighbouring chunk is
 * returned, too. */
#include "symbol/source_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "symbol/plain_file.h"

#define CHUNK 16
#define AROUND 5 /* how many lines before and after are wanted, too */
#define FILE_MAX_BYTES (8 << 20)
#define LINE_MAX_BYTES 1024 /* longer lines are cut */
#define GIVEN_MAX 65536

struct source_text {
	int root;
	uint32_t uid;
	uint64_t *given; /* what was returned: keys of path and chunk */
	size_t count, cap;
	struct hash hash; /* numbers are indices and one */
};

void text_chunk_fini(struct text_chunk *chunk)
{
	free(chunk->path);
	free(chunk->text);
}

struct source_text *source_text_create(int root, uint32_t uid)
{
	struct source_text *s = mem_zalloc(sizeof *s);
	s->root = root;
	s->uid = uid;
	return s;
}

void source_text_destroy(struct source_text *s)
{
	if (!s)
		return;
	free(s->given);
	hash_fini(&s->hash);
	free(s);
}

void source_text_forget(struct source_text *s)
{
	hash_clear(&s->hash);
	s->count = 0;
}

/* Represents the path, which is not kept, so it needs 64 bits, unlike base/hash.h. FNV-1a. */
static uint64_t key_of(const char *path, uint32_t chunk)
{
	uint64_t key = UINT64_C(0xcbf29ce484222325) ^ chunk * UINT64_C(0x9e3779b97f4a7c15);
	for (; *path; path++)
		key = (key ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
	return key;
}

/* Is the chunk new? The next time it is not. */
static bool is_new(struct source_text *s, const char *path, uint32_t chunk)
{
	uint64_t key = key_of(path, chunk);
	struct hash_iter iter = hash_iter(&s->hash, hash_number(key));
	for (uint32_t number; (number = hash_next(&iter));)
		if (s->given[number - 1] == key)
			return false;
	if (s->count == GIVEN_MAX)
		return false;
	mem_grow(s->given, s->cap, s->count + 1);
	s->given[s->count++] = key;
	hash_add(&s->hash, hash_number(key), (uint32_t)s->count);
	return true;
}

static bool may_read(const struct source_text *s, const struct stat *st)
{
	return s->uid == geteuid() || st->st_uid == s->uid || st->st_mode & S_IROTH;
}

/* Reads the whole file, NUL-terminated; NULL if it cannot be read. */
static char *read_file(const struct source_text *s, const char *path, size_t *len, int64_t *written)
{
	struct stat st;
	char *bytes = NULL;
	int fd = plain_file_open(s->root, path, &st, NULL);
	if (fd < 0)
		return NULL;
	*written = st.st_mtime;
	if (may_read(s, &st) && st.st_size > 0 && st.st_size <= FILE_MAX_BYTES) {
		bytes = mem_alloc((size_t)st.st_size + 1);
		ssize_t got = pread(fd, bytes, (size_t)st.st_size, 0);
		*len = got > 0 ? (size_t)got : 0;
		bytes[*len] = '\0';
	}
	close(fd);
	return bytes;
}

static void add_line(struct strbuf *text, const char *line, size_t len)
{
	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len > LINE_MAX_BYTES)
		for (len = LINE_MAX_BYTES; len > 0 && ((unsigned char)line[len] & 0xc0) == 0x80;)
			len--;
	for (size_t i = 0; i < len; i++)
		strbuf_add(text, line[i] ? &line[i] : " ", 1);
}

/* Lines [first, first + CHUNK) of the bytes; "" if the file ends before them. */
static char *cut_chunk(const char *bytes, size_t len, uint32_t first)
{
	struct strbuf text = { 0 };
	const char *at = bytes, *end = bytes + len;
	for (uint32_t number = 1; at < end && number < first + CHUNK; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		if (number > first)
			strbuf_puts(&text, "\n");
		if (number >= first)
			add_line(&text, at, (size_t)(stop - at));
		at = stop + 1;
	}
	return text.text ? text.text : mem_strdup("");
}

size_t source_text_take(struct source_text *s, const char *path, uint32_t line, int64_t program_written,
			struct text_chunk chunks[static SOURCE_TEXT_CHUNKS_MAX], struct err *err)
{
	uint32_t first = (line > AROUND ? line - AROUND - 1 : 0) / CHUNK, last = (line - 1 + AROUND) / CHUNK;
	uint32_t wanted[SOURCE_TEXT_CHUNKS_MAX];
	size_t count = 0, len = 0, n = 0;
	int64_t written = 0;
	if (path[0] != '/' || line == 0 || line > UINT32_MAX - 2 * CHUNK)
		return 0;
	for (uint32_t chunk = first; chunk <= last; chunk++)
		if (is_new(s, path, chunk))
			wanted[n++] = chunk;
	char *bytes = n ? read_file(s, path, &len, &written) : NULL;
	if (bytes && program_written && written > program_written) {
		err_set(err, ERR_INPUT, "%s",
			_("the source file is newer than the program: its lines are not shown"));
	} else {
		for (size_t i = 0; bytes && i < n; i++) {
			char *text = cut_chunk(bytes, len, wanted[i] * CHUNK + 1);
			if (*text)
				chunks[count++] =
				    (struct text_chunk){ mem_strdup(path), wanted[i] * CHUNK + 1, text };
			else
				free(text);
		}
	}
	free(bytes);
	return count;
}
