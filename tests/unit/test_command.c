/* Commands, keys, prompts and the mouse, on a world built by events and a source that
 * only records what it is asked. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "render/reclaim_words.h"
#include "render/status.h"
#include "screens/scene_builder.h"
#include "ui/attention.h"
#include "ui/command_step.h"
#include "ui/commands.h"
#include "ui/view/tab_events.h"
#include "ui/view/tab_functions.h"
#include "ui/view/tab_stack.h"
#include "ui/input.h"
#include "ui/key.h"
#include "ui/line_edit.h"
#include "ui/show_process.h"
#include "ui/update.h"

#define HEAP UINT64_C(0x55d2c1f0a)
#define ANON UINT64_C(0x7f1200000)
#define LIBC UINT64_C(0x7f1213400)
#define STACK UINT64_C(0x7ffd3b0d0)

struct fake {
	struct source source; /* first */
	int asked;            /* enum control; -1: nothing */
	char sent[64];
	struct control_step step;
	struct control_pages pages;
	uint64_t inspected;
	bool refuses;
};

static int fake_control(struct source *source, int32_t pid, enum control what, const struct control_arg *arg,
			struct err *err)
{
	struct fake *fake = (struct fake *)source;

	assert_int_equal(pid, STAGE_PID);
	fake->asked = (int)what;
	if (what == CONTROL_STEP)
		fake->step = arg->step;
	if (what == CONTROL_EVICT && arg->pages.done) {
		fake->pages = arg->pages;
		arg->pages.done->before.states[PAGE_ANON] = 9;
		arg->pages.done->after.states[PAGE_ANON] = 2;
		arg->pages.done->after.states[PAGE_SWAP] = 7;
	}
	if (what == CONTROL_SEND)
		snprintf(fake->sent, sizeof fake->sent, "%.*s", (int)arg->len, arg->bytes);
	return fake->refuses ? err_set(err, ERR_DENIED, "not allowed") : 0;
}

/* Each time it is asked it knows more. */
static int fake_inspect(struct source *source, int32_t pid, uint64_t page, unsigned what,
			struct page_detail *detail, struct err *err)
{
	struct fake *fake = (struct fake *)source;

	*detail =
	    (struct page_detail){ .page = page, .entry = { .known = true, .value = ++fake->inspected } };
	return 0;
}

static const struct source_ops fake_ops = { .control = fake_control, .inspect = fake_inspect };

struct desk {
	struct stage stage;
	struct fake fake;
	struct ui ui;
};

static void update(struct desk *d)
{
	d->ui.shown.now_ns = d->stage.world->now_ns;
	ui_update(&d->ui, 36, 120);
}

static int set_up(void **state)
{
	static const char *const argv[] = { "./demo", "64", NULL };
	static struct desk desk;

	memset(&desk, 0, sizeof desk);
	stage_init(&desk.stage, argv);
	stage_build_demo(&desk.stage);
	desk.stage.process->identity.launched = false;
	desk.fake = (struct fake){ .source = { &fake_ops }, .asked = -1 };
	ui_init(&desk.ui, desk.stage.world, &desk.fake.source, STAGE_PID, theme_list()[0]);
	desk.ui.view.press.key = commands_key;
	desk.ui.view.grid.zoom_auto = false;
	update(&desk);
	*state = &desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *d = *state;

	ui_fini(&d->ui);
	stage_fini(&d->stage);
	return 0;
}

static void run(struct desk *d, const char *text)
{
	struct err err = { 0 };

	d->ui.view.message.text[0] = '\0';
	d->ui.view.message.bad = false;
	assert_int_equal(commands_run_text(&d->ui, text, &err), 0);
	update(d);
}

static void type(struct desk *d, const char *text)
{
	for (; *text; text++)
		input_key(&d->ui, (unsigned char)*text);
	update(d);
}

static void press(struct desk *d, uint32_t key)
{
	input_key(&d->ui, key);
	update(d);
}

/* --- the table --- */

static void check_key_free(const struct command *c, uint32_t key)
{
	if (key >= '1' && key <= '9')
		fail_msg("%s has the key of a tab", c->name);
	if (commands_by_key(key) != c)
		fail_msg("%s and %s have the same key", c->name, commands_by_key(key)->name);
}

/* Where two commands share a line of help, the first one has the text. */
static void check_row(const struct command *c, bool first)
{
	assert_ptr_equal(commands_by_name(c->name), c);
	assert_non_null(c->run);
	assert_true(c->help || (!first && c[-1].help));
	if (c->help && (!*c->help || text_columns(c->help) > 42))
		fail_msg("%s: its help is missing or too long for two columns", c->name);
	for (size_t i = 0; i < 4 && c->keys[i]; i++)
		check_key_free(c, c->keys[i]);
}

static void table_is_sound(void **state)
{
	size_t n = 0;

	for (const struct command_group *const *group = commands_groups(); *group; group++) {
		assert_non_null((*group)->title);
		for (const struct command *c = (*group)->rows; c->name; c++, n++)
			check_row(c, c == (*group)->rows);
	}
	assert_true(n > 40);
	assert_null(commands_by_key(0));
	assert_null(commands_by_name("no-such"));
}

/* What is written on a key is what it is called in the file of settings. */
static void labels_are_parsed(void **state)
{
	static const char *const wrong[] = {
		"", "F0", "F13", "Fx", "F1x", "^a", "^AB", "xy", "Space", "\x1b"
	};
	char label[16];

	for (const struct command_group *const *group = commands_groups(); *group; group++)
		for (const struct command *c = (*group)->rows; c->name; c++)
			for (size_t i = 0; i < 4 && c->keys[i]; i++)
				assert_int_equal(key_parse(key_label(label, c->keys[i])), c->keys[i]);
	for (uint32_t key = KEY_CODE_F1; key <= KEY_CODE_F12; key++)
		assert_int_equal(key_parse(key_label(label, key)), key);
	assert_int_equal(key_parse("\u00e9"), 0xe9);
	assert_int_equal(key_parse("F"), 'F');
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(key_parse(wrong[i]), 0);
}

static bool help_lists(char *const *lines, const char *line)
{
	for (; *lines; lines++)
		if (!strcmp(*lines, line))
			return true;
	return false;
}

/* What the screen says to press is what is bound: to a key that was added, and to none. */
static void texts_name_bound_keys(struct desk *d, struct keymap *keys)
{
	char key[PRESS_TEXT];
	struct err err = { 0 };

	assert_string_equal(commands_key(key, "mark", keys), "m");
	assert_int_equal(commands_bind(keys, "F6", "mark", &err), 0);
	assert_int_equal(commands_bind(keys, "c", "nothing", &err), 0);
	assert_string_equal(commands_key(key, "mark", keys), "F6");
	assert_string_equal(commands_key(key, "compare", keys), ":compare");
	press(d, KEY_CODE_F1 + 5);
	assert_non_null(strstr(d->ui.view.message.text, "; :compare: compare with it"));
}

