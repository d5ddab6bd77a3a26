/* Options follow getopt_long. They end at PROGRAM, so that its own options stay its own:
 *
 *   pagescape --ascii sort -r words      watch "sort -r words"
 *   pagescape --ascii snapshot -p 4242   options go on behind a subcommand
 *   pagescape -- snapshot                watch a program that is called snapshot
 *
 * A new option is one row of the table below, and its name in each subcommand that takes it. */
#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <langinfo.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/language.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/subcommand.h"
#include "live/stack_rate.h"
#include "ui/commands.h"
#include "ui/view/screen_parts.h"

#define INTERVAL_MIN_MS 10
#define INTERVAL_MAX_MS 60000
#define SIZE_MAX_CELLS 1000

/* Puts the value of the option `name` into a member of struct options; text is NULL for an option
 * without argument. Returns 0, or -1 with err. */
typedef int option_parser(void *member, const char *name, const char *text, struct err *err);

static int parse_flag(void *member, const char *name, const char *text, struct err *err)
{
	*(bool *)member = true;
	return 0;
}

static int parse_text(void *member, const char *name, const char *text, struct err *err)
{
	*(const char **)member = text;
	return 0;
}

/* A wrong name must not be found only once the program runs. */
static int parse_commands(void *member, const char *name, const char *text, struct err *err)
{
	*(const char **)member = text;
	return commands_check(text, err);
}

static int parse_number(const char *text, long min, long max, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	return *text < '0' || *text > '9' || *end || errno || *out < min || *out > max ? -1 : 0;
}

static int parse_pid(void *member, const char *name, const char *text, struct err *err)
{
	int32_t *pid = member;
	long number;

	if (*pid)
		return err_set(err, ERR_USAGE, _("-p can be given once"));
	if (parse_number(text, 1, INT32_MAX, &number) < 0)
		return err_set(err, ERR_USAGE, _("not a process id: %s"), text);
	*pid = (int32_t)number;
	return 0;
}

static int parse_interval(void *member, const char *name, const char *text, struct err *err)
{
	long ms;

	if (parse_number(text, INTERVAL_MIN_MS, INTERVAL_MAX_MS, &ms) < 0)
		return err_set(err, ERR_USAGE, _("--%s takes %d to %d milliseconds, not: %s"), name,
			       INTERVAL_MIN_MS, INTERVAL_MAX_MS, text);
	*(uint64_t *)member = (uint64_t)ms * CLOCK_MS;
	return 0;
}

static int parse_sample(void *member, const char *name, const char *text, struct err *err)
{
	long every;

	if (parse_number(text, 1, STACK_RATE_ASKED_MAX, &every) < 0)
		return err_set(err, ERR_USAGE, _("--%s takes a number from 1 to %d, not: %s"), name,
			       STACK_RATE_ASKED_MAX, text);
	*(uint32_t *)member = (uint32_t)every;
	return 0;
}

int options_seconds(const char *text, uint64_t *out)
{
	uint64_t ns = 0, unit = CLOCK_SECOND;
	const char *at = text;

	for (; *at >= '0' && *at <= '9' && ns < UINT64_C(1000000000) * CLOCK_SECOND; at++)
		ns = ns * 10 + (uint64_t)(*at - '0') * CLOCK_SECOND;
	if (at > text && *at == '.')
		while (*++at >= '0' && *at <= '9')
			ns += (uint64_t)(*at - '0') * (unit /= 10);
	*out = ns;
	return *at || at == text ? -1 : 0;
}

static int parse_seconds(void *member, const char *name, const char *text, struct err *err)
{
	if (options_seconds(text, member) < 0)
		return err_set(err, ERR_USAGE, _("--%s takes seconds, not: %s"), name, text);
	return 0;
}

/* Directories and files with colons between them, as a session has them: absolute. The text stays until the
 * program ends. */
