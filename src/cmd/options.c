#include "cmd/options.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/subcommand.h"

void options_note(struct options *options, const char *name)
{
	if (!options_given(options, name))
		options->given.names[options->given.count++] = name;
}

bool options_given(const struct options *options, const char *name)
{
	for (size_t i = 0; i < options->given.count; i++)
		if (!strcmp(options->given.names[i], name))
			return true;
	return false;
}

bool options_taken(const struct subcommand *command, const char *name)
{
	static const char *const all_take[] = { "help", "version", "no-config", "lang" };

	for (size_t i = 0; i < sizeof all_take / sizeof *all_take; i++)
		if (!strcmp(name, all_take[i]))
			return true;
	for (const char *const *each = command->options; *each; each++)
		if (!strcmp(*each, name))
			return true;
	return false;
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
	return options->screen.terminal.ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

void options_fini(struct options *options)
{
	keymap_fini(&options->settings.keys);
	free(options->settings.text);
}
