/* The main loop: wait, hear keys, step the source, draw.
 *
 * It sleeps until a key, the source's files, or the earliest of three clocks: when the
 * source wants its next step, when what is fresh on the screen has settled a little
 * more, when the shown bytes of a page are to be read again. It draws when the world,
 * the view or the freshness changed, and not more often than the interval, but at once
 * after a key. While nothing changes it neither draws nor writes. */
#include "ui/ui.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "event/sink.h"
#include "ui/commands.h"
#include "ui/input.h"
#include "ui/view/screen.h"
#include "ui/command_step.h"
#include "ui/show_process.h"
#include "ui/update.h"

#define DEFAULT_INTERVAL_NS (50 * CLOCK_MS)
#define STEP_BUDGET_NS (25 * CLOCK_MS)
#define BYTES_INTERVAL_NS (250 * CLOCK_MS)
#define PENDING_INTERVAL_NS (20 * CLOCK_MS)
#define SOURCE_FDS 32
#define PLAY_INTERVAL_NS (100 * CLOCK_MS) /* time that is played goes on by itself */
#define COMPARE_PART 4096
#define COMPARE_MAX (64 * 1024) /* pages compared for one picture */
#define KEYS_AT_ONCE 64         /* pasted text must not keep the picture from being drawn */

struct loop {
	struct ui ui;
	struct world *world;
	struct source *source;
	struct fanout fanout;
	struct terminal *terminal;
	struct canvas canvas;
	char **help;
	struct strbuf keys;
	const struct ui_options *options;
	uint64_t interval_ns;
	const struct theme *theme; /* the terminal's */
	bool typed;                /* there may be keys to take */
	bool asked;                /* a key came: draw at once */
	bool over;                 /* the source has nothing more to say */
	bool commanded;            /* --do has been done */
	bool was_alive;
	bool course_news;    /* the source has more to show than the world */
	bool was_at_end;     /* of the recording */
	int32_t shown;       /* the pid that was looked at last */
	unsigned seen_stops; /* of the process's */
	uint64_t drawn_ns, settle_ns;
	uint64_t drawn_generation;
	uint64_t start_ns; /* the watch's zero on the monotonic clock, as far as seen */
	uint64_t focus_first, focus_end;
	/* what the detail was read for */
	uint64_t inspected_ns, inspected_page, inspected_story_ns;
	uint32_t inspected_word, inspected_since;
	const struct tab *inspected_tab;
	int output_rows, output_columns;
};

/* The time of the watch. Its zero is the source's secret: the latest event that ever
 * came tells it best, for an event is never from the future. */
static void update_live_clock(struct loop *l)
{
	uint64_t now = clock_now_ns(), start = now - l->ui.shown.world->now_ns;

	if (start < l->start_ns || !l->start_ns)
		l->start_ns = start;
	l->ui.shown.now_ns = now - l->start_ns;
}

static void update_clock(struct loop *l)
{
	if (l->ui.shown.has_time)
		ui_update_time(&l->ui);
	else
		update_live_clock(l);
	l->ui.view.message.clock_ns = clock_now_ns();
}

static void tell_end(struct loop *l)
{
	const struct process *p = l->ui.shown.process;

	if (!l->was_alive || process_alive(p)) {
		l->was_alive |= process_alive(p); /* a replay goes back */
		return;
	}
	l->was_alive = false;
	if (l->ui.view.overlay.ops && l->ui.view.overlay.ops->asks)
		overlay_close(&l->ui.view.overlay);
	if (p->status == PROCESS_EXITED)
		ui_message(&l->ui, _("the program ended with status %d; this is its last picture; q: quit"),
			   p->status_code);
	else if (p->status == PROCESS_KILLED)
		ui_complain(&l->ui,
			    _("the program was killed by signal %d (%s); this is its last picture; q: quit"),
			    p->status_code, strsignal(p->status_code));
	else
		ui_message(&l->ui, _("the process has ended; this is its last picture; q: quit"));
	message_keep(&l->ui.view.message);
}

