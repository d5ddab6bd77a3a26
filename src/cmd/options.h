/* The command line, parsed. One table of options says into which member each value goes; each
 * subcommand names the options that it takes (cmd/subcommand.h). */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "export/exporter.h"
#include "kern/reader.h"
#include "ui/ui.h"

struct subcommand;

#define OPTIONS_OPERANDS 2
#define OPTIONS_EXPECTS 256

/* What an option that was not given leaves: false, 0, NULL, unless its comment says otherwise. */
struct options {
	const struct subcommand *command; /* what to do; never NULL once parsed */
	uint64_t given;                   /* see options_given */
	bool help, version;
	bool no_config;       /* the settings are not read */
	const char *language; /* of messages and lessons; NULL: that of the environment */
	int32_t pid;
	char **program;                         /* what to launch, NULL-terminated */
	const char *operands[OPTIONS_OPERANDS]; /* the files, as far as they were given */
	const char *output;
	bool force;
	bool json;
	bool pages;
	bool follow;     /* forks */
	bool paused;     /* before the program's first instruction */
	uint32_t sample; /* one of so many faults has its stack; 0: not given */
	struct {
		bool frames, smaps;
		uint64_t at_ns; /* UINT64_MAX: the end */
	} snapshot;
	struct {
		bool stacks, summary, by_own;
		const char *filter;
	} faults;
	struct {
		uint64_t for_ns;
		bool markdown, read;
	} why;
	bool all; /* lessons, or differences */
	struct {
		bool exit_code, screen, touched;
	} diff;
	struct {
		const char *expects[OPTIONS_EXPECTS]; /* as they were given */
		size_t count;
		const char *file, *junit;
	} check;
	struct {
		bool check, make, allow_unknown, notes, resume, no_questions, worksheet;
		const char *handout; /* a file; NULL: none is asked for */
	} lesson;
	struct {
		uint64_t from_ns, to_ns; /* to_ns: UINT64_MAX where not given */
	} span;
	enum export_top export_top;
	struct {
		enum export_view view;
		int columns, rows; /* 0: not given */
		double speed;      /* 0: not given */
		const char *file;  /* of snapshot: where the picture goes; NULL: none is asked for */
	} look;
	struct {
		char *text; /* of the file, which values point into */
		struct keymap keys;
	} settings;
	struct reader_options reader;
	struct ui_options screen; /* theme and colours are set even where no option was given */
};

/* Parses argv; the options point into it. Returns 0, or -1 with ERR_USAGE. */
int options_parse(struct options *, int argc, char **argv, struct err *);

/* Frees what they own. */
void options_fini(struct options *);
/* Sets what the command line has not: the option of this name, of those that can be set so. A flag's
 * text is "yes" or "no". The options may point into the text. Returns 0, or -1 with ERR_USAGE. */
int options_set(struct options *, const char *name, const char *text, struct err *);

/* Was the option of this name ("theme") given? */
bool options_given(const struct options *, const char *name);
/* Does a command take it? "no-SOURCE" stands for all options that switch a source off. */
bool options_taken(const struct subcommand *, const char *name);

/* Draw with ASCII only: because of --ascii, or because the locale is not UTF-8. */
bool options_ascii(const struct options *);

/* Parses seconds, such as "1.25" (a point in every language), into nanoseconds. Returns 0 or -1. */
int options_seconds(const char *text, uint64_t *ns);

/* Prints the help of a command. */
void options_print_help(FILE *, const struct subcommand *);

#endif
