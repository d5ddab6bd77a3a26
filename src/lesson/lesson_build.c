/* The lesson's program: the one that is there, or a new one.
 *
 * A program is used if it is not older than its source. A compiled one goes into a folder of its own, which
 * is removed. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/language.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "lesson/lesson_folder.h"
#include "lesson/temporary_folder.h"

#define WORDS_MAX 64
#define SAID_MAX 400 /* bytes of a line of the compiler */

/* The program's name: the source's without ".c"; the caller frees it. */
static char *program_name(const struct lesson_folder *f)
{
	return mem_strndup(f->source_name, strcspn(f->source_name, "."));
}

/* Is it there, and not older than the source? `installed`: what was installed with the source fits. */
static bool is_fresh(const struct lesson_folder *f, const char *program)
{
	struct strbuf path = { 0 };
	struct stat source, binary;

	strbuf_printf(&path, "%s/%s", f->path, f->source_name);
	bool fresh = access(program, X_OK) == 0 && stat(path.text, &source) == 0 &&
		     stat(program, &binary) == 0 && S_ISREG(binary.st_mode) &&
		     (binary.st_mtim.tv_sec > source.st_mtim.tv_sec ||
		      (binary.st_mtim.tv_sec == source.st_mtim.tv_sec &&
		       binary.st_mtim.tv_nsec >= source.st_mtim.tv_nsec));
	strbuf_fini(&path);
	return fresh;
}

static bool find_built(struct lesson_folder *f, const char *built)
{
	struct strbuf path = { 0 };
	char *name = program_name(f);

	strbuf_printf(&path, "%s/%s", f->path, name);
	bool found = is_fresh(f, path.text);
	if (!found && built) {
		strbuf_clear(&path);
		strbuf_printf(&path, "%s/%s", built, f->name);
		found = access(path.text, X_OK) == 0;
	}
	free(name);
	if (found)
		f->program = path.text;
	else
		strbuf_fini(&path);
	return found;
}

/* Splits at blanks; the words point into the text. */
static size_t split(char *text, char **words, size_t count)
{
	char *save = NULL;

	for (char *word = strtok_r(text, " \t", &save); word && count + 1 < WORDS_MAX;
	     word = strtok_r(NULL, " \t", &save))
		words[count++] = word;
	return count;
}

/* Our environment, but with English messages from the compiler, because they are parsed. The caller frees the
 * array. */
static char **english_environment(void)
{
	char **given = language_environment(), **made;
	size_t count = 0, kept = 0;

	while (given && given[count])
		count++;
	made = mem_alloc((count + 2) * sizeof *made);
	for (size_t i = 0; i < count; i++)
		if (!text_begins(given[i], "LC_ALL="))
			made[kept++] = given[i];
	made[kept++] = (char *)"LC_ALL=C";
	made[kept] = NULL;
	return made;
}

/* How informative a line is. The linker's driver only sums up. */
static int weight_of(const char *line)
{
	if (strstr(line, "error: ") && !text_begins(line, "collect2: "))
		return 3;
	return strstr(line, "undefined reference") ? 2 : *line ? 1 : 0;
}

/* Of what the compiler says, the first line of the greatest weight; said: SAID_MAX bytes. */
static void read_said(int fd, char *said)
{
	int weight = 0;
	size_t size = 0;
	char *line = NULL;
	FILE *file = fdopen(fd, "r");

	*said = '\0';
	while (file && getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (weight_of(line) <= weight)
			continue;
		weight = weight_of(line);
		snprintf(said, SAID_MAX, "%s", line);
	}
	free(line);
	if (file)
		fclose(file);
	else
		close(fd);
}

/* Runs it with its output in a pipe, and keeps the line that says what is wrong. Returns its exit
 * status, or -1 with err where it could not be started. */
static int run(char **words, char *said, struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int pipes[2], status = -1;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) != 0)
		return err_system(err, errno, "%s", words[0]);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], STDERR_FILENO);
	sigemptyset(&none); /* ours are blocked */
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	char **environment = english_environment();
	int failed = posix_spawnp(&pid, words[0], &actions, &attributes, words, environment);
	free(environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	read_said(pipes[0], said);
	if (failed)
		return err_system(err, failed, "%s", words[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

static int compile(struct lesson_folder *f, const char *program, struct err *err)
{
	const char *compiler = getenv("CC");
	char *cc = mem_strdup(compiler && *compiler ? compiler : "cc");
	char *more = mem_strdup(f->lesson->compile.text ? f->lesson->compile.text : "");
	char *words[WORDS_MAX + 8], said[SAID_MAX];
	struct strbuf source = { 0 };
	struct err failure = { 0 };
	size_t n = split(cc, words, 0);

	strbuf_printf(&source, "%s/%s", f->path, f->source_name);
	words[n++] = (char *)"-O0";
	words[n++] = (char *)"-g";
	words[n++] = (char *)"-o";
	words[n++] = (char *)program;
	words[n++] = source.text;
	n = split(more, words, n);
	words[n] = NULL;
	int status = run(words, said, &failure);
	if (status < 0)
		err_system(err, failure.errnum, _("cannot compile %s: cannot run %s"), f->source_name,
			   words[0]);
	else if (status > 0)
		err_set(err, ERR_INPUT, _("cannot compile it: %s"), said);
	strbuf_fini(&source);
	free(cc);
	free(more);
	return status == 0 ? 0 : -1;
}

int lesson_folder_build(struct lesson_folder *f, const char *built, struct err *err)
{
	if (f->program || find_built(f, built))
		return 0;
	char *name = program_name(f);
	f->temporary = temporary_folder_create(name, err);
	free(name);
	if (!f->temporary || compile(f, f->temporary->file, err) < 0)
		return -1;
	f->program = mem_strdup(f->temporary->file);
	return 0;
}