/* That a recording is over is told each time one comes to its end. */
static void tell_recording_end(struct loop *l)
{
	const struct time_status *time = &l->ui.shown.time;
	bool ends = l->ui.shown.has_time && time->at_end && !time->grows;

	if (ends && !l->was_at_end && *time->why_ends)
		ui_complain(&l->ui, "%s", time->why_ends);
	l->was_at_end = ends;
}

/* Another process may be shown than before: what was kept for the picture is of the other. */
static void look_at(struct loop *l)
{
	if (l->shown == l->ui.view.pid)
		return;
	l->shown = l->ui.view.pid;
	l->was_alive = process_alive(l->ui.shown.process);
	l->inspected_ns = 0;
	l->focus_first = l->focus_end = 0;
	l->asked = true;
}

static void step_source(struct loop *l)
{
	struct source *source = l->ui.shown.source;
	struct time_status before = l->ui.shown.time;
	struct err err = { 0 };
	int result = source->ops->step(source, &l->fanout.sink, STEP_BUDGET_NS, &err);

	if (result < 0) {
		l->over = true;
		ui_complain(&l->ui, "%s", err.text);
	}
	ui_update_time(&l->ui);
	l->course_news |= l->ui.shown.has_time && (result > 0 || l->ui.shown.time.playing != before.playing ||
						   l->ui.shown.time.grows != before.grows);
	ui_find_process(&l->ui);
	look_at(l);
	tell_end(l);
	tell_recording_end(l);
	/* what a step has come to is shown at once */
	if (l->ui.shown.process->stop.known && l->ui.shown.process->stop.count != l->seen_stops)
		l->asked = true;
	l->seen_stops = l->ui.shown.process->stop.count;
}

static void take_keys(struct loop *l)
{
	struct mouse mouse;
	uint32_t key;
	int n;

	if (!l->typed)
		return;
	for (n = 0; n < KEYS_AT_ONCE && !l->ui.quit && (key = terminal_key(l->terminal)) != KEY_NONE_YET;
	     n++) {
		l->asked = true;
		if (key == KEY_CODE_CLOSED)
			l->ui.quit = true;
		else if (key == KEY_CODE_MOUSE && terminal_mouse(l->terminal, &mouse))
			input_mouse(&l->ui, &mouse);
		else if (key != KEY_CODE_RESIZE && key != KEY_CODE_MOUSE)
			input_key(&l->ui, key);
		if (l->drawn_ns) /* the next key finds things in their place */
			ui_update(&l->ui, l->canvas.rows, l->canvas.columns);
		if (l->ui.suspend)
			terminal_suspend(l->terminal);
		l->ui.suspend = false;
	}
	l->typed = n == KEYS_AT_ONCE;
}

/* The program's terminal is as large as the panel that shows what it writes. */
static void size_output(struct loop *l)
{
	struct control_arg arg = { .rows = l->ui.viewport.parts.detail_rows - 1,
				   .columns = l->ui.viewport.parts.detail_columns - 2 };
	struct source *source = l->ui.shown.source;

	if (!shown_launched(&l->ui.shown) || arg.rows < 1 || arg.columns < 1 ||
	    (arg.rows == l->output_rows && arg.columns == l->output_columns))
		return;
	l->output_rows = arg.rows;
	l->output_columns = arg.columns;
	source->ops->control(source, shown_launched(&l->ui.shown)->pid, CONTROL_RESIZE, &arg, NULL);
}

static int32_t other_of_pair(const struct ui *ui)
{
	return ui->view.pid == ui->shown.pair.left ? ui->shown.pair.right : ui->shown.pair.left;
}

/* Tells the source what is looked at. */
static void point_source(struct loop *l)
{
	uint64_t first = 0, end = 0;

	size_output(l);
	if (!viewport_pages(&l->ui.viewport, &l->ui.view, &first, &end) ||
	    (first == l->focus_first && end == l->focus_end))
		return;
	l->focus_first = first;
	l->focus_end = end;
	l->ui.shown.source->ops->focus(l->ui.shown.source, l->ui.view.pid, first, end);
	if (l->ui.view.pair)
		l->ui.shown.source->ops->focus(l->ui.shown.source, other_of_pair(&l->ui), first, end);
}

