/* Options follow getopt_long. They stop at PROGRAM, so that its own options stay its own:
 *
 *   pagescape --ascii sort -r words      watch "sort -r words"
 *   pagescape --ascii snapshot -p 4242   a command's word goes on with options
 *   pagescape -- snapshot                watch a program that is called snapshot
 *
 * Which command takes which option stands in the table, and --help is printed from it. */
#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/subcommand.h"

#define INTERVAL_MIN_MS 10
#define INTERVAL_MAX_MS 60000

enum option_value {
	OPTION_ASCII = 256, /* beyond all short options */
	OPTION_THEME,
	OPTION_INTERVAL,
	OPTION_DO,
	OPTION_NO_MOUSE,
	OPTION_JSON,
	OPTION_SUMMARY,
	OPTION_STACKS,
	OPTION_PAGES,
	OPTION_FRAMES,
	OPTION_SMAPS,
	OPTION_FORCE,
	OPTION_AT,
	OPTION_ALL,
	OPTION_EXIT_CODE,
	OPTION_SCREEN,
	OPTION_FROM,
	OPTION_TO,
	OPTION_PAUSED,
	OPTION_PROC_ROOT,
	OPTION_NO_SOURCE, /* + enum source_kind; the last */
};

struct option_row {
	const char *name;
	int value;         /* a short option's letter, or enum option_value */
	const char *arg;   /* name of its argument, or NULL */
	unsigned commands; /* that take it: enum subcommand_bit */
	const char *help;
};

#define COMMAND_LIVE (COMMAND_WATCH | COMMAND_SNAPSHOT | COMMAND_DOCTOR | COMMAND_FAULTS | COMMAND_RECORD)
#define COMMAND_SCREEN (COMMAND_WATCH | COMMAND_REPLAY | COMMAND_DIFF)

static const struct option_row rows[] = {
	{ "pid", 'p', N_("PID"), COMMAND_LIVE, N_("the process to look at") },
	{ "output", 'o', N_("FILE"), COMMAND_WATCH | COMMAND_RECORD | COMMAND_EXPORT,
	  N_("record or export to FILE; - is standard output") },
	{ "follow-forks", 'f', NULL, COMMAND_WATCH | COMMAND_FAULTS | COMMAND_RECORD,
	  N_("watch the processes that it forks, too") },
	{ "force", OPTION_FORCE, NULL, COMMAND_WATCH | COMMAND_RECORD | COMMAND_EXPORT,
	  N_("write over a file that is there") },
	{ "at", OPTION_AT, N_("SECONDS"), COMMAND_SNAPSHOT, N_("the moment of the SESSION; else its end") },
	{ "from", OPTION_FROM, N_("SECONDS"), COMMAND_EXPORT, N_("only what happened from then on") },
	{ "to", OPTION_TO, N_("SECONDS"), COMMAND_EXPORT, N_("only what happened up to then") },
	{ "theme", OPTION_THEME, N_("NAME"), COMMAND_SCREEN, N_("colours: dark, light, contrast, mono") },
	{ "ascii", OPTION_ASCII, NULL, COMMAND_ALL & ~(COMMAND_RECORD | COMMAND_FAULTS | COMMAND_EXPORT),
	  N_("draw with ASCII characters only") },
	{ "interval", OPTION_INTERVAL, N_("MS"), COMMAND_WATCH | COMMAND_FAULTS | COMMAND_RECORD,
	  N_("milliseconds between looks") },
	{ "do", OPTION_DO, N_("COMMANDS"), COMMAND_SCREEN,
	  N_("run screen commands first: \"zoom-in; follow\"") },
	{ "paused", OPTION_PAUSED, NULL, COMMAND_WATCH,
	  N_("PROGRAM waits before its first instruction, to be stepped") },
	{ "no-mouse", OPTION_NO_MOUSE, NULL, COMMAND_SCREEN, N_("leave the mouse to the terminal") },
	{ "json", OPTION_JSON, NULL, COMMAND_SNAPSHOT | COMMAND_DOCTOR | COMMAND_FAULTS | COMMAND_DIFF,
	  N_("print JSON") },
	{ "summary", OPTION_SUMMARY, NULL, COMMAND_FAULTS, N_("tables by function, region and file") },
	{ "stacks", OPTION_STACKS, NULL, COMMAND_FAULTS,
	  N_("with the stack of each fault; so it is with --json") },
	{ "pages", OPTION_PAGES, NULL, COMMAND_SNAPSHOT | COMMAND_DIFF,
	  N_("every page, as runs of equal neighbours") },
	{ "frames", OPTION_FRAMES, NULL, COMMAND_SNAPSHOT, N_("with frame numbers (root); implies --pages") },
	{ "smaps", OPTION_SMAPS, NULL, COMMAND_SNAPSHOT, N_("with the kernel's own sums of each region") },
	{ "exit-code", OPTION_EXIT_CODE, NULL, COMMAND_DIFF, N_("exit with 1 where they differ") },
	{ "screen", OPTION_SCREEN, NULL, COMMAND_DIFF,
	  N_("both side by side on the screen, with what differs") },
	{ "all", OPTION_ALL, NULL, COMMAND_DIFF, N_("what differs by chance, too") },
	{ "proc-root", OPTION_PROC_ROOT, N_("DIR"), COMMAND_LIVE | COMMAND_DIFF,
	  N_("read DIR in place of /proc (for tests)") },
	{ "help", 'h', NULL, COMMAND_ALL, N_("print this help") },
	{ "version", 'V', NULL, COMMAND_ALL, N_("print the version") },
};
#define ROWS (sizeof rows / sizeof rows[0])

