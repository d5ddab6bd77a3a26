#include "cmd/subcommands.h"

#include <string.h>

/* One name a subcommand; the first is what is done without a word. */
#define SUBCOMMANDS(X)                                                                                       \
	X(watch)                                                                                             \
	X(snapshot)                                                                                          \
	X(why)                                                                                               \
	X(faults)                                                                                            \
	X(record)                                                                                            \
	X(replay)                                                                                            \
	X(diff)                                                                                              \
	X(export)                                                                                            \
	X(check)                                                                                             \
	X(lesson)                                                                                            \
	X(doctor)                                                                                            \
	X(help)

#define DECLARE(name) extern const struct subcommand subcommand_##name;
SUBCOMMANDS(DECLARE)

#define ENTRY(name) &subcommand_##name,
static const struct subcommand *const commands[] = { SUBCOMMANDS(ENTRY) NULL };

const struct subcommand *const *subcommands_list(void)
{
	return commands;
}

const struct subcommand *subcommands_find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (commands[i]->name && !strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}
