/* Options follow getopt_long. They end at PROGRAM, so that its own options stay its own:
 *
 *   pagescape --ascii sort -r words      watch "sort -r words"
 *   pagescape --ascii snapshot -p 4242   options go on after a subcommand
 *   pagescape -- snapshot                watch a program that is called snapshot
 *
 * A new option is a name in cmd/option_id.h, its row in cmd/option_rows.c, and its name in each subcommand that
 * takes it. */
#include "cmd/command_line.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/language.h"
#include "cmd/option_rows.h"
#include "cmd/subcommands.h"

#define PROGRAM_MAX 40 /* bytes of "pagescape SUBCOMMAND" */

/* getopt's values for rows begin beyond all letters; sources follow the rows. */
#define VALUE_FIRST 256
#define VALUE_SOURCES (VALUE_FIRST + OPTION_ROWS)

/* The table in getopt's form. */
struct getopt_table {
	struct option options[OPTION_ROWS + SOURCE_KINDS + 1];
	char letters[2 + 2 * OPTION_ROWS + 1]; /* "+:p:o:f" */
};

static void known_init(struct getopt_table *known)
{
	struct option *out = known->options;
	char *letter = known->letters;

	*letter++ = '+'; /* stop at the first word */
	*letter++ = ':';
	for (int i = 0; i < OPTION_ROWS; i++) {
		const struct option_row *row = &option_rows[i];

		*out++ = (struct option){ row->name, row->argument ? required_argument : no_argument, NULL,
					  row->letter ? row->letter : VALUE_FIRST + i };
		if (row->letter)
			*letter++ = row->letter;
		if (row->letter && row->argument)
			*letter++ = ':';
	}
	*letter = '\0';
	for (int kind = 0; kind < SOURCE_KINDS; kind++)
		if (source_kind_can_be_off((enum source_kind)kind))
			*out++ = (struct option){ option_source_name((enum source_kind)kind), no_argument,
						  NULL, VALUE_SOURCES + kind };
	*out = (struct option){ 0 };
}

static void known_fini(struct getopt_table *known)
{
	for (struct option *option = known->options; option->name; option++)
		if (option->val >= VALUE_SOURCES)
			free((char *)option->name);
}

/* The option that getopt's value stands for. */
static enum option_id option_of(int value)
{
	enum option_id id = 0;

	if (value >= VALUE_FIRST)
		return value < VALUE_SOURCES ? (enum option_id)(value - VALUE_FIRST) : OPTION_NO_SOURCE;
	while (option_rows[id].letter != value)
		id++;
	return id;
}

/* Switches the language as soon as it is given, so that messages about later options are in it, too. */
static int speak(const struct options *options, enum option_id id, struct err *err)
{
	return id == OPTION_LANG ? language_choose(options->language, err) : 0;
}

static int take_option(struct options *options, int value, const char *text, struct err *err)
{
	enum option_id id = option_of(value);
	const struct option_row *row = &option_rows[id];

	options->given[id] = true;
	if (id != OPTION_NO_SOURCE)
		return row->parse((char *)options + row->member, row->name, text, err);
	options->reader.off[value - VALUE_SOURCES] = true;
	return 0;
}

/* "pagescape lesson": the command whose --help says more. */
static const char *program_of(const struct options *options, char *text, size_t size)
{
	const char *name = options->command->name;

	snprintf(text, size, "pagescape%s%s", name ? " " : "", name ? name : "");
	return text;
}

/* Reports what is wrong with an option for which getopt returned '?' or ':'. */
static int explain_error(int answer, char **argv, const struct option *options, const char *program,
			 struct err *err)
{
	char letter[] = { '-', (char)optopt, '\0' };

	if (optopt == 0)
		return err_set(err, ERR_USAGE, _("unknown or ambiguous option: %s (see %s --help)"),
			       argv[optind - 1], program);
	if (answer == ':')
		return err_set(err, ERR_USAGE, _("%s needs an argument (see %s --help)"),
			       optopt < VALUE_FIRST ? letter : argv[optind - 1], program);
	for (; options->name; options++)
		if (options->val == optopt && optopt >= VALUE_FIRST)
			return err_set(err, ERR_USAGE, _("--%s takes no argument"), options->name);
	return err_set(err, ERR_USAGE, _("unknown option: %s (see %s --help)"), letter, program);
}

/* Is the word an expectation? It contains a comparison, unlike names of programs and files. */
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
		if (!options->input.operands[i]) {
			options->input.operands[i] = word;
			return true;
		}
	return false;
}

/* Takes the word at optind: the name of a subcommand or a file. False: it belongs to the program. */
static bool take_word(struct options *options, const char *word)
{
	const struct subcommand *command =
	    options->command == subcommands_list()[0] ? subcommands_find(word) : NULL;

	if (command)
		options->command = command;
	return command || take_operand(options, word);
}

/* Reads options and words up to the program, or to "--". */
static int parse_words(struct options *options, int argc, char **argv, const struct getopt_table *known,
		       struct err *err)
{
	char program[PROGRAM_MAX];
	int before, value;

