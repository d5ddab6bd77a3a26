/* The command line taken apart: one table of options, each with the commands that take it. */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "kern/reader.h"
#include "render/theme.h"

struct subcommand;

struct options {
	const struct subcommand *command; /* what to do; never NULL once parsed */
	bool help, version;               /* asked for: nothing else is */
	int32_t pid;                      /* 0: none given */
	char **program;                   /* what to launch, NULL-terminated; NULL: none given */
	const struct theme *theme;        /* NULL: none given */
	bool ascii, no_mouse;
	bool stacks;  /* of faults: with each one's */
	bool follow;  /* children too */
	bool summary; /* of faults: tables in place of lines */
	bool json, pages, frames, smaps;
	bool all, exit_code, screen; /* of diff */
	const char *files[2];        /* OPERAND_FILES: what to compare, format and session; NULL: not given */
	uint64_t interval_ns;        /* 0: the default */
	const char *session;         /* the recorded one to look at; NULL: none given */
	const char *output;          /* where to record to; NULL: do not */
	bool force;
	bool paused; /* a program waits before its first instruction */
	bool has_at;
	uint64_t at_ns; /* the moment of the session */
	bool has_span;  /* of export: what was not between these is left out */
	uint64_t from_ns, to_ns;
	const char *commands; /* --do, or NULL */
	struct reader_options reader;
};

/* Parses argv into options, which points into argv. Fails with ERR_USAGE. */
int options_parse(struct options *, int argc, char **argv, struct err *);

/* "1.25" into nanoseconds; the point is a point in every language. -1: no such thing. */
int options_seconds(const char *text, uint64_t *ns);

/* Prints the help of a command. */
void options_print_help(FILE *, const struct subcommand *);

#endif
