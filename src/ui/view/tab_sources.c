/* Where each figure comes from: what was denied first, with the reason (which says what would allow it)
 * and what is missing, then what is there in part, then what is there. */
#include "ui/view/tabs.h"

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

#define LEFT 1

static const char *name_of(int kind)
{
	return source_kind_name((enum source_kind)kind);
}

/* How well a source works: the worst come first in the tab. */
enum standing { STANDING_DENIED, STANDING_PARTLY, STANDING_WELL };

static enum standing standing_of(const struct source_status *status)
{
	if (status->known && !status->ok)
		return STANDING_DENIED;
	return status->known && status->partial ? STANDING_PARTLY : STANDING_WELL;
}

/* If it was not tried: does it only come with another? */
static const char *text_of_untried(int i)
{
	return source_kind_with_faults((enum source_kind)i) ? _("comes with faults") : _("not tried yet");
}

static int draw_well(struct area a, int row, int column, int i, const struct source_status *status)
{
	const char *text = status->known ? source_kind_gives((enum source_kind)i) : text_of_untried(i);
	area_fit(a, row, column, a.columns - column - 1, PEN(INK_DIM), text, TEXT_CUT_RIGHT);
	return 1;
}

/* Returns the rows used: a reason may take more than one. */
static int draw_source(struct area a, int row, int i, const struct source_status *status)
{
	static const char *const marks[] = { "✕ ", "◐ ", "● " };
	enum standing standing = standing_of(status);
	const char *mark = status->ok || standing == STANDING_DENIED ? marks[standing] : "· ";
	struct pen pen = PEN(standing != STANDING_WELL ? INK_WARN : status->ok ? INK_GOOD : INK_DIM);
	int column = area_text(a, row, LEFT, pen, mark);
	area_text(a, row, column, PEN(INK_STRONG), source_kind_name((enum source_kind)i));
	column += text_widest(SOURCE_KINDS, name_of) + 2;
	if (standing == STANDING_WELL)
		return draw_well(a, row, column, i, status);
	struct strbuf text = { 0 };
	if (standing == STANDING_PARTLY)
		strbuf_printf(&text, "%s; ", source_kind_gives((enum source_kind)i));
	strbuf_puts(&text, status->why);
	if (standing == STANDING_DENIED)
		strbuf_printf(&text, _("; not known without it: %s"), source_kind_gives((enum source_kind)i));
	int used = area_wrap(a, row, column, a.columns - column - 1, 3, PEN(INK_TEXT), text.text);
	strbuf_fini(&text);
	return max(used, 1);
}

static int draw_standing(struct area a, int row, const struct source_status *statuses, enum standing standing)
{
	for (int i = 0; i < SOURCE_KINDS; i++)
		if (standing_of(&statuses[i]) == standing)
			row += draw_source(a, row, i, &statuses[i]);
	return row;
}

/* What is there, in as many columns as fit. */
static int draw_rest(struct area a, int row, const struct source_status *statuses)
{
	int across = a.columns / (text_widest(SOURCE_KINDS, name_of) + 36), at = 0;
	if (across < 1)
		across = 1;
	int width = a.columns / across;
	for (int i = 0; i < SOURCE_KINDS; i++) {
		if (standing_of(&statuses[i]) != STANDING_WELL)
			continue;
		struct area part = area_part(a, 0, at % across * width, a.rows, width);
		draw_source(part, row + at / across, i, &statuses[i]);
		at++;
	}
	return row + (at + across - 1) / across;
}

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	struct sheet sheet;
	if (!scene->process)
		return 0;
	sheet_open(&sheet, a, SHEET_ROWS, PEN(INK_TEXT));
	int row = draw_standing(sheet.area, 0, scene->process->sources, STANDING_DENIED);
	row = draw_standing(sheet.area, row, scene->process->sources, STANDING_PARTLY);
	row = draw_rest(sheet.area, row, scene->process->sources);
	return sheet_show(&sheet, row, tab->scroll);
}

const struct view_ops tab_sources = {
	.name = N_("sources"),
	.brief = N_("src"),
	.key = '7',
	.draw = draw,
};
