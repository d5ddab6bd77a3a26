#include "cmd/user_path.h"

#include <stdlib.h>

#include "base/strbuf.h"

char *user_path(const char *variable, const char *usual, const char *name)
{
	const char *folder = getenv(variable), *home = getenv("HOME");
	struct strbuf path = { 0 };

	/* a relative path is to be ignored, says the specification */
	if (folder && *folder == '/')
		strbuf_printf(&path, "%s/pagescape/%s", folder, name);
	else if (home && *home == '/')
		strbuf_printf(&path, "%s/%s/pagescape/%s", home, usual, name);
	return path.text;
}
