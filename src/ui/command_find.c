/* Finds a place by address, name or state.
 *
 *   goto    0x55d2c0a4f123           an address
 *           heap+0x1000              an offset into a region, by kind or name
 *           libc.so.6+0x26000        an offset from a file's first region
 *   search  any of these; a page state ("swap"): the next page in it;
 *           else the next region whose name or kind contains the text */
#include "ui/command_find.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "model/mapping.h"
#include "ui/command_time.h"
#include "ui/state.h"
#include "ui/view/press.h"

static bool parse_hex(const char *text, uint64_t *value)
{
	char *end;

	if (!isxdigit((unsigned char)*text))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 16);
	return !errno && !*end;
}

/* An address has 0x before it, or at least six hex digits and nothing else: "heap" is no address. */
static bool parse_address(const char *text, uint64_t *address)
{
	bool marked = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

	return (marked || strlen(text) >= 6) && parse_hex(text, address);
}

enum closeness { SAME, BARE, KIND, BEGINS, CONTAINS, CLOSENESS };

/* How well a region's name matches what was typed: "[heap]" is "heap", "libc" begins "libc.so.6". */
static bool name_fits(const struct space *space, const struct region *r, const char *text, enum closeness how)
{
	const char *name = region_name(&r->attr);
	size_t len = strlen(text);

	switch (how) {
	case SAME:
		return !strcasecmp(name, text);
	case BARE:
		return name[0] == '[' && !strncasecmp(name + 1, text, len) && !strcmp(name + 1 + len, "]");
	case KIND:
		return !strcasecmp(region_kind_name(r->attr.kind), text) ||
		       !strcasecmp(space_region_word(space, r), text);
	case BEGINS:
		return !strncasecmp(name, text, len);
	default:
		return strcasestr(name, text) != NULL;
	}
}

/* The first region by address that matches best. */
static const struct region *region_named(const struct space *space, const char *text)
{
	int how;
	size_t i;

	for (how = SAME; *text && how < CLOSENESS; how++)
		for (i = 0; i < space->count; i++)
			if (name_fits(space, space->regions[i], text, (enum closeness)how))
				return space->regions[i];
	return NULL;
}

/* "name" or "name+0x..." to an address. */
static bool parse_place(const struct space *space, const char *text, uint64_t *address)
{
	const char *plus = strrchr(text, '+');
	char name[PROMPT_TEXT];
	const struct region *r;
	uint64_t offset = 0;
	size_t len;

	if (plus && !parse_hex(plus + 1, &offset))
		plus = NULL;
	len = plus ? (size_t)(plus - text) : strlen(text);
	if (len >= sizeof name)
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	r = region_named(space, name);
	if (!r)
		return false;
	*address = r->attr.start + offset;
	return true;
}

static void go_to(struct ui *ui, uint64_t page, uint64_t address)
{
	const struct space *space = ui_layout_space(ui);
	const struct region *r = space_find(space, space_address(space, page));

	if (!r)
		ui_complain(ui, _("no region at 0x%" PRIx64), address);
	else if (!region_matches(r, &ui->view.regions.filter))
		ui_complain(ui, _("0x%" PRIx64 " lies in a region that the filter hides"), address);
	else
		ui_move(ui, page);
}

static void go_to_address(struct ui *ui, uint64_t address)
{
	uint64_t page;

	if (ui_find_address(ui, address, &page))
		go_to(ui, page, address);
	else
		ui_complain(ui, _("no region at 0x%" PRIx64), address);
}

/* An offset into a region: of two side by side, into one of the process shown. */
static bool go_to_place(struct ui *ui, const char *text)
{
	const struct space *space = shown_space(&ui->shown);
	uint64_t address;

	if (!parse_place(space, text, &address))
		return false;
	go_to(ui, space_page(space, address), address);
	return true;
}

static void run_goto(struct ui *ui, const char *arg);

static const struct prompt_ops goto_prompt = { N_("go to:"), .done = run_goto };

static void run_goto(struct ui *ui, const char *arg)
{
	uint64_t address;

	if (!*arg && ui->view.focus == VIEW_FOCUS_TIMELINE) {
		time_ask(ui);
		return;
	}
	if (!*arg)
		view_ask(&ui->view, &goto_prompt);
	else if (parse_address(arg, &address))
		go_to_address(ui, address);
	else if (!go_to_place(ui, arg))
		ui_complain(ui, _("neither an address nor a region: %s"), arg);
}