/* Bound keys do it, others still do what they did, and what was taken away does nothing. */
static void keys_are_bound_anew(void **state)
{
	struct desk *d = *state;
	struct keymap keys = { 0 };
	struct strbuf line = { 0 };
	struct err err = { 0 };
	char **help;

	assert_int_equal(commands_bind(&keys, "Z", "zoom-out", &err), 0);
	assert_int_equal(commands_bind(&keys, "-", "nothing", &err), 0);
	assert_int_equal(commands_bind(&keys, "F5", "goto stack; tab bytes", &err), 0);
	assert_int_equal(commands_bind(&keys, "4", "tab sources", &err), 0);
	assert_int_equal(commands_bind(&keys, "F7", "quit", &err), 0);
	assert_int_equal(commands_bind(&keys, "F7", "legend", &err), 0); /* the last one holds */
	assert_int_equal(commands_bind(&keys, "F9", "no-such", &err), -1);
	assert_int_equal(keys.count, 5);
	input_bind(&d->ui, &keys);
	press(d, 'Z');
	press(d, '-');
	assert_int_equal(d->ui.view.grid.zoom, 1);
	press(d, '+');
	assert_int_equal(d->ui.view.grid.zoom, 0);
	press(d, KEY_CODE_F1 + 4);
	assert_true(d->ui.view.grid.cursor >= STACK);
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "bytes");
	press(d, '4');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "sources");
	assert_string_equal(d->ui.view.tabs.shown->label, "4");
	press(d, KEY_CODE_F1 + 6);
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_legend);
	press(d, KEY_CODE_F1 + 6); /* closes it, as l does */
	assert_null(d->ui.view.overlay.ops);
	press(d, '/'); /* what is typed is no command */
	press(d, 'Z');
	assert_string_equal(d->ui.view.prompt.text, "Z");
	press(d, KEY_ESCAPE);
	commands_footer(&line, COMMANDS_FOOTER_RUNNING, false, &keys);
	assert_non_null(strstr(line.text, "+Z zoom"));
	help = commands_help(false, &keys);
	assert_true(help_lists(help, "  F5         goto stack; tab bytes"));
	assert_true(help_lists(help, "  + Z        zoom in, out by a factor of two"));
	commands_help_free(help);
	strbuf_fini(&line);
	texts_name_bound_keys(d, &keys);
	input_bind(&d->ui, NULL);
	keymap_fini(&keys);
}

static bool help_has(char **lines, const struct command *c)
{
	const char *help = c->help ? c->help : c[-1].help;
	char label[16];

	key_label(label, c->keys[0]);
	for (; *lines; lines++)
		if (!strncmp(*lines, "  ", 2) && strstr(*lines, help) &&
		    (c->help ? !strncmp(*lines + 2, label, strlen(label)) : !!strstr(*lines + 2, label)))
			return true;
	return false;
}

static void help_has_every_key(void **state)
{
	char **lines = commands_help(false, NULL);

	for (const struct command_group *const *group = commands_groups(); *group; group++)
		for (const struct command *c = (*group)->rows; c->name; c++)
			if (c->keys[0] && !help_has(lines, c))
				fail_msg("%s is not in help", c->name);
	commands_help_free(lines);
}

static void check_footer(enum footer footer, bool launched, const char *expected)
{
	struct strbuf line = { 0 };

	commands_footer(&line, footer, launched, NULL);
	assert_string_equal(line.text, expected);
	strbuf_fini(&line);
}

static void footer_names_keys_that_work(void **state)
{
	check_footer(COMMANDS_FOOTER_RUNNING, true,
		     "F1 help  space pause  / search  +- zoom  tab panel  e events  q quit  s step  f follow "
		     " i send  l legend");
	check_footer(COMMANDS_FOOTER_RUNNING, false,
		     "F1 help  space pause  / search  +- zoom  tab panel  e events  q quit  s step  f follow "
		     " l legend");
	check_footer(COMMANDS_FOOTER_PAUSED, true,
		     "F1 help  space resume  s next fault  y next call  x stack  e events  q quit  w slow "
		     "motion  r in region  "
		     "S several  G to the end");
	check_footer(COMMANDS_FOOTER_REPLAY, true,
		     "F1 help  space play  t timeline  da event  uU change  *% speed  e events  q quit  \" "
		     "mark  M note  l legend");
	check_footer(
	    COMMANDS_FOOTER_ENDED, false,
	    "F1 help  / search  +- zoom  tab panel  e events  h functions  q quit  x stack  l legend");
}

static void unknown_commands_fail(void **state)
{
	struct desk *d = *state;
	struct err err = { 0 };

	assert_int_equal(commands_run_text(&d->ui, "zoom-out; frobnicate 7; zoom-out", &err), -1);
	assert_non_null(strstr(err.text, "frobnicate"));
	assert_int_equal(d->ui.view.grid.zoom, 1); /* those before it were done */
	assert_int_equal(commands_run_text(&d->ui, " ; ;", &err), 0);
}

/* --- moving --- */

static void begins_in_the_heap(void **state)
{
	struct desk *d = *state;

	assert_int_equal(d->ui.view.grid.cursor, HEAP);
}

static void moves_by_cells(void **state)
{
	struct desk *d = *state;

	run(d, "right; right");
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 2);
	run(d, "left; left; left"); /* over the beginning into the region before */
	assert_true(d->ui.view.grid.cursor < HEAP);
	run(d, "right");
	assert_int_equal(d->ui.view.grid.cursor, HEAP);
	run(d, "end; right");
	assert_int_equal(d->ui.view.grid.cursor, ANON);
	run(d, "zoom-out; zoom-out; right");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 4);
	run(d, "left");
	assert_int_equal(d->ui.view.grid.cursor / 4, ANON / 4);
}

static void moves_by_rows(void **state)
{
	struct desk *d = *state;
	int columns = d->ui.viewport.parts.grid.columns;

	run(d, "goto 0x7f1200005000; down");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 5 + columns);
	run(d, "up");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 5);
	run(d, "up"); /* over headings, gaps and rows in reserve */
	assert_true(d->ui.view.grid.cursor >= HEAP && d->ui.view.grid.cursor < HEAP + 33);
	run(d, "goto 0x55d2c0a4f000; up");
	assert_int_equal(d->ui.view.grid.cursor, 0x55d2c0a4f);
}

/* The cursor keeps its column across short rows. */
static void keeps_its_column(void **state)
{
	struct desk *d = *state;

	run(d, "goto 0x7f1200014000; up; up; up; down; down; down");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 20);
}

static void reaches_both_ends(void **state)
{
	struct desk *d = *state;

	run(d, "home; home; home");
	assert_int_equal(d->ui.view.grid.cursor, 0x55d2c0a4f);
	run(d, "end; end; end; end");
	assert_int_equal(d->ui.view.grid.cursor, UINT64_C(0xffffffffff600));
	for (int i = 0; i < 500; i++)
		run(d, "page-up");
	assert_int_equal(d->ui.view.grid.cursor, 0x55d2c0a4f);
	for (int i = 0; i < 500; i++)
		run(d, "page-down");
	assert_int_equal(d->ui.view.grid.cursor, UINT64_C(0xffffffffff600));
}

