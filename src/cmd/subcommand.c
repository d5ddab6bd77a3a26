/* The table of commands. A new one is a file of its own and a line here. */
#include "cmd/subcommand.h"

#include <string.h>

static const struct subcommand *const commands[] = {
	&subcommand_watch,  &subcommand_snapshot, &subcommand_faults,
	&subcommand_record, &subcommand_replay,   &subcommand_diff,
	&subcommand_export, &subcommand_doctor,   NULL,
};

const struct subcommand *const *subcommand_list(void)
{
	return commands;
}

const struct subcommand *subcommand_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->name && !strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}