/* The next page in a state, past the end to the beginning. */
static bool find_state(struct ui *ui, enum page_state state, int step, uint64_t *page)
{
	const struct space *space = shown_space(&ui->shown);
	uint64_t at = ui->view.grid.cursor, passed = 0;
	struct run run = runs_at(space->pages, at);

	do { /* from the end of the run that the cursor is in */
		at = step > 0 ? run.end : run.first - 1;
		if (at >= RUNS_END) {
			at = step > 0 ? 0 : RUNS_END - 1;
			passed++;
		}
		run = runs_at(space->pages, at);
		if (page_state(run.value) == state) {
			*page = step > 0 ? run.first : run.end - 1;
			return true;
		}
	} while (passed < 2);
	return false;
}

static bool region_says(const struct space *space, const struct region *r, const char *text)
{
	return strcasestr(region_name(&r->attr), text) || strcasestr(region_kind_name(r->attr.kind), text) ||
	       strcasestr(space_region_word(space, r), text);
}

/* The next region that contains the text and is shown; the cursor's own comes last. */
static bool find_region(struct ui *ui, const char *text, int step, uint64_t *page)
{
	const struct space *space = ui_layout_space(ui);
	size_t count = space->count, at, i;

	if (count == 0)
		return false;
	at = space_find_index(space, space_address(space, ui->view.grid.cursor)) % count;
	for (i = 1; i <= count; i++) {
		const struct region *r = space->regions[(at + (step > 0 ? i : 2 * count - i)) % count];

		if (region_says(space, r, text) && region_matches(r, &ui->view.regions.filter)) {
			*page = region_first(space, r);
			return true;
		}
	}
	return false;
}

static void search(struct ui *ui, int step)
{
	const char *text = ui->view.search;
	int state = page_state_parse(text);
	uint64_t page, address;
	char key[PRESS_TEXT];

	if (!*text)
		ui_message(ui, _("nothing has been searched for yet: press %s"),
			   press_key(&ui->view.press, key, "search"));
	else if (find_region(ui, text, step, &page) ||
		 (state > 0 && find_state(ui, (enum page_state)state, step, &page)))
		ui_move(ui, page);
	else if (parse_address(text, &address))
		go_to_address(ui, address);
	else if (!strchr(text, '+') || !go_to_place(ui, text))
		ui_complain(ui, _("not found: %s"), text);
}

/* Without a text, searches for the last one again. */
static void search_for(struct ui *ui, const char *text)
{
	if (*text)
		strncpy(ui->view.search, text, sizeof ui->view.search - 1);
	search(ui, 1);
}

static const struct prompt_ops search_prompt = { N_("search:"), .done = search_for, .empty = true };

static void run_search(struct ui *ui, const char *arg)
{
	if (*arg)
		search_for(ui, arg);
	else
		view_ask(&ui->view, &search_prompt);
}

static void run_search_next(struct ui *ui, const char *arg)
{
	search(ui, 1);
}

static void run_search_previous(struct ui *ui, const char *arg)
{
	search(ui, -1);
}

static void run_other_mapping(struct ui *ui, const char *arg)
{
	uint64_t twin;

	if (!ui->view.pair && mapping_twin(shown_space(&ui->shown), ui->view.grid.cursor, &twin))
		ui_move(ui, twin);
	else
		ui_complain(ui, "%s", _("no other region of this process maps this page of a file"));
}

/* clang-format off */
static const struct command rows[] = {
	{"search", {'/'}, N_("find a region, kind, page state, address"), run_search, COMMAND_ANY},
	{"search-next", {'n'}, N_("next, previous match"), run_search_next, COMMAND_ANY},
	{"search-previous", {'N'}, NULL, run_search_previous, COMMAND_ANY},
	{"other-mapping", {'&'}, N_("the file's page where it is mapped again"), run_other_mapping, COMMAND_ANY},
	{"goto", {'g'}, N_("go to an address, heap+0x1000, libc+0x2000"), run_goto, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_find = { N_("Finding"), rows, COMMAND_ANY };