/* The cursor is always seen, wherever keys take it. */
static void cursor_stays_in_sight(void **state)
{
	static const char *const names[] = {
		"left",      "right",    "up",       "down",          "page-up",
		"page-down", "home",     "end",      "next-region",   "previous-region",
		"zoom-in",   "zoom-out", "zoom-fit", "next-resident", "previous-resident"
	};
	struct desk *d = *state;
	uint64_t random = 1;

	for (int i = 0; i < 3000; i++) {
		int64_t row;
		int column;

		run(d, names[check_random(&random) % (sizeof names / sizeof *names)]);
		assert_true(layout_find(&d->ui.viewport.layout, d->ui.view.grid.cursor, &row, &column));
		assert_true(row >= d->ui.view.grid.top &&
			    row < d->ui.view.grid.top + d->ui.viewport.parts.grid.rows);
		assert_non_null(space_find(d->stage.process->space, d->ui.view.grid.cursor << 12));
	}
}

static void jumps_to_resident_pages(void **state)
{
	struct desk *d = *state;

	run(d, "goto heap+0x2000; next-resident");
	assert_int_equal(d->ui.view.grid.cursor, ANON); /* 3 pages of the heap are there */
	run(d, "previous-resident");
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 2);
	run(d, "goto stack; next-resident");
	assert_int_equal(d->ui.view.grid.cursor, STACK + 29);
	run(d, "end; next-resident");
	assert_true(d->ui.view.message.text[0]);
}

static void zoom_holds_the_row(void **state)
{
	struct desk *d = *state;
	int64_t row, offset;
	int column;

	run(d, "goto 0x7f1200200000; page-down; page-up");
	assert_true(layout_find(&d->ui.viewport.layout, d->ui.view.grid.cursor, &row, &column));
	offset = row - d->ui.view.grid.top;
	for (int i = 0; i < 3; i++) {
		run(d, "zoom-out");
		assert_true(layout_find(&d->ui.viewport.layout, d->ui.view.grid.cursor, &row, &column));
		if (d->ui.view.grid.top > 0 &&
		    d->ui.view.grid.top + d->ui.viewport.parts.grid.rows < d->ui.viewport.layout.rows)
			assert_int_equal(row - d->ui.view.grid.top, offset);
	}
	run(d, "zoom-in; zoom-in; zoom-in; zoom-in");
	assert_int_equal(d->ui.view.grid.zoom, 0);
}

/* --- finding --- */

static void goes_to_places(void **state)
{
	static const struct {
		const char *text;
		uint64_t page; /* 0: complains */
	} cases[] = {
		{ "0x55d2c1f0b123", HEAP + 1 },
		{ "55d2c1f0b123", HEAP + 1 },
		{ "heap", HEAP },
		{ "[heap]+0x2000", HEAP + 2 },
		{ "HEAP+1fff", HEAP + 1 },
		{ "libc.so.6", LIBC },
		{ "libc+0x3000", LIBC + 3 },
		{ "stack+0x1000", STACK + 1 },
		{ "/dev/null", 0 },
		{ "heap+0x900000000", 0 },
		{ "0x1000", 0 },
		{ "0xfffffffffffffffffff", 0 },
		{ "+", 0 },
		{ "+0x1000", 0 },
	};
	struct desk *d = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char line[64];
		uint64_t before;

		run(d, "goto vdso");
		before = d->ui.view.grid.cursor;
		snprintf(line, sizeof line, "goto %s", cases[i].text);
		run(d, line);
		if (d->ui.view.grid.cursor != (cases[i].page ? cases[i].page : before) ||
		    d->ui.view.message.bad != !cases[i].page)
			fail_msg("%s: at %#llx, %s", line, (unsigned long long)d->ui.view.grid.cursor,
				 d->ui.view.message.text);
	}
}

static void searches(void **state)
{
	struct desk *d = *state;
	uint64_t first;

	run(d, "search libc");
	assert_int_equal(d->ui.view.grid.cursor, LIBC);
	run(d, "search-next");
	assert_true(d->ui.view.grid.cursor > LIBC);
	run(d, "search-previous");
	assert_int_equal(d->ui.view.grid.cursor, LIBC);
	run(d, "search swap");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 360);
	first = d->ui.view.grid.cursor;
	run(d, "search-next"); /* the only ones: wraps around to them */
	assert_int_equal(d->ui.view.grid.cursor, first);
	run(d, "search guard");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 384);
	run(d, "search 0x55d2c1f0c000");
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 2);
	run(d, "search nothing like it");
	assert_true(d->ui.view.message.bad);
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 2);
}

static void filters(void **state)
{
	struct desk *d = *state;

	type(d, "\\li");
	assert_string_equal(d->ui.view.regions.filter.text, "li"); /* while one types */
	type(d, "bc\n");
	assert_string_equal(d->ui.view.regions.filter.text, "libc");
	assert_int_equal(d->ui.view.grid.cursor, LIBC); /* the heap is hidden: the nearest that is shown */
	assert_int_equal(d->ui.viewport.list.count, 5);
	type(d, "\\xyz");
	press(d, KEY_ESCAPE);
	assert_string_equal(d->ui.view.regions.filter.text, "libc");
	run(d, "goto heap");
	assert_true(d->ui.view.message.bad);
	press(d, KEY_ESCAPE);
	assert_string_equal(d->ui.view.regions.filter.text, "");
	run(d, "kinds heap,stack");
	assert_int_equal(d->ui.viewport.list.count, 2);
	run(d, "kinds all");
	assert_int_equal(d->ui.view.regions.filter.kinds, ~UINT32_C(0));
	run(d, "kinds nonsense");
	assert_true(d->ui.view.message.bad);
}

/* --- what changes --- */

static void chases(void **state)
{
	struct desk *d = *state;

	run(d, "follow");
	stage_at(&d->stage, 60000);
	stage_pages(&d->stage, (ANON + 1000) << 12, 1, page_word(PAGE_ANON, 0));
	stage_tick(&d->stage);
	update(d);
	assert_int_equal(d->ui.view.grid.cursor, ANON + 1000);
	run(d, "left"); /* any move stops it */
	assert_false(d->ui.view.grid.chase);
}

/* What was scrolled to is not at the edge, unless there is nothing beyond. */
static void leaves_rows_around_the_cursor(void **state)
{
	struct desk *d = *state;
	const struct ui *ui = &d->ui;
	int64_t row;
	int column;

	run(d, "goto 0x55d2c0a4f000");
	run(d, "goto 0x7f1200600000");
	assert_true(layout_find(&ui->viewport.layout, ui->view.grid.cursor, &row, &column));
	assert_int_equal(row, ui->view.grid.top + ui->viewport.parts.grid.rows - 1 - 4);
	run(d, "goto stack");
	run(d, "goto 0x7f1200300000");
	assert_true(layout_find(&ui->viewport.layout, ui->view.grid.cursor, &row, &column));
	assert_int_equal(row, ui->view.grid.top + 4);
	run(d, "goto 0x55d2c0a4f000"); /* above the first heading there is nothing */
	assert_int_equal(ui->view.grid.top, 0);
	run(d, "goto stack; end; end");
	assert_true(ui->view.grid.top + ui->viewport.parts.grid.rows <= ui->viewport.layout.rows);
}

static void leaves_a_dead_region(void **state)
{
	struct desk *d = *state;
	const struct region *heap = space_find(d->stage.process->space, HEAP << 12);

	stage_at(&d->stage, 60000);
	stage_unmap(&d->stage, heap->id);
	stage_tick(&d->stage);
	update(d);
	assert_true(d->ui.view.grid.cursor > 0x55d2c0a4f && d->ui.view.grid.cursor < HEAP);
	assert_non_null(space_find(d->stage.process->space, d->ui.view.grid.cursor << 12));
}