static bool bytes_live(const struct loop *l)
{
	return tabs_shows(&l->ui.view.tabs, VIEW_BYTES) && !l->ui.shown.has_time &&
	       !l->ui.view.picture_paused && process_alive(l->ui.shown.process) &&
	       l->ui.shown.process->status == PROCESS_RUNNING;
}

/* After how long the page is to be read again, though nothing has changed; UINT64_MAX: not. */
static uint64_t inspect_again_ns(const struct loop *l)
{
	if (l->ui.has_detail && l->ui.detail->location.pending)
		return PENDING_INTERVAL_NS;
	return bytes_live(l) ? BYTES_INTERVAL_NS : UINT64_MAX;
}

/* Reads the cursor's page again when it is another one, when its picture changed, and
 * its bytes now and then, and once more while the file behind it is being read. */
static void inspect(struct loop *l, uint64_t now)
{
	struct ui *ui = &l->ui;
	uint64_t page = ui->view.grid.cursor;
	uint32_t word = runs_at(ui->shown.process->space->pages, page).value;
	uint32_t since = runs_at(ui->shown.process->space->since, page).value;
	const struct story *story = stories_find(&ui->shown.process->stories, page);
	uint64_t story_ns = story ? story->time_ns : 0;
	unsigned what = tabs_shows(&ui->view.tabs, VIEW_BYTES) ? INSPECT_BYTES : INSPECT_PAGE;
	bool another =
	    page != l->inspected_page || !l->inspected_ns || ui->view.tabs.shown != l->inspected_tab;
	bool changed =
	    !ui->view.picture_paused &&
	    (word != l->inspected_word || since != l->inspected_since || story_ns != l->inspected_story_ns);

	if (!another && !changed && now - l->inspected_ns < inspect_again_ns(l))
		return;
	ui->has_detail =
	    ui->shown.source->ops->inspect(ui->shown.source, ui->view.pid, page, what, ui->detail, NULL) == 0;
	l->inspected_ns = now;
	l->inspected_page = page;
	l->inspected_word = word;
	l->inspected_since = since;
	l->inspected_story_ns = story_ns;
	l->inspected_tab = ui->view.tabs.shown;
	l->asked = true;
}

/* Scrolling on at the end does not make the way back longer. */
static void keep_in_ends(struct view *view, struct scroll_ends ends)
{
	if (view->tabs.shown->scroll > ends.tab)
		view->tabs.shown->scroll = ends.tab;
	if (view->overlay.scroll > ends.overlay)
		view->overlay.scroll = ends.overlay;
}

/* How long until the shown tab has more to show although nothing happened. */
static uint64_t tab_due_ns(const struct ui *ui)
{
	const struct tab *tab = ui->view.tabs.shown;

	return tab->ops->due_ns ? tab->ops->due_ns(tab, ui->shown.now_ns) : UINT64_MAX;
}

/* A row of cells of both, asked of the source a part at a time. */
static bool compare_pages(struct loop *l, uint64_t first, uint64_t end, size_t *left)
{
	struct ui *ui = &l->ui;
	uint8_t common[COMPARE_PART];
	struct err err = { 0 };

	while (first < end && *left) {
		size_t n = end - first < COMPARE_PART ? (size_t)(end - first) : COMPARE_PART;

		n = n < *left ? n : *left;
		if (ui->shown.source->ops->compare(ui->shown.source, ui->shown.pair.left,
						   ui->shown.pair.right, first, n, common, &err) < 0) {
			snprintf(ui->shown.pair_why, sizeof ui->shown.pair_why, "%.*s",
				 (int)sizeof ui->shown.pair_why - 1, err.text);
			return false;
		}
		ui->shown.pair_why[0] = '\0';
		pair_take(&ui->shown.pair, first, common, n, ui->shown.now_ns);
		first += n;
		*left -= n;
	}
	return true;
}