	for (;;) {
		before = optind ? optind : 1;
		value = getopt_long(argc, argv, known->letters, known->options, NULL);
		if (value == '?' || value == ':')
			return explain_error(value, argv, known->options,
					     program_of(options, program, sizeof program), err);
		if (value != -1) {
			if (take_option(options, value, optarg, err) < 0 ||
			    speak(options, option_of(value), err) < 0)
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

/* Checks that running processes are selected in only one way, and not together with a program. */
static int check_processes(const struct options_input *input, const struct subcommand *command,
			   const char *rest, struct err *err)
{
	const char *way = input->pid ? "-p PID" : input->cgroup ? "--cgroup" : input->name ? "--name" : NULL;

	if (rest && way)
		return err_set(err, ERR_USAGE, _("%s or a PROGRAM, not both: %s"), way, rest);
	if (input->pid && (input->cgroup || input->name))
		return err_set(err, ERR_USAGE, _("-p and --%s are mutually exclusive"),
			       input->cgroup ? "cgroup" : "name");
	if (input->pids.count > 1 && !options_taken(command, OPTION_CGROUP))
		return err_set(err, ERR_USAGE, _("%s takes one process"), command->name);
	return 0;
}

/* What getopt cannot know. `rest`: the first word after the options and files, or NULL. */
static int check(const struct options *options, const char *rest, struct err *err)
{
	const struct subcommand *command = options->command;
	char program[PROGRAM_MAX];

	for (enum option_id id = 0; id < OPTION_IDS; id++) {
		if (!options_given(options, id) || options_taken(command, id))
			continue;
		if (!command->name)
			return err_set(err, ERR_USAGE,
				       _("--%s belongs to another command (see pagescape --help)"),
				       option_name(id));
		return err_set(err, ERR_USAGE, _("%s does not take --%s"), command->name, option_name(id));
	}
	if (rest && !command->program)
		return err_set(err, ERR_USAGE, _("unexpected argument: %s (see %s --help)"), rest,
			       program_of(options, program, sizeof program));
	return check_processes(&options->input, command, rest, err);
}

/* --theme has precedence over NO_COLOR. */
static void finish_terminal(struct terminal_options *terminal)
{
	const char *no_colour = getenv("NO_COLOR");

	if (terminal->theme)
		terminal->no_colour = terminal->theme->mono;
	else
		terminal->no_colour = no_colour && *no_colour;
	if (!terminal->theme)
		terminal->theme = theme_list()[0];
}

int command_line_parse(struct options *options, int argc, char **argv, struct err *err)
{
	struct getopt_table known;
	int result;

	*options = (struct options){
		.command = subcommands_list()[0],
		.time.at_ns = UINT64_MAX,
		.time.to_ns = UINT64_MAX,
	};
	optind = 0; /* makes glibc start over, whatever was parsed before */
	opterr = 0;
	known_init(&known);
	result = parse_words(options, argc, argv, &known, err);
	known_fini(&known);
	if (result < 0 || options->help || options->version)
		return result;
	/* after "--" comes the program, whatever it is called */
	while (optind < argc && !(options->command->program && !strcmp(argv[optind - 1], "--")) &&
	       take_operand(options, argv[optind]))
		optind++;
	options->input.pid = options->input.pids.list[0];
	if (check(options, optind < argc ? argv[optind] : NULL, err) < 0)
		return -1;
	if (optind < argc)
		options->input.program = argv + optind;
	finish_terminal(&options->screen.terminal);
	return 0;
}

/* Sets a flag for each command that has it, with "no" as the default. */
static int set_flag(struct options *options, enum option_id id, const char *text, struct err *err)
{
	const struct option_row *row = &option_rows[id];
	bool yes = !strcmp(text, "yes");

	if (!yes && strcmp(text, "no") != 0)
		return err_set(err, ERR_USAGE, _("%s is yes or no, not: %.60s"), row->name, text);
	if (yes && !options_given(options, id))
		return row->parse((char *)options + row->member, row->name, NULL, err);
	return 0;
}

/* The setting of this name; OPTION_ROWS: there is none. */
static enum option_id setting_named(const char *name)
{
	enum option_id id = 0;

	while (id < OPTION_ROWS &&
	       (option_rows[id].setting == OPTION_SETTING_NEVER || strcmp(option_rows[id].name, name) != 0))
		id++;
	return id;
}

int command_line_set(struct options *options, const char *name, const char *text, struct err *err)
{
	enum option_id id = setting_named(name);
	const struct option_row *row = &option_rows[id];
	struct options unused = { 0 };
	int result;

	if (id == OPTION_ROWS)
		return err_set(err, ERR_USAGE, _("no such setting: %.60s"), name);
	if (!row->argument)
		return set_flag(options, id, text, err);
	/* a wrong value is an error even if the command line has precedence */
	bool wanted = !options_given(options, id) &&
		      (row->setting == OPTION_SETTING_ALWAYS || options->command->interactive);
	result = row->parse((char *)(wanted ? options : &unused) + row->member, name, text, err);
	if (result < 0 || !wanted)
		return result;
	finish_terminal(&options->screen.terminal);
	return speak(options, id, err);
}