static void compares_with_a_mark(void **state)
{
	struct desk *d = *state;

	run(d, "compare");
	assert_false(d->ui.view.snapshots.compared);
	run(d, "mark");
	stage_at(&d->stage, 60000);
	stage_pages(&d->stage, (ANON + 2000) << 12, 2, page_word(PAGE_ANON, 0));
	stage_tick(&d->stage);
	run(d, "compare");
	assert_true(d->ui.view.snapshots.compared);
	assert_int_equal(d->ui.view.snapshots.diff.changed, 2);
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "changes");
	run(d, "next-changed");
	assert_int_equal(d->ui.view.grid.cursor, ANON + 2000);
	run(d, "mark; compare"); /* a new mark: nothing has changed since */
	assert_int_equal(d->ui.view.snapshots.diff.changed, 0);
	run(d, "compare-off");
	assert_false(d->ui.view.snapshots.compared);
	assert_null(d->ui.view.snapshots.a);
}

static void fault(struct desk *d, uint64_t page, int32_t tid)
{
	world_apply(d->stage.world, &(struct event){ .type = EVENT_FAULT,
						     .pid = STAGE_PID,
						     .time_ns = d->stage.world->now_ns,
						     .fault = { .address = page << 12, .tid = tid } });
}

static void held_picture_stands_still(void **state)
{
	struct desk *d = *state;
	uint64_t page = ANON + 2000, said = d->stage.process->output.bytes;
	const struct process *shown;
	int64_t top;

	run(d, "goto 0x7f1200200000");
	top = d->ui.view.grid.top;
	fault(d, page, 1);
	run(d, "pause-picture");
	assert_int_equal(d->ui.view.grid.top, top);
	fault(d, page, 2);
	stage_at(&d->stage, 60000);
	stage_pages(&d->stage, page << 12, 2, page_word(PAGE_ANON, 0));
	stage_output(&d->stage, "said while held\n");
	stage_status(&d->stage, PROCESS_STOPPED, 0);
	stage_tick(&d->stage);
	update(d);
	shown = shown_process(&d->ui.shown);
	assert_int_equal(page_state(runs_at(shown->space->pages, page).value), PAGE_RESERVED);
	assert_int_equal(shown->output.bytes, said);
	assert_ptr_not_equal(shown->identity.argv, d->stage.process->identity.argv);
	assert_string_equal(shown->identity.argv[1], "64");
	assert_int_equal(stories_find(&shown->faults.stories, page)->fault.tid, 1);
	assert_int_equal(shown->status, PROCESS_STOPPED); /* the one thing that must not stay unseen */
	run(d, "redraw; pause-picture");
	shown = shown_process(&d->ui.shown);
	assert_int_equal(page_state(runs_at(shown->space->pages, page).value), PAGE_ANON);
	assert_string_equal(output_line(&shown->output, 1), "said while held");
	assert_int_equal(stories_find(&shown->faults.stories, page)->fault.tid, 2);
	assert_int_equal(d->ui.view.grid.top, top);
}

/* --- the program --- */

static void pauses_and_resumes(void **state)
{
	struct desk *d = *state;

	press(d, ' ');
	assert_int_equal(d->fake.asked, CONTROL_PAUSE);
	stage_status(&d->stage, PROCESS_PAUSED, 0);
	press(d, ' ');
	assert_int_equal(d->fake.asked, CONTROL_RESUME);
	d->fake.refuses = true;
	press(d, ' ');
	assert_string_equal(d->ui.view.message.text, "not allowed");
	stage_status(&d->stage, PROCESS_EXITED, 3);
	d->fake.asked = -1;
	press(d, ' ');
	assert_int_equal(d->fake.asked, -1);
	assert_true(d->ui.view.message.bad);
}

static void sends_lines(void **state)
{
	struct desk *d = *state;

	type(d, "ihello\n");
	assert_int_equal(d->fake.asked, -1); /* not ours to write to */
	d->stage.process->identity.launched = true;
	press(d, KEY_ESCAPE);
	run(d, "tab page");
	type(d, "ihello\n");
	assert_int_equal(d->fake.asked, CONTROL_SEND);
	assert_string_equal(d->fake.sent, "hello\n");
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "page"); /* one's place is kept */
	type(d, "i\n");
	assert_string_equal(d->fake.sent, "\n");
	run(d, "send two words");
	assert_string_equal(d->fake.sent, "two words\n");
}

static void send_fault(struct desk *d, uint64_t page, enum fault_cause cause, uint64_t ip);

/* Whoever was killed for a touch is shown there, once; a move away from there is not undone. */
static void goes_to_what_killed(void **state)
{
	struct desk *d = *state;
	uint64_t page = ANON + 77;

	run(d, "goto heap");
	send_fault(d, page, FAULT_NO_RIGHT, 1);
	update(d);
	assert_int_equal(d->ui.view.grid.cursor, HEAP);
	stage_status(&d->stage, PROCESS_KILLED, 11);
	update(d);
	assert_int_equal(d->ui.view.grid.cursor, page);
	run(d, "goto heap");
	assert_int_equal(d->ui.view.grid.cursor, HEAP);
}

static void check_reclaimed(enum control what, const struct control_done *done, const char *want)
{
	struct strbuf words = { 0 };

	reclaim_words(&words, what, done);
	assert_string_equal(words.text, want);
	strbuf_fini(&words);
}

static void says_what_came_of_it(void **state)
{
	struct control_done none = { 0 }, file = { 0 }, drop = { 0 }, sync = { 0 };

	check_reclaimed(CONTROL_EVICT, &none, "none of these pages was in memory");
	file.before.states[PAGE_FILE] = 8;
	file.after.states[PAGE_CACHED] = 5;
	file.after.states[PAGE_RESERVED] = 3;
	check_reclaimed(CONTROL_EVICT, &file,
			"8 of 8 pages evicted: 5 still in the page cache, 3 only on disk");
	file.after.cache_unknown = 3; /* then it is not known whether they are only on disk */
	check_reclaimed(CONTROL_EVICT, &file, "8 of 8 pages evicted: 5 still in the page cache");
	check_reclaimed(CONTROL_DROP, &none,
			"nothing to drop: the page cache has no page here that nobody maps");
	drop.before.states[PAGE_CACHED] = 4;
	drop.after.states[PAGE_CACHED] = 1;
	drop.after.states[PAGE_FILE] = 2;
	check_reclaimed(CONTROL_DROP, &drop,
			"3 of 4 pages dropped from the page cache; 2 are mapped and stay: evict them first");
	drop.after.cache_unknown = 1;
	check_reclaimed(CONTROL_DROP, &drop,
			"asked for; what the page cache holds of this file cannot be seen; "
			"2 are mapped and stay: evict them first");
	check_reclaimed(CONTROL_SYNC, &sync, "the file is on its disk");
	sync.before = (struct control_census){ .has_dirty = true, .dirty = 3 };
	sync.after = (struct control_census){ .has_dirty = true, .dirty = 0 };
	check_reclaimed(CONTROL_SYNC, &sync, "the file is on its disk: 3 dirty pages here, now 0");
}

