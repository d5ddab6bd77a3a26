/* The table of commands, and what is made of it: keys, the footer, help, the ':' prompt. */
#include "ui/command.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/command_private.h"
#include "ui/terminal.h"

#define MOVING N_("Moving")
#define FINDING N_("Finding")
#define LOOKING N_("Looking")
#define FAULTS N_("Faults")
#define REGIONS N_("Regions")
#define PROCESSES N_("Processes")
#define CHANGES N_("What changed")
#define TIME N_("Time, in a recording")
#define PROGRAM N_("The program")
#define STEPPING N_("Stepping")
#define LEAVING N_("Help and leaving")

/* A row is a line. */
/* clang-format off */
static const struct command table[] = {
	{"left", {KEY_CODE_LEFT}, MOVING, N_("one cell back; right: on; below: tabs"), command_left},
	{"right", {KEY_CODE_RIGHT}, MOVING, NULL, command_right},
	{"up", {KEY_CODE_UP, 'k'}, MOVING, N_("one row or line up, down; also k, j"), command_up},
	{"down", {KEY_CODE_DOWN, 'j'}, MOVING, NULL, command_down},
	{"page-up", {KEY_CODE_PGUP}, MOVING, N_("a screenful up, down"), command_page_up},
	{"page-down", {KEY_CODE_PGDN}, MOVING, NULL, command_page_down},
	{"home", {KEY_CODE_HOME}, MOVING, N_("ends of the region, then of all"), command_home},
	{"end", {KEY_CODE_END}, MOVING, NULL, command_end},
	{"next-region", {']'}, MOVING, N_("the next region; the one before"), command_next_region},
	{"previous-region", {'['}, MOVING, NULL, command_previous_region},
	{"next-resident", {'}'}, MOVING, N_("next page that is there; the one before"), command_next_resident},
	{"previous-resident", {'{'}, MOVING, NULL, command_previous_resident},
	{"enter", {'\n'}, MOVING, N_("from a panel to the grid; there: closer"), command_enter},
	{"escape", {KEY_ESCAPE}, MOVING, N_("close this, clear the filter, to the grid"), command_escape},

	{"search", {'/'}, FINDING, N_("search a region, kind, page state, address"), command_search},
	{"search-next", {'n'}, FINDING, N_("the next that was found; the one before"), command_search_next},
	{"search-previous", {'N'}, FINDING, NULL, command_search_previous},
	{"goto", {'g'}, FINDING, N_("go to an address, heap+0x1000, libc+0x2000"), command_goto},

	{"zoom-in", {'+'}, LOOKING, N_("closer, farther: half or twice the pages"), command_zoom_in},
	{"zoom-out", {'-'}, LOOKING, NULL, command_zoom_out},
	{"zoom-fit", {'0', '='}, LOOKING, N_("as far as the whole process needs"), command_zoom_fit},
	{"focus-next", {'\t'}, LOOKING, N_("keys to the next panel; shift-tab: back"), command_focus_next},
	{"focus-previous", {KEY_CODE_TAB_BACK}, LOOKING, NULL, command_focus_previous},
	{"tab", {'`'}, LOOKING, N_("the next tab below the grid; 1 to 9: that"), command_tab},
	{"follow", {'f'}, LOOKING, N_("follow what changes"), command_chase},
	{"pause-picture", {'p'}, LOOKING, N_("the picture stands still, the program not"), command_pause_picture},
	{"theme", {'T'}, LOOKING, N_("the next theme"), command_theme},
	{"redraw", {KEY_CTRL('L')}, LOOKING, N_("paint the screen anew"), command_repaint},
	{"tall", {'v'}, LOOKING, N_("more room below the grid, or less"), command_tall},

	{"events", {'e'}, FAULTS, N_("faults and calls; enter: to the page"), command_events},
	{"events-filter", {'E'}, FAULTS, N_("only thread:42 cause:cow region:heap ..."), command_events_filter},
	{"biography", {'b'}, FAULTS, N_("the events of this page, or of all"), command_biography},
	{"stack", {'x'}, FAULTS, N_("how it came to the fault: stack and source"), command_stack},
	{"functions", {'h'}, FAULTS, N_("functions by pages they brought; callers"), command_functions},
	{"functions-callers", {'X'}, FAULTS, NULL, command_functions_callers},

	{"sort", {'o'}, REGIONS, N_("sort by address, size, resident, ..."), command_sort},
	{"fold", {'z', 'F'}, REGIONS, N_("one line a file, or one a region"), command_fold},
	{"filter", {'\\'}, REGIONS, N_("only regions with a text in name or kind"), command_filter},
	{"kinds", {'K'}, REGIONS, N_("all kinds, own memory, programs, files"), command_kinds},

	{"processes", {'P'}, PROCESSES, N_("processes and threads in place of regions"), command_processes},
	{"next-process", {')'}, PROCESSES, N_("show the next process; the one before"), command_next_process},
	{"previous-process", {'('}, PROCESSES, NULL, command_previous_process},
	{"beside", {'B'}, PROCESSES, N_("two side by side: what is common is marked"), command_beside},
	{"show-process", {0}, PROCESSES, N_("show the process of this pid"), command_show_process},

	{"mark", {'m'}, CHANGES, N_("mark this moment"), command_mark},
	{"compare", {'c'}, CHANGES, N_("compare now with the mark; no more"), command_compare},
	{"compare-off", {'C'}, CHANGES, NULL, command_compare_off},
	{"next-changed", {'>', '.'}, CHANGES, N_("next page that changed, or differs; back"), command_next_changed},
	{"previous-changed", {'<', ','}, CHANGES, NULL, command_previous_changed},

	{"timeline", {'t'}, TIME, N_("the arrow keys move time, g goes to one"), command_timeline},
	{"faster", {'*'}, TIME, N_("play faster; slower: 100 times to a 100th"), command_faster},
	{"slower", {'%'}, TIME, NULL, command_slower},
	{"next-event", {'d'}, TIME, N_("one event on; back"), command_next_event},
	{"previous-event", {'a'}, TIME, NULL, command_previous_event},
	{"next-look", {'D'}, TIME, N_("on to the next look at the process; back"), command_next_look},
	{"previous-look", {'A'}, TIME, NULL, command_previous_look},
	{"next-change", {'u'}, TIME, N_("next change of the page or region; back"), command_next_change},
	{"previous-change", {'U'}, TIME, NULL, command_previous_change},
	{"next-fault", {KEY_CODE_SHIFT_RIGHT}, TIME, N_("on to the next page fault"), command_next_fault},
	{"previous-fault", {KEY_CODE_SHIFT_LEFT}, TIME, N_("back to the page fault before"), command_previous_fault},
	{"next-mark", {'"'}, TIME, N_("on to the next mark; back"), command_next_mark},
	{"previous-mark", {'\''}, TIME, NULL, command_previous_mark},
	{"marks", {'L'}, TIME, N_("list of marks and notes; enter: go there"), command_marks},
	{"goto-time", {0}, TIME, N_("go to a time: 12.5, 1:02.25, +3, -0.01"), command_goto_time},
	{"note", {'M'}, TIME, N_("mark this moment with a note"), command_note},
	{"play", {0}, TIME, N_("play, or stand still"), command_play},

	{"pause", {' '}, PROGRAM, N_("stop the process or replay, or let it go"), command_pause},
	{"send", {'i', '!'}, PROGRAM, N_("send a line to the program"), command_send},
	{"end-program", {0}, PROGRAM, N_("end the program, and quit"), command_end_program},
	{"release-program", {0}, PROGRAM, N_("let the program live on, and quit"), command_release_program},

	{"step-fault", {'s'}, STEPPING, N_("on to the next page fault"), command_step_fault},
	{"step-region", {'r'}, STEPPING, N_("to the next fault in this region"), command_step_region},
	{"step-page", {'R'}, STEPPING, N_("to the next fault on this page"), command_step_page},
	{"step-call", {'y'}, STEPPING, N_("to the next memory call (mmap, brk, ...)"), command_step_call},
	{"step-count", {'S'}, STEPPING, N_("on by so many faults"), command_step_count},
	{"slow-motion", {'w'}, STEPPING, N_("so many faults a second; again: pause"), command_slow_motion},
	{"run-to-end", {'G'}, STEPPING, N_("let it run on, to its end"), command_run_to_end},

	{"help", {KEY_CODE_F1, '?'}, LEAVING, N_("this help"), command_help_show},
	{"legend", {'l'}, LEAVING, N_("what the glyphs and colours mean"), command_legend},
	{"command", {':'}, LEAVING, N_("a command by its name"), command_prompt},
	{"suspend", {KEY_CTRL('Z')}, LEAVING, N_("back to the shell; fg returns"), command_suspend},
	{"quit", {'q', KEY_CTRL('C')}, LEAVING, N_("quit; the watched process lives on"), command_quit},
	{0},
};
/* clang-format on */

