#include "cmd/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/language.h"
#include "cmd/subcommand.h"

bool options_given(const struct options *options, enum option_id id)
{
	return options->given[id];
}

static bool has(const enum option_id *list, enum option_id id)
{
	while (*list != OPTION_IDS && *list != id)
		list++;
	return *list != OPTION_IDS;
}

enum option_id options_first_given(const struct options *options, const enum option_id *list)
{
	while (*list != OPTION_IDS && !options->given[*list])
		list++;
	return *list;
}

bool options_taken(const struct subcommand *command, enum option_id id)
{
	static const enum option_id all_take[] = { OPTION_HELP, OPTION_VERSION, OPTION_NO_CONFIG, OPTION_LANG,
						   OPTION_IDS };

	return has(all_take, id) || has(command->options, id);
}

bool options_running(const struct options *options)
{
	return options->input.pid || options->input.cgroup || options->input.name;
}

bool options_several(const struct options *options)
{
	return options->input.pids.count > 1 || options->input.cgroup || options->input.name;
}

bool options_ascii(const struct options *options)
{
	return options->screen.terminal.ascii || !language_is_utf8();
}

void options_fini(struct options *options)
{
	keymap_fini(&options->settings.keys);
	free(options->settings.text);
}
