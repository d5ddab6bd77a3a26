/* A line is a name, "=", and a value to the end of the line; "#" begins a line that is a comment. */
#include "cmd/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/command_line.h"
#include "cmd/user_path.h"
#include "ui/commands.h"

#define SIZE_MAX_BYTES 65536

/* Without blanks at both ends. */
static char *trim(char *text)
{
	char *end;

	text += strspn(text, " \t\r");
	for (end = text + strlen(text); end > text && strchr(" \t\r", end[-1]);)
		*--end = '\0';
	return text;
}

/* "F5 = goto heap" */
static int take_key(struct options *options, char *text, struct err *err)
{
	char *label = text + strspn(text, " \t"), *rest = label + strcspn(label, " \t");

	if (*rest)
		*rest++ = '\0';
	rest = trim(rest);
	if (!*label || *rest != '=')
		return err_set(err, ERR_USAGE, "%s", _("to bind a key, write: key KEY = COMMANDS"));
	return commands_bind(&options->settings.keys, label, trim(rest + 1), err);
}

static int take_line(struct options *options, char *line, struct err *err)
{
	char *value;

	line = trim(line);
	if (!*line || *line == '#')
		return 0;
	if (text_begins(line, "key") && (line[3] == ' ' || line[3] == '\t'))
		return take_key(options, line + 4, err);
	value = strchr(line, '=');
	if (!value)
		return err_set(err, ERR_USAGE, _("a setting is written as NAME = VALUE, not: %.60s"), line);
	*value++ = '\0';
	return command_line_set(options, trim(line), trim(value), err);
}

static int take_lines(struct options *options, const char *path, char *text, struct err *err)
{
	struct err failure = { 0 };
	char *line;
	int number = 0;

	while ((line = strsep(&text, "\n")) != NULL) {
		number++;
		if (take_line(options, line, &failure) < 0)
			return err_set(err, ERR_USAGE, "%s:%d: %s", path, number, failure.text);
	}
	return 0;
}

/* The whole file, which the options own from now on: they point into it. */
static int read_text(struct options *options, const char *path, FILE *in, struct err *err)
{
	char *text = mem_alloc(SIZE_MAX_BYTES + 1);
	size_t len = fread(text, 1, SIZE_MAX_BYTES + 1, in);

	free(options->settings.text);
	options->settings.text = text;
	if (ferror(in))
		return err_system(err, errno, _("cannot read %s"), path);
	if (len > SIZE_MAX_BYTES)
		return err_set(err, ERR_USAGE, _("%s is too long for a settings file"), path);
	text[len] = '\0';
	if (strlen(text) < len)
		return err_set(err, ERR_USAGE, _("%s is not a text file"), path);
	return take_lines(options, path, text, err);
}

/* HOME may still be another user's after su or sudo: those settings are not ours and cannot be read. */
static bool is_anothers(const char *path, int number)
{
	const char *home = getenv("HOME");
	struct stat st;

	return number == EACCES && home && text_begins(path, home) && stat(home, &st) == 0 &&
	       st.st_uid != geteuid();
}

int settings_read(struct options *options, struct err *err)
{
	char *path = user_path("XDG_CONFIG_HOME", ".config", "config");
	FILE *in = path ? fopen(path, "re") : NULL;
	int result = 0;

	if (in)
		result = read_text(options, path, in, err);
	else if (path && errno != ENOENT && errno != ENOTDIR && !is_anothers(path, errno))
		result = err_system(err, errno, _("cannot read %s"), path);
	if (in)
		fclose(in);
	free(path);
	return result;
}
