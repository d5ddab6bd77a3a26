/* The marks and notes of a watch or a recording, one a line, the selected one to go to:
 *
 *      00:01.204                       moments that were marked without a word
 *      00:07.350  pid 4243  the cache is warm
 *
 * The process is named where there are several. */
#include "ui/view/overlays.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/text.h"
#include "model/marks.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

#define COLUMNS 72

static void mark_line(struct strbuf *line, const struct scene *scene, const struct mark *mark)
{
	char clock[24];

	strbuf_printf(line, " %10s  ", text_clock_ms(clock, mark->time_ns));
	if (scene->world->count > 1)
		strbuf_printf(line, _("pid %d  "), (int)mark->pid);
	text_shown(line, mark->text);
}

/* Marks before the time that is shown are brighter than those after it. */
static void draw_mark(struct area a, int row, const struct scene *scene, const struct mark *mark,
		      bool selected)
{
	bool past = mark->time_ns <= scene->now_ns;
	struct pen pen = PEN_ON(past ? INK_TEXT : INK_DIM, selected ? PAPER_SELECTED : PAPER_POPUP);
	struct strbuf line = { 0 };

	if (selected)
		area_fill(area_part(a, row, 0, 1, a.columns), pen);
	mark_line(&line, scene, mark);
	area_fit(a, row, 0, a.columns, pen, line.text, TEXT_CUT_RIGHT);
	strbuf_fini(&line);
}

static void draw_none(struct area a, const struct scene *scene)
{
	char note[PRESS_TEXT], mark[PRESS_TEXT];
	struct strbuf text = { 0 };

	press_key(&scene->view->press, note, "note");
	if (scene->timeline.time)
		strbuf_printf(&text, _("None yet: %s marks this moment with a note."), note);
	else
		strbuf_printf(&text, _("None yet: %s marks this moment, %s with a note."),
			      press_key(&scene->view->press, mark, "mark"), note);
	area_fit(a, 0, 0, a.columns, PEN_ON(INK_TEXT, PAPER_POPUP), text.text, TEXT_CUT_RIGHT);
	strbuf_fini(&text);
}

static int draw(struct area a, const struct scene *scene, const struct overlay *overlay)
{
	size_t count = scene->timeline.marks ? scene->timeline.marks->count : 0, at = (size_t)overlay->scroll,
	       first;
	const char *foot =
	    scene->timeline.time && count ? _("Enter: go there   Esc: close") : _("Esc: close");
	struct area inner = popup_open(a,
				       count < 1     ? 1
				       : count < 100 ? (int)count
						     : 100,
				       COLUMNS, _("Marks"), foot);

	if (!count)
		draw_none(inner, scene);
	if (!count || inner.rows < 1)
		return 0;
	at = at < count ? at : count - 1;
	first = overlay_first_line(count, at, (size_t)inner.rows);
	for (int row = 0; row < inner.rows && first + (size_t)row < count; row++)
		draw_mark(inner, row, scene, &scene->timeline.marks->items[first + (size_t)row],
			  first + (size_t)row == at);
	return (int)count - 1;
}

/* It begins where we are: at the last mark that is not in the future. */
static void open(struct overlay *overlay, const struct scene *scene)
{
	for (size_t i = 0;
	     i < scene->timeline.marks->count && scene->timeline.marks->items[i].time_ns <= scene->now_ns;
	     i++)
		overlay->scroll = (int)i;
}

static void scroll(struct overlay *overlay, const struct scene *scene, int lines)
{
	int last = (int)scene->timeline.marks->count - 1, at = overlay->scroll + lines;

	at = min(at, last);
	overlay->scroll = max(at, 0);
}

static const char *enter(const struct overlay *overlay, const struct scene *scene,
			 char arg[static OVERLAY_ARG])
{
	if (!scene->timeline.marks->count)
		return NULL;
	snprintf(arg, OVERLAY_ARG, "%d", overlay->scroll + 1);
	return "marks";
}

const struct overlay_ops overlay_marks = { .draw = draw, .open = open, .scroll = scroll, .enter = enter };
