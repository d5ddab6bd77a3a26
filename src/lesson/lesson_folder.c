/* Reading and checking a folder. */
#include "lesson/lesson_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/language.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "lesson/lesson_parse.h"
#include "base/strbuf.h"
#include "lesson/temporary_folder.h"
#include "lesson/text_file.h"

#define TEXTS_MAX 32
#define TEXT_SUFFIX ".lesson"

static char *join(const char *folder, const char *name)
{
	struct strbuf path = { 0 };

	strbuf_printf(&path, "%s/%s", folder, name);
	return path.text;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a folder that end so, sorted; NULL-terminated. *count is how many. */
static char **list_names(const char *path, const char *suffix, size_t *count)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char **names = NULL;
	size_t cap = 0;

	*count = 0;
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !text_ends(entry->d_name, suffix))
			continue;
		mem_grow(names, cap, *count + 2);
		names[(*count)++] = mem_strdup(entry->d_name);
	}
	if (dir)
		closedir(dir);
	if (!names)
		names = mem_zalloc(sizeof *names);
	qsort(names, *count, sizeof *names, by_name);
	names[*count] = NULL;
	return names;
}

static void free_names(char **names)
{
	for (size_t i = 0; names[i]; i++)
		free(names[i]);
	free(names);
}

static bool is_lesson(const char *path)
{
	size_t count;

	free_names(list_names(path, TEXT_SUFFIX, &count));
	return count > 0;
}

/* Says that what is there by that name, if anything, is no lesson. */
static void refuse_file(const char *name, struct err *err)
{
	struct stat st;

	if (stat(name, &st) != 0)
		err_system(err, errno, _("cannot open %s"), name);
	else if (S_ISDIR(st.st_mode))
		err_set(err, ERR_NOT_FOUND,
			_("%s is not a lesson's folder: it has no text such as en.lesson"), name);
	else
		err_set(err, ERR_INPUT, _("%s is neither the recording of a lesson nor a folder with one"),
			name);
}

static char *find_folder(const char *name, const char *const *roots, struct err *err)
{
	struct stat st;

	if (strchr(name, '/') || !strcmp(name, ".")) {
		char *real = realpath(name, NULL);
		if (real && is_lesson(real))
			return real;
		free(real);
		refuse_file(name, err);
		return NULL;
	}
	for (size_t i = 0; roots[i]; i++) {
		char *path = join(roots[i], name);
		if (is_lesson(path))
			return path;
		free(path);
	}
	if (stat(name, &st) == 0 && !S_ISDIR(st.st_mode)) {
		refuse_file(name, err);
		return NULL;
	}
	err_set(err, ERR_NOT_FOUND,
		_("there is no lesson %s (pagescape lesson lists them; a folder of your own is ./%s)"), name,
		name);
	return NULL;
}

static void note_language(struct strbuf *languages, const struct lesson *l)
{
	strbuf_printf(languages, "%s%s", languages->len ? " " : "", l->language);
}

/* Texts of the folder: the one with the facts, and those that translate it. */
struct folder_texts {
	struct lesson *facts;
	struct lesson *words[TEXTS_MAX];
	size_t count;
};

static int sort_in(struct folder_texts *texts, struct lesson *l, struct err *err)
{
	if (l->translates.text && texts->count < TEXTS_MAX) {
		texts->words[texts->count++] = l;
		return 0;
	}
	if (!texts->facts) {
		texts->facts = l;
		return 0;
	}
	err_set(err, ERR_INPUT,
		_("%s:1: expected \"translates: %s\", because that text has the facts already"), l->file,
		texts->facts->language);
	lesson_destroy(l);
	return -1;
}

static int read_files(struct lesson_folder *f, struct err *err)
{
	size_t count;
	char **names = list_names(f->path, TEXT_SUFFIX, &count);
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++) {
		char *path = join(f->path, names[i]);
		mem_grow(f->files, f->file_cap, f->file_count + 1);
		struct lesson_file *file = &f->files[f->file_count];
		*file = (struct lesson_file){ 0 };
		file->text = text_file_read(path, &file->length, err);
		if (file->text)
			f->files[f->file_count++].name = mem_strdup(names[i]);
		else
			result = -1;
		free(path);
	}
	free_names(names);
	return result;
}

static int parse_texts(const struct lesson_folder *f, struct folder_texts *texts, struct err *err)
{
	for (size_t i = 0; i < f->file_count; i++) {
		struct lesson *l = lesson_parse(f->files[i].name, f->files[i].text, f->files[i].length, err);
		if (!l || sort_in(texts, l, err) < 0)
			return -1;
	}
	return 0;
}

static int check_translation(const struct folder_texts *texts, const struct lesson *words, struct err *err)
{
	if (texts->facts && !strcmp(words->translates.text, texts->facts->language))
		return 0;
	return err_set(err, ERR_INPUT, _("%s:%u: there is no text %s%s with the facts"), words->file,
		       words->translates.line, words->translates.text, TEXT_SUFFIX);
}

/* The facts, with the words of the language. Each translation is applied, so that all are checked: the wanted
 * one last, because its words stay. */
static int merge(struct lesson_folder *f, struct folder_texts *texts, const char *language, struct err *err)
{
	struct strbuf languages = { 0 };
	struct lesson *wanted = NULL;
	int result = 0;

	if (!texts->facts)
		return texts->count ? check_translation(texts, texts->words[0], err)
				    : err_set(err, ERR_NOT_FOUND, "%s", _("there is no text for the lesson"));
	note_language(&languages, texts->facts);
	f->lesson = texts->facts;
	texts->facts = NULL;
	bool own = !strcmp(f->lesson->language, language);
	struct folder_texts all = { f->lesson, { NULL }, 0 };
	for (size_t i = 0; i < texts->count && result == 0; i++) {
		struct lesson *words = texts->words[i];
		texts->words[i] = NULL;
		note_language(&languages, words);
		result = check_translation(&all, words, err);
		if (result == 0)
			result = lesson_match(f->lesson, words, err);
		if (result == 0 && !own && !strcmp(words->language, language))
			wanted = words;
		else
			lesson_destroy(words);
	}
	f->languages = languages.text;
	if (wanted && result == 0)
		lesson_translate(f->lesson, wanted);
	else
		lesson_destroy(wanted);
	return result;
}

