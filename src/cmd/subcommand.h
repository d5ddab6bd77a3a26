/* Something that pagescape can do. cmd/subcommands.h has them all. */
#ifndef CMD_SUBCOMMAND_H
#define CMD_SUBCOMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "cmd/option_id.h"

struct options;

/* The help of an option for one command, if it differs from cmd/option_rows.c. */
struct option_words {
	enum option_id option;
	const char *help; /* translatable */
};

struct subcommand {
	const char *name;                 /* the word that calls it; NULL: called without a word */
	const char *const *usage;         /* its forms, NULL-terminated, without "pagescape" */
	const char *example;              /* a command line that does something useful; NULL: none */
	const enum option_id *options;    /* the options that it takes; OPTION_IDS ends them */
	const struct option_words *words; /* of some of these; OPTION_IDS ends them. NULL: none */
	size_t operands;                  /* files that it takes; options may follow them */
	bool expectations;                /* takes expectations, before everything else */
	bool program;                     /* takes a program and its arguments */
	bool languages;                   /* its texts may be in languages that messages are not in */
	bool interactive;                 /* is used on a screen */
	/* Is a word one of its files? Else it is the program. NULL: a file, as long as more are taken. */
	bool (*is_operand)(const char *word);
	const char *help;     /* a few lines; translatable */
	void (*list)(FILE *); /* prints what --help lists after them; NULL: nothing */
	/* Does it. Returns the exit status, or -1 with err. Does not flush stdout. */
	int (*run)(const struct options *, struct err *);
};

#endif