/* Side by side: the pages in sight are compared at every picture. Of those that neither has
 * there is nothing to ask. */
static void compare_pair(struct loop *l)
{
	struct ui *ui = &l->ui;
	size_t left = COMPARE_MAX;

	if (!ui->view.pair || !ui->shown.source->ops->compare)
		return;
	for (int row = 0; row < ui->viewport.parts.grid_rows; row++) {
		const struct band *band;
		uint64_t first, end;
		int64_t index;

		if (layout_row(&ui->viewport.layout, ui->view.grid.top + row, &band, &index) == ROW_CELLS &&
		    layout_row_pages(&ui->viewport.layout, band, index, &first, &end) &&
		    !compare_pages(l, first, end, &left))
			return;
	}
}

/* The keys that are of use now. */
static void choose_keys(struct loop *l)
{
	const struct process *p = l->ui.shown.process;
	enum footer footer = l->ui.view.compared           ? FOOTER_COMPARED
			     : l->ui.shown.has_time        ? FOOTER_REPLAY
			     : !process_alive(p)           ? FOOTER_ENDED
			     : p->status == PROCESS_PAUSED ? FOOTER_PAUSED
							   : FOOTER_RUNNING;

	strbuf_clear(&l->keys);
	commands_footer(&l->keys, footer, p->launched);
}

static void draw(struct loop *l, uint64_t now)
{
	struct scene scene;
	uint64_t settle;

	if (l->theme != l->ui.theme)
		terminal_set_theme(l->terminal, l->ui.theme);
	l->theme = l->ui.theme;
	if (message_is_over(&l->ui.view.message, now))
		ui_message_clear(&l->ui);
	terminal_fit(l->terminal, &l->canvas);
	ui_update(&l->ui, l->canvas.rows, l->canvas.columns);
	compare_pair(l);
	inspect(l, now);
	choose_keys(l);
	scene = ui_scene(&l->ui);
	scene.keys = l->keys.text;
	scene.help = (const char *const *)l->help;
	keep_in_ends(&l->ui.view, screen_draw(&l->canvas, &scene));
	if (l->ui.repaint)
		terminal_repaint(l->terminal);
	l->ui.repaint = false;
	terminal_show(l->terminal, &l->canvas);
	settle = l->ui.shown.has_time ? UINT64_MAX : scene_settle_ns(&scene);
	l->settle_ns = l->ui.view.picture_paused || settle == UINT64_MAX ? UINT64_MAX : now + settle;
	settle = tab_due_ns(&l->ui);
	if (settle != UINT64_MAX)
		l->settle_ns = min_u64(l->settle_ns, now + settle);
	l->drawn_ns = now;
	l->drawn_generation = l->ui.shown.world->generation;
	l->course_news = false;
	l->asked = false;
	point_source(l);
}

/* When the next picture is due: UINT64_MAX while there is nothing to draw. */
static uint64_t draw_due(const struct loop *l)
{
	bool changed = l->ui.shown.world->generation != l->drawn_generation || l->course_news;
	uint64_t soonest = l->drawn_ns + l->interval_ns;
	uint64_t due = l->settle_ns;

	if (l->asked || !l->drawn_ns)
		return 0;
	if (changed)
		return soonest;
	if (l->ui.view.message.end_ns)
		due = min_u64(due, l->ui.view.message.end_ns);
	if (l->ui.shown.has_time && l->ui.shown.time.playing && !l->ui.view.picture_paused)
		due = min_u64(due, l->drawn_ns + PLAY_INTERVAL_NS);
	return due > soonest ? due : soonest;
}

static uint64_t source_due(const struct loop *l)
{
	return l->over ? UINT64_MAX : l->ui.shown.source->ops->due_ns(l->ui.shown.source);
}

