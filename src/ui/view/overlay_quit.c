/* Leaving while the launched program still runs: what should happen to it? Pressing the same key once more
 * ends both. */
#include "ui/view/overlays.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

#define COLUMNS 54
#define TEXT_COLUMN 12
#define CTRL_C 3

static int draw_choice(struct area a, int row, const char *key, const char *text)
{
	struct pen strong = PEN_ON(INK_ACCENT, PAPER_POPUP);
	strong.style = STYLE_BOLD;
	area_text(a, row, 2, strong, key);
	area_fit(a, row, TEXT_COLUMN, a.columns - TEXT_COLUMN, PEN_ON(INK_TEXT, PAPER_POPUP), text,
		 TEXT_CUT_RIGHT);
	return row + 1;
}

static int draw(struct area a, const struct scene *scene, const struct overlay *overlay)
{
	struct strbuf title = { 0 };
	char quit[PRESS_TEXT], both[PRESS_TEXT + 4];
	const struct process *process = scene->process;
	const char *comm = process && process->identity.comm ? process->identity.comm : "";
	text_shown(&title, comm);
	strbuf_printf(&title, _(" (pid %d) is still running"), process ? (int)process->pid : 0);
	struct area inner = popup_open(a, 5, COLUMNS, title.text, NULL);
	strbuf_fini(&title);
	area_fit(inner, 0, 0, inner.columns, PEN_ON(INK_TEXT, PAPER_POPUP),
		 _("It was started here. What should happen to it?"), TEXT_CUT_RIGHT);
	int row = inner.rows >= 5 ? 2 : 1;
	snprintf(both, sizeof both, "e, %s", press_key(&scene->view->press, quit, "quit"));
	row = draw_choice(inner, row, both, _("end it, and quit"));
	row = draw_choice(inner, row, "l", _("leave it running, and quit"));
	draw_choice(inner, row, "Esc", _("stay"));
	return 0;
}

static const struct overlay_key keys[] = {
	{ 'e', "end-program" }, { 'l', "release-program" }, { 'n', NULL },
	{ 'q', "quit" },        { CTRL_C, "quit" },         { 0 },
};

const struct overlay_ops overlay_quit = { .asks = true, .keys = keys, .draw = draw };
