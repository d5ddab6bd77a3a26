/* The table of commands, and what is made of it: keys, the footer, help, the ':' prompt. */
#include "ui/commands.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/command_changes.h"
#include "ui/command_events.h"
#include "ui/command_find.h"
#include "ui/command_help.h"
#include "ui/command_look.h"
#include "ui/command_move.h"
#include "ui/command_picture.h"
#include "ui/command_process.h"
#include "ui/command_program.h"
#include "ui/command_regions.h"
#include "ui/command_step.h"
#include "ui/command_time.h"
#include "ui/key.h"
#include "ui/state.h"
#include "ui/update.h"

static const struct command_group *const groups[] = {
	&command_move,    &command_find,    &command_look, &command_events,  &command_regions,
	&command_process, &command_changes, &command_time, &command_program, &command_step,
	&command_picture, &command_help,    NULL,
};

const struct command_group *const *commands_groups(void)
{
	return groups;
}

static bool has_key(const struct command *c, uint32_t key)
{
	for (size_t i = 0; i < sizeof c->keys / sizeof *c->keys; i++)
		if (c->keys[i] == key)
			return true;
	return false;
}

/* By key, or where that is 0 by name. */
static const struct command *find(uint32_t key, const char *name, const struct command_group **group)
{
	for (size_t i = 0; groups[i]; i++) {
		*group = groups[i];
		for (const struct command *c = groups[i]->rows; c->name; c++)
			if (key ? has_key(c, key) : !strcmp(c->name, name))
				return c;
	}
	return NULL;
}

const struct command *commands_by_key(uint32_t key)
{
	const struct command_group *group;

	return key ? find(key, NULL, &group) : NULL;
}

const struct command *commands_by_name(const char *name)
{
	const struct command_group *group;

	return find(0, name, &group);
}

static bool is_live(const struct command *c, const struct command_group *group)
{
	return c->use == COMMAND_LIVE || group->use == COMMAND_LIVE;
}

static void run(struct ui *ui, const struct command *c, const struct command_group *group, const char *arg)
{
	if (ui->view.compared && is_live(c, group))
		ui_complain(ui, "%s", _("this key does nothing in a comparison"));
	else
		c->run(ui, arg);
}

void commands_press(struct ui *ui, uint32_t key)
{
	const struct command_group *group;
	const struct command *c = key ? find(key, NULL, &group) : NULL;

	if (c)
		run(ui, c, group, "");
}

void commands_run(struct ui *ui, const char *name, const char *arg)
{
	const struct command_group *group;
	const struct command *c = find(0, name, &group);

	assert(c);
	run(ui, c, group, arg);
}

static int run_one(struct ui *ui, char *text, struct err *err)
{
	const struct command_group *group;
	const struct command *command;
	char *arg, *end;

	text += strspn(text, " ");
	for (end = text + strlen(text); end > text && end[-1] == ' ';)
		*--end = '\0';
	if (!*text)
		return 0;
	arg = text + strcspn(text, " ");
	if (*arg)
		*arg++ = '\0';
	arg += strspn(arg, " ");
	command = find(0, text, &group);
	if (!command)
		return err_set(err, ERR_USAGE, _("no such command: %.100s"), text);
	run(ui, command, group, arg);
	return 0;
}

int commands_run_text(struct ui *ui, const char *text, struct err *err)
{
	char *copy = mem_strdup(text), *rest = copy, *one;
	int result = 0;

	while (result == 0 && (one = strsep(&rest, ";")) != NULL) {
		result = run_one(ui, one, err);
		ui_update(ui, ui->view.rows, ui->view.columns); /* the next one finds things in their place */
	}
	free(copy);
	return result;
}

/* What is useful now, the most important first: what does not fit is left out. */
struct hint {
	const char *command, *word; /* neighbours may share a word */
};

