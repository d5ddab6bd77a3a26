/* The options from the command line and the settings. The table of options (cmd/option_rows.c) says into
 * which member each value goes; each subcommand names the options that it takes (cmd/subcommand.h). */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>

#include "base/err.h"
#include "cmd/option_id.h"
#include "export/exporters.h"
#include "kern/reader.h"
#include "ui/ui.h"

struct subcommand;

#define OPTIONS_OPERANDS 2
#define OPTIONS_EXPECTS 256
#define OPTIONS_PIDS 64 /* as many as a family may have (live/family.h) */

/* The processes that -p names. */
struct options_pids {
	int32_t list[OPTIONS_PIDS];
	size_t count;
};

/* What is looked at. */
struct options_input {
	struct options_pids pids;
	int32_t pid;                            /* the first of them; 0: none */
	const char *cgroup, *name;              /* a cgroup's processes, processes by name; NULL: not given */
	char **program;                         /* what to launch, NULL-terminated */
	const char *operands[OPTIONS_OPERANDS]; /* the files that were given */
	bool forks;                             /* children are watched, too */
	bool paused;                            /* stop before the program's first instruction */
	bool single_steps;                      /* stops are reached step by step, not by debug registers */
	uint32_t sample;                        /* one in so many faults has its stack; 0: not given */
};

/* Which part of a recording, and how long a process is watched. */
struct options_time {
	uint64_t at_ns;          /* UINT64_MAX: the end */
	uint64_t from_ns, to_ns; /* to_ns: UINT64_MAX where not given */
	uint64_t for_ns;
};

/* Where results go, and in which form. */
struct options_output {
	const char *file;
	bool force, json, pages;
};

struct options_picture {
	enum export_view view;
	int columns, rows; /* 0: not given */
	double speed;      /* 0: not given */
	const char *file;  /* for snapshot: where the picture goes; NULL: no picture */
};

struct options_faults {
	bool stacks, summary, by_own;
	const char *filter;
};

struct options_check {
	const char *expects[OPTIONS_EXPECTS]; /* as they were given */
	size_t count;
	const char *file;
	uint64_t timeout_ns; /* 0: none */
};

/* How expectations are reported, of a program or of a lesson. */
struct options_report {
	bool allow_unknown;
	const char *junit;
};

struct options_lesson {
	bool check, make, notes, resume, no_questions, worksheet;
	const char *handout; /* a file; NULL: no handout */
};

/* The user's settings file, and what it contains besides options. */
struct options_settings {
	bool ignored; /* the file is not read */
	char *text;   /* of the file, which values point into */
	struct keymap keys;
};

/* All options. The value of an option that was not given is false, 0 or NULL, unless a comment says
 * otherwise. */
struct options {
	const struct subcommand *command; /* what to do; never NULL once parsed */
	bool given[OPTION_IDS];
	bool help, version;
	const char *language; /* of messages and lessons; NULL: that of the environment */
	bool all;             /* lessons, or differences */
	struct options_input input;
	struct options_time time;
	struct options_output output;
	struct options_picture picture;
	struct options_faults faults;
	struct options_check check;
	struct options_report report;
	struct options_lesson lesson;
	struct {
		bool frames, smaps;
	} snapshot;
	struct {
		bool markdown, read;
	} why;
	struct {
		bool exit_code, screen, touched;
	} diff;
	enum export_top top;
	struct options_settings settings;
	struct reader_options reader;
	struct ui_options screen; /* theme and colours are set even where no option was given */
};

bool options_given(const struct options *, enum option_id);
/* The first of a list (OPTION_IDS ends it) that was given; OPTION_IDS: none. */
enum option_id options_first_given(const struct options *, const enum option_id *list);
/* Does a command take it? */
bool options_taken(const struct subcommand *, enum option_id);

/* Do -p, --cgroup or --name select running processes? Can there be more than one? */
bool options_running(const struct options *);
bool options_several(const struct options *);

/* Draw with ASCII only: because of --ascii, or because the locale is not UTF-8. */
bool options_ascii(const struct options *);

/* Frees what they own. */
void options_fini(struct options *);

#endif
