/* Pages are evicted, dropped from the page cache, or written back: the key asks what should be done, and
 * the commands that the answer runs do it. */
#include "ui/command_reclaim.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "render/reclaim_words.h"
#include "ui/state.h"
#include "ui/view/overlays.h"

/* The region under the cursor; NULL, with a complaint: there is none. */
static const struct region *selected(struct ui *ui, uint64_t *page)
{
	const struct space *space = ui->shown.process->space;
	struct scene scene = ui_scene(ui);
	const struct region *r =
	    scene.page == RUNS_END ? NULL : space_find(space, space_address(space, scene.page));

	*page = scene.page;
	if (!r)
		ui_complain(ui, "%s", _("no region is selected"));
	return r;
}

static void run_evict(struct ui *ui, const char *arg)
{
	uint64_t page;
	struct scene scene;

	if (ui->shown.has_time || !process_alive(ui->shown.process)) {
		ui_control(ui, CONTROL_EVICT, &(struct control_arg){ 0 }); /* shows the reason */
		return;
	}
	if (!selected(ui, &page))
		return;
	scene = ui_scene(ui);
	overlay_open(&ui->view.overlay, &overlay_reclaim, &scene);
}

static const char *name_of(enum control what)
{
	return what == CONTROL_EVICT ? "evict" : what == CONTROL_DROP ? "drop" : "sync";
}

/* Shows the result, and marks the moment, so that it is kept in a recording. */
static void report(struct ui *ui, enum control what, const struct region *r, const struct control_done *done)
{
	struct strbuf words = { 0 }, mark = { 0 };
	const char *name = region_name(&r->attr);

	reclaim_words(&words, what, done);
	strbuf_printf(&mark, "%s ", name_of(what));
	if (*name)
		text_shown(&mark, name);
	else
		strbuf_puts(&mark, region_kind_name((enum region_kind)r->attr.kind));
	strbuf_printf(&mark, ": %s", words.text);
	if (ui_mark(ui, mark.text)) {
		ui_message(ui, "%s", words.text);
		message_keep(&ui->view.message);
	}
	strbuf_fini(&words);
	strbuf_fini(&mark);
}

static void act(struct ui *ui, enum control what, bool whole)
{
	const struct space *space = ui->shown.process->space;
	struct control_done done = { 0 };
	struct control_arg arg = { .pages.done = &done };
	uint64_t page;
	const struct region *r = selected(ui, &page);

	overlay_close(&ui->view.overlay);
	if (!r)
		return;
	arg.pages.first = whole ? region_first(space, r) : page;
	arg.pages.end = whole ? region_end(space, r) : page + 1;
	if (ui_control(ui, what, &arg) < 0)
		return;
	report(ui, what, r, &done);
	if (what == CONTROL_EVICT)
		came_back_begin(&ui->came_back, ui->shown.process, arg.pages.first, arg.pages.end);
}

static void run_evict_page(struct ui *ui, const char *arg)
{
	act(ui, CONTROL_EVICT, false);
}

static void run_evict_region(struct ui *ui, const char *arg)
{
	act(ui, CONTROL_EVICT, true);
}

static void run_drop_file(struct ui *ui, const char *arg)
{
	act(ui, CONTROL_DROP, true);
}

static void run_sync_file(struct ui *ui, const char *arg)
{
	act(ui, CONTROL_SYNC, true);
}

/* clang-format off */
static const struct command rows[] = {
	{"evict", {'V'}, N_("evict, drop or sync pages: asks first"), run_evict, COMMAND_ANY},
	{"evict-page", {0}, N_("evict the page under the cursor"), run_evict_page, COMMAND_ANY},
	{"evict-region", {0}, N_("evict the region under the cursor"), run_evict_region, COMMAND_ANY},
	{"drop-file", {0}, N_("drop the region's file from the page cache"), run_drop_file, COMMAND_ANY},
	{"sync-file", {0}, N_("write the region's file to disk"), run_sync_file, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_reclaim = { N_("Evicting"), rows, COMMAND_LIVE };