/* Maps are the one source that nothing can be seen without. */
static bool source_can_be_off(enum source_kind kind)
{
	return kind != SOURCE_MAPS;
}

/* "no-pagemap-scan" */
static char *source_option_name(enum source_kind kind)
{
	struct strbuf name = { 0 };

	strbuf_printf(&name, "no-%s", source_kind_name(kind));
	for (char *c = name.text; *c; c++)
		if (*c == '_')
			*c = '-';
	return name.text;
}

/* getopt's form of the table; the names of sources are the caller's to free. */
static void fill_long_options(struct option out[static ROWS + SOURCE_KINDS + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++)
		out[n++] = (struct option){ rows[i].name, rows[i].arg ? required_argument : no_argument, NULL,
					    rows[i].value };
	for (int kind = 0; kind < SOURCE_KINDS; kind++)
		if (source_can_be_off((enum source_kind)kind))
			out[n++] = (struct option){ source_option_name((enum source_kind)kind), no_argument,
						    NULL, OPTION_NO_SOURCE + kind };
	out[n] = (struct option){ 0 };
}

static void free_long_options(struct option *options)
{
	for (; options->name; options++)
		if (options->val >= OPTION_NO_SOURCE)
			free((char *)options->name);
}

static int parse_number(const char *text, long min, long max, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	return *text < '0' || *text > '9' || *end || errno || *out < min || *out > max ? -1 : 0;
}

static int parse_pid(struct options *options, const char *text, struct err *err)
{
	long pid;

	if (options->pid)
		return err_set(err, ERR_USAGE, _("-p can be given once"));
	if (parse_number(text, 1, INT32_MAX, &pid) < 0)
		return err_set(err, ERR_USAGE, _("not a process id: %s"), text);
	options->pid = (int32_t)pid;
	return 0;
}