static void asks_before_it_evicts(void **state)
{
	struct desk *d = *state;
	const struct space *space = d->stage.process->space;

	ui_move(&d->ui, HEAP + 1);
	press(d, 'V');
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_reclaim);
	press(d, 'z');
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_reclaim);
	press(d, KEY_ESCAPE);
	assert_null(d->ui.view.overlay.ops);
	assert_int_equal(d->fake.asked, -1);
	press(d, 'V');
	press(d, 'p');
	assert_null(d->ui.view.overlay.ops);
	assert_int_equal(d->fake.asked, CONTROL_EVICT);
	assert_int_equal(d->fake.pages.first, HEAP + 1);
	assert_int_equal(d->fake.pages.end, HEAP + 2);
	run(d, "evict-region");
	assert_int_equal(d->fake.pages.first, HEAP);
	assert_int_equal(d->fake.pages.end, region_end(space, space_find(space, HEAP << 12)));
	assert_string_equal(
	    d->ui.view.message.text,
	    "7 of 9 pages evicted: 7 to swap; 2 stay (locked, shared, just made, or no swap for them)");
	assert_string_equal(d->stage.world->marks.items[d->stage.world->marks.count - 1].text,
			    "evict [heap]: 7 of 9 pages evicted: 7 to swap; "
			    "2 stay (locked, shared, just made, or no swap for them)");
	send_fault(d, HEAP + 1, FAULT_SWAP_IN, 1);
	send_fault(d, ANON, FAULT_ZERO_FILL, 1); /* another region's */
	update(d);
	assert_string_equal(d->ui.view.message.text, "evicted pages touched again: 1 swap-in");
	run(d, "drop-file");
	assert_int_equal(d->fake.asked, CONTROL_DROP);
	run(d, "sync-file");
	assert_int_equal(d->fake.asked, CONTROL_SYNC);
	d->fake.refuses = true;
	run(d, "evict-page");
	assert_true(d->ui.view.message.bad);
	assert_string_equal(d->ui.view.message.text, "not allowed");
}

/* Nothing that a frozen picture shows was read after it was frozen. */
static void frozen_detail_stands_still(void **state)
{
	struct desk *d = *state;
	struct attention attention = { 0 };

	run(d, "goto heap");
	assert_true(attention_read(&attention, &d->ui, 1));
	assert_int_equal(d->ui.detail->entry.value, 1);
	run(d, "pause-picture");
	assert_false(attention_read(&attention, &d->ui, UINT64_C(10000000000)));
	assert_int_equal(attention_due_ns(&attention, &d->ui), UINT64_MAX);
	assert_int_equal(d->ui.detail->entry.value, 1);
	run(d, "right");
	assert_true(attention_read(&attention, &d->ui, UINT64_C(10000000001)));
	assert_false(d->ui.detail->entry.known);
	assert_non_null(strstr(d->ui.detail->entry.why, "frozen"));
	run(d, "pause-picture");
	assert_true(attention_read(&attention, &d->ui, UINT64_C(10000000002)));
	assert_true(d->ui.detail->entry.known);
}

static void quits_an_attached_one_at_once(void **state)
{
	struct desk *d = *state;

	press(d, 'q');
	assert_true(d->ui.quit);
	assert_int_equal(d->fake.asked, -1);
}

static void asks_before_leaving_a_launched_one(void **state)
{
	struct desk *d = *state;

	d->stage.process->identity.launched = true;
	press(d, 'q');
	assert_false(d->ui.quit);
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_quit);
	press(d, 'z'); /* no other key does anything */
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_quit);
	assert_false(d->ui.view.regions.fold);
	press(d, KEY_ESCAPE);
	assert_null(d->ui.view.overlay.ops);
	press(d, 'q');
	press(d, 'l');
	assert_int_equal(d->fake.asked, CONTROL_RELEASE);
	assert_true(d->ui.quit);
	d->ui.quit = false;
	press(d, KEY_CTRL('C'));
	assert_false(d->ui.quit);
	press(d, KEY_CTRL('C'));
	assert_int_equal(d->fake.asked, CONTROL_END);
	assert_true(d->ui.quit);
	d->ui.quit = false;
	stage_status(&d->stage, PROCESS_EXITED, 0);
	press(d, 'q');
	assert_true(d->ui.quit);
}

/* --- panels, prompts, the mouse --- */

static void panels_take_the_keys(void **state)
{
	struct desk *d = *state;
	int at;

	press(d, '\t');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_REGIONS);
	at = d->ui.view.regions.at;
	press(d, KEY_CODE_DOWN);
	assert_int_equal(d->ui.view.regions.at, at + 1);
	assert_int_equal(d->ui.view.grid.cursor, d->ui.viewport.list.rows[at + 1].first);
	press(d, '\t');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_DETAIL);
	press(d, '4');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "bytes");
	press(d, KEY_CODE_DOWN);
	press(d, KEY_CODE_DOWN);
	assert_int_equal(d->ui.view.tabs.shown->scroll, 2);
	press(d, KEY_CODE_HOME);
	assert_int_equal(d->ui.view.tabs.shown->scroll, 0);
	press(d, KEY_CODE_RIGHT);
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "output");
	press(d, KEY_CODE_TAB_BACK);
	press(d, '\n');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_GRID);
}

static void edits_lines(void **state)
{
	char text[8] = "";
	size_t len = 0;

	assert_true(line_edit(text, sizeof text, &len, 'a'));
	assert_true(line_edit(text, sizeof text, &len, 0xe9));
	assert_true(line_edit(text, sizeof text, &len, 0x65e5));
	assert_string_equal(text, "a\u00e9\u65e5");
	assert_false(line_edit(text, sizeof text, &len, 0x65e5)); /* no room for all of it: none of it */
	assert_true(line_edit(text, sizeof text, &len, 'b'));
	assert_false(line_edit(text, sizeof text, &len, 'c'));
	assert_true(line_edit(text, sizeof text, &len, KEY_CODE_BACKSPACE));
	assert_true(line_edit(text, sizeof text, &len, KEY_CODE_BACKSPACE));
	assert_string_equal(text, "a\u00e9");
	assert_false(line_edit(text, sizeof text, &len, KEY_CODE_UP));
	assert_false(line_edit(text, sizeof text, &len, KEY_CTRL('A')));
	assert_true(line_edit(text, sizeof text, &len, KEY_CTRL('U')));
	assert_false(line_edit(text, sizeof text, &len, KEY_CODE_BACKSPACE));
	line_edit(text, sizeof text, &len, 'x');
	line_edit(text, sizeof text, &len, ' ');
	line_edit(text, sizeof text, &len, 'y');
	line_edit(text, sizeof text, &len, KEY_CTRL('W'));
	assert_string_equal(text, "x ");
}

static void runs_commands_by_name(void **state)
{
	struct desk *d = *state;

	type(d, ":goto stack\n");
	assert_int_equal(d->ui.view.grid.cursor, STACK);
	assert_null(d->ui.view.prompt.ops);
	type(d, ":search\n"); /* asks for what */
	assert_string_equal(d->ui.view.prompt.ops->label, "search:");
	type(d, "heap\n");
	assert_int_equal(d->ui.view.grid.cursor, HEAP);
	type(d, ":nonsense\n");
	assert_true(d->ui.view.message.bad);
	type(d, ":tab bytes; theme light\n");
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "bytes");
	assert_string_equal(d->ui.theme->name, "light");
}