static int parse_paths(void *member, const char *name, const char *text, struct err *err)
{
	struct strbuf paths = { 0 };
	size_t len;

	for (; *text; text += len + (text[len] == ':')) {
		char *one, *whole;

		len = strcspn(text, ":");
		one = mem_strndup(text, len);
		whole = len ? realpath(one, NULL) : NULL;
		if (len && !whole && *one != '/')
			err_set(err, ERR_USAGE, _("--%s: there is no %s"), name, one);
		else if (len)
			strbuf_printf(&paths, "%s%s", paths.len ? ":" : "", whole ? whole : one);
		free(one);
		free(whole);
		if (err->code)
			break;
	}
	if (!err->code && !paths.len)
		err_set(err, ERR_USAGE, _("--%s takes directories or files, with colons between them"), name);
	free((char *)*(const char **)member);
	*(const char **)member = paths.text;
	return err->code ? -1 : 0;
}

static int parse_top(void *member, const char *name, const char *text, struct err *err)
{
	enum export_top *top = member;

	if (strcmp(text, "process") != 0 && strcmp(text, "region") != 0)
		return err_set(err, ERR_USAGE, _("--%s takes process or region, not: %s"), name, text);
	*top = *text == 'p' ? EXPORT_TOP_PROCESS : EXPORT_TOP_REGION;
	return 0;
}

static int parse_theme(void *member, const char *name, const char *text, struct err *err)
{
	const struct theme **theme = member;
	struct strbuf names = { 0 };

	*theme = theme_find(text);
	if (*theme)
		return 0;
	for (const struct theme *const *each = theme_list(); *each; each++)
		strbuf_printf(&names, "%s%s", each == theme_list() ? "" : ", ", (*each)->name);
	err_set(err, ERR_USAGE, _("no such theme: %s (there are %s)"), text, names.text);
	strbuf_fini(&names);
	return -1;
}

static int parse_view(void *member, const char *name, const char *text, struct err *err)
{
	struct strbuf names = { 0 };
	int view = export_view_parse(text);

	*(enum export_view *)member = view < 0 ? VIEW_SCREEN : (enum export_view)view;
	if (view >= 0)
		return 0;
	for (int i = 0; i < VIEWS; i++)
		strbuf_printf(&names, "%s%s", i ? ", " : "", export_view_name((enum export_view)i));
	err_set(err, ERR_USAGE, _("no such view: %s (there are %s)"), text, names.text);
	strbuf_fini(&names);
	return -1;
}

/* "120x36"; the member is the columns, the rows come next. */
static int parse_size(void *member, const char *name, const char *text, struct err *err)
{
	const char *by = strchr(text, 'x');
	char *columns_text = mem_strndup(text, by ? (size_t)(by - text) : 0);
	int *size = member;
	long columns, rows;
	int result = by && parse_number(columns_text, SCREEN_MIN_COLUMNS, SIZE_MAX_CELLS, &columns) == 0 &&
			     parse_number(by + 1, SCREEN_MIN_ROWS, SIZE_MAX_CELLS, &rows) == 0
			 ? 0
			 : -1;

	free(columns_text);
	if (result < 0)
		return err_set(err, ERR_USAGE, _("--%s takes COLUMNSxROWS from %dx%d to %dx%d, not: %s"),
			       name, SCREEN_MIN_COLUMNS, SCREEN_MIN_ROWS, SIZE_MAX_CELLS, SIZE_MAX_CELLS,
			       text);
	size[0] = (int)columns;
	size[1] = (int)rows;
	return 0;
}

/* A factor such as "10" or "0.25". */
static int parse_speed(void *member, const char *name, const char *text, struct err *err)
{
	uint64_t billionths;

	if (options_seconds(text, &billionths) < 0 || billionths < CLOCK_SECOND / 1000 ||
	    billionths > 100000 * CLOCK_SECOND)
		return err_set(err, ERR_USAGE, _("--%s takes a factor from 0.001 to 100000, not: %s"), name,
			       text);
	*(double *)member = (double)billionths / (double)CLOCK_SECOND;
	return 0;
}

