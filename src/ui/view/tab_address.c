/* The address of the page taken apart (render/address_picture.h). */
#include "ui/view/tabs.h"

#include "base/i18n.h"
#include "render/address_picture.h"
#include "render/page_facts.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

static int draw(struct area area, const struct scene *scene, const struct tab *tab)
{
	struct sheet sheet;

	if (!scene->process)
		return 0;
	struct page_facts s = page_facts(scene->process->space, scene->page, scene->detail);
	const struct address_picture picture = { .address = s.address,
						 .address_bits = scene->process->identity.address_bits,
						 .page_shift = scene->process->space->page_shift,
						 .word = s.word,
						 .closed = s.region && region_is_closed(&s.region->attr),
						 .has_frame = s.detail && s.detail->frame.known,
						 .frame = s.detail ? s.detail->frame.value : 0 };
	sheet_open(&sheet, area, SHEET_TAB_ROWS, PEN(INK_TEXT));
	return sheet_show(&sheet, address_picture_draw(sheet.area, area.rows, &picture), tab->scroll);
}

const struct view_ops tab_address = {
	.name = N_("address"),
	.brief = N_("addr"),
	.key = '2',
	.flags = TAB_OF_PAGE | TAB_WIDE_RIGHT,
	.draw = draw,
};
