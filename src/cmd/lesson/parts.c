/* What a lecture is made of: lessons, or recordings of them. A recorded lecture is a folder with a session file for
 * each lesson, which are given by name:
 *
 *     lecture/01-addresses.pgs
 *     lecture/02-addresses-32.pgs
 */
#include "cmd/lesson/parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cmd/own_files.h"
#include "lesson/lesson_folder.h"

#define SUFFIX ".pgs"
#define TEXT_SUFFIX                                                                                          \
	".lesson" /* of a lesson's folder, which is not one of recordings, whatever else is in it */

bool lesson_is_recording(const char *path)
{
	static const char magic[] = "\x89PGS\r\n\x1a\n";
	char head[sizeof magic - 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is = fd >= 0 && read(fd, head, sizeof head) == (ssize_t)sizeof head &&
		  !memcmp(head, magic, sizeof head);

	if (fd >= 0)
		close(fd);
	return is;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A file that is named like a session, but is none, is left out, and reported. */
static void report_left_out(const char *path, const char *name)
{
	struct stat st;
	struct strbuf shown = { 0 };

	if (!text_ends(name, SUFFIX))
		return;
	text_printable(&shown, path, strlen(path));
	if (stat(path, &st) < 0)
		fprintf(stderr, _("pagescape: %s is left out: %s\n"), shown.text, strerror(errno));
	else if (access(path, R_OK) < 0)
		fprintf(stderr, _("pagescape: %s is left out: %s\n"), shown.text, strerror(errno));
	else
		fprintf(stderr, _("pagescape: %s is left out: %s\n"), shown.text,
			st.st_size ? _("it is not a session") : _("it is empty"));
	strbuf_fini(&shown);
}

/* The session files of a folder, by name; empty where there are none, or where it is a lesson's. */
static char **list_recordings(const char *folder, bool report)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char **paths = mem_zalloc(sizeof *paths);
	size_t count = 0, cap = 1;
	bool lesson = false;

	while (dir && (entry = readdir(dir))) {
		struct strbuf path = { 0 };

		strbuf_printf(&path, "%s/%s", folder, entry->d_name);
		lesson |= text_ends(entry->d_name, TEXT_SUFFIX);
		if (!lesson_is_recording(path.text)) {
			if (report)
				report_left_out(path.text, entry->d_name);
			strbuf_fini(&path);
			continue;
		}
		mem_grow(paths, cap, count + 2);
		paths[count++] = path.text;
		paths[count] = NULL;
	}
	if (dir)
		closedir(dir);
	for (; lesson && count; paths[count] = NULL)
		free(paths[--count]);
	qsort(paths, count, sizeof *paths, by_name);
	return paths;
}

size_t lesson_parts_left_out(const struct options *options)
{
	const char *folder = options->all ? NULL : options->input.operands[0];
	DIR *dir = folder ? opendir(folder) : NULL;
	struct dirent *entry;
	size_t count = 0;

	while (dir && (entry = readdir(dir))) {
		struct strbuf path = { 0 };

		strbuf_printf(&path, "%s/%s", folder, entry->d_name);
		count += text_ends(entry->d_name, SUFFIX) && !lesson_is_recording(path.text);
		strbuf_fini(&path);
	}
	if (dir)
		closedir(dir);
	return count;
}

static char **list_one(const char *name)
{
	char **list = mem_zalloc(2 * sizeof *list);

	*list = mem_strdup(name);
	return list;
}

char **lesson_parts(const struct options *options)
{
	const char *name = options->input.operands[0];
	char **list;

	if (options->all) {
		char **roots = own_files_lesson_roots();
		list = lesson_folder_list((const char *const *)roots);
		own_files_free(roots);
		return list;
	}
	list = list_recordings(name, true);
	if (*list)
		return list;
	own_files_free(list);
	return list_one(name);
}

int lesson_record_folder(const struct options *options, struct err *err)
{
	const char *path = options->output.file;
	char **there;
	bool any;

	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno != EEXIST)
		return err_system(err, errno, _("cannot make the folder %s"), path);
	there = list_recordings(path, false);
	any = *there;
	own_files_free(there);
	if (any && !options->output.force)
		return err_set(err, ERR_SYSTEM, _("%s has recordings already (--force overwrites them)"),
			       path);
	return access(path, W_OK | X_OK) == 0 ? 0 : err_system(err, errno, _("cannot write into %s"), path);
}

char *lesson_record_path(const struct options *options, size_t number, const char *lesson)
{
	struct strbuf path = { 0 };

	if (!options->output.file)
		return NULL;
	if (options->all)
		strbuf_printf(&path, "%s/%02zu-%s%s", options->output.file, number + 1, lesson, SUFFIX);
	else
		strbuf_puts(&path, options->output.file);
	return path.text;
}
