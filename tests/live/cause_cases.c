/* Each case makes the faults that its name says. */
#include "live/cause_cases.h"

#include <string.h>
#include <unistd.h>

#include "live/cause_target.h"

static void touch(const struct cause_case *cases, const char *name)
{
	for (; cases->name; cases++)
		if (!strcmp(cases->name, name))
			cases->touch();
}

void cause_case_run(const char *name, const char *path)
{
	static const struct cause_case *const files[] = { plain_cases, fork_cases, moved_cases,
							  userfault_cases, again_cases };

	target_begin(path);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		touch(files[i], name);
	target_end();
	_exit(0);
}
