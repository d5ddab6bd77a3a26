/* What should be done with the pages under the cursor? This changes the watched process, although nothing
 * that it has written is lost. */
#include "ui/view/overlays.h"

#include <inttypes.h>
#include <string.h>

#include "base/i18n.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

#define COLUMNS 66
#define CTRL_C 3

static int draw_choice(struct area a, int row, const char *key, const char *text, bool possible)
{
	struct pen strong = PEN_ON(possible ? INK_ACCENT : INK_DIM, PAPER_POPUP);
	strong.style = STYLE_BOLD;
	area_text(a, row, 2, strong, key);
	area_fit(a, row, 8, a.columns - 8, PEN_ON(possible ? INK_TEXT : INK_DIM, PAPER_POPUP), text,
		 TEXT_CUT_RIGHT);
	return row + 1;
}

static const struct region *region_under(const struct scene *scene)
{
	const struct space *space = scene->process ? scene->process->space : NULL;

	return space && scene->page != RUNS_END ? space_find(space, space_address(space, scene->page)) : NULL;
}

static void print_title(struct strbuf *out, const struct scene *scene, const struct region *r)
{
	const char *name = r ? region_name(&r->attr) : "";
	struct strbuf text = { 0 };

	if (r && !*name)
		name = region_kind_name((enum region_kind)r->attr.kind);
	text_shown(&text, name);
	strbuf_printf(out, _("evict %s (pid %d)?"), text.text ? text.text : "",
		      scene->process ? (int)scene->process->pid : 0);
	strbuf_fini(&text);
}

/* Is it known that nothing can be swapped out? */
static bool has_no_swap(const struct process *p)
{
	return p->figures.known && p->figures.read.values[KERNEL_MACHINE_SWAP] == 0;
}

static int draw(struct area a, const struct scene *scene, const struct overlay *overlay)
{
	const struct region *r = region_under(scene);
	uint64_t counts[PAGE_STATES] = { 0 };
	struct strbuf title = { 0 }, whole = { 0 };
	bool of_file = r && region_has_file(&r->attr);
	const char *note = "";

	if (r)
		space_add_region_counts(scene->process->space, r, counts);
	if (r && has_no_swap(scene->process))
		note = _("There is no swap here: only pages of files can go.");
	print_title(&title, scene, r);
	strbuf_printf(&whole, _("evict the whole region (resident pages: %" PRIu64 ")"),
		      page_resident(counts));
	struct area inner = popup_open(a, 7, COLUMNS, title.text, NULL);
	area_fit(inner, 0, 0, inner.columns, PEN_ON(INK_TEXT, PAPER_POPUP),
		 _("Nothing is lost: the next touch brings a page back."), TEXT_CUT_RIGHT);
	int row = inner.rows >= 7 ? 2 : 1;
	if (row == 2)
		area_fit(inner, 1, 0, inner.columns, PEN_ON(INK_TEXT, PAPER_POPUP), note, TEXT_CUT_RIGHT);
	row = draw_choice(inner, row, "p", _("evict the page under the cursor"), true);
	row = draw_choice(inner, row, "r", whole.text, true);
	row = draw_choice(inner, row, "d", _("drop its file's cached pages; dirty ones are written first"),
			  of_file);
	row = draw_choice(inner, row, "s", _("sync: write its file's dirty pages to disk"), of_file);
	draw_choice(inner, row, "Esc", _("leave all as it is"), true);
	strbuf_fini(&title);
	strbuf_fini(&whole);
	return 0;
}

static const struct overlay_key keys[] = {
	{ 'p', "evict-page" },
	{ 'r', "evict-region" },
	{ 'd', "drop-file" },
	{ 's', "sync-file" },
	{ 'n', NULL },
	{ CTRL_C, "quit" },
	{ 0 },
};

const struct overlay_ops overlay_reclaim = { .asks = true, .keys = keys, .draw = draw };