static void click(struct desk *d, int row, int column, int what)
{
	struct mouse mouse = { row, column, what };

	input_mouse(&d->ui, &mouse);
	update(d);
}

static void takes_the_mouse(void **state)
{
	struct desk *d = *state;
	const struct screen_parts *p = &d->ui.viewport.parts;
	int64_t row, top;
	int column;

	run(d, "goto heap");
	assert_true(layout_find(&d->ui.viewport.layout, HEAP + 7, &row, &column));
	click(d, p->grid.row + (int)(row - d->ui.view.grid.top), p->grid.column + column, KEY_MOUSE_PRESS);
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 7);
	run(d, "zoom-out; zoom-out");
	assert_true(layout_find(&d->ui.viewport.layout, HEAP + 7, &row, &column));
	click(d, p->grid.row + (int)(row - d->ui.view.grid.top), p->grid.column + column, KEY_MOUSE_DOUBLE);
	assert_int_equal(d->ui.view.grid.zoom, 1);
	assert_int_equal(d->ui.view.grid.cursor, HEAP + 7);
	click(d, p->regions.row + 1, p->regions.column + 4, KEY_MOUSE_PRESS);
	assert_int_equal(d->ui.view.grid.cursor, d->ui.viewport.list.rows[0].first);
	click(d, p->detail.row, 14, KEY_MOUSE_PRESS); /* "2 address" */
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "address");
	run(d, "zoom-in");
	top = d->ui.view.grid.top;
	click(d, p->grid.row + 1, p->grid.column + 1, KEY_MOUSE_WHEEL_DOWN);
	assert_int_equal(d->ui.view.grid.top, top + 3);
	click(d, 0, 0, KEY_MOUSE_PRESS); /* where nothing is */
	click(d, 9999, -1, KEY_MOUSE_PRESS);
}

/* No keys, in any order, do harm; every picture can be drawn. */
static void any_keys(void **state)
{
	struct desk *d = *state;
	uint64_t random = 7;
	struct canvas canvas;
	struct scene scene;

	canvas_init(&canvas, 36, 120, 0);
	d->stage.process->identity.launched = true;
	for (int i = 0; i < 5000; i++) {
		uint32_t key = check_random(&random) % 160;

		input_key(&d->ui, key < 128 ? key : KEY_CODE_UP + key - 128);
		if (i % 50 == 0)
			input_key(&d->ui, KEY_ESCAPE);
		update(d);
		if (i % 10 == 0) {
			scene = ui_scene(&d->ui);
			screen_draw(&canvas, &scene);
		}
	}
	canvas_fini(&canvas);
}

/* --- events --- */

static void send_fault(struct desk *d, uint64_t page, enum fault_cause cause, uint64_t ip)
{
	const uint64_t ips[] = { ip, 0x55d2c0a51200 };
	struct event e = { .type = EVENT_FAULT, .pid = STAGE_PID, .time_ns = d->stage.now_ns };

	e.fault = (struct event_fault){
		.address = page << 12, .ip = ip, .tid = 4242, .cause = cause, .now = PAGE_ANON
	};
	e.stack = (struct event_stack){ ips, 2, STACK_WHOLE, 0 };
	world_apply(d->stage.world, &e);
}

static void send_name(struct desk *d, uint64_t ip, const char *function)
{
	struct code_frame frame = { function, "demo.c", 3 };
	struct event e = { .type = EVENT_SYMBOL, .pid = STAGE_PID };

	e.symbol = (struct event_symbol){
		.ip = ip, .object = "/demo", .section = "", .why = "", .frames = &frame, .count = 1
	};
	world_apply(d->stage.world, &e);
}

static void add_faults(struct desk *d)
{
	for (uint64_t i = 0; i < 30; i++)
		send_fault(d, HEAP + i, FAULT_ZERO_FILL, 0x55d2c0a51000);
	for (uint64_t i = 0; i < 3; i++)
		send_fault(d, ANON + i, FAULT_COW_FORK, 0x55d2c0a51100);
	send_name(d, 0x55d2c0a51000, "fill(int, \"x\")");
	send_name(d, 0x55d2c0a51100, "copy");
	update(d);
}

static int64_t listed(struct desk *d)
{
	return tab_events_state(&d->ui.view)->index.end - tab_events_state(&d->ui.view)->index.first;
}

static void events_are_listed(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	press(d, 'e');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "events");
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_DETAIL);
	assert_int_equal(listed(d), 33);
	assert_int_equal(tab_events_state(&d->ui.view)->at, tab_events_state(&d->ui.view)->index.end - 1);
	send_fault(d, ANON + 9, FAULT_ZERO_FILL, 1); /* it follows ... */
	update(d);
	assert_int_equal(tab_events_state(&d->ui.view)->at, tab_events_state(&d->ui.view)->index.end - 1);
	press(d, KEY_CODE_UP);
	press(d, KEY_CODE_UP);
	send_fault(d, ANON + 10, FAULT_ZERO_FILL, 1); /* ... unless a line is selected */
	update(d);
	assert_int_equal(tab_events_state(&d->ui.view)->at, tab_events_state(&d->ui.view)->index.end - 4);
	press(d, '\n');
	assert_int_equal(d->ui.view.grid.cursor, ANON + 1);
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_GRID);
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "events");
	press(d, 'e');
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_DETAIL);
	press(d, KEY_CODE_HOME);
	assert_int_equal(tab_events_state(&d->ui.view)->at, tab_events_state(&d->ui.view)->index.first);
	press(d, KEY_CODE_END);
	assert_false(tab_events_state(&d->ui.view)->held);
	press(d, 'e');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "page");
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_GRID);
}

static void events_are_filtered(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	press(d, 'E');
	assert_string_equal(d->ui.view.prompt.ops->label, "events:");
	type(d, "cause:cow region:anon\n");
	assert_null(d->ui.view.prompt.ops);
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "events");
	assert_int_equal(listed(d), 3);
	run(d, "events-filter nonsense:3");
	assert_true(d->ui.view.message.bad);
	assert_int_equal(listed(d), 3); /* as it was */
	press(d, KEY_ESCAPE);
	assert_int_equal(listed(d), 33);
	run(d, "events thread:1");
	assert_int_equal(listed(d), 0);
	press(d, '\n'); /* nothing is selected */
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_DETAIL);
	run(d, "events-filter -");
	assert_int_equal(listed(d), 33);
}

static void a_page_has_a_biography(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	send_fault(d, HEAP + 2, FAULT_COW_FORK, 0x55d2c0a51100);
	ui_move(&d->ui, HEAP + 2);
	press(d, 'b');
	assert_true(tab_events_state(&d->ui.view)->biography);
	assert_int_equal(listed(d), 2);
	ui_move(&d->ui, HEAP + 3);
	update(d);
	assert_int_equal(listed(d), 1);
	press(d, 'b');
	assert_int_equal(listed(d), 34);
}