const struct command *command_table(void)
{
	return table;
}

const struct command *command_by_key(uint32_t key)
{
	const struct command *c;
	size_t i;

	for (c = table; key && c->name; c++)
		for (i = 0; i < sizeof c->keys / sizeof *c->keys; i++)
			if (c->keys[i] == key)
				return c;
	return NULL;
}

const struct command *command_by_name(const char *name)
{
	const struct command *c;

	for (c = table; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

/* Of two that are compared there is but one picture, and nothing can be asked of them. */
static bool suits_compared(const struct command *c)
{
	static const char *const groups[] = { TIME, PROGRAM, STEPPING };
	static const char *const names[] = { "follow",       "pause-picture", "processes", "beside",
					     "show-process", "mark",          "compare",   "compare-off" };

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (!strcmp(c->group, groups[i]))
			return false;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(c->name, names[i]))
			return false;
	return true;
}

bool command_suits(struct ui *ui, const struct command *c)
{
	if (!ui->view.compared || suits_compared(c))
		return true;
	ui_complain(ui, "%s", _("two are compared here, and stand still: this key has nothing to do"));
	return false;
}

static int run_one(struct ui *ui, char *text, struct err *err)
{
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
	command = command_by_name(text);
	if (!command)
		return err_set(err, ERR_USAGE, _("no such command: %.100s"), text);
	if (command_suits(ui, command))
		command->run(ui, arg);
	return 0;
}

int command_run_text(struct ui *ui, const char *text, struct err *err)
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

const char *command_key_label(char buf[static 16], uint32_t key)
{
	static const struct {
		uint32_t key;
		const char *label;
	} labels[] = {
		{ KEY_CODE_UP, N_("up") },
		{ KEY_CODE_DOWN, N_("down") },
		{ KEY_CODE_LEFT, N_("left") },
		{ KEY_CODE_RIGHT, N_("right") },
		{ KEY_CODE_PGUP, N_("pgup") },
		{ KEY_CODE_PGDN, N_("pgdn") },
		{ KEY_CODE_HOME, N_("home") },
		{ KEY_CODE_END, N_("end") },
		{ '\t', N_("tab") },
		{ KEY_CODE_TAB_BACK, N_("shift-tab") },
		{ ' ', N_("space") },
		{ '\n', N_("enter") },
		{ KEY_ESCAPE, N_("esc") },
		{ KEY_CODE_SHIFT_LEFT, N_("S-left") },
		{ KEY_CODE_SHIFT_RIGHT, N_("S-right") },
	};
	size_t i;

	for (i = 0; i < sizeof labels / sizeof *labels; i++) {
		if (labels[i].key == key) {
			snprintf(buf, 16, "%s", _(labels[i].label));
			return buf;
		}
	}
	if (key >= KEY_CODE_F1 && key <= KEY_CODE_F12)
		snprintf(buf, 16, "F%u", key - KEY_CODE_F1 + 1);
	else if (key < 32)
		snprintf(buf, 16, "^%c", (int)key + '@');
	else
		snprintf(buf, 16, "%c", (int)key);
	return buf;
}

/* What is of use now, the most needed first: what does not fit is left out. */
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
		{"help", N_("help")}, {"pause", N_("go on")}, {"step-fault", N_("next fault")}, {"step-call", N_("next call")},
		{"stack", N_("stack")}, {"events", N_("events")}, {"quit", N_("quit")}, {"slow-motion", N_("slow motion")},
		{"step-region", N_("in region")}, {"step-count", N_("many")}, {"run-to-end", N_("to the end")},
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

void command_footer(struct strbuf *out, enum footer situation, bool launched)
{
	const char *word = "";
	char label[16];

	for (const struct hint *hint = hints[situation]; hint < hints[situation + 1] && hint->command;
	     hint++) {
		const struct command *c = command_by_name(hint->command);

		if (!c || (c->run == command_send && !launched))
			continue;
		if (*word && strcmp(word, hint->word) != 0)
			strbuf_printf(out, " %s  ", _(word));
		strbuf_puts(out, command_key_label(label, c->keys[0]));
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

/* A command without a help of its own stands with the one before it. */
static bool is_second(const struct command *c)
{
	return c->name && !c->help;
}

/* "  0 =        as far as the whole process needs", and of two that stand together the first keys */
static char *help_line(const struct command *c)
{
	struct strbuf line = { 0 };
	char label[16];
	size_t i;

	strbuf_puts(&line, " ");
	for (i = 0; i < (is_second(c + 1) ? 1 : sizeof c->keys / sizeof *c->keys) && c->keys[i]; i++)
		strbuf_printf(&line, " %s", command_key_label(label, c->keys[i]));
	if (is_second(c + 1) &&
	    (int)line.len + 1 + text_columns(command_key_label(label, c[1].keys[0])) <= KEY_COLUMNS)
		strbuf_printf(&line, " %s", label);
	pad(&line, KEY_COLUMNS + 2); /* two blanks behind the longest keys */
	strbuf_puts(&line, _(c->help));
	return line.text;
}

char **command_help(bool compared)
{
	size_t n = 0, cap = 0;
	const char *group = "";
	char **lines = NULL;
	const struct command *c;

	for (c = table; c->name; c++) {
		if (compared && !suits_compared(c))
			continue;
		mem_grow(lines, cap, n + 4);
		if (strcmp(group, c->group) != 0) {
			if (n > 0)
				lines[n++] = mem_strdup("");
			lines[n++] = mem_strdup(_(c->group));
		}
		group = c->group;
		if (c->keys[0] && c->help)
			lines[n++] = help_line(c);
	}
	lines[n] = NULL;
	return lines;
}

void command_help_free(char **lines)
{
	size_t i;

	for (i = 0; lines && lines[i]; i++)
		free(lines[i]);
	free(lines);
}