struct option_row {
	const char *name;
	char letter;          /* its short form; 0: it has none */
	const char *argument; /* what it is called in the help; NULL: it takes none */
	option_parser *parse;
	size_t member; /* of struct options: where the value goes */
	const char *help;
};

#define INTO(member) offsetof(struct options, member)

static const struct option_row rows[] = {
	{ "pid", 'p', N_("PID"), parse_pid, INTO(pid), N_("the process to look at") },
	{ "output", 'o', N_("FILE"), parse_text, INTO(output),
	  N_("record or export to FILE; - is standard output") },
	{ "follow-forks", 'f', NULL, parse_flag, INTO(follow), N_("watch the processes it forks, too") },
	{ "force", 0, NULL, parse_flag, INTO(force), N_("overwrite FILE if it exists") },
	{ "at", 0, N_("SECONDS"), parse_seconds, INTO(snapshot.at_ns),
	  N_("the moment of the SESSION; default: its end") },
	{ "for", 0, N_("SECONDS"), parse_seconds, INTO(why.for_ns),
	  N_("watch for this long, and show what was added") },
	{ "from", 0, N_("SECONDS"), parse_seconds, INTO(span.from_ns),
	  N_("only what happened at or after this time") },
	{ "to", 0, N_("SECONDS"), parse_seconds, INTO(span.to_ns), N_("only what happened up to this time") },
	{ "top", 0, N_("WHAT"), parse_top, INTO(export_top),
	  N_("begin each stack with its process or the region touched") },
	{ "theme", 0, N_("NAME"), parse_theme, INTO(screen.terminal.theme),
	  N_("colours: dark, light, contrast, mono") },
	{ "view", 0, N_("VIEW"), parse_view, INTO(look.view),
	  N_("of a picture: screen, map, timeline, flame, growth") },
	{ "size", 0, N_("COLUMNSxROWS"), parse_size, INTO(look.columns),
	  N_("of a picture of the screen; 120x36 unless given") },
	{ "speed", 0, N_("FACTOR"), parse_speed, INTO(look.speed),
	  N_("of a film: how many times the original speed") },
	{ "picture", 0, N_("FILE"), parse_text, INTO(look.file),
	  N_("draw the screen to FILE.svg, .png or .pdf") },
	{ "ascii", 0, NULL, parse_flag, INTO(screen.terminal.ascii), N_("draw with ASCII characters only") },
	{ "interval", 0, N_("MS"), parse_interval, INTO(screen.interval_ns),
	  N_("milliseconds between looks") },
	{ "do", 0, N_("COMMANDS"), parse_commands, INTO(screen.commands),
	  N_("run screen commands first: \"zoom-in; follow\"") },
	{ "paused", 0, NULL, parse_flag, INTO(paused),
	  N_("hold PROGRAM at its first instruction, ready to step") },
	{ "no-mouse", 0, NULL, parse_flag, INTO(screen.terminal.no_mouse),
	  N_("leave the mouse to the terminal") },
	{ "json", 0, NULL, parse_flag, INTO(json), N_("print JSON") },
	{ "markdown", 0, NULL, parse_flag, INTO(why.markdown), N_("print markdown, to paste into a report") },
	{ "read", 0, NULL, parse_flag, INTO(why.read), N_("read its memory: zeroes, free chunks of malloc") },
	{ "summary", 0, NULL, parse_flag, INTO(faults.summary), N_("tables by function, region and file") },
	{ "filter", 0, N_("WORDS"), parse_text, INTO(faults.filter),
	  N_("only faults that fit: \"thread:42 cause:cow region:heap\"") },
	{ "by-own", 0, NULL, parse_flag, INTO(faults.by_own), N_("tables by own code, and what it called") },
	{ "own", 0, N_("PATHS"), parse_paths, INTO(screen.own),
	  N_("own code lies in these directories, DIR:DIR") },
	{ "stacks", 0, NULL, parse_flag, INTO(faults.stacks),
	  N_("print the stack of each fault (--json always does)") },
	{ "sample", 0, N_("N"), parse_sample, INTO(sample),
	  N_("take the stack of one fault in N; default: adapts") },
	{ "pages", 0, NULL, parse_flag, INTO(pages), N_("every page, as runs of equal neighbours") },
	{ "frames", 0, NULL, parse_flag, INTO(snapshot.frames),
	  N_("print frame numbers (root); implies --pages") },
	{ "smaps", 0, NULL, parse_flag, INTO(snapshot.smaps),
	  N_("print the kernel's own sums of each region") },
	{ "exit-code", 0, NULL, parse_flag, INTO(diff.exit_code), N_("exit with 1 if they differ") },
	{ "screen", 0, NULL, parse_flag, INTO(diff.screen), N_("show both side by side on the screen") },
	{ "touched", 0, NULL, parse_flag, INTO(diff.touched),
	  N_("compare what two runs touched, not their state") },
	{ "all", 0, NULL, parse_flag, INTO(all), N_("all lessons; all differences, by chance or not") },
	{ "expect", 0, N_("FILE"), parse_text, INTO(check.file),
	  N_("read expectations from FILE, one a line") },
	{ "junit", 0, N_("FILE"), parse_text, INTO(check.junit),
	  N_("write the results to FILE as JUnit XML") },
	{ "check", 0, NULL, parse_flag, INTO(lesson.check), N_("try all expectations, without a screen") },
	{ "new", 0, NULL, parse_flag, INTO(lesson.make), N_("write a small lesson to start from") },
	{ "allow-unknown", 0, NULL, parse_flag, INTO(lesson.allow_unknown),
	  N_("do not fail for what cannot be checked here") },
	{ "notes", 0, NULL, parse_flag, INTO(lesson.notes), N_("speaker's notes, in a second terminal") },
	{ "resume", 0, NULL, parse_flag, INTO(lesson.resume),
	  N_("resume the last lecture where it was left") },
	{ "handout", 0, N_("FILE"), parse_text, INTO(lesson.handout),
	  N_("write it to FILE.html or .pdf, to hand out") },
	{ "worksheet", 0, NULL, parse_flag, INTO(lesson.worksheet),
	  N_("of a handout: room to write, no answers") },
	{ "no-questions", 0, NULL, parse_flag, INTO(lesson.no_questions), N_("leave out the questions") },
	{ "proc-root", 0, N_("DIR"), parse_text, INTO(reader.proc_root),
	  N_("read DIR instead of /proc (for tests)") },
	{ "lang", 0, N_("CODE"), parse_text, INTO(language), N_("the language: en, ru") },
	{ "no-config", 0, NULL, parse_flag, INTO(no_config), N_("do not read the file of settings") },
	{ "help", 'h', NULL, parse_flag, INTO(help), N_("print this help") },
	{ "version", 'V', NULL, parse_flag, INTO(version), N_("print the version") },
};
#define ROWS (sizeof rows / sizeof rows[0])
_Static_assert(ROWS < 64, "struct options has a bit for each row in `given`");

