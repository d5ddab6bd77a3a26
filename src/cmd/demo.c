/* Where the demo is. A pagescape that was built but not installed is BUILD/src/pagescape, and
 * its demo is BUILD/data/demos/demo. */
#include "cmd/demo.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/strbuf.h"

#define DEMO "demo"

/* The directory that this program lies in; false where it is not BUILD/src. */
static bool build_directory(char *path, size_t size)
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

char *demo_path(struct err *err)
{
	char directory[4096];
	struct strbuf path = { 0 };

	if (build_directory(directory, sizeof directory)) {
		strbuf_printf(&path, "%s/../data/demos/%s", directory, DEMO);
		if (access(path.text, X_OK) == 0)
			return path.text;
		strbuf_clear(&path);
	}
	strbuf_printf(&path, "%s/%s", PKGLIBEXECDIR, DEMO);
	if (access(path.text, X_OK) == 0)
		return path.text;
	err_set(err, ERR_NOT_FOUND, _("the demo is not installed: there is no %s"), path.text);
	strbuf_fini(&path);
	return NULL;
}
