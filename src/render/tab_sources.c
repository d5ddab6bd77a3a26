/* Where each figure comes from: what was denied first, with the reason (which names what
 * would give it) and what is missed, then what is there. */
#include "render/panel.h"

#include "base/i18n.h"
#include "render/sheet.h"
#include "render/subject.h"

#define LEFT 1

/* What each is for. */
static const char *const gives[SOURCE_KINDS] = {
	[SOURCE_MAPS] = N_("regions"),
	[SOURCE_PAGEMAP] = N_("page states"),
	[SOURCE_PAGEMAP_SCAN] = N_("zero page, huge, guard; fast scans"),
	[SOURCE_PAGE_CACHE] = N_("cached or not"),
	[SOURCE_FRAMES] = N_("frame numbers"),
	[SOURCE_KPAGEFLAGS] = N_("dirty, referenced, locked, ksm"),
	[SOURCE_KPAGECOUNT] = N_("how often a frame is mapped"),
	[SOURCE_COUNTERS] = N_("counts of faults"),
	[SOURCE_SMAPS] = N_("the kernel's own Rss, on demand"),
	[SOURCE_BYTES] = N_("the bytes of pages, on demand"),
	[SOURCE_SYMBOLS] = N_("sections and symbols"),
	[SOURCE_FAULTS] = N_("each page fault"),
};

static int longest_name(void)
{
	int longest = 0;
	for (int i = 0; i < SOURCE_KINDS; i++) {
		int columns = text_columns(source_kind_name((enum source_kind)i));
		longest = columns > longest ? columns : longest;
	}
	return longest;
}

/* Returns the rows used: a reason may take more than one. */
static int draw_source(struct area a, int row, int i, const struct source_status *status)
{
	const char *name = source_kind_name((enum source_kind)i);
	bool denied = status->known && !status->ok;
	struct pen pen = PEN(denied ? INK_WARN : status->ok ? INK_GOOD : INK_DIM);
	int column = area_text(a, row, LEFT, pen, denied ? "✕ " : status->ok ? "● " : "· ");
	area_text(a, row, column, PEN(INK_STRONG), name);
	column += longest_name() + 2;
	if (!denied) {
		area_fit(a, row, column, a.columns - column - 1, PEN(INK_DIM),
			 status->known ? _(gives[i]) : _("not tried yet"), TEXT_CUT_RIGHT);
		return 1;
	}
	struct strbuf text = {0};
	strbuf_puts(&text, status->why && *status->why ? status->why : _("denied"));
	strbuf_printf(&text, _("; not known without it: %s"), _(gives[i]));
	int used = area_wrap(a, row, column, a.columns - column - 1, 3, PEN(INK_TEXT), text.text);
	strbuf_fini(&text);
	return used > 1 ? used : 1;
}

static bool is_denied(const struct source_status *status)
{
	return status->known && !status->ok;
}

static int draw_denied(struct area a, int row, const struct source_status *statuses)
{
	for (int i = 0; i < SOURCE_KINDS; i++)
		if (is_denied(&statuses[i]))
			row += draw_source(a, row, i, &statuses[i]);
	return row;
}

/* What is there, in as many columns as fit. */
static int draw_rest(struct area a, int row, const struct source_status *statuses)
{
	int across = a.columns / (longest_name() + 36), at = 0;
	if (across < 1)
		across = 1;
	int width = a.columns / across;
	for (int i = 0; i < SOURCE_KINDS; i++) {
		if (is_denied(&statuses[i]))
			continue;
		struct area part = area_part(a, 0, at % across * width, a.rows, width);
		draw_source(part, row + at / across, i, &statuses[i]);
		at++;
	}
	return row + (at + across - 1) / across;
}

void tab_sources(struct area a, const struct scene *scene)
{
	struct sheet sheet;
	if (!scene->process)
		return;
	sheet_open(&sheet, a, SHEET_ROWS, PEN(INK_TEXT));
	int row = draw_denied(sheet.area, 0, scene->process->sources);
	row = draw_rest(sheet.area, row, scene->process->sources);
	subject_ends(scene, sheet_show(&sheet, row, scene->view->detail_scroll));
}