/* What getopt returns for a row is beyond all letters; sources follow the rows. */
#define VALUE_FIRST 256
#define VALUE_SOURCES (VALUE_FIRST + (int)ROWS)
#define NO_SOURCE "no-SOURCE"

/* "no-pagemap-scan"; the caller frees. */
static char *source_option_name(enum source_kind kind)
{
	struct strbuf name = { 0 };

	strbuf_printf(&name, "no-%s", source_kind_name(kind));
	for (char *c = name.text; *c; c++)
		if (*c == '_')
			*c = '-';
	return name.text;
}

/* The table in getopt's form. */
struct known {
	struct option options[ROWS + SOURCE_KINDS + 1];
	char letters[2 + 2 * ROWS + 1]; /* "+:p:o:f" */
};

static void known_init(struct known *known)
{
	struct option *out = known->options;
	char *letter = known->letters;

	*letter++ = '+'; /* stop at the first word */
	*letter++ = ':';
	for (size_t i = 0; i < ROWS; i++) {
		*out++ = (struct option){ rows[i].name, rows[i].argument ? required_argument : no_argument,
					  NULL, rows[i].letter ? rows[i].letter : VALUE_FIRST + (int)i };
		if (rows[i].letter)
			*letter++ = rows[i].letter;
		if (rows[i].letter && rows[i].argument)
			*letter++ = ':';
	}
	*letter = '\0';
	for (int kind = 0; kind < SOURCE_KINDS; kind++)
		if (source_kind_can_be_off((enum source_kind)kind))
			*out++ = (struct option){ source_option_name((enum source_kind)kind), no_argument,
						  NULL, VALUE_SOURCES + kind };
	*out = (struct option){ 0 };
}

