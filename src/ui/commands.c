/* The table of commands, and what is made from it: keys, the footer, help, the ':' prompt. */
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
#include "ui/command_view.h"
#include "ui/command_move.h"
#include "ui/command_picture.h"
#include "ui/command_process.h"
#include "ui/command_program.h"
#include "ui/command_reclaim.h"
#include "ui/command_regions.h"
#include "ui/command_step.h"
#include "ui/command_time.h"
#include "ui/key.h"
#include "ui/state.h"
#include "ui/update.h"

static const struct command_group *const groups[] = {
	&command_move,    &command_find,
	&command_view,    &command_events,
	&command_regions, &command_process,
	&command_changes, &command_time,
	&command_program, &command_step,
	&command_reclaim, &command_picture,
	&command_help,    NULL,
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
	return c->use != COMMAND_ANY || group->use != COMMAND_ANY;
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
		ui_update(ui, ui->view.rows, ui->view.columns); /* the next one needs it */
	}
	free(copy);
	return result;
}

int commands_check(const char *text, struct err *err)
{
	char *copy = mem_strdup(text), *rest = copy, *one;
	int result = 0;

	while (result == 0 && (one = strsep(&rest, ";")) != NULL) {
		one += strspn(one, " ");
		one[strcspn(one, " ")] = '\0';
		if (*one && !commands_by_name(one))
			result = err_set(err, ERR_USAGE, _("no such command: %.100s"), one);
	}
	free(copy);
	return result;
}

int commands_bind(struct keymap *map, const char *label, const char *text, struct err *err)
{
	uint32_t key = key_parse(label);
	const struct command *command = commands_by_name(text);

	if (!key)
		return err_set(err, ERR_USAGE, _("no such key: %.40s"), label);
	if (key == KEY_CTRL('C'))
		return err_set(err, ERR_USAGE, "%s", _("^C always quits: it cannot be bound"));
	if (!*text)
		return err_set(err, ERR_USAGE, _("the key %.40s needs a command, or: nothing"), label);
	if (!strcmp(text, "nothing")) {
		keymap_bind(map, key, 0, NULL);
		return 0;
	}
	if (commands_check(text, err) < 0)
		return -1;
	keymap_bind(map, key, command ? command->keys[0] : 0, text);
	return 0;
}

/* Keys that are useful now, the most important first: those that do not fit are left out. */
struct hint {
	const char *command, *word; /* neighbours may share a word */
};

#define HINTS_MAX 14

/* clang-format off */
static const struct hint hints[][HINTS_MAX + 1] = {
	[COMMANDS_FOOTER_RUNNING] = {
		{"help", N_("help")}, {"pause", N_("pause")}, {"search", N_("search")},
		{"zoom-in", N_("zoom")}, {"zoom-out", N_("zoom")}, {"focus-next", N_("panel")}, {"events", N_("events")},
		{"quit", N_("quit")}, {"step-fault", N_("step")}, {"follow", N_("follow")}, {"send", N_("send")}, {"legend", N_("legend")},
	},
	[COMMANDS_FOOTER_SEVERAL] = {
		{"help", N_("help")}, {"processes", N_("processes")}, {"process-list", N_("sizes")},
		{"held-together", N_("together")}, {"previous-process", N_("next")}, {"next-process", N_("next")},
		{"quit", N_("quit")}, {"pause", N_("pause")}, {"search", N_("search")}, {"events", N_("events")},
		{"zoom-in", N_("zoom")}, {"zoom-out", N_("zoom")}, {"focus-next", N_("panel")}, {"beside", N_("beside")},
	},
	[COMMANDS_FOOTER_PAUSED] = {
		{"help", N_("help")}, {"pause", N_("resume")}, {"step-fault", N_("next fault")}, {"step-call", N_("next call")},
		{"stack", N_("stack")}, {"events", N_("events")}, {"quit", N_("quit")}, {"slow-motion", N_("slow motion")},
		{"step-region", N_("in region")}, {"step-count", N_("several")}, {"run-to-end", N_("to the end")},
	},
	[COMMANDS_FOOTER_REPLAY] = {
		{"help", N_("help")}, {"pause", N_("play")}, {"timeline", N_("timeline")}, {"next-event", N_("event")},
		{"previous-event", N_("event")}, {"next-change", N_("change")}, {"previous-change", N_("change")},
		{"faster", N_("speed")}, {"slower", N_("speed")}, {"events", N_("events")}, {"quit", N_("quit")},
		{"next-mark", N_("mark")}, {"note", N_("note")}, {"legend", N_("legend")},
	},
	[COMMANDS_FOOTER_ENDED] = {
		{"help", N_("help")}, {"search", N_("search")}, {"zoom-in", N_("zoom")}, {"zoom-out", N_("zoom")},
		{"focus-next", N_("panel")}, {"events", N_("events")}, {"functions", N_("functions")}, {"quit", N_("quit")},
		{"stack", N_("stack")}, {"legend", N_("legend")},
	},
	[COMMANDS_FOOTER_SEVERAL_ENDED] = {
		{"help", N_("help")}, {"processes", N_("processes")}, {"process-list", N_("sizes")},
		{"held-together", N_("together")}, {"previous-process", N_("next")}, {"next-process", N_("next")},
		{"quit", N_("quit")}, {"search", N_("search")}, {"events", N_("events")}, {"functions", N_("functions")},
		{"zoom-in", N_("zoom")}, {"zoom-out", N_("zoom")}, {"focus-next", N_("panel")}, {"stack", N_("stack")},
	},
	[COMMANDS_FOOTER_COMPARED] = {
		{"help", N_("help")}, {"previous-changed", N_("difference")}, {"next-changed", N_("difference")},
		{"zoom-in", N_("zoom")}, {"zoom-out", N_("zoom")}, {"search", N_("search")}, {"next-process", N_("side")},
		{"quit", N_("quit")}, {"focus-next", N_("panel")}, {"sort", N_("sort")}, {"legend", N_("legend")},
	},
};
/* clang-format on */

