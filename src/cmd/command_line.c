/* Options follow getopt_long. They end at PROGRAM, so that its own options stay its own:
 *
 *   pagescape --ascii sort -r words      watch "sort -r words"
 *   pagescape --ascii snapshot -p 4242   options go on after a subcommand
 *   pagescape -- snapshot                watch a program that is called snapshot
 *
 * A new option is one row in cmd/option_rows.c, and its name in each subcommand that takes it. */
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

/* What getopt returns for a row is beyond all letters; sources follow the rows. */
#define VALUE_FIRST 256
#define VALUE_SOURCES (VALUE_FIRST + OPTION_ROWS_MAX)

/* The table in getopt's form. */
struct known {
	struct option options[OPTION_ROWS_MAX + SOURCE_KINDS + 1];
	char letters[2 + 2 * OPTION_ROWS_MAX + 1]; /* "+:p:o:f" */
};

static void known_init(struct known *known)
{
	struct option *out = known->options;
	char *letter = known->letters;

	*letter++ = '+'; /* stop at the first word */
	*letter++ = ':';
	for (size_t i = 0; i < option_rows_count; i++) {
		*out++ =
		    (struct option){ option_rows[i].name,
				     option_rows[i].argument ? required_argument : no_argument, NULL,
				     option_rows[i].letter ? option_rows[i].letter : VALUE_FIRST + (int)i };
		if (option_rows[i].letter)
			*letter++ = option_rows[i].letter;
		if (option_rows[i].letter && option_rows[i].argument)
			*letter++ = ':';
	}
	*letter = '\0';
	for (int kind = 0; kind < SOURCE_KINDS; kind++)
		if (source_kind_can_be_off((enum source_kind)kind))
			*out++ = (struct option){ option_source_name((enum source_kind)kind), no_argument,
						  NULL, VALUE_SOURCES + kind };
	*out = (struct option){ 0 };
}

static void known_fini(struct known *known)
{
	for (struct option *option = known->options; option->name; option++)
		if (option->val >= VALUE_SOURCES)
			free((char *)option->name);
}

/* The row that getopt's value stands for; option_rows_count: none, it is a source's. */
static size_t row_of(int value)
{
	size_t i = 0;

	if (value >= VALUE_FIRST)
		return value < VALUE_SOURCES ? (size_t)(value - VALUE_FIRST) : option_rows_count;
	while (i < option_rows_count && option_rows[i].letter != value)
		i++;
	return i;
}

/* What is said after the language was chosen is said in it: what is wrong with the next option, too. */
static int speak(const struct options *options, size_t row, struct err *err)
{
	bool chosen =
	    row < option_rows_count && option_rows[row].member == offsetof(struct options, language);

	return chosen ? language_choose(options->language, err) : 0;
}

static int take_option(struct options *options, int value, const char *text, struct err *err)
{
	size_t i = row_of(value);

	options_note(options, i < option_rows_count ? option_rows[i].name : OPTION_NO_SOURCE);
	if (i < option_rows_count)
		return option_rows[i].parse((char *)options + option_rows[i].member, option_rows[i].name,
					    text, err);
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

/* What is wrong with an option for which getopt returned '?' or ':'. */
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
static int parse_words(struct options *options, int argc, char **argv, const struct known *known,
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

/* Processes that run already are named in one way, and a program is none of them. */
static int check_processes(const struct options_input *input, const struct subcommand *command,
			   const char *rest, struct err *err)
{
	const char *way = input->pid ? "-p PID" : input->cgroup ? "--cgroup" : input->name ? "--name" : NULL;

	if (rest && way)
		return err_set(err, ERR_USAGE, _("%s or a PROGRAM, not both: %s"), way, rest);
	if (input->pid && (input->cgroup || input->name))
		return err_set(err, ERR_USAGE, _("-p and --%s exclude each other"),
			       input->cgroup ? "cgroup" : "name");
	if (input->pids.count > 1 && !options_taken(command, "cgroup"))
		return err_set(err, ERR_USAGE, _("%s takes one process"), command->name);
	return 0;
}

/* What getopt cannot know. `rest`: the first word after the options and files, or NULL. */
static int check(const struct options *options, const char *rest, struct err *err)
{
	const struct subcommand *command = options->command;
	char program[PROGRAM_MAX];

	for (size_t i = 0; i <= option_rows_count; i++) {
		const char *name = i < option_rows_count ? option_rows[i].name : OPTION_NO_SOURCE;

		if (!options_given(options, name) || options_taken(command, name))
			continue;
		if (!command->name)
			return err_set(err, ERR_USAGE,
				       _("--%s belongs to another command (see pagescape --help)"), name);
		return err_set(err, ERR_USAGE, _("%s does not take --%s"), command->name, name);
	}
	if (rest && !command->program)
		return err_set(err, ERR_USAGE, _("unexpected argument: %s (see %s --help)"), rest,
			       program_of(options, program, sizeof program));
	return check_processes(&options->input, command, rest, err);
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

int command_line_parse(struct options *options, int argc, char **argv, struct err *err)
{
	struct known known;
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

/* Of each command that has it; there, "no" is the default. */
static int set_flag(struct options *options, size_t row, const char *text, struct err *err)
{
	bool yes = !strcmp(text, "yes");

	if (!yes && strcmp(text, "no") != 0)
		return err_set(err, ERR_USAGE, _("%s is yes or no, not: %.60s"), option_rows[row].name, text);
	if (yes && !options_given(options, option_rows[row].name))
		return option_rows[row].parse((char *)options + option_rows[row].member,
					      option_rows[row].name, NULL, err);
	return 0;
}

/* The row of a setting of this name; option_rows_count: none. */
static size_t setting_row(const char *name)
{
	for (size_t i = 0; i < option_rows_count; i++)
		if (option_rows[i].setting != OPTION_SETTING_NEVER && !strcmp(option_rows[i].name, name))
			return i;
	return option_rows_count;
}

int command_line_set(struct options *options, const char *name, const char *text, struct err *err)
{
	size_t i = setting_row(name);
	const struct option_row *row = &option_rows[i];
	struct options unused = { 0 };
	int result;

	if (i == option_rows_count)
		return err_set(err, ERR_USAGE, _("no such setting: %.60s"), name);
	if (!row->argument)
		return set_flag(options, i, text, err);
	/* a wrong value is wrong even where the command line goes before it */
	bool wanted = !options_given(options, name) &&
		      (row->setting == OPTION_SETTING_ALWAYS || options->command->interactive);
	result = row->parse((char *)(wanted ? options : &unused) + row->member, name, text, err);
	if (result < 0 || !wanted)
		return result;
	finish_terminal(&options->screen.terminal);
	return speak(options, i, err);
}
