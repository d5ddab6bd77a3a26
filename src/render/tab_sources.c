/* Where each figure comes from: what was denied first, with the reason and what would give
 * it, then what is there. */
#include "render/panel.h"

#include "base/i18n.h"
#include "render/sheet.h"

#define LEFT 1

static const struct {
	const char *gives; /* what it is for */
	const char *needs; /* what would give it where it is denied */
} sources[SOURCE_KINDS] = {
	[SOURCE_MAPS] = {N_("regions"), N_("the right to inspect the process: its own user, or root")},
	[SOURCE_PAGEMAP] = {N_("page states"), N_("ptrace read access: one's own process, or root")},
	[SOURCE_PAGEMAP_SCAN] = {N_("zero page, huge, guard"), N_("Linux 6.7 or newer")},
	[SOURCE_PAGE_CACHE] = {N_("cached or not"), N_("owning the files, or the right to write them")},
	[SOURCE_FRAMES] = {N_("frame numbers"), N_("CAP_SYS_ADMIN: run it as root")},
	[SOURCE_KPAGEFLAGS] = {N_("dirty, referenced, locked, ksm"), N_("root")},
	[SOURCE_KPAGECOUNT] = {N_("how often a frame is mapped"), N_("root")},
	[SOURCE_COUNTERS] = {N_("counts of faults"), N_("/proc/PID/stat to be readable")},
	[SOURCE_SMAPS] = {N_("the kernel's own Rss, on demand"), N_("ptrace read access: one's own process, or root")},
	[SOURCE_BYTES] = {N_("the bytes of pages, on demand"), N_("ptrace access: one's own process, or root")},
	[SOURCE_SYMBOLS] = {N_("sections and symbols"), N_("read access to the program's files")},
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
			 status->known ? _(sources[i].gives) : _("not tried yet"), TEXT_CUT_RIGHT);
		return 1;
	}
	struct strbuf text = {0};
	strbuf_puts(&text, status->why && *status->why ? status->why : _("denied"));
	strbuf_printf(&text, _(" (%s). Needs: %s."), _(sources[i].gives), _(sources[i].needs));
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
	sheet_open(&sheet, a, PEN(INK_TEXT));
	int row = draw_denied(sheet.area, 0, scene->process->sources);
	row = draw_rest(sheet.area, row, scene->process->sources);
	sheet_show(&sheet, row, scene->view->detail_scroll);
}