/* The first key that runs it; 0: none. */
static uint32_t key_of(const struct command *c, const struct keymap *map, size_t i)
{
	return keymap_key(map, c->name, c->keys, sizeof c->keys / sizeof *c->keys, i);
}

const char *commands_key(char buf[static PRESS_TEXT], const char *name, const struct keymap *map)
{
	const struct command *c = commands_by_name(name);
	uint32_t key;

	assert(c);
	key = key_of(c, map, 0);
	if (key)
		return key_label(buf, key);
	snprintf(buf, PRESS_TEXT, ":%s", c->name);
	return buf;
}

void commands_footer(struct strbuf *out, enum footer situation, bool launched, const struct keymap *map)
{
	const char *word = "";
	char label[16];

	for (const struct hint *hint = hints[situation]; hint->command; hint++) {
		const struct command *c = commands_by_name(hint->command);

		if (!c || !key_of(c, map, 0) || (!launched && c->use == COMMAND_LAUNCHED))
			continue;
		if (*word && strcmp(word, hint->word) != 0)
			strbuf_printf(out, " %s  ", _(word));
		strbuf_puts(out, key_label(label, key_of(c, map, 0)));
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
static char *help_line(const struct command *c, const struct keymap *map)
{
	struct strbuf line = { 0 };
	char label[16];
	uint32_t key;

	strbuf_puts(&line, " ");
	for (size_t i = 0; (key = key_of(c, map, i)) && !(i && is_second(c + 1)); i++)
		strbuf_printf(&line, " %s", key_label(label, key));
	if (is_second(c + 1) && (key = key_of(c + 1, map, 0)) &&
	    (int)line.len + 1 + text_columns(key_label(label, key)) <= KEY_COLUMNS + 1)
		strbuf_printf(&line, " %s", label);
	pad(&line, KEY_COLUMNS + 2); /* a blank after the longest keys */
	strbuf_puts(&line, _(c->help));
	return line.text;
}

/* Lines of text under a title. */
struct help {
	char **lines;
	size_t count, cap;
};

static void add_line(struct help *help, char *line)
{
	mem_grow(help->lines, help->cap, help->count + 1);
	help->lines[help->count++] = line;
}

static void add_title(struct help *help, const char *title)
{
	if (help->count)
		add_line(help, mem_strdup(""));
	add_line(help, mem_strdup(title));
}

/* The user's own keys for more than one bare command. */
static void add_bound(struct help *help, const struct keymap *map)
{
	bool titled = false;

	for (size_t i = 0; map && i < map->count; i++) {
		const struct key_binding *b = &map->bindings[i];
		struct strbuf line = { 0 };
		char label[16];

		if (!b->commands || b->stands_for)
			continue;
		if (!titled)
			add_title(help, _("Your own keys"));
		titled = true;
		strbuf_printf(&line, "  %s", key_label(label, b->key));
		pad(&line, KEY_COLUMNS + 2);
		strbuf_puts(&line, b->commands);
		add_line(help, line.text);
	}
}

char **commands_help(bool compared, const struct keymap *map)
{
	struct help help = { 0 };

	add_bound(&help, map);
	for (const struct command_group *const *group = groups; *group; group++) {
		if (compared && (*group)->use != COMMAND_ANY)
			continue;
		add_title(&help, _((*group)->title));
		for (const struct command *c = (*group)->rows; c->name; c++)
			if (key_of(c, map, 0) && c->help && !(compared && is_live(c, *group)))
				add_line(&help, help_line(c, map));
	}
	add_line(&help, NULL);
	return help.lines;
}

void commands_help_free(char **lines)
{
	size_t i;

	for (i = 0; lines && lines[i]; i++)
		free(lines[i]);
	free(lines);
}
