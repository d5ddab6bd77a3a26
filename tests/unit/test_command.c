/* The table of commands: names, keys, help, the footer; keys of the user's own. */
#include "desk.h"
#include "ui/view/overlays.h"

#include <string.h>

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

/* A key has the name in the settings file that the screen shows. */
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

/* The screen names the keys that are bound: also one that was added, or none. */
static void texts_name_bound_keys(struct desk *d, struct keymap *keys)
{
	char key[PRESS_TEXT];
	struct err err = { 0 };

	assert_string_equal(commands_key(key, "mark", keys), "m");
	assert_int_equal(commands_bind(keys, "F6", "mark", &err), 0);
	assert_int_equal(commands_bind(keys, "c", "nothing", &err), 0);
	assert_string_equal(commands_key(key, "mark", keys), "F6");
	assert_string_equal(commands_key(key, "compare", keys), ":compare");
	desk_press(d, KEY_CODE_F1 + 5);
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
	desk_press(d, 'Z');
	desk_press(d, '-');
	assert_int_equal(d->ui.view.grid.zoom, 1);
	desk_press(d, '+');
	assert_int_equal(d->ui.view.grid.zoom, 0);
	desk_press(d, KEY_CODE_F1 + 4);
	assert_true(d->ui.view.grid.cursor >= STACK);
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "bytes");
	desk_press(d, '4');
	assert_string_equal(d->ui.view.tabs.shown->ops->name, "sources");
	assert_string_equal(d->ui.view.tabs.shown->label, "4");
	desk_press(d, KEY_CODE_F1 + 6);
	assert_ptr_equal(d->ui.view.overlay.ops, &overlay_legend);
	desk_press(d, KEY_CODE_F1 + 6); /* closes it, as l does */
	assert_null(d->ui.view.overlay.ops);
	desk_press(d, '/'); /* what is typed is no command */
	desk_press(d, 'Z');
	assert_string_equal(d->ui.view.prompt.text, "Z");
	desk_press(d, KEY_ESCAPE);
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
	check_footer(COMMANDS_FOOTER_SEVERAL, true,
		     "F1 help  P processes  O sizes  H together  () next  q quit  space pause  / search  e "
		     "events  +- zoom  tab panel  B beside");
	check_footer(COMMANDS_FOOTER_SEVERAL_ENDED, true,
		     "F1 help  P processes  O sizes  H together  () next  q quit  / search  e events  h "
		     "functions  +- zoom  tab panel  x stack");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_sound),
		cmocka_unit_test(help_has_every_key),
		cmocka_unit_test(footer_names_keys_that_work),
		cmocka_unit_test(labels_are_parsed),
		DESK_TEST(keys_are_bound_anew),
		DESK_TEST(unknown_commands_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
