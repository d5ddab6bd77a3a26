#include "cmd/lesson/lecture_position.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/new_file.h"
#include "cmd/user_path.h"
#include "kern/procfile.h"
#include "kern/stat.h"

char *lecture_position_path(void)
{
	return user_path("XDG_STATE_HOME", ".local/state", "lecture.json");
}

/* Each directory that leads there. */
static void make_directories(const char *path)
{
	char *copy = mem_strdup(path);

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0700);
		*slash = '/';
	}
	free(copy);
}

int lecture_position_prepare(const char *path, struct err *err)
{
	char *folder = mem_strndup(path, (size_t)(strrchr(path, '/') - path));
	int result = 0;

	make_directories(path);
	if (access(folder, W_OK | X_OK) < 0)
		result = err_system(err, errno, _("cannot write into %s"), folder);
	free(folder);
	return result;
}

/* Any bytes; what is no UTF-8 is replaced. */
static json_t *text(const char *bytes)
{
	char *utf8 = text_utf8_dup(bytes ? bytes : "", bytes ? strlen(bytes) : 0);
	json_t *json = json_string(utf8);

	free(utf8);
	return json;
}

static json_t *to_json(const struct lecture_position *p)
{
	json_t *json = json_object(), *lessons = json_array();

	for (char **name = p->lessons; name && *name; name++)
		json_array_append_new(lessons, text(*name));
	json_object_set_new(json, "lessons", lessons);
	json_object_set_new(json, "language", text(p->language));
	json_object_set_new(json, "number", json_integer((json_int_t)p->number));
	json_object_set_new(json, "step", json_integer((json_int_t)p->step));
	json_object_set_new(json, "steps", json_integer((json_int_t)p->steps));
	json_object_set_new(json, "score", text(p->score));
	json_object_set_new(json, "began", json_integer(p->began));
	json_object_set_new(json, "at", json_integer(p->at));
	json_object_set_new(json, "pid", json_integer(p->pid));
	json_object_set_new(json, "born", json_integer((json_int_t)p->born));
	json_object_set_new(json, "lesson", text(p->lesson));
	json_object_set_new(json, "title", text(p->title));
	json_object_set_new(json, "next", text(p->next));
	json_object_set_new(json, "notes", text(p->notes));
	json_object_set_new(json, "asking", json_boolean(p->asking));
	json_object_set_new(json, "over", json_boolean(p->over));
	return json;
}

int lecture_position_write(const char *path, const struct lecture_position *p, struct err *err)
{
	struct new_file file;
	json_t *json;
	int result;

	make_directories(path);
	if (new_file_open(&file, path, true, err) < 0)
		return -1;
	json = to_json(p);
	result = json_dumpfd(json, file.fd, JSON_INDENT(1)) < 0 ? new_file_fail(&file, errno, err)
								: new_file_keep(&file, err);
	json_decref(json);
	close(file.fd);
	new_file_fini(&file);
	return result;
}

static char *text_of(const json_t *json, const char *key)
{
	const char *value = json_string_value(json_object_get(json, key));

	return mem_strdup(value ? value : "");
}

static size_t number_of(const json_t *json, const char *key)
{
	json_int_t value = json_integer_value(json_object_get(json, key));

	return value > 0 && value < 1000000 ? (size_t)value : 0;
}

static void from_json(struct lecture_position *p, const json_t *json)
{
	const json_t *lessons = json_object_get(json, "lessons");
	size_t n = json_array_size(lessons);

	p->lessons = mem_zalloc((n + 1) * sizeof *p->lessons);
	for (size_t i = 0; i < n; i++) {
		const char *name = json_string_value(json_array_get(lessons, i));

		p->lessons[i] = mem_strdup(name ? name : "");
	}
	p->language = text_of(json, "language");
	p->number = number_of(json, "number");
	p->step = number_of(json, "step");
	p->steps = number_of(json, "steps");
	p->score = text_of(json, "score");
	p->began = json_integer_value(json_object_get(json, "began"));
	p->at = json_integer_value(json_object_get(json, "at"));
	p->pid = (int32_t)json_integer_value(json_object_get(json, "pid"));
	p->born = (uint64_t)json_integer_value(json_object_get(json, "born"));
	p->lesson = text_of(json, "lesson");
	p->title = text_of(json, "title");
	p->next = text_of(json, "next");
	p->notes = text_of(json, "notes");
	p->asking = json_is_true(json_object_get(json, "asking"));
	p->over = json_is_true(json_object_get(json, "over"));
}

int lecture_position_read(const char *path, struct lecture_position *p, struct err *err)
{
	json_error_t error;
	json_t *json;

	*p = (struct lecture_position){ 0 };
	if (access(path, F_OK) < 0)
		return err_set(err, ERR_NOT_FOUND, _("no lecture has been given yet: there is no %s"), path);
	json = json_load_file(path, 0, &error);
	if (!json_is_object(json) || json_array_size(json_object_get(json, "lessons")) == 0) {
		json_decref(json);
		return err_set(err, ERR_INPUT, _("%s does not say where a lecture was left: remove it"),
			       path);
	}
	from_json(p, json);
	json_decref(json);
	return 0;
}

/* 0: there is no such process. */
static uint64_t birth_of(int32_t pid)
{
	struct strbuf text = { 0 };
	struct process_stat stat = { 0 };
	int dir = procfile_open_process(NULL, pid, NULL);

	if (dir < 0)
		return 0;
	if (procfile_read(dir, "stat", &text, NULL) < 0 || !stat_parse(text.text, text.len, &stat) ||
	    stat.counters.state == 'Z')
		stat.start_ticks = 0;
	strbuf_fini(&text);
	close(dir);
	return stat.start_ticks;
}

void lecture_position_sign(struct lecture_position *p)
{
	p->pid = (int32_t)getpid();
	p->born = birth_of(p->pid);
}

bool lecture_position_is_on(const struct lecture_position *p)
{
	return !p->over && p->pid > 0 && p->born && birth_of(p->pid) == p->born;
}

void lecture_position_fini(struct lecture_position *p)
{
	for (char **name = p->lessons; name && *name; name++)
		free(*name);
	free(p->lessons);
	free(p->language);
	free(p->score);
	free(p->lesson);
	free(p->title);
	free(p->next);
	free(p->notes);
	*p = (struct lecture_position){ 0 };
}