/* A row is a line. */
/* clang-format off */
static const struct hint hints[][14] = {
	[FOOTER_RUNNING] = {
		{"help", N_("help")}, {"pause", N_("pause")}, {"search", N_("search")},
		{"zoom-in", N_("zoom")}, {"zoom-out", N_("zoom")}, {"focus-next", N_("panel")}, {"events", N_("events")},
		{"quit", N_("quit")}, {"step-fault", N_("step")}, {"follow", N_("follow")}, {"send", N_("send")}, {"legend", N_("legend")},
	},
	[FOOTER_PAUSED] = {
		{"help", N_("help")}, {"pause", N_("resume")}, {"step-fault", N_("next fault")}, {"step-call", N_("next call")},
		{"stack", N_("stack")}, {"events", N_("events")}, {"quit", N_("quit")}, {"slow-motion", N_("slow motion")},
		{"step-region", N_("in region")}, {"step-count", N_("several")}, {"run-to-end", N_("to the end")},
	},
	[FOOTER_REPLAY] = {
		{"help", N_("help")}, {"pause", N_("play")}, {"timeline", N_("timeline")}, {"next-event", N_("event")},
		{"previous-event", N_("event")}, {"next-change", N_("change")}, {"previous-change", N_("change")},
		{"faster", N_("speed")}, {"slower", N_("speed")}, {"events", N_("events")}, {"quit", N_("quit")},
		{"next-mark", N_("mark")}, {"note", N_("note")}, {"legend", N_("legend")},
	},
	[FOOTER_ENDED] = {
		{"help", N_("help")}, {"search", N_("search")}, {"zoom-in", N_("zoom")}, {"zoom-out", N_("zoom")},
		{"focus-next", N_("panel")}, {"events", N_("events")}, {"functions", N_("functions")}, {"quit", N_("quit")},
		{"stack", N_("stack")}, {"legend", N_("legend")},
	},
	[FOOTER_COMPARED] = {
		{"help", N_("help")}, {"previous-changed", N_("difference")}, {"next-changed", N_("difference")},
		{"zoom-in", N_("zoom")}, {"zoom-out", N_("zoom")}, {"search", N_("search")}, {"next-process", N_("side")},
		{"quit", N_("quit")}, {"focus-next", N_("panel")}, {"sort", N_("sort")}, {"legend", N_("legend")},
	},
};
/* clang-format on */

void commands_footer(struct strbuf *out, enum footer situation, bool launched)
{
	const char *word = "";
	char label[16];

	for (const struct hint *hint = hints[situation]; hint < hints[situation + 1] && hint->command;
	     hint++) {
		const struct command *c = commands_by_name(hint->command);

		if (!c || (!launched && !strcmp(c->name, "send")))
			continue;
		if (*word && strcmp(word, hint->word) != 0)
			strbuf_printf(out, " %s  ", _(word));
		strbuf_puts(out, key_label(label, c->keys[0]));
		word = hint->word;
	}
	strbuf_printf(out, " %s", _(word));
}

static void pad(struct strbuf *line, int columns)
{
	int have = text_columns(line->text);

	strbuf_printf(line, "%*s", have < columns ? columns - have : 2, "");
}

#define KEY_COLUMNS 11

/* A command without help of its own shares that of the one before it. */
static bool is_second(const struct command *c)
{
	return c->name && !c->help;
}

/* "  0 =        zoom to fit the whole process"; of two that share a line, the first keys */
static char *help_line(const struct command *c)
{
	struct strbuf line = { 0 };
	char label[16];
	size_t i;

	strbuf_puts(&line, " ");
	for (i = 0; i < (is_second(c + 1) ? 1 : sizeof c->keys / sizeof *c->keys) && c->keys[i]; i++)
		strbuf_printf(&line, " %s", key_label(label, c->keys[i]));
	if (is_second(c + 1) &&
	    (int)line.len + 1 + text_columns(key_label(label, c[1].keys[0])) <= KEY_COLUMNS)
		strbuf_printf(&line, " %s", label);
	pad(&line, KEY_COLUMNS + 2); /* two blanks after the longest keys */
	strbuf_puts(&line, _(c->help));
	return line.text;
}

char **commands_help(bool compared)
{
	size_t n = 0, cap = 0;
	char **lines = NULL;

	for (const struct command_group *const *group = groups; *group; group++) {
		if (compared && (*group)->use == COMMAND_LIVE)
			continue;
		mem_grow(lines, cap, n + 3);
		if (n > 0)
			lines[n++] = mem_strdup("");
		lines[n++] = mem_strdup(_((*group)->title));
		for (const struct command *c = (*group)->rows; c->name; c++) {
			mem_grow(lines, cap, n + 2);
			if (c->keys[0] && c->help && !(compared && c->use == COMMAND_LIVE))
				lines[n++] = help_line(c);
		}
	}
	lines[n] = NULL;
	return lines;
}

void commands_help_free(char **lines)
{
	size_t i;

	for (i = 0; lines && lines[i]; i++)
		free(lines[i]);
	free(lines);
}
