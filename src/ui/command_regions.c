/* The list of regions: order, folding, which of them. */
#include "ui/command_regions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/state.h"

static const struct {
	const char *name, *says;
} sorts[REGION_SORT_COUNT] = {
	[REGION_SORT_ADDRESS] = { "address", N_("sorted by address") },
	[REGION_SORT_SIZE] = { "size", N_("sorted by size") },
	[REGION_SORT_RESIDENT] = { "resident", N_("sorted by resident memory") },
	[REGION_SORT_CHANGED] = { "changed", N_("sorted by the latest change") },
	[REGION_SORT_NAME] = { "name", N_("sorted by name") },
	[REGION_SORT_GROWTH] = { "growth", N_("sorted by growth since the watch began") },
	[REGION_SORT_DIFFERENCE] = { "difference", N_("sorted by how many pages differ") },
};

static void run_sort(struct ui *ui, const char *arg)
{
	int count = ui->view.compared ? REGION_SORT_COUNT : REGION_SORT_DIFFERENCE;
	int sort = ((int)ui->view.regions.sort + 1) % count, i;

	if (*arg) {
		sort = -1;
		for (i = 0; i < count; i++)
			if (!strcmp(arg, sorts[i].name))
				sort = i;
	}
	if (sort < 0) {
		ui_complain(ui, _("cannot sort by %s: address, size, resident, changed, name, growth"), arg);
		return;
	}
	ui->view.regions.sort = (enum region_sort)sort;
	ui_message(ui, "%s", _(sorts[sort].says));
}

static void run_fold(struct ui *ui, const char *arg)
{
	ui->view.regions.fold = !ui->view.regions.fold;
	ui_message(ui, ui->view.regions.fold ? _("one line per file") : _("one line per region"));
}

static void set_filter(struct ui *ui, const char *text)
{
	char *filter = ui->view.regions.filter.text;

	snprintf(filter, REGION_FILTER_TEXT, "%s", text);
}

/* Says so where nothing fits. */
static void finish_filter(struct ui *ui, const char *text)
{
	const struct space *space = shown_space(&ui->shown);
	char *printable;
	size_t i = 0;

	set_filter(ui, text);
	while (i < space->count && !region_matches(space->regions[i], &ui->view.regions.filter))
		i++;
	if (i < space->count || !region_filter_is_set(&ui->view.regions.filter))
		return;
	printable = text_shown_dup(text);
	ui_complain(ui, _("no region has \"%s\" in its name or kind (:filter - shows all)"), printable);
	free(printable);
}

static void restore_filter(struct ui *ui)
{
	set_filter(ui, ui->filter_before);
}

/* The filter works while it is typed. */
static const struct prompt_ops filter_prompt = { N_("show only:"), .done = finish_filter, .empty = true,
						 .typed = set_filter, .cancel = restore_filter };

/* "-" removes the filter: an empty argument asks for one. */
static void run_filter(struct ui *ui, const char *arg)
{
	if (*arg) {
		finish_filter(ui, strcmp(arg, "-") ? arg : "");
		return;
	}
	memcpy(ui->filter_before, ui->view.regions.filter.text, sizeof ui->filter_before);
	view_ask(&ui->view, &filter_prompt);
}

#define BIT(kind) (UINT32_C(1) << (kind))

static const struct {
	const char *name, *says;
	uint32_t kinds;
} groups[] = {
	{ "all", N_("all kinds of regions"), ~UINT32_C(0) },
	{ "own", N_("the process's own memory: heap, stack, anonymous"),
	  BIT(REGION_HEAP) | BIT(REGION_STACK) | BIT(REGION_ANON) | BIT(REGION_BSS) },
	{ "program", N_("programs and libraries: text, rodata, data, bss"),
	  BIT(REGION_TEXT) | BIT(REGION_RODATA) | BIT(REGION_DATA) | BIT(REGION_BSS) },
	{ "mapped", N_("mapped files and shared memory"), BIT(REGION_FILE) | BIT(REGION_SHM) },
};
#define GROUPS (sizeof groups / sizeof *groups)

/* "heap,stack": the bits of these kinds; 0 where one is unknown. */
static uint32_t parse_kinds(const char *arg)
{
	char name[32];
	uint32_t kinds = 0;
	size_t len;
	int kind;

	for (; *arg; arg += len + (arg[len] == ',')) {
		len = strcspn(arg, ",");
		if (len >= sizeof name)
			return 0;
		memcpy(name, arg, len);
		name[len] = '\0';
		kind = region_kind_parse(name);
		if (kind < 0)
			return 0;
		kinds |= BIT(kind);
	}
	return kinds;
}

static void run_kinds(struct ui *ui, const char *arg)
{
	size_t i, next = 0;
	uint32_t kinds = 0;

	for (i = 0; i < GROUPS; i++) {
		if (*arg ? !strcmp(arg, groups[i].name) : ui->view.regions.filter.kinds == groups[i].kinds) {
			next = *arg ? i : (i + 1) % GROUPS;
			kinds = groups[next].kinds;
		}
	}
	if (!kinds)
		kinds = *arg ? parse_kinds(arg) : groups[0].kinds;
	if (!kinds) {
		ui_complain(ui, _("no such kind of region: %s"), arg);
		return;
	}
	ui->view.regions.filter.kinds = kinds;
	if (kinds == groups[next].kinds)
		ui_message(ui, "%s", _(groups[next].says));
}

/* clang-format off */
static const struct command rows[] = {
	{"sort", {'o'}, N_("sort by address, size, growth, ..."), run_sort, COMMAND_ANY},
	{"fold", {'z', 'F'}, N_("one line per file, or per region"), run_fold, COMMAND_ANY},
	{"filter", {'\\'}, N_("only regions with a text in name or kind"), run_filter, COMMAND_ANY},
	{"kinds", {'K'}, N_("all kinds, own memory, programs, files"), run_kinds, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_regions = { N_("Regions"), rows, COMMAND_ANY };
