/* What the thread that names code does, without the thread: source lines in chunks, code that is
 * named by a perf map. */
#include "symbol/symbolizer_work.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "unit/check.h"

static char folder[] = "/tmp/pagescape-symbolizer.XXXXXX";

static int make_folder(void **state)
{
	return mkdtemp(folder) && chmod(folder, 0755) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static const char *in_folder(const char *name)
{
	static char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

/* Lines "line 1" to "line n". */
static const char *write_lines(const char *name, int n)
{
	FILE *f = fopen(in_folder(name), "w");
	assert_non_null(f);
	for (int i = 1; i <= n; i++)
		fprintf(f, "line %d\n", i);
	assert_int_equal(fclose(f), 0);
	return in_folder(name);
}

static void expect_chunk(struct text_chunk *chunk, const char *path, uint32_t first, uint32_t last)
{
	char text[4096];
	size_t at = 0;
	assert_string_equal(chunk->path, path);
	assert_int_equal(chunk->first, first);
	for (uint32_t i = first; i <= last; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%sline %u", i > first ? "\n" : "", i);
	assert_string_equal(chunk->text, text);
	text_chunk_fini(chunk);
}

static void test_chunks(void **state)
{
	struct source_text *s = source_text_create(-1, geteuid());
	struct text_chunk chunks[SOURCE_TEXT_CHUNKS_MAX];
	const char *path = write_lines("source", 40);
	struct err err = { 0 };
	assert_int_equal(source_text_take(s, path, 20, 0, chunks, &err), 2);
	expect_chunk(&chunks[0], path, 1, 16);
	expect_chunk(&chunks[1], path, 17, 32);
	assert_int_equal(source_text_take(s, path, 20, 0, chunks, &err), 0);
	assert_int_equal(source_text_take(s, path, 25, 0, chunks, &err), 0);
	assert_int_equal(source_text_take(s, path, 40, 0, chunks, &err), 1);
	expect_chunk(&chunks[0], path, 33, 40);
	assert_int_equal(source_text_take(s, path, 1000, 0, chunks, &err), 0);
	source_text_forget(s);
	assert_int_equal(source_text_take(s, path, 1, 0, chunks, &err), 1);
	expect_chunk(&chunks[0], path, 1, 16);
	assert_int_equal(err.code, ERR_NONE);
	/* a line number that would wrap, and none */
	assert_int_equal(source_text_take(s, path, UINT32_MAX, 0, chunks, &err), 0);
	assert_int_equal(source_text_take(s, path, 0, 0, chunks, &err), 0);
	source_text_destroy(s);
}

/* As many chunks as there can be: the table of chunks sent grows. */
static void test_many_chunks(void **state)
{
	struct source_text *s = source_text_create(-1, geteuid());
	struct text_chunk chunks[SOURCE_TEXT_CHUNKS_MAX];
	const char *path = write_lines("many", 16 * 300);
	struct err err = { 0 };
	for (uint32_t i = 0; i < 300; i++) {
		assert_int_equal(source_text_take(s, path, 16 * i + 8, 0, chunks, &err), 1);
		expect_chunk(&chunks[0], path, 16 * i + 1, 16 * i + 16);
	}
	for (uint32_t line = 1; line < 16 * 300; line += 7)
		assert_int_equal(source_text_take(s, path, line, 0, chunks, &err), 0);
	source_text_destroy(s);
}

static void test_odd_lines(void **state)
{
	struct source_text *s = source_text_create(-1, geteuid());
	struct text_chunk chunks[SOURCE_TEXT_CHUNKS_MAX];
	struct err err = { 0 };
	FILE *f = fopen(in_folder("odd"), "w");
	fwrite("dos\r\nzer\0o\n", 1, 11, f);
	for (int i = 0; i < 5000; i++)
		fputs("ä", f);
	fputs("\nno newline", f);
	fclose(f);
	assert_int_equal(source_text_take(s, in_folder("odd"), 1, 0, chunks, &err), 1);
	assert_int_equal(strncmp(chunks[0].text, "dos\nzer o\nä", 11), 0);
	const char *third = strchr(strchr(chunks[0].text, '\n') + 1, '\n') + 1;
	assert_in_range(strcspn(third, "\n"), 1000, 1024);
	assert_int_equal(strcspn(third, "\n") % 2, 0); /* no half character */
	assert_string_equal(third + strcspn(third, "\n"), "\nno newline");
	text_chunk_fini(&chunks[0]);
	source_text_destroy(s);
}

static void test_refused_files(void **state)
{
	struct source_text *s = source_text_create(-1, geteuid());
	struct text_chunk chunks[SOURCE_TEXT_CHUNKS_MAX];
	struct stat st;
	const char *path = write_lines("newer", 3);
	struct err err = { 0 };
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(source_text_take(s, path, 1, st.st_mtime - 10, chunks, &err), 0);
	assert_int_equal(err.code, ERR_INPUT);
	err.code = ERR_NONE;
	assert_int_equal(source_text_take(s, "relative.c", 1, 0, chunks, &err), 0);
	assert_int_equal(source_text_take(s, folder, 1, 0, chunks, &err), 0);
	assert_int_equal(source_text_take(s, "/nowhere/at/all", 1, 0, chunks, &err), 0);
	assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
	assert_int_equal(source_text_take(s, in_folder("pipe"), 1, 0, chunks, &err),
			 0); /* and does not wait */
	assert_int_equal(source_text_take(s, "/dev/zero", 1, 0, chunks, &err), 0);
	assert_int_equal(err.code, ERR_NONE);
	source_text_destroy(s);
}

/* Run by root, it shows nothing that the owner of the process could not read. */
static void test_of_another_user(void **state)
{
	struct source_text *s = source_text_create(-1, 65534);
	struct text_chunk chunks[SOURCE_TEXT_CHUNKS_MAX];
	const char *path = write_lines("secret", 3);
	struct err err = { 0 };
	if (geteuid() == 65534)
		skip();
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(source_text_take(s, path, 1, 0, chunks, &err), 0);
	source_text_forget(s);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(source_text_take(s, path, 1, 0, chunks, &err), 1);
	text_chunk_fini(&chunks[0]);
	source_text_destroy(s);
}

static struct symbolizer_job *make_job(uint64_t ip, int perf_map)
{
	struct symbolizer_job *job = mem_zalloc(sizeof *job);
	job->ip = ip;
	job->object = mem_strdup("");
	job->perf_map = perf_map < 0 ? -1 : dup(perf_map);
	return job;
}

static void expect_name(struct symbolizer_work *work, uint64_t ip, int fd, const char *name, uint64_t offset)
{
	struct symbolizer_answer *answer = symbolizer_work_do(work, make_job(ip, fd));
	assert_true(answer->symbol.ip == ip);
	assert_int_equal(answer->symbol.count, name ? 1 : 0);
	assert_true(answer->again == !name);
	assert_true(strlen(answer->symbol.why) > 0);
	if (name) {
		assert_string_equal(answer->symbol.frames[0].function, name);
		assert_true(answer->symbol.offset == offset);
	}
	symbolizer_answer_free(answer);
}

static void test_perf_map(void **state)
{
	struct symbolizer_work *work = symbolizer_work_create(-1, geteuid());
	int fd = memfd_create("map", MFD_CLOEXEC);
	expect_name(work, 0x1008, -1, NULL, 0);
	expect_name(work, 0x1008, fd, NULL, 0);
	assert_true(dprintf(fd, "1000 10 first\n1010 10 _ZN4demo4fill17h0123456789abcdefE\n1020 10 half") >
		    0);
	expect_name(work, 0x1008, fd, "first", 8);
	expect_name(work, 0x1010, fd, "demo::fill", 0);
	expect_name(work, 0x1020, fd, NULL, 0); /* its line is incomplete */
	assert_true(dprintf(fd, " a line\n") > 0);
	expect_name(work, 0x1021, fd, "half a line", 1);
	expect_name(work, 0x1030, fd, NULL, 0);
	close(fd);
	symbolizer_work_destroy(work);
}

/* A name of a megabyte is cut: it goes into sessions and onto screens. */
static void test_long_name(void **state)
{
	struct symbolizer_work *work = symbolizer_work_create(-1, geteuid());
	int fd = memfd_create("map", MFD_CLOEXEC);
	FILE *f = fdopen(fd, "w");
	fputs("1000 10 ", f);
	for (int i = 0; i < 1 << 20; i++)
		fputc('x', f);
	fputs("\n", f);
	fflush(f);
	struct symbolizer_answer *answer = symbolizer_work_do(work, make_job(0x1000, fd));
	assert_int_equal(answer->symbol.count, 1);
	assert_int_equal(strlen(answer->symbol.frames[0].function), 4096);
	symbolizer_answer_free(answer);
	fclose(f);
	symbolizer_work_destroy(work);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chunks),          cmocka_unit_test(test_many_chunks),
		cmocka_unit_test(test_odd_lines),       cmocka_unit_test(test_refused_files),
		cmocka_unit_test(test_of_another_user), cmocka_unit_test(test_perf_map),
		cmocka_unit_test(test_long_name),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
