/* The table of options. */
#ifndef CMD_OPTION_ROWS_H
#define CMD_OPTION_ROWS_H

#include <stddef.h>

#include "cmd/option_id.h"
#include "cmd/option_values.h"
#include "event/source_kind.h"

/* May it be in the user's settings file? */
enum option_setting {
	OPTION_SETTING_NEVER,
	OPTION_SETTING_ON_SCREEN, /* only for commands that are used on a screen */
	OPTION_SETTING_ALWAYS,
};

struct option_row {
	const char *name;
	char letter;          /* its short form; 0: it has none */
	const char *argument; /* what it is called in the help, translatable; NULL: it takes none */
	option_parser *parse;
	size_t member;    /* of struct options: where the value goes */
	const char *help; /* a few words, translatable */
	enum option_setting setting;
};

extern const struct option_row option_rows[OPTION_ROWS];

/* "theme"; "no-SOURCE" for all that switch a source off. */
const char *option_name(enum option_id);
/* "no-pagemap-scan"; the caller frees. */
char *option_source_name(enum source_kind);

#endif