static void known_fini(struct known *known)
{
	for (struct option *option = known->options; option->name; option++)
		if (option->val >= VALUE_SOURCES)
			free((char *)option->name);
}

/* The row that getopt's value stands for; ROWS: none, it is a source's. */
static size_t row_of(int value)
{
	size_t i = 0;

	if (value >= VALUE_FIRST)
		return value < VALUE_SOURCES ? (size_t)(value - VALUE_FIRST) : ROWS;
	while (i < ROWS && rows[i].letter != value)
		i++;
	return i;
}

/* What is said after the language was chosen is said in it: what is wrong with the next option, too. */
static int speak(const struct options *options, size_t row, struct err *err)
{
	return row < ROWS && rows[row].member == INTO(language) ? language_choose(options->language, err) : 0;
}

static int take_option(struct options *options, int value, const char *text, struct err *err)
{
	size_t i = row_of(value);

	options->given |= UINT64_C(1) << i;
	if (i < ROWS)
		return rows[i].parse((char *)options + rows[i].member, rows[i].name, text, err);
	options->reader.off[value - VALUE_SOURCES] = true;
	return 0;
}

/* What is wrong with an option for which getopt returned '?' or ':'. */
static int explain_error(int answer, char **argv, const struct option *options, struct err *err)
{
	char letter[] = { '-', (char)optopt, '\0' };

	if (optopt == 0)
		return err_set(err, ERR_USAGE, _("unknown or ambiguous option: %s (see pagescape --help)"),
			       argv[optind - 1]);
	if (answer == ':')
		return err_set(err, ERR_USAGE, _("%s needs an argument (see pagescape --help)"),
			       optopt < VALUE_FIRST ? letter : argv[optind - 1]);
	for (; options->name; options++)
		if (options->val == optopt && optopt >= VALUE_FIRST)
			return err_set(err, ERR_USAGE, _("--%s takes no argument"), options->name);
	return err_set(err, ERR_USAGE, _("unknown option: %s (see pagescape --help)"), letter);
}

/* An expectation compares something: no program and no file is called like that. */
static bool is_expectation(const char *word)
{
	return strpbrk(word, "=<>") || strstr(word, " contains ");
}

/* Takes a file or an expectation, if the command takes one more. */
static bool take_operand(struct options *options, const char *word)
{
	if (options->command->expectations && is_expectation(word) &&
	    options->check.count < OPTIONS_EXPECTS) {
		options->check.expects[options->check.count++] = word;
		return true;
	}
	if (options->command->is_operand && !options->command->is_operand(word))
		return false;
	for (size_t i = 0; i < options->command->operands; i++)
		if (!options->operands[i]) {
			options->operands[i] = word;
			return true;
		}
	return false;
}

/* Takes the word at optind: the name of a subcommand or a file. False: it belongs to the program. */
static bool take_word(struct options *options, const char *word)
{
	const struct subcommand *command =
	    options->command == subcommand_list()[0] ? subcommand_find(word) : NULL;

	if (command)
		options->command = command;
	return command || take_operand(options, word);
}

