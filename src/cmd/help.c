/* help: what --help prints, by topic: a command, the keys of the screen, the states of pages, the causes of faults. */
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cmd/options.h"
#include "cmd/options_help.h"
#include "cmd/subcommands.h"
#include "event/event.h"
#include "event/page.h"
#include "render/glyph.h"
#include "ui/commands.h"

#define HELP_COLUMNS 80
#define CAUSE_COLUMNS 13 /* of the longest name */

static void print_keys(const struct options *options)
{
	char **lines = commands_help(false, options->screen.keys);

	for (char **line = lines; *line; line++)
		puts(*line);
	commands_help_free(lines);
}

static void print_states(const struct options *options)
{
	bool ascii = options_ascii(options);

	for (int i = PAGE_RESERVED; i < PAGE_STATES; i++) {
		enum page_state state = (enum page_state)i;

		printf("%lc %-9s %s%s\n", (wint_t)glyph_page(state, ascii), page_state_name(state),
		       page_state_meaning(state), page_state_resident(state) ? " (RSS)" : "");
	}
}

static void print_cause(const struct event_fault *fault)
{
	struct strbuf words = { 0 }, line = { 0 };

	strbuf_puts(&words, fault_cause_meaning(fault->cause));
	if (fault_is_fatal(fault->cause))
		strbuf_printf(&words, " (%s)", fault_kind_name(fault));
	text_wrap(&line, words.text, CAUSE_COLUMNS + 1, CAUSE_COLUMNS + 1, HELP_COLUMNS);
	printf("%-*s %s\n", CAUSE_COLUMNS, fault_cause_name(fault->cause), line.text);
	strbuf_fini(&words);
	strbuf_fini(&line);
}

static void print_causes_of(bool fatal)
{
	for (int i = 0; i < FAULT_CAUSES; i++) {
		const struct event_fault fault = { .cause = (enum fault_cause)i };

		if (i != FAULT_CAUSE_UNKNOWN && fault_is_fatal(fault.cause) == fatal)
			print_cause(&fault);
	}
}

/* Fatal ones come last, with their signal. */
static void print_causes(const struct options *options)
{
	print_causes_of(false);
	print_cause(&(struct event_fault){ .cause = FAULT_CAUSE_UNKNOWN });
	print_causes_of(true);
}

/* One name per line, for --do and the settings; shell completions use it. */
static void print_commands(const struct options *options)
{
	for (const struct command_group *const *group = commands_groups(); *group; group++) {
		const char *help = "";

		for (const struct command *each = (*group)->rows; each->name; each++) {
			char key[PRESS_TEXT];

			help = each->help ? each->help : help;
			printf("%-18s %-8s %s\n", each->name,
			       *each->keys ? commands_key(key, each->name, options->screen.keys) : "",
			       *help ? _(help) : "");
		}
	}
}

static const struct {
	const char *name;
	void (*print)(const struct options *);
} topics[] = { { "keys", print_keys },
	       { "commands", print_commands },
	       { "states", print_states },
	       { "causes", print_causes } };
#define TOPICS (sizeof topics / sizeof *topics)

static int refuse(const char *topic, struct err *err)
{
	struct strbuf names = { 0 };

	for (size_t i = 0; i < TOPICS; i++)
		strbuf_printf(&names, "%s%s", i ? ", " : "", topics[i].name);
	for (const struct subcommand *const *each = subcommands_list() + 1; *each; each++)
		strbuf_printf(&names, ", %s", (*each)->name);
	err_set(err, ERR_USAGE, _("no such topic: %.60s (there are %s)"), topic, names.text);
	strbuf_fini(&names);
	return -1;
}

static int run_help(const struct options *options, struct err *err)
{
	const char *topic = options->input.operands[0];
	const struct subcommand *command = topic ? subcommands_find(topic) : subcommands_list()[0];

	for (size_t i = 0; topic && i < TOPICS; i++)
		if (!strcmp(topics[i].name, topic)) {
			topics[i].print(options);
			return 0;
		}
	if (!command)
		return refuse(topic, err);
	options_print_help(stdout, command);
	return 0;
}

static const char *const usage[] = { N_("help [TOPIC]"), NULL };

static const enum option_id taken[] = { OPTION_ASCII, OPTION_IDS };

const struct subcommand subcommand_help = {
	.name = "help",
	.usage = usage,
	.example = "pagescape help keys",
	.options = taken,
	.operands = 1,
	.help = N_("Explains a TOPIC: a command of pagescape, keys or commands of the screen, states\n"
		   "of pages, causes of faults."),
	.run = run_help,
};
