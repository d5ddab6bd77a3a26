#include "cmd/options_help.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cmd/option_rows.h"
#include "cmd/options.h"
#include "cmd/subcommands.h"

static const char *help_of(enum option_id id, const struct subcommand *command)
{
	for (const struct option_words *w = command->words; w && w->option != OPTION_IDS; w++)
		if (w->option == id)
			return w->help;
	return option_rows[id].help;
}

static void print_row(FILE *out, enum option_id id, const struct subcommand *command)
{
	const struct option_row *row = &option_rows[id];
	struct strbuf left = { 0 };

	if (row->letter)
		strbuf_printf(&left, "-%c, ", row->letter);
	strbuf_printf(&left, "--%s", row->name);
	if (row->argument)
		strbuf_printf(&left, " %s", _(row->argument));
	fprintf(out, "  %s%*s %s\n", left.text,
		text_columns(left.text) < 20 ? 20 - text_columns(left.text) : 0, "", _(help_of(id, command)));
	strbuf_fini(&left);
}

static void print_source_options(FILE *out)
{
	int column = 0;

	fprintf(out, "  --%-17s  %s", option_name(OPTION_NO_SOURCE),
		_("do not use a source of data; SOURCE is one of"));
	for (int kind = 0; kind < SOURCE_KINDS; kind++) {
		char *name;

		if (!source_kind_can_be_off((enum source_kind)kind))
			continue;
		name = option_source_name((enum source_kind)kind);
		if (!column || column + (int)strlen(name + 3) + 1 > 79)
			column = fprintf(out, "\n%22s", "") - 1;
		column += fprintf(out, " %s", name + 3);
		free(name);
	}
	fputc('\n', out);
}

/* Which subcommands take it, a bit each. */
static uint64_t takers_of(enum option_id id)
{
	const struct subcommand *const *list = subcommands_list();
	uint64_t takers = 0;

	for (size_t i = 0; list[i]; i++)
		takers |= (uint64_t)options_taken(list[i], id) << i;
	return takers;
}

/* Under their names, the options that only some subcommands take, not `command`, which is called without a word. */
static void print_others(FILE *out, const struct subcommand *command)
{
	const struct subcommand *const *list = subcommands_list();
	uint64_t known[OPTION_ROWS];
	size_t count = 0, at;

	for (enum option_id id = 0; id < OPTION_ROWS; id++) {
		uint64_t takers = takers_of(id);
		struct strbuf names = { 0 };

		for (at = 0; at < count && known[at] != takers; at++)
			;
		if (options_taken(command, id) || at < count)
			continue;
		known[count++] = takers;
		for (size_t i = 0; list[i]; i++)
			if (takers >> i & 1)
				strbuf_printf(&names, "%s%s", names.len ? ", " : "", list[i]->name);
		fprintf(out, _("\nonly for %s:\n"), names.len ? names.text : "");
		for (enum option_id other = id; other < OPTION_ROWS; other++)
			if (takers_of(other) == takers)
				print_row(out, other, command);
		strbuf_fini(&names);
	}
}

/* Without a subcommand all usages are listed, and all options: first its own, then those of others. */
void options_print_help(FILE *out, const struct subcommand *command)
{
	const struct subcommand *const *list = subcommands_list();
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
	for (enum option_id id = 0; id < OPTION_ROWS; id++)
		if (options_taken(command, id))
			print_row(out, id, command);
	if (options_taken(command, OPTION_NO_SOURCE))
		print_source_options(out);
	if (!command->name)
		print_others(out, command);
}
