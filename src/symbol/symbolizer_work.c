/* An address of code lies in a mapped file, or in memory that the program has written code into (JIT), which
 * may be named in a map that the program keeps for perf. */
#include "symbol/symbolizer_work.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "symbol/demangle.h"
#include "symbol/perf_map.h"

#define PERF_MAP_MAX ((int64_t)64 << 20)
#define TEXT_MAX_BYTES 4096 /* of a name or a path; longer ones are cut */

struct symbolizer_work {
	struct source_text *text;
	unsigned epoch;
	struct perf_map *perf_map; /* as it was read last */
	struct stat perf_stat;
};

void symbolizer_job_free(struct symbolizer_job *job)
{
	module_release(job->module);
	free(job->object);
	if (job->perf_map >= 0)
		close(job->perf_map);
	free(job);
}

void symbolizer_answer_free(struct symbolizer_answer *answer)
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
	module_release(answer->module);
	free(answer);
}

struct symbolizer_work *symbolizer_work_create(int root, uint32_t uid)
{
	struct symbolizer_work *work = mem_zalloc(sizeof *work);
	work->text = source_text_create(root, uid);
	return work;
}

void symbolizer_work_destroy(struct symbolizer_work *work)
{
	if (!work)
		return;
	source_text_destroy(work->text);
	perf_map_free(work->perf_map);
	free(work);
}

static bool same_version(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Reads the map as it is now. A last line without a newline is not complete yet. */
static void read_perf_map(struct symbolizer_work *work, int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || (work->perf_map && same_version(&st, &work->perf_stat)))
		return;
	size_t size = (size_t)min(st.st_size, PERF_MAP_MAX), len = 0;
	char *bytes = mem_alloc(size);
	for (ssize_t got; len < size && (got = pread(fd, bytes + len, size - len, (off_t)len)) > 0;)
		len += (size_t)got;
	while (len > 0 && bytes[len - 1] != '\n')
		len--;
	perf_map_free(work->perf_map);
	work->perf_map = perf_map_parse(bytes, len);
	work->perf_stat = st;
	free(bytes);
}

static char *copy_text(const char *text)
{
	return mem_strndup(text, TEXT_MAX_BYTES);
}

static void set_frames(struct symbolizer_answer *answer, const struct debug_frame *frames, size_t count)
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

/* Notes that something is missing from the answer. */
static void note_missing(struct symbolizer_answer *answer, const char *why)
{
	answer->whole = false;
	set_text(&answer->symbol.why, why);
}

/* Names code made at run time as the program itself does. */
static bool name_by_perf_map(struct symbolizer_work *work, const struct symbolizer_job *job,
			     struct symbolizer_answer *answer)
{
	uint64_t offset = 0;
	if (job->perf_map >= 0)
		read_perf_map(work, job->perf_map);
	const char *name = job->perf_map >= 0 ? perf_map_find(work->perf_map, job->ip, &offset) : NULL;
	if (!name)
		return false;
	char *readable = demangle(name);
	struct debug_frame frame = { readable ? readable : name, "", 0 };
	set_frames(answer, &frame, 1);
	note_missing(answer, _("no source line: code made at run time, named by its perf map"));
	answer->symbol.offset = offset;
	free(readable);
	return true;
}

static bool name_by_symbols(const struct symbolizer_job *job, struct symbolizer_answer *answer)
{
	uint64_t vaddr;
	struct code_location found;
	struct code_file *code = module_code(job->module);
	if (!code) {
		note_missing(answer, module_err(job->module)->text);
		return false;
	}
	if (!elf_file_address(code_file_elf(code), job->offset, &vaddr)) {
		note_missing(answer, _("this part of the file is not loaded as part of a program"));
		return true;
	}
	code_file_find(code, vaddr, &found);
	if (found.count)
		set_frames(answer, found.frames, found.count);
	set_text(&answer->symbol.section, found.count ? "" : found.section);
	answer->whole = found.whole;
	set_text(&answer->symbol.why, found.why);
	answer->symbol.offset = found.count || *found.section ? found.offset : job->offset;
	return true;
}

/* Names code by its file. Returns whether the file has code. */
static bool name_by_file(const struct symbolizer_job *job, struct symbolizer_answer *answer)
{
	module_begin(job->module);
	bool code = name_by_symbols(job, answer);
	module_end(job->module);
	return code;
}

static void take_source(struct symbolizer_work *work, const struct symbolizer_job *job,
			struct symbolizer_answer *answer)
{
	struct err err = { 0 };
	int64_t written = job->module ? module_written(job->module) : 0;
	for (size_t i = 0; i < answer->symbol.count; i++) {
		const struct code_frame *frame = &answer->symbol.frames[i];
		answer->chunk_count += source_text_take(work->text, frame->source, frame->line, written,
							answer->chunks + answer->chunk_count, &err);
	}
	if (err.code && answer->whole)
		note_missing(answer, err.text);
}

struct symbolizer_answer *symbolizer_work_do(struct symbolizer_work *work, struct symbolizer_job *job)
{
	struct symbolizer_answer *answer = mem_zalloc(sizeof *answer);
	if (job->epoch != work->epoch)
		source_text_forget(work->text);
	work->epoch = job->epoch;
	answer->identity = job->identity;
	answer->epoch = job->epoch;
	answer->whole = !job->refusal.code;
	answer->symbol = (struct event_symbol){
		.ip = job->ip,
		.object = job->object,
		.section = mem_strdup(""),
		.offset = job->offset,
		.why = mem_strdup(job->refusal.text),
	};
	job->object = NULL;
	if (!job->ip && job->module)
		module_code(job->module);
	bool done = !job->ip || (job->module && name_by_file(job, answer));
	if (!done && !job->refusal.code && !name_by_perf_map(work, job, answer)) {
		answer->again = true;
		if (!job->module)
			note_missing(answer,
				     _("code made at run time, and no perf map of the program names it"));
	}
	take_source(work, job, answer);
	if (job->ip && job->module && done) {
		answer->module = module_hold(job->module);
		answer->at = job->offset;
	}
	symbolizer_job_free(job);
	return answer;
}