static int wait_ms(const struct loop *l, uint64_t now)
{
	uint64_t due = min_u64(source_due(l), draw_due(l));

	if (inspect_again_ns(l) != UINT64_MAX)
		due = min_u64(due, l->inspected_ns + inspect_again_ns(l));
	if (due == UINT64_MAX)
		return -1;
	if (due <= now)
		return 0;
	return (int)min_u64((due - now + CLOCK_MS - 1) / CLOCK_MS, 60000);
}

/* Waits; returns whether one of the source's files has something. */
static bool wait_for(struct loop *l)
{
	struct pollfd fds[TERMINAL_FDS + SOURCE_FDS];
	size_t n = terminal_poll_fds(l->terminal, fds), first = n, i;

	if (!l->over)
		n += l->ui.shown.source->ops->poll_fds(l->ui.shown.source, fds + n, SOURCE_FDS);
	if (poll(fds, n, l->typed ? 0 : wait_ms(l, clock_now_ns())) <= 0)
		return false;
	for (i = 0; i < first; i++)
		l->typed |= fds[i].revents != 0;
	for (i = first; i < n; i++)
		if (fds[i].revents)
			return true;
	return false;
}

/* --do: once the first whole picture stands. */
static int run_commands(struct loop *l, struct err *err)
{
	if (l->commanded || l->ui.shown.world->ticks == 0 || !l->ui.viewport.placed)
		return 0;
	l->commanded = true;
	l->asked = true;
	return commands_run_text(&l->ui, l->options->commands, err);
}

static int turn(struct loop *l, struct err *err)
{
	bool ready = wait_for(l);
	uint64_t now;

	take_keys(l);
	look_at(l);
	if (!l->over && (ready || source_due(l) <= clock_now_ns()))
		step_source(l);
	update_clock(l);
	now = clock_now_ns();
	if (inspect_again_ns(l) != UINT64_MAX)
		inspect(l, now);
	if (!l->ui.quit && draw_due(l) <= now) {
		draw(l, now);
		step_go_on(&l->ui);
	}
	return run_commands(l, err);
}

static void loop_init(struct loop *l, int32_t pid)
{
	struct ui *ui = &l->ui;

	ui_init(ui, l->world, l->source, pid, l->options->terminal.theme);
	ui->shown.sink = &l->fanout.sink;
	l->interval_ns = l->options->interval_ns ? l->options->interval_ns : DEFAULT_INTERVAL_NS;
	l->theme = l->options->terminal.theme;
	l->commanded = !l->options->commands;
	l->was_alive = process_alive(ui->shown.process);
	l->shown = pid;
	l->settle_ns = UINT64_MAX;
	l->typed = true;
	if (l->options->compared)
		ui_compare(ui, l->options->compared);
	l->help = commands_help(ui->view.compared);
	canvas_init(&l->canvas, 1, 1, 0);
	update_clock(l);
}

static void loop_fini(struct loop *l)
{
	canvas_fini(&l->canvas);
	commands_help_free(l->help);
	strbuf_fini(&l->keys);
	ui_fini(&l->ui);
}

static int run(struct loop *l, int32_t pid, struct err *err)
{
	int result = 0;

	if (!world_find(l->world, pid) && l->source->ops->sweep(l->source, &l->fanout.sink, err) < 0)
		return -1;
	if (!world_find(l->world, pid))
		return err_set(err, ERR_GONE, _("process %d has ended"), pid);
	loop_init(l, pid);
	while (!l->ui.quit && result == 0)
		result = turn(l, err);
	loop_fini(l);
	return result == 0 ? terminal_signal(l->terminal) : result;
}

int ui_run(struct source *source, struct world *world, struct sink *more, int32_t pid,
	   const struct ui_options *options, struct err *err)
{
	struct loop *l = mem_zalloc(sizeof *l);
	int result = -1;

	l->source = source;
	l->world = world;
	l->options = options;
	fanout_init(&l->fanout, &world->sink);
	fanout_add(&l->fanout, more);
	l->terminal = terminal_open(&options->terminal, err);
	if (l->terminal)
		result = run(l, pid, err);
	terminal_close(l->terminal);
	free(l);
	return result;
}
