/* What the launched program wrote to its terminal, the last line at the bottom. */
#include "ui/view/tabs.h"

#include "base/i18n.h"
#include "base/minmax.h"
#include "ui/view/scene.h"

#define LEFT 1

static void draw_no_output(struct area a, const struct process *process, const struct press *press)
{
	struct strbuf text = { 0 };
	char key[PRESS_TEXT];

	if (process && process->identity.launched)
		strbuf_printf(&text, _("It has written nothing yet. Press %s to send it a line."),
			      press_key(press, key, "send"));
	else if (process && process->identity.recorded_launch)
		strbuf_puts(&text, process_alive(process) ? _("By this moment it had written nothing.")
							  : _("It wrote nothing."));
	else
		strbuf_puts(&text, _("Attached: its output goes to its own terminal, not here."));
	area_wrap(a, 0, LEFT, a.columns - LEFT - 1, a.rows, PEN(INK_DIM), text.text);
	strbuf_fini(&text);
}

/* The first line from the end: the one being written counts only if it holds something. */
static size_t last_line(const struct output *output)
{
	const char *writing = output_line(output, 0);
	return writing && *writing ? 0 : 1;
}

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	const struct process *process = scene->process;
	if (!process || !process->output.bytes) {
		draw_no_output(a, process, &scene->view->press);
		return 0;
	}
	size_t first = last_line(&process->output), lines = 0;
	while (output_line(&process->output, first + lines))
		lines++;
	size_t room = a.rows > 0 ? (size_t)a.rows : 0, shown = min(lines, room);
	size_t back = tab->scroll > 0 ? (size_t)tab->scroll : 0;
	if (back > lines - shown)
		back = lines - shown;
	for (size_t i = 0; i < shown; i++)
		area_fit(a, (int)(shown - 1 - i), LEFT, a.columns - LEFT - 1, PEN(INK_TEXT),
			 output_line(&process->output, first + back + i), TEXT_CUT_RIGHT);
	if (back > 0)
		area_put(a, a.rows - 1, a.columns - 1, 0x2193, PEN(INK_ACCENT));
	return (int)(lines - shown);
}

const struct view_ops tab_output = {
	.name = N_("output"),
	.brief = N_("out"),
	.key = '5',
	.flags = TAB_STAYS | TAB_FROM_END,
	.draw = draw,
};
