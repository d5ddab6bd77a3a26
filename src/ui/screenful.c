#include "ui/screenful.h"

#include "ui/commands.h"
#include "ui/view/screen.h"

void screenful_init(struct screenful *s, const struct ui *ui)
{
	*s = (struct screenful){ .help = commands_help(ui->view.compared, ui->keys) };
	canvas_init(&s->canvas, 1, 1, 0);
}

void screenful_fini(struct screenful *s)
{
	canvas_fini(&s->canvas);
	commands_help_free(s->help);
	strbuf_fini(&s->keys);
}

/* Chooses the keys that are useful now. */
static void choose_keys(struct screenful *s, const struct ui *ui)
{
	const struct process *process = ui->shown.process;
	bool several = ui->shown.world->count > 1;
	enum footer footer = ui->view.compared    ? COMMANDS_FOOTER_COMPARED
			     : ui->shown.has_time ? COMMANDS_FOOTER_REPLAY
			     : !process_alive(process)
				 ? several ? COMMANDS_FOOTER_SEVERAL_ENDED : COMMANDS_FOOTER_ENDED
			     : process->status == PROCESS_PAUSED ? COMMANDS_FOOTER_PAUSED
			     : several                           ? COMMANDS_FOOTER_SEVERAL
								 : COMMANDS_FOOTER_RUNNING;

	strbuf_clear(&s->keys);
	commands_footer(&s->keys, footer, process->identity.launched, ui->keys);
}

/* Limits scrolling, so that scrolling past the end need not be undone. */
static void keep_in_ends(struct view *view, struct scroll_ends ends)
{
	if (view->tabs.shown->scroll > ends.tab)
		view->tabs.shown->scroll = ends.tab;
	if (view->overlay.scroll > ends.overlay)
		view->overlay.scroll = ends.overlay;
}

struct scene screenful_draw(struct screenful *s, struct ui *ui)
{
	struct scene scene;

	choose_keys(s, ui);
	scene = ui_scene(ui);
	scene.keys = s->keys.text;
	scene.help = (const char *const *)s->help;
	keep_in_ends(&ui->view, screen_draw(&s->canvas, &scene));
	return scene;
}