/* Reads options and words up to the program, or to "--". */
static int parse_words(struct options *options, int argc, char **argv, const struct known *known,
		       struct err *err)
{
	int before, value;

	for (;;) {
		before = optind ? optind : 1;
		value = getopt_long(argc, argv, known->letters, known->options, NULL);
		if (value == '?' || value == ':')
			return explain_error(value, argv, known->options, err);
		if (value != -1) {
			if (take_option(options, value, optarg, err) < 0 ||
			    speak(options, row_of(value), err) < 0)
				return -1;
			if (options->help || options->version)
				return 0;
			continue;
		}
		/* optind has moved where a "--" was skipped */
		if (optind > before || optind == argc || !take_word(options, argv[optind]))
			return 0;
		optind++;
	}
}

static bool is_given(const struct options *options, size_t row)
{
	return options->given >> row & 1;
}

bool options_given(const struct options *options, const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (!strcmp(rows[i].name, name))
			return is_given(options, i);
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

bool options_ascii(const struct options *options)
{
	return options->screen.terminal.ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* What getopt cannot know. `rest`: the first word behind the options and files, or NULL. */
static int check(const struct options *options, const char *rest, struct err *err)
{
	const struct subcommand *command = options->command;

	for (size_t i = 0; i <= ROWS; i++) {
		const char *name = i < ROWS ? rows[i].name : NO_SOURCE;

		if (!is_given(options, i) || options_taken(command, name))
			continue;
		if (!command->name)
			return err_set(err, ERR_USAGE,
				       _("--%s belongs to another command (see pagescape --help)"), name);
		return err_set(err, ERR_USAGE, _("%s does not take --%s"), command->name, name);
	}
	if (rest && !command->program)
		return err_set(err, ERR_USAGE, _("unexpected argument: %s (see pagescape --help)"), rest);
	if (rest && options->pid)
		return err_set(err, ERR_USAGE, _("-p PID or a PROGRAM, not both: %s"), rest);
	return 0;
}

/* --theme goes before NO_COLOR. */
static void finish_terminal(struct terminal_options *terminal)
{
	const char *no_colour = getenv("NO_COLOR");

	if (terminal->theme)
		terminal->no_colour = !strcmp(terminal->theme->name, "mono");
	else
		terminal->no_colour = no_colour && *no_colour;
	if (!terminal->theme)
		terminal->theme = theme_list()[0];
}

int options_parse(struct options *options, int argc, char **argv, struct err *err)
{
	struct known known;
	int result;

	*options = (struct options){
		.command = subcommand_list()[0],
		.snapshot.at_ns = UINT64_MAX,
		.span.to_ns = UINT64_MAX,
	};
	optind = 0; /* makes glibc begin anew, whatever was parsed before */
	opterr = 0;
	known_init(&known);
	result = parse_words(options, argc, argv, &known, err);
	known_fini(&known);
	if (result < 0 || options->help || options->version)
		return result;
	/* behind "--" is the program, whatever it is called */
	while (optind < argc && !(options->command->program && !strcmp(argv[optind - 1], "--")) &&
	       take_operand(options, argv[optind]))
		optind++;
	if (check(options, optind < argc ? argv[optind] : NULL, err) < 0)
		return -1;
	if (optind < argc)
		options->program = argv + optind;
	finish_terminal(&options->screen.terminal);
	return 0;
}

void options_fini(struct options *options)
{
	keymap_fini(&options->settings.keys);
	free(options->settings.text);
}

/* Of each command that has it; there, "no" is the default. */
static int set_flag(struct options *options, size_t row, const char *text, struct err *err)
{
	bool yes = !strcmp(text, "yes");

	if (!yes && strcmp(text, "no") != 0)
		return err_set(err, ERR_USAGE, _("%s is yes or no, not: %.60s"), rows[row].name, text);
	if (yes && !is_given(options, row))
		return rows[row].parse((char *)options + rows[row].member, rows[row].name, NULL, err);
	return 0;
}

/* What a user wants to be done each time is not for pictures that scripts take. */
static bool is_interactive(const struct options *options)
{
	return !options->command->name || !strcmp(options->command->name, "replay");
}

int options_set(struct options *options, const char *name, const char *text, struct err *err)
{
	static const char *const settings[] = { "theme", "ascii",        "interval", "do",
						"own",   "follow-forks", "no-mouse", "lang" };
	struct options unused = { 0 };
	int result;

	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		size_t row = 0;

		if (strcmp(settings[i], name) != 0)
			continue;
		while (strcmp(rows[row].name, name) != 0)
			row++;
		if (!rows[row].argument)
			return set_flag(options, row, text, err);
		/* a wrong value is wrong even where the command line goes before it */
		bool wanted = !is_given(options, row) && (strcmp(name, "do") != 0 || is_interactive(options));
		struct options *into = wanted ? options : &unused;
		result = rows[row].parse((char *)into + rows[row].member, name, text, err);
		if (result < 0 || into == &unused)
			return result;
		finish_terminal(&options->screen.terminal);
		return speak(options, row, err);
	}
	return err_set(err, ERR_USAGE, _("no such setting: %.60s"), name);
}

static const char *row_help(const struct option_row *row, const struct subcommand *command)
{
	for (const struct option_words *w = command->words; w && w->option; w++)
		if (!strcmp(w->option, row->name))
			return w->help;
	return row->help;
}

static void print_row(FILE *out, const struct option_row *row, const struct subcommand *command)
{
	struct strbuf left = { 0 };

	if (row->letter)
		strbuf_printf(&left, "-%c, ", row->letter);
	strbuf_printf(&left, "--%s", row->name);
	if (row->argument)
		strbuf_printf(&left, " %s", _(row->argument));
	fprintf(out, "  %s%*s %s\n", left.text,
		text_columns(left.text) < 20 ? 20 - text_columns(left.text) : 0, "",
		_(row_help(row, command)));
	strbuf_fini(&left);
}

static void print_source_options(FILE *out)
{
	int column = 0;

	fprintf(out, "  --%-17s  %s", NO_SOURCE, _("do not use a source of data; SOURCE is one of"));
	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		char *name;

		if (!source_kind_can_be_off((enum source_kind)kind))
			continue;
		name = source_option_name((enum source_kind)kind);
		if (!column || column + (int)strlen(name + 3) + 1 > 79)
			column = fprintf(out, "\n%22s", "") - 1;
		column += fprintf(out, " %s", name + 3);
		free(name);
	}
	fputc('\n', out);
}

/* Without a subcommand all usages and all options are listed. */
void options_print_help(FILE *out, const struct subcommand *command)
{
	const struct subcommand *const *list = subcommand_list();
	const char *before = _("usage:");

	for (size_t i = 0; list[i]; i++)
		for (size_t j = 0; list[i]->usage[j] && (list[i] == command || !command->name); j++) {
			fprintf(out, "%s pagescape %s\n", before, _(list[i]->usage[j]));
			before = "      ";
			if (!list[i]->usage[j + 1] && list[i]->example)
				fprintf(out, "           %s %s\n", _("for example:"), list[i]->example);
		}
	fprintf(out, "\n%s\n", _(command->help));
	if (!command->name)
		fprintf(out, "\n%s\n",
			_("pagescape COMMAND --help explains one of these, pagescape help keys the keys of\n"
			  "the screen; man pagescape has everything."));
	if (command->list)
		command->list(out);
	fputc('\n', out);
	for (size_t i = 0; i < ROWS; i++)
		if (!command->name || options_taken(command, rows[i].name))
			print_row(out, &rows[i], command);
	if (options_taken(command, NO_SOURCE))
		print_source_options(out);
}
