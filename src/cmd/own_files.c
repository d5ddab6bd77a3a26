#include "cmd/own_files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/strbuf.h"

#define PATH_BYTES 4096

bool own_files_build_directory(char *path, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	if (length <= 0)
		return false;
	path[length] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return slash - path >= 4 && !strcmp(slash - 4, "/src");
}

static void add(char ***list, size_t *cap, size_t *count, char *path)
{
	mem_grow(*list, *cap, *count + 2);
	(*list)[(*count)++] = path;
	(*list)[*count] = NULL;
}

char **own_files_lesson_roots(void)
{
	const char *own = getenv("PAGESCAPE_LESSONS");
	char directory[PATH_BYTES], **list = NULL;
	size_t cap = 0, count = 0;

	while (own && *own) {
		size_t length = strcspn(own, ":");
		if (length)
			add(&list, &cap, &count, mem_strndup(own, length));
		own += length + (own[length] == ':');
	}
	if (own_files_build_directory(directory, sizeof directory)) {
		struct strbuf path = { 0 };
		strbuf_printf(&path, "%s/../data/lessons", directory);
		add(&list, &cap, &count, path.text);
	}
	add(&list, &cap, &count, mem_strdup(PKGDATADIR "/lessons"));
	return list;
}

void own_files_free(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

char *own_files_messages(void)
{
	char directory[PATH_BYTES];
	struct strbuf path = { 0 };

	if (own_files_build_directory(directory, sizeof directory))
		strbuf_printf(&path, "%s/../po/locale", directory);
	else
		strbuf_printf(&path, "%s", LOCALEDIR);
	return path.text;
}