static void a_stack_is_of_an_event_or_a_page(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	ui_move(&d->ui, HEAP);
	press(d, 'x');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "stack");
	assert_false(tab_stack_state(&d->ui.view)->of.known);
	press(d, 'x');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "page");
	press(d, 'e');
	press(d, KEY_CODE_UP);
	press(d, 'x');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "stack");
	assert_true(tab_stack_state(&d->ui.view)->of.known &&
		    tab_stack_state(&d->ui.view)->of.kind == EVENT_KIND_FAULT);
	assert_int_equal(tab_stack_state(&d->ui.view)->of.number, 31);
	assert_int_equal(d->ui.view.grid.cursor, ANON + 1);
	press(d, 'x');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "events");
	press(d, 'x');
	ui_move(&d->ui, HEAP);
	update(d);
	assert_false(tab_stack_state(&d->ui.view)->of.known); /* the cursor went elsewhere */
}

static void functions_are_listed(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	press(d, 'h');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "functions");
	assert_int_equal(tab_functions_state(&d->ui.view)->rows.count, 2);
	assert_string_equal(profile_rows_at(&tab_functions_state(&d->ui.view)->rows, 0)->name,
			    "fill(int, \"x\")");
	press(d, '\n');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "events");
	assert_int_equal(listed(d), 30);
	press(d, 'h');
	press(d, KEY_CODE_DOWN);
	press(d, '\n');
	assert_int_equal(listed(d), 3);
	send_name(d, 0x55d2c0a51200, "main");
	press(d, 'X');
	assert_int_equal(tab_functions_state(&d->ui.view)->by, PROFILE_OWN);
	press(d, 'X');
	assert_int_equal(tab_functions_state(&d->ui.view)->rows.count, 3);
	assert_string_equal(profile_rows_at(&tab_functions_state(&d->ui.view)->rows, 0)->name, "main");
	press(d, '\n');
	assert_int_equal(listed(d), 33);
}

static void the_panel_grows(void **state)
{
	struct desk *d = *state;
	int rows = d->ui.viewport.parts.detail.rows;

	press(d, 'v');
	assert_true(d->ui.viewport.parts.detail.rows >= 2 * rows);
	assert_true(d->ui.viewport.parts.grid.rows > 3);
	press(d, 'v');
	assert_int_equal(d->ui.viewport.parts.detail.rows, rows);
}

static void a_click_selects_an_event(void **state)
{
	struct desk *d = *state;
	struct mouse mouse = { .what = KEY_MOUSE_DOUBLE, .column = 20 };

	add_faults(d);
	press(d, 'e');
	mouse.row = d->ui.viewport.parts.detail.row + 3; /* tabs, heading, first line, second */
	input_mouse(&d->ui, &mouse);
	update(d);
	assert_int_equal(tab_events_state(&d->ui.view)->at, tab_events_state(&d->ui.view)->top + 1);
	assert_int_equal(d->ui.view.focus, VIEW_FOCUS_GRID);
	assert_int_equal(
	    d->ui.view.grid.cursor,
	    fault_log_at(&d->stage.process->faults.log, event_index_at(&tab_events_state(&d->ui.view)->index,
								       tab_events_state(&d->ui.view)->at)
							    .number)
		    ->fault.address >>
		12);
}

/* A frozen picture lists what there was. */
static void events_of_a_held_picture(void **state)
{
	struct desk *d = *state;

	add_faults(d);
	press(d, 'e');
	press(d, 'p');
	send_fault(d, ANON + 20, FAULT_ZERO_FILL, 1);
	update(d);
	assert_int_equal(listed(d), 33);
	press(d, 'p');
	assert_int_equal(listed(d), 34);
}

/* The process is paused, and why. */
static void stand(struct desk *d, enum stop_why why, int32_t tid)
{
	struct event e = { .type = EVENT_STOP, .pid = STAGE_PID, .time_ns = d->stage.world->now_ns };

	stage_status(&d->stage, PROCESS_PAUSED, 0);
	e.stop.why = why;
	e.stop.tid = tid;
	world_apply(d->stage.world, &e);
	update(d);
}

static void check_step(struct desk *d, enum step_kind kind, uint64_t first, uint64_t end, uint64_t count,
		       unsigned rate)
{
	assert_int_equal(d->fake.asked, CONTROL_STEP);
	assert_int_equal(d->fake.step.kind, kind);
	assert_int_equal(d->fake.step.first, first);
	assert_int_equal(d->fake.step.end, end);
	assert_int_equal(d->fake.step.count, count);
	assert_int_equal(d->fake.step.per_second, rate);
	d->fake.asked = -1;
}

static void press_and_stand(struct desk *d, uint32_t key)
{
	press(d, key);
	stand(d, STOP_FAULT, 1);
	step_go_on(&d->ui);
}

static void steps(void **state)
{
	struct desk *d = *state;
	const struct region *heap = space_find(d->ui.shown.process->space, HEAP << 12);

	press_and_stand(d, 's');
	check_step(d, STEP_FAULT, 0, 0, 1, 0);
	press_and_stand(d, 'y');
	check_step(d, STEP_CALL, 0, 0, 1, 0);
	press_and_stand(d, 'r');
	check_step(d, STEP_FAULT, HEAP, heap->attr.end >> 12, 1, 0);
	press_and_stand(d, 'R');
	check_step(d, STEP_FAULT, d->ui.view.grid.cursor, d->ui.view.grid.cursor + 1, 1, 0);
	press(d, 'S');
	assert_string_equal(d->ui.view.prompt.ops->label, "how many faults:");
	type(d, "250\n");
	check_step(d, STEP_FAULT, 0, 0, 250, 0);
	stand(d, STOP_FAULT, 1);
	run(d, "step-count 0");
	assert_true(d->ui.view.message.bad);
	run(d, "step-count 5x");
	assert_true(d->ui.view.message.bad);
	assert_int_equal(d->fake.asked, -1);
	d->fake.refuses = true;
	press(d, 's');
	assert_string_equal(d->ui.view.message.text, "not allowed");
}

/* Pressed during a step: each is done in turn, where the cursor is by then. */
static void steps_are_queued(void **state)
{
	struct desk *d = *state;
	const struct region *anon = space_find(d->ui.shown.process->space, ANON << 12);

	press(d, 's');
	check_step(d, STEP_FAULT, 0, 0, 1, 0);
	press(d, 'y');
	press(d, 'r');
	run(d, "step-count 7");
	assert_int_equal(d->fake.asked, -1);
	assert_non_null(strstr(d->ui.view.message.text, "3 more steps"));
	step_go_on(&d->ui); /* it has not stopped yet */
	assert_int_equal(d->fake.asked, -1);
	stand(d, STOP_FAULT, 1);
	assert_int_equal(d->fake.asked, -1); /* not before the picture */
	step_go_on(&d->ui);
	check_step(d, STEP_CALL, 0, 0, 1, 0);
	d->ui.view.grid.cursor = ANON;
	stand(d, STOP_CALL, 1);
	step_go_on(&d->ui);
	check_step(d, STEP_FAULT, ANON, anon->attr.end >> 12, 1, 0);
	stand(d, STOP_FAULT, 1);
	step_go_on(&d->ui);
	check_step(d, STEP_FAULT, 0, 0, 7, 0);
	assert_string_equal(d->ui.view.message.text, "");
	stand(d, STOP_FAULT, 1);
	step_go_on(&d->ui);
	assert_int_equal(d->fake.asked, -1);
	press(d, ' ');
	assert_int_equal(d->fake.asked, CONTROL_RESUME);
}

