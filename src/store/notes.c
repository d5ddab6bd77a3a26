/* Each note is a block of its own, written with one call. */
#include "store/notes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/block.h"
#include "store/block_packer.h"
#include "store/codec.h"

static void read_block(struct track_iter *w, uint64_t offset, struct marks *marks)
{
	struct event e;

	if (track_iter_visit(w, offset, NULL, NULL) < 0)
		return;
	while (track_iter_visited(w, &e, NULL) > 0)
		if (e.type == EVENT_MARK)
			marks_add(marks, e.time_ns, e.pid, e.mark.text);
}

size_t notes_read(struct track_iter *w, const struct track *track, size_t from, struct marks *marks)
{
	const uint64_t *offsets;
	size_t count = track_notes(track, &offsets);

	for (size_t i = from; i < count; i++)
		read_block(w, offsets[i], marks);
	return count;
}

static char *path_beside(const char *path)
{
	struct strbuf beside = { 0 };

	strbuf_printf(&beside, "%s.notes", path);
	return beside.text;
}

void notes_read_beside(const char *path, const struct session *session, struct marks *marks)
{
	char *beside = path_beside(path);
	struct session *notes = session_open(beside, NULL);
	struct track track;
	struct track_iter iter;

	free(beside);
	if (!notes)
		return;
	track_init(&track, notes);
	track_iter_init(&iter, notes, &track, NULL);
	if (session_info(notes)->wall_ns == session_info(session)->wall_ns)
		notes_read(&iter, &track, 0, marks);
	track_fini(&track);
	session_close(notes);
}

/* Writing */

static void put_note(struct strbuf *out, unsigned page_shift, const struct event *mark)
{
	struct block block = {
		.type = BLOCK_NOTES, .events = 1, .first_ns = mark->time_ns, .last_ns = mark->time_ns
	};
	struct coder coder = { .page_shift = page_shift };
	struct block_packer packer = { 0 };
	struct strbuf raw = { 0 };

	coder_put(&coder, &raw, mark);
	if (block_packer_pack(&packer, &block, &(struct coder_part){ raw.text, raw.len }, 1))
		strbuf_add(out, block_packer_bytes(&packer)->text, block_packer_bytes(&packer)->len);
	block_packer_fini(&packer);
	strbuf_fini(&raw);
	coder_fini(&coder);
}

/* Appends a copy of the file's index, and a foot that points to it. */
static int put_index_again(struct strbuf *out, int fd, const struct track *track, uint64_t end)
{
	uint8_t head[BLOCK_HEAD], foot[SESSION_FOOT];
	uint64_t index_at = track_index_at(track), at = end + out->len;
	struct block block;
	char *payload;
	ssize_t got;

	if (pread(fd, head, sizeof head, (off_t)index_at) != (ssize_t)sizeof head || !block_get(head, &block))
		return -1;
	payload = mem_alloc((size_t)block.stored + 1);
	got = pread(fd, payload, block.stored, (off_t)(index_at + BLOCK_HEAD));
	strbuf_add(out, (char *)head, sizeof head);
	strbuf_add(out, payload, block.stored);
	free(payload);
	foot_put(foot, at);
	strbuf_add(out, (char *)foot, sizeof foot);
	return got == (ssize_t)block.stored ? 0 : -1;
}

/* Appends everything or nothing: a full disk leaves the file as it was. */
static int append(int fd, uint64_t end, const struct strbuf *bytes, const char *shown, struct err *err)
{
	ssize_t n = pwrite(fd, bytes->text, bytes->len, (off_t)end);

	if (n == (ssize_t)bytes->len)
		return 0;
	err_system(err, n < 0 ? errno : ENOSPC, _("cannot keep the note in %s"), shown);
	return ftruncate(fd, (off_t)end) < 0 ? err_system(err, errno, _("cannot keep the note in %s"), shown)
					     : -1;
}

/* Returns whether the note is in the file; false also if the file must not be touched. */
static bool keep_in_file(const char *path, const struct session *session, const struct track *track,
			 const struct event *mark)
{
	int fd = track_end(track) == TRACK_CLOSED ? open(path, O_RDWR | O_CLOEXEC) : -1;
	uint64_t end = track_end_offset(track);
	struct strbuf bytes = { 0 };
	struct stat status, ours;
	bool kept = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && fstat(session_fd(session), &ours) == 0 &&
	    status.st_ino == ours.st_ino && status.st_dev == ours.st_dev && (uint64_t)status.st_size == end) {
		put_note(&bytes, session_info(session)->page_shift, mark);
		kept =
		    put_index_again(&bytes, fd, track, end) == 0 && append(fd, end, &bytes, path, NULL) == 0;
	}
	strbuf_fini(&bytes);
	close(fd);
	return kept;
}

/* Writes the session's own head except for the program's name: the same moment is time 0. */
static void put_head(struct strbuf *out, const struct session *session)
{
	const struct session_info *info = session_info(session);
	struct session_head head = { .version = SESSION_VERSION,
				     .page_shift = info->page_shift,
				     .wall_ns = info->wall_ns };
	struct strbuf texts = { 0 };
	uint8_t bytes[SESSION_HEAD];

	bytes_put_text(&texts, info->machine);
	bytes_put_text(&texts, info->host);
	bytes_put_text(&texts, info->kernel);
	bytes_put_text(&texts, PACKAGE_STRING);
	head.texts = (uint32_t)texts.len;
	head.crc = bytes_crc32c(0, texts.text, texts.len);
	head_put(bytes, &head);
	strbuf_add(out, (char *)bytes, sizeof bytes);
	strbuf_add(out, texts.text, texts.len);
	strbuf_fini(&texts);
}

static int keep_beside(const char *path, const struct session *session, const struct event *mark,
		       struct err *err)
{
	char *beside = path_beside(path), *shown = text_printable_dup(beside, strlen(beside));
	int fd = open(beside, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	struct strbuf bytes = { 0 };
	struct stat status;
	int result = 1;

	if (fd < 0 || fstat(fd, &status) < 0) {
		result = err_system(err, errno, _("cannot keep the note in %s"), shown);
	} else {
		if (status.st_size == 0)
			put_head(&bytes, session);
		put_note(&bytes, session_info(session)->page_shift, mark);
		if (append(fd, (uint64_t)status.st_size, &bytes, shown, err) < 0)
			result = -1;
		if (result < 0 && status.st_size == 0)
			unlink(beside);
	}
	if (fd >= 0)
		close(fd);
	strbuf_fini(&bytes);
	free(beside);
	free(shown);
	return result;
}

int notes_keep(const char *path, const struct session *session, const struct track *track,
	       const struct event *mark, struct err *err)
{
	if (keep_in_file(path, session, track, mark))
		return 0;
	return keep_beside(path, session, mark, err);
}
