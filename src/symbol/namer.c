/* An address of code lies in a file that is mapped, or in memory that the program has written
 * code into (JIT): then the map that it may keep for perf names it. */
#include "symbol/namer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "symbol/demangle.h"
#include "symbol/perf_map.h"

#define PERF_MAP_MAX ((int64_t)64 << 20)
#define TEXT_MAX_BYTES 4096 /* of a name or a path: of a longer one the beginning */

struct namer {
	struct source_text *text;
	unsigned epoch;
	struct perf_map *perf_map; /* as it was read last */
	struct stat perf_stat;
};

void name_job_free(struct name_job *job)
{
	code_entry_release(job->file);
	free(job->object);
	if (job->perf_map >= 0)
		close(job->perf_map);
	free(job);
}

void name_answer_free(struct name_answer *answer)
{
	for (size_t i = 0; i < answer->symbol.count; i++) {
		free((char *)answer->symbol.frames[i].function);
		free((char *)answer->symbol.frames[i].source);
	}
	free((void *)answer->symbol.frames);
	free((char *)answer->symbol.object);
	free((char *)answer->symbol.section);
	free((char *)answer->symbol.why);
	for (size_t i = 0; i < answer->chunk_count; i++)
		text_chunk_fini(&answer->chunks[i]);
	free(answer);
}

struct namer *namer_create(int root, uint32_t uid)
{
	struct namer *namer = mem_zalloc(sizeof *namer);
	namer->text = source_text_create(root, uid);
	return namer;
}

void namer_destroy(struct namer *namer)
{
	if (!namer)
		return;
	source_text_destroy(namer->text);
	perf_map_free(namer->perf_map);
	free(namer);
}

static bool same_version(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The map as it is now; its last line is not whole yet where a newline is missing. */
static void read_perf_map(struct namer *namer, int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || (namer->perf_map && same_version(&st, &namer->perf_stat)))
		return;
	size_t size = (size_t)(st.st_size < PERF_MAP_MAX ? st.st_size : PERF_MAP_MAX), len = 0;
	char *bytes = mem_alloc(size);
	for (ssize_t got; len < size && (got = pread(fd, bytes + len, size - len, (off_t)len)) > 0;)
		len += (size_t)got;
	while (len > 0 && bytes[len - 1] != '\n')
		len--;
	perf_map_free(namer->perf_map);
	namer->perf_map = perf_map_parse(bytes, len);
	namer->perf_stat = st;
	free(bytes);
}

static char *copy_text(const char *text)
{
	return mem_strndup(text, TEXT_MAX_BYTES);
}

static void set_frames(struct name_answer *answer, const struct debug_frame *frames, size_t count)
{
	struct code_frame *copy = mem_alloc(count * sizeof *copy);
	for (size_t i = 0; i < count; i++)
		copy[i] = (struct code_frame){
			copy_text(frames[i].function),
			copy_text(frames[i].source),
			frames[i].line,
		};
	answer->symbol.frames = copy;
	answer->symbol.count = count;
}

static void set_text(const char **text, const char *value)
{
	free((char *)*text);
	*text = copy_text(value);
}

/* Code that was made at run time: by the program's own word. */
static bool name_by_perf_map(struct namer *namer, const struct name_job *job, struct name_answer *answer)
{
	uint64_t offset = 0;
	if (job->perf_map >= 0)
		read_perf_map(namer, job->perf_map);
	const char *name = job->perf_map >= 0 ? perf_map_find(namer->perf_map, job->ip, &offset) : NULL;
	if (!name)
		return false;
	char *readable = demangle(name);
	struct debug_frame frame = { readable ? readable : name, "", 0 };
	set_frames(answer, &frame, 1);
	set_text(&answer->symbol.why, _("no source line: code made at run time, named by its perf map"));
	answer->symbol.offset = offset;
	free(readable);
	return true;
}

static bool look_up(const struct name_job *job, struct name_answer *answer)
{
	const char *why;
	uint64_t vaddr;
	struct code_place place;
	struct code_file *code = code_entry_code(job->file, &why);
	if (!code) {
		set_text(&answer->symbol.why, why);
		return false;
	}
	if (!elf_file_address(code_file_elf(code), job->offset, &vaddr)) {
		set_text(&answer->symbol.why, _("this part of the file is not loaded as part of a program"));
		return true;
	}
	code_file_find(code, vaddr, &place);
	if (place.count)
		set_frames(answer, place.frames, place.count);
	set_text(&answer->symbol.section, place.count ? "" : place.section);
	set_text(&answer->symbol.why, place.why);
	answer->symbol.offset = place.count || *place.section ? place.offset : job->offset;
	return true;
}

/* Says whether the file is one with code in it. */
static bool name_by_file(const struct name_job *job, struct name_answer *answer)
{
	code_entry_begin(job->file);
	bool code = look_up(job, answer);
	code_entry_end(job->file);
	return code;
}

static void take_source(struct namer *namer, const struct name_job *job, struct name_answer *answer)
{
	const char *why = NULL;
	int64_t written = job->file ? code_entry_written(job->file) : 0;
	for (size_t i = 0; i < answer->symbol.count; i++) {
		const struct code_frame *frame = &answer->symbol.frames[i];
		answer->chunk_count += source_text_take(namer->text, frame->source, frame->line, written,
							answer->chunks + answer->chunk_count, &why);
	}
	if (why && !*answer->symbol.why)
		set_text(&answer->symbol.why, why);
}

struct name_answer *namer_work(struct namer *namer, struct name_job *job)
{
	struct name_answer *answer = mem_zalloc(sizeof *answer);
	if (job->epoch != namer->epoch)
		source_text_forget(namer->text);
	namer->epoch = job->epoch;
	answer->identity = job->identity;
	answer->epoch = job->epoch;
	answer->symbol = (struct event_symbol){
		.ip = job->ip,
		.object = job->object,
		.section = mem_strdup(""),
		.offset = job->offset,
		.why = mem_strdup(job->why),
	};
	job->object = NULL;
	const char *why;
	if (!job->ip && job->file)
		code_entry_code(job->file, &why);
	bool done = !job->ip || (job->file && name_by_file(job, answer));
	if (!done && !*job->why && !name_by_perf_map(namer, job, answer)) {
		answer->again = true;
		if (!job->file)
			set_text(&answer->symbol.why,
				 _("code made at run time, and no perf map of the program names it"));
	}
	take_source(namer, job, answer);
	name_job_free(job);
	return answer;
}
