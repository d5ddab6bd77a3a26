/* What pagescape can be told to do. One file a command: a const entry and one function. */
#ifndef CMD_SUBCOMMAND_H
#define CMD_SUBCOMMAND_H

#include "cmd/options.h"

/* Which commands an option belongs to; a bit each. */
enum subcommand_bit {
	COMMAND_WATCH = 1,
	COMMAND_SNAPSHOT = 2,
	COMMAND_DOCTOR = 4,
	COMMAND_FAULTS = 8,
	COMMAND_RECORD = 16,
	COMMAND_REPLAY = 32,
	COMMAND_DIFF = 64,
	COMMAND_EXPORT = 128,
	COMMAND_ALL = 255,
};

/* What stands behind the options. */
enum operand {
	OPERAND_NONE,
	OPERAND_PROGRAM, /* and its arguments */
	OPERAND_SESSION, /* a file; options may follow it */
	OPERAND_FILES,   /* two words; options may follow them */
};

struct subcommand {
	const char *name; /* the word that calls it; NULL: called without a word */
	enum subcommand_bit bit;
	enum operand operand;
	const char *const *usage; /* its forms, NULL-terminated, without "pagescape" */
	const char *help;         /* a few translatable lines */
	void (*list)(FILE *);     /* prints what --help lists behind them; NULL: nothing */
	/* Does it. Returns -1 with err filled, else the exit status. Does not flush stdout. */
	int (*run)(const struct options *, struct err *);
};

extern const struct subcommand subcommand_watch, subcommand_snapshot, subcommand_faults, subcommand_record,
    subcommand_replay, subcommand_diff, subcommand_export, subcommand_doctor;

/* All of them, NULL-terminated; the first is the one without a name. */
const struct subcommand *const *subcommand_list(void);
/* By its word; NULL: none such. */
const struct subcommand *subcommand_find(const char *name);

#endif