static int parse_interval(struct options *options, const char *text, struct err *err)
{
	long ms;

	if (parse_number(text, INTERVAL_MIN_MS, INTERVAL_MAX_MS, &ms) < 0)
		return err_set(err, ERR_USAGE, _("--interval takes 10 to 60000 milliseconds, not: %s"), text);
	options->interval_ns = (uint64_t)ms * CLOCK_MS;
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

static int parse_at(struct options *options, const char *text, struct err *err)
{
	if (options_seconds(text, &options->at_ns) < 0)
		return err_set(err, ERR_USAGE, _("--at takes seconds, not: %s"), text);
	options->has_at = true;
	return 0;
}

static int parse_span(struct options *options, int value, const char *text, struct err *err)
{
	if (options_seconds(text, value == OPTION_FROM ? &options->from_ns : &options->to_ns) < 0)
		return err_set(err, ERR_USAGE, _("--%s takes seconds, not: %s"),
			       value == OPTION_FROM ? "from" : "to", text);
	options->has_span = true;
	return 0;
}

static int parse_theme(struct options *options, const char *name, struct err *err)
{
	struct strbuf text = { 0 };

	options->theme = theme_find(name);
	if (options->theme)
		return 0;
	for (const struct theme *const *theme = theme_list(); *theme; theme++)
		strbuf_printf(&text, "%s%s", theme == theme_list() ? "" : ", ", (*theme)->name);
	err_set(err, ERR_USAGE, _("no such theme: %s (there are %s)"), name, text.text);
	strbuf_fini(&text);
	return -1;
}

/* What an option that is a mere yes stands for; NULL: it is none of these. */
static bool *flag_of(struct options *options, int value)
{
	switch (value) {
	case 'f':
		return &options->follow;
	case OPTION_FORCE:
		return &options->force;
	case 'h':
		return &options->help;
	case 'V':
		return &options->version;
	case OPTION_ASCII:
		return &options->ascii;
	case OPTION_PAUSED:
		return &options->paused;
	case OPTION_NO_MOUSE:
		return &options->no_mouse;
	case OPTION_JSON:
		return &options->json;
	case OPTION_SUMMARY:
		return &options->summary;
	case OPTION_STACKS:
		return &options->stacks;
	case OPTION_PAGES:
		return &options->pages;
	case OPTION_SMAPS:
		return &options->smaps;
	case OPTION_ALL:
		return &options->all;
	case OPTION_SCREEN:
		return &options->screen;
	case OPTION_EXIT_CODE:
		return &options->exit_code;
	case OPTION_FRAMES:
		return &options->frames;
	default:
		return NULL;
	}
}

/* One option that getopt has recognised. */
static int take_option(struct options *options, int value, char *arg, struct err *err)
{
	bool *flag = flag_of(options, value);

	if (flag) {
		*flag = true;
		options->pages |= options->frames;
		return 0;
	}
	switch (value) {
	case 'p':
		return parse_pid(options, arg, err);
	case 'o':
		options->output = arg;
		return 0;
	case OPTION_AT:
		return parse_at(options, arg, err);
	case OPTION_FROM:
	case OPTION_TO:
		return parse_span(options, value, arg, err);
	case OPTION_THEME:
		return parse_theme(options, arg, err);
	case OPTION_INTERVAL:
		return parse_interval(options, arg, err);
	case OPTION_DO:
		options->commands = arg;
		return 0;
	case OPTION_PROC_ROOT:
		options->reader.proc_root = arg;
		return 0;
	default:
		options->reader.off[value - OPTION_NO_SOURCE] = true;
		return 0;
	}
}

/* getopt answered '?' or ':': which option it was, and what is wrong with it. */
static int explain_refusal(int answer, char **argv, const struct option *options, struct err *err)
{
	char letter[] = { '-', (char)optopt, '\0' };

	if (optopt == 0)
		return err_set(err, ERR_USAGE, _("unknown or ambiguous option: %s (see pagescape --help)"),
			       argv[optind - 1]);
	if (answer == ':')
		return err_set(err, ERR_USAGE, _("%s needs an argument (see pagescape --help)"),
			       optopt < OPTION_ASCII ? letter : argv[optind - 1]);
	for (; options->name; options++)
		if (options->val == optopt && optopt >= OPTION_ASCII)
			return err_set(err, ERR_USAGE, _("--%s takes no argument"), options->name);
	return err_set(err, ERR_USAGE, _("unknown option: %s (see pagescape --help)"), letter);
}

/* A file, where the command takes one (more). */
static bool take_operand(struct options *options, const char *word)
{
	const char **files = options->files;

	if (options->command->operand == OPERAND_SESSION && !options->session)
		options->session = word;
	else if (options->command->operand == OPERAND_FILES && !files[1])
		files[files[0] ? 1 : 0] = word;
	else
		return false;
	return true;
}

/* Reads the options up to the first word that is none. `seen` gets a bit for each row given. */
static int parse_words(struct options *options, int argc, char **argv, const struct option *known,
		       unsigned *seen, struct err *err)
{
	int before, value;

	for (;;) {
		before = optind ? optind : 1;
		value = getopt_long(argc, argv, "+:p:o:fhV", known, NULL);
		if (value == -1) {
			bool separator = optind > before; /* a "--" was taken */
			const struct subcommand *command = NULL;

			if (!separator && optind < argc && options->command == subcommand_list()[0])
				command = subcommand_find(argv[optind]);
			if (!command && !separator && optind < argc && take_operand(options, argv[optind])) {
				optind++;
				continue;
			}
			if (!command)
				return 0;
			options->command = command;
			optind++;
			continue;
		}
		if (value == '?' || value == ':')
			return explain_refusal(value, argv, known, err);
		if (take_option(options, value, optarg, err) < 0)
			return -1;
		if (options->help || options->version)
			return 0;
		for (size_t i = 0; i < ROWS; i++)
			if (rows[i].value == value)
				*seen |= 1u << i;
	}
}

/* The screen of a comparison and its text have different options. */
static int check_diff(const struct options *options, unsigned seen, struct err *err)
{
	static const char *const of_screen[] = { "theme", "do", "no-mouse" }, *const of_text[] = { "json",
												   "pages" };

	for (size_t i = 0; i < ROWS; i++) {
		bool given = seen & 1u << i;

		for (size_t j = 0; given && !options->screen && j < sizeof of_screen / sizeof *of_screen; j++)
			if (!strcmp(rows[i].name, of_screen[j]))
				return err_set(err, ERR_USAGE, _("--%s goes with diff --screen only"),
					       rows[i].name);
		for (size_t j = 0; given && options->screen && j < sizeof of_text / sizeof *of_text; j++)
			if (!strcmp(rows[i].name, of_text[j]))
				return err_set(err, ERR_USAGE, _("--screen and --%s do not go together"),
					       rows[i].name);
	}
	return 0;
}

/* What getopt cannot know: which options go together. */
static int check(const struct options *options, unsigned seen, const char *rest, struct err *err)
{
	for (size_t i = 0; i < ROWS; i++)
		if (seen & 1u << i && !(rows[i].commands & options->command->bit)) {
			if (!options->command->name)
				return err_set(err, ERR_USAGE,
					       _("--%s belongs to another command (see pagescape --help)"),
					       rows[i].name);
			return err_set(err, ERR_USAGE, _("%s does not take --%s"), options->command->name,
				       rows[i].name);
		}
	if (options->command->bit & (COMMAND_REPLAY | COMMAND_EXPORT))
		for (int kind = 0; kind < SOURCE_KINDS; kind++)
			if (options->reader.off[kind])
				return err_set(err, ERR_USAGE, _("%s does not take --no-SOURCE"),
					       options->command->name);
	if (options->command->bit == COMMAND_DIFF && check_diff(options, seen, err) < 0)
		return -1;
	if (options->has_span && options->from_ns > options->to_ns)
		return err_set(err, ERR_USAGE, "%s", _("--from is later than --to"));
	if (rest && options->command->operand != OPERAND_PROGRAM)
		return err_set(err, ERR_USAGE, _("one word too many: %s (see pagescape --help)"), rest);
	if (rest && options->pid)
		return err_set(err, ERR_USAGE, _("-p PID or a PROGRAM, not both: %s"), rest);
	if (options->paused && options->pid)
		return err_set(err, ERR_USAGE, "%s",
			       _("--paused is for a PROGRAM; with -p, --do pause stops it at once"));
	return 0;
}

int options_parse(struct options *options, int argc, char **argv, struct err *err)
{
	struct option known[ROWS + SOURCE_KINDS + 1];
	unsigned seen = 0;
	int result;

	*options = (struct options){ .command = subcommand_list()[0], .to_ns = UINT64_MAX };
	optind = 0; /* so that glibc begins anew, whatever was parsed before */
	opterr = 0;
	fill_long_options(known);
	result = parse_words(options, argc, argv, known, &seen, err);
	free_long_options(known);
	if (result < 0 || options->help || options->version)
		return result;
	while (optind < argc && take_operand(options, argv[optind]))
		optind++;
	if (check(options, seen, optind < argc ? argv[optind] : NULL, err) < 0)
		return -1;
	if (optind < argc)
		options->program = argv + optind;
	return 0;
}

static void print_row(FILE *out, const struct option_row *row)
{
	struct strbuf left = { 0 };

	if (row->value < OPTION_ASCII)
		strbuf_printf(&left, "-%c, ", row->value);
	strbuf_printf(&left, "--%s", row->name);
	if (row->arg)
		strbuf_printf(&left, " %s", _(row->arg));
	fprintf(out, "  %s%*s %s\n", left.text,
		text_columns(left.text) < 20 ? 20 - text_columns(left.text) : 0, "", _(row->help));
	strbuf_fini(&left);
}

static void print_source_options(FILE *out)
{
	int column = 0;

	fprintf(out, "  --no-SOURCE          %s", _("do without a source of data; SOURCE is one of"));
	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		char *name;

		if (!source_can_be_off((enum source_kind)kind))
			continue;
		name = source_option_name((enum source_kind)kind);
		if (!column || column + (int)strlen(name + 3) + 1 > 79)
			column = fprintf(out, "\n%22s", "") - 1;
		column += fprintf(out, " %s", name + 3);
		free(name);
	}
	fputc('\n', out);
}

void options_print_help(FILE *out, const struct subcommand *command)
{
	const struct subcommand *const *list = subcommand_list();
	const char *before = _("usage:");

	for (size_t i = 0; list[i]; i++)
		for (size_t j = 0; list[i]->usage[j] && (list[i] == command || !command->name); j++) {
			fprintf(out, "%s pagescape %s\n", before, _(list[i]->usage[j]));
			before = "      ";
		}
	fprintf(out, "\n%s\n", _(command->help));
	if (command->list)
		command->list(out);
	fputc('\n', out);
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].commands & (unsigned)command->bit || !command->name)
			print_row(out, &rows[i]);
	if (!(command->bit & (COMMAND_REPLAY | COMMAND_EXPORT)))
		print_source_options(out);
}
