/* A picture is drawn when the world, the view or the freshness of pages changed, and not more often
 * than the interval, but at once where it is wanted. While nothing changes nothing is drawn. */
#include "ui/display.h"

#include "base/clock.h"
#include "base/minmax.h"
#include "ui/update.h"

#define PLAY_INTERVAL_NS (100 * CLOCK_MS) /* replayed time advances by itself */

void display_init(struct display *d, struct terminal *terminal, const struct ui *ui, uint64_t interval_ns)
{
	*d = (struct display){
		.terminal = terminal,
		.theme = ui->theme,
		.interval_ns = interval_ns,
		.settle_ns = UINT64_MAX,
	};
	screenful_init(&d->screen, ui);
}

void display_fini(struct display *d)
{
	screenful_fini(&d->screen);
}

/* When the picture would change by itself. */
static uint64_t settles_at(const struct ui *ui, const struct scene *scene, uint64_t now)
{
	const struct tab *tab = ui->view.tabs.shown;
	bool still = ui->shown.has_time || ui->view.picture_paused;
	uint64_t scene_ns = still ? UINT64_MAX : scene_settle_ns(scene);
	uint64_t tab_ns = tab->ops->due_ns ? tab->ops->due_ns(tab, ui->shown.now_ns) : UINT64_MAX;
	uint64_t soonest = min(scene_ns, tab_ns);

	return soonest == UINT64_MAX ? UINT64_MAX : now + soonest;
}

static void show(struct display *d, struct ui *ui)
{
	if (ui->repaint)
		terminal_repaint(d->terminal);
	ui->repaint = false;
	terminal_show(d->terminal, &d->screen.canvas);
}

void display_draw(struct display *d, struct ui *ui, uint64_t now)
{
	struct scene scene;

	if (d->theme != ui->theme) /* before the canvas learns whether colours are shown */
		terminal_set_theme(d->terminal, ui->theme);
	d->theme = ui->theme;
	if (message_is_over(&ui->view.message, now))
		ui_message_clear(ui);
	terminal_fit(d->terminal, &d->screen.canvas);
	ui_update(ui, d->screen.canvas.rows, d->screen.canvas.columns);
	attention_compare(ui);
	attention_read(&d->attention, ui, now);
	scene = screenful_draw(&d->screen, ui);
	show(d, ui);
	d->settle_ns = settles_at(ui, &scene, now);
	d->drawn_ns = now;
	d->generation = ui->shown.world->generation;
	d->course_news = d->wanted = false;
	attention_point(&d->attention, ui);
}

uint64_t display_due_ns(const struct display *d, const struct ui *ui)
{
	bool changed = ui->shown.world->generation != d->generation || d->course_news;
	uint64_t soonest = d->drawn_ns + d->interval_ns;
	uint64_t due = d->settle_ns;

	if (d->wanted || !d->drawn_ns)
		return 0;
	if (changed)
		return soonest;
	if (ui->view.message.end_ns)
		due = min(due, ui->view.message.end_ns);
	if (ui->shown.has_time && ui->shown.time.playing && !ui->view.picture_paused)
		due = min(due, d->drawn_ns + PLAY_INTERVAL_NS);
	return max(due, soonest);
}