static int parse_all_texts(struct lesson_folder *f, const char *language, struct err *err)
{
	struct folder_texts texts = { 0 };
	char *code = language ? mem_strdup(language) : language_code();
	int result = parse_texts(f, &texts, err);

	if (result == 0)
		result = merge(f, &texts, code, err);
	lesson_destroy(texts.facts);
	for (size_t i = 0; i < texts.count; i++)
		lesson_destroy(texts.words[i]);
	free(code);
	return result;
}

/* The C file: the one that the text names, else the only one. */
static char *choose_source(const struct lesson_folder *f, struct err *err)
{
	size_t count;
	char *name = NULL;

	if (f->lesson->program.text) {
		if (strchr(f->lesson->program.text, '/')) {
			err_set(err, ERR_INPUT,
				_("%s:%u: expected the name of a C file in the lesson's folder"),
				f->lesson->file, f->lesson->program.line);
			return NULL;
		}
		return mem_strdup(f->lesson->program.text);
	}
	char **names = list_names(f->path, ".c", &count);
	if (count == 1)
		name = mem_strdup(names[0]);
	else
		err_set(err, ERR_INPUT,
			_("%s:1: expected one C file in the folder, or \"program: FILE.c\"; there are %zu"),
			f->lesson->file, count);
	free_names(names);
	return name;
}

static int read_source(struct lesson_folder *f, struct err *err)
{
	f->source_name = choose_source(f, err);
	if (!f->source_name)
		return -1;
	char *path = join(f->path, f->source_name);
	f->source = text_file_read(path, &f->source_length, err);
	free(path);
	return f->source ? 0 : -1;
}

static int check_marks(struct lesson_folder *f, struct err *err)
{
	if (lesson_marks_parse(&f->marks, f->source_name, f->source, f->source_length, err) < 0)
		return -1;
	return lesson_check_marks(f->lesson, &f->marks, f->source_name, err);
}

struct lesson_folder *lesson_folder_open(const char *name, const char *const *roots, const char *language,
					 struct err *err)
{
	char *path = find_folder(name, roots, err);

	if (!path)
		return NULL;
	struct lesson_folder *f = mem_zalloc(sizeof *f);
	f->path = path;
	f->name = mem_strdup(path_name(path));
	if (read_files(f, err) == 0 && parse_all_texts(f, language, err) == 0 && read_source(f, err) == 0 &&
	    check_marks(f, err) == 0)
		return f;
	lesson_folder_close(f);
	return NULL;
}

struct lesson_folder *lesson_folder_of_files(const char *name, struct lesson_file *files, size_t count,
					     const struct lesson_file *source, const char *language,
					     struct err *err)
{
	struct lesson_folder *f = mem_zalloc(sizeof *f);

	f->name = mem_strdup(name);
	f->files = files;
	f->file_count = count;
	f->source_name = mem_strdup(source->name);
	f->source = mem_strndup(source->text, source->length);
	f->source_length = source->length;
	if (parse_all_texts(f, language, err) == 0 && check_marks(f, err) == 0)
		return f;
	lesson_folder_close(f);
	return NULL;
}

void lesson_folder_close(struct lesson_folder *f)
{
	if (!f)
		return;
	temporary_folder_destroy(f->temporary);
	for (size_t i = 0; i < f->file_count; i++) {
		free(f->files[i].name);
		free(f->files[i].text);
	}
	free(f->files);
	lesson_marks_fini(&f->marks);
	lesson_destroy(f->lesson);
	free(f->languages);
	free(f->path);
	free(f->name);
	free(f->source_name);
	free(f->source);
	free(f->program);
	free(f);
}

static bool has_name(char **names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static void add_name(char ***all, size_t *count, size_t *cap, const char *root, const char *name)
{
	char *path = join(root, name);

	if (is_lesson(path) && !has_name(*all, *count, name)) {
		mem_grow(*all, *cap, *count + 2);
		(*all)[(*count)++] = mem_strdup(name);
	}
	free(path);
}

/* Those that the root's file `order` names, a line each. */
static void add_in_order(char ***all, size_t *count, size_t *cap, const char *root)
{
	char *path = join(root, "order"), *save = NULL;
	struct err err;
	size_t length;
	char *text = text_file_read(path, &length, &err);

	for (char *name = text ? strtok_r(text, " \t\r\n", &save) : NULL; name;
	     name = strtok_r(NULL, " \t\r\n", &save))
		if (!strchr(name, '/'))
			add_name(all, count, cap, root, name);
	free(text);
	free(path);
}

char **lesson_folder_list(const char *const *roots)
{
	char **all = mem_zalloc(sizeof *all);
	size_t count = 0, cap = 1;

	for (size_t i = 0; roots[i]; i++) {
		size_t found, ordered;
		char **names = list_names(roots[i], "", &found);
		add_in_order(&all, &count, &cap, roots[i]);
		ordered = count;
		for (size_t k = 0; k < found; k++)
			add_name(&all, &count, &cap, roots[i], names[k]);
		qsort(all + ordered, count - ordered, sizeof *all, by_name);
		free_names(names);
	}
	all[count] = NULL;
	return all;
}