static void waiting_steps_are_forgotten(void **state)
{
	struct desk *d = *state;

	for (int key = 0; key < 3; key++) {
		press(d, 's');
		for (int i = 0; i < STEPS_WAITING_MAX; i++)
			press(d, 's');
		assert_false(d->ui.view.message.bad);
		press(d, 's');
		assert_true(d->ui.view.message.bad);
		stand(d, STOP_FAULT, 1);
		if (key == 0) {
			press(d, ' '); /* it is stopped between two steps, and is paused all the same */
			assert_int_equal(d->fake.asked, CONTROL_PAUSE);
		} else if (key == 1) {
			press(d, 'G');
			assert_int_equal(d->fake.asked, CONTROL_RESUME);
		} else {
			run(d, "slow-motion 20");
			check_step(d, STEP_FAULT, 0, 0, 1, 20);
		}
		d->fake.asked = -1;
		step_go_on(&d->ui);
		assert_int_equal(d->fake.asked, -1);
	}
	press(d, 's');
	press(d, 's');
	stand(d, STOP_FAULT, 1);
	d->fake.refuses = true;
	step_go_on(&d->ui);
	assert_string_equal(d->ui.view.message.text, "not allowed");
	d->fake.refuses = false;
	press(d, 's');
	d->fake.asked = -1;
	press(d, 's');
	stage_status(&d->stage, PROCESS_EXITED, 0);
	step_go_on(&d->ui);
	assert_int_equal(d->fake.asked, -1);
}

static void moves_slowly(void **state)
{
	struct desk *d = *state;

	press(d, 'w');
	assert_string_equal(d->ui.view.prompt.ops->label, "faults per second, at most:");
	type(d, "5\n");
	check_step(d, STEP_FAULT, 0, 0, 1, 5);
	stand(d, STOP_FAULT, 1);
	press(d, 'w');
	assert_int_equal(d->fake.asked, CONTROL_PAUSE);
	run(d, "slow-motion 20");
	check_step(d, STEP_FAULT, 0, 0, 1, 20);
	press(d, ' '); /* it is stopped most of the time, and is paused all the same */
	assert_int_equal(d->fake.asked, CONTROL_PAUSE);
	press(d, ' ');
	assert_int_equal(d->fake.asked, CONTROL_RESUME);
	d->fake.asked = -1;
	press(d, 'G');
	assert_int_equal(d->fake.asked, CONTROL_RESUME);
	assert_int_equal(d->ui.steps.slow, 0);
}

static void fault_of(struct desk *d, uint64_t page, int32_t tid)
{
	struct event e = { .type = EVENT_FAULT, .pid = STAGE_PID, .time_ns = d->stage.now_ns };

	e.fault = (struct event_fault){ .address = page << 12, .ip = 1, .tid = tid, .now = PAGE_ANON };
	world_apply(d->stage.world, &e);
}

static void check_words(struct desk *d, const char *want)
{
	struct strbuf words = { 0 };

	stop_print(&words, d->ui.shown.process);
	assert_string_equal(words.text, want);
	strbuf_fini(&words);
}

static void cursor_goes_to_a_stop(void **state)
{
	struct desk *d = *state;
	struct event call = { .type = EVENT_CALL, .pid = STAGE_PID };
	uint64_t before = d->ui.view.grid.cursor;

	fault_of(d, ANON + 20, 7);
	fault_of(d, ANON + 30, 8); /* of another thread, meanwhile */
	stand(d, STOP_FAULT, 7);
	assert_int_equal(d->ui.view.grid.cursor, before); /* nobody steps from here */
	press(d, 's');
	stand(d, STOP_FAULT, 7);
	assert_int_equal(d->ui.view.grid.cursor, ANON + 20);
	check_words(d, "paused at a fault in thread 7");
	run(d, "goto heap");
	assert_int_equal(d->ui.view.grid.cursor, HEAP); /* the cursor goes to a stop once */
	call.call =
	    (struct event_call){ .tid = 7, .kind = CALL_MPROTECT, .args = { 0x7f1200003000, 4096, 1 } };
	world_apply(d->stage.world, &call);
	press(d, 'y');
	stand(d, STOP_CALL, 7);
	assert_int_equal(d->ui.view.grid.cursor, ANON + 3);
	assert_string_equal(d->ui.view.message.text, "mprotect(0x7f1200003000, 4096, PROT_READ) = 0");
	call.call =
	    (struct event_call){ .tid = 7, .kind = CALL_MMAP, .args = { 0, 4096, 1, 1, 3, 0 }, .error = 13 };
	world_apply(d->stage.world, &call);
	stand(d, STOP_CALL, 7);
	assert_int_equal(d->ui.view.grid.cursor, ANON + 3);
	assert_string_equal(d->ui.view.message.text,
			    "mmap(NULL, 4096, PROT_READ, MAP_SHARED, 3, 0) = -1 EACCES");
	check_words(d, "paused at mmap(NULL, 4096, ...) = -1 EACCES");
	stand(d, STOP_EXEC, 0);
	check_words(d, "paused before its first instruction");
	stand(d, STOP_ASKED, 0);
	check_words(d, "paused");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_sound),
		cmocka_unit_test(help_has_every_key),
		cmocka_unit_test(footer_names_keys_that_work),
		cmocka_unit_test(labels_are_parsed),
		TEST(keys_are_bound_anew),
		TEST(unknown_commands_fail),
		TEST(begins_in_the_heap),
		TEST(moves_by_cells),
		TEST(moves_by_rows),
		TEST(keeps_its_column),
		TEST(reaches_both_ends),
		TEST(cursor_stays_in_sight),
		TEST(jumps_to_resident_pages),
		TEST(zoom_holds_the_row),
		TEST(goes_to_places),
		TEST(searches),
		TEST(filters),
		TEST(chases),
		TEST(leaves_a_dead_region),
		TEST(compares_with_a_mark),
		TEST(leaves_rows_around_the_cursor),
		TEST(held_picture_stands_still),
		TEST(pauses_and_resumes),
		TEST(steps),
		TEST(steps_are_queued),
		TEST(waiting_steps_are_forgotten),
		TEST(moves_slowly),
		TEST(cursor_goes_to_a_stop),
		TEST(sends_lines),
		TEST(goes_to_what_killed),
		TEST(frozen_detail_stands_still),
		TEST(quits_an_attached_one_at_once),
		TEST(asks_before_leaving_a_launched_one),
		TEST(asks_before_it_evicts),
		TEST(says_what_came_of_it),
		TEST(panels_take_the_keys),
		TEST(events_are_listed),
		TEST(events_are_filtered),
		TEST(a_page_has_a_biography),
		TEST(a_stack_is_of_an_event_or_a_page),
		TEST(functions_are_listed),
		TEST(the_panel_grows),
		TEST(a_click_selects_an_event),
		TEST(events_of_a_held_picture),
		cmocka_unit_test(edits_lines),
		TEST(runs_commands_by_name),
		TEST(takes_the_mouse),
		TEST(any_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
