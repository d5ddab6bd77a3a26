/* The main loop: wait, take keys, step the source, draw.
 *
 * It sleeps until a key comes, one of the source's files has something, the source wants its next step, or
 * the next picture is due. */
#include "ui/ui.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"
#include "event/sink.h"
#include "ui/command_step.h"
#include "ui/command_time.h"
#include "ui/commands.h"
#include "ui/input.h"
#include "ui/display.h"
#include "ui/save_screen.h"
#include "ui/show_process.h"
#include "ui/update.h"

#define DEFAULT_INTERVAL_NS (50 * CLOCK_MS)
#define SOURCE_FDS 32
#define KEYS_AT_ONCE 64 /* pasted text must not keep the picture from being drawn */

/* The state when the source was last stepped: what has happened since is reported. */
struct before {
	int32_t pid;
	bool alive;
	bool at_end;    /* of the recording */
	unsigned stops; /* of the process */
};

struct loop {
	struct ui ui;
	struct display display;
	struct before before;
	struct world *world;
	struct source *source;
	struct fanout fanout;
	struct terminal *terminal;
	const struct ui_options *options;
	bool typed;        /* there may be keys to take */
	bool over;         /* the source is at its end */
	bool commanded;    /* --do has been run */
	uint64_t start_ns; /* the watch's zero on the monotonic clock, as far as seen */
};

/* The time of the watch. Only the source knows its zero; the latest event so far shows it
 * best, since no event is from the future. */
static void update_live_clock(struct loop *l)
{
	uint64_t now = clock_now_ns(), start = now - l->world->now_ns;

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

static void report_end(struct loop *l)
{
	const struct process *p = l->ui.shown.process;
	char key[PRESS_TEXT];

	if (!l->before.alive || process_alive(p)) {
		l->before.alive |= process_alive(p); /* a replay goes back */
		return;
	}
	l->before.alive = false;
	if (l->ui.view.overlay.ops && l->ui.view.overlay.ops->asks)
		overlay_close(&l->ui.view.overlay);
	commands_key(key, "quit", l->ui.keys);
	if (p->status == PROCESS_EXITED)
		ui_message(&l->ui, _("the program ended with status %d; this is its final state; %s: quit"),
			   p->status_code, key);
	else if (p->status == PROCESS_KILLED)
		ui_complain(&l->ui,
			    _("the program was killed by signal %d (%s); this is its final state; %s: quit"),
			    p->status_code, strsignal(p->status_code), key);
	else
		ui_message(&l->ui, _("the process has ended; this is its final state; %s: quit"), key);
	message_keep(&l->ui.view.message);
}

/* Each time one comes to its end. */
static void report_recording_end(struct loop *l)
{
	const struct time_status *time = &l->ui.shown.time;
	bool ends = l->ui.shown.has_time && time->at_end && !time->grows;

	if (ends && !l->before.at_end && time->end >= TIME_END_CLOSED)
		ui_complain(&l->ui, "%s", time->end_text);
	l->before.at_end = ends;
}

/* Another process may be shown than before: what was kept for the picture belongs to that one. */
static void notice_process(struct loop *l)
{
	if (l->before.pid == l->ui.view.pid)
		return;
	l->before.pid = l->ui.view.pid;
	l->before.alive = process_alive(l->ui.shown.process);
	attention_forget(&l->display.attention);
	l->display.wanted = true;
}

/* What a step stopped at is shown at once. */
static void notice_stop(struct loop *l)
{
	const struct process *p = l->ui.shown.process;

	if (p->stop.known && p->stop.count != l->before.stops)
		l->display.wanted = true;
	l->before.stops = p->stop.count;
}

static void step_source(struct loop *l)
{
	const struct time_status *time = &l->ui.shown.time;
	struct time_status before = *time;
	struct err err = { 0 };
	int result = l->source->ops->step(l->source, &l->fanout.sink, SOURCE_STEP_NS, &err);

	if (result < 0) {
		l->over = true;
		ui_complain(&l->ui, "%s", err.text);
	}
	ui_update_time(&l->ui);
	l->display.course_news |= l->ui.shown.has_time && (result > 0 || time->playing != before.playing ||
							   time->grows != before.grows);
	ui_find_process(&l->ui);
	notice_process(l);
	report_end(l);
	time_report_gap(&l->ui);
	report_recording_end(l);
	notice_stop(l);
}

static void take_key(struct loop *l, uint32_t key)
{
	struct mouse mouse;

	if (key == KEY_CODE_CLOSED)
		l->ui.quit = true;
	else if (key == KEY_CODE_MOUSE && terminal_mouse(l->terminal, &mouse))
		input_mouse(&l->ui, &mouse);
	else if (key != KEY_CODE_RESIZE && key != KEY_CODE_MOUSE)
		input_key(&l->ui, key);
	if (l->display.drawn_ns) /* the next key finds things in their place */
		ui_update(&l->ui, l->display.screen.canvas.rows, l->display.screen.canvas.columns);
	if (l->ui.suspend)
		terminal_suspend(l->terminal);
	l->ui.suspend = false;
	save_screen(&l->ui);
}

static void take_keys(struct loop *l)
{
	uint32_t key;
	int n;

	if (!l->typed)
		return;
	for (n = 0; n < KEYS_AT_ONCE && !l->ui.quit && (key = terminal_key(l->terminal)) != KEY_NONE_YET;
	     n++) {
		l->display.wanted = true;
		take_key(l, key);
	}
	l->typed = n == KEYS_AT_ONCE;
}

static uint64_t source_due(const struct loop *l)
{
	return l->over ? UINT64_MAX : l->source->ops->due_ns(l->source);
}

static int wait_ms(const struct loop *l, uint64_t now)
{
	uint64_t due = min(source_due(l), display_due_ns(&l->display, &l->ui));

	due = min(due, attention_due_ns(&l->display.attention, &l->ui));
	if (due == UINT64_MAX)
		return -1;
	if (due <= now)
		return 0;
	return (int)min((due - now + CLOCK_MS - 1) / CLOCK_MS, 60000);
}

/* Waits; returns whether one of the source's descriptors is ready. */
static bool wait_for(struct loop *l)
{
	struct pollfd fds[TERMINAL_FDS + SOURCE_FDS];
	size_t n = terminal_poll_fds(l->terminal, fds), first = n, i;

	if (!l->over)
		n += l->source->ops->poll_fds(l->source, fds + n, SOURCE_FDS);
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
	if (l->commanded || l->world->ticks == 0 || !l->ui.viewport.placed)
		return 0;
	l->commanded = true;
	l->display.wanted = true;
	if (commands_run_text(&l->ui, l->options->commands, err) < 0)
		return -1;
	save_screen(&l->ui);
	return 0;
}

static int turn(struct loop *l, struct err *err)
{
	bool ready = wait_for(l);
	uint64_t now;

	take_keys(l);
	notice_process(l);
	if (!l->over && (ready || source_due(l) <= clock_now_ns()))
		step_source(l);
	update_clock(l);
	now = clock_now_ns();
	if (attention_due_ns(&l->display.attention, &l->ui) != UINT64_MAX)
		l->display.wanted |= attention_read(&l->display.attention, &l->ui, now);
	if (!l->ui.quit && display_due_ns(&l->display, &l->ui) <= now) {
		display_draw(&l->display, &l->ui, now);
		step_go_on(&l->ui);
	}
	return run_commands(l, err);
}

static void loop_init(struct loop *l, int32_t pid)
{
	struct ui *ui = &l->ui;

	ui_init(ui, l->world, l->source, pid, l->options->terminal.theme);
	ui->view.press.key = commands_key;
	ui->shown.sink = &l->fanout.sink;
	ui->view.own = l->options->own;
	input_bind(ui, l->options->keys);
	if (l->options->compared)
		ui_compare(ui, l->options->compared);
	display_init(&l->display, l->terminal, ui,
		     l->options->interval_ns ? l->options->interval_ns : DEFAULT_INTERVAL_NS);
	l->commanded = !l->options->commands;
	l->before = (struct before){ .pid = pid, .alive = process_alive(ui->shown.process) };
	l->typed = true;
	update_clock(l);
	if (l->options->notice && *l->options->notice)
		ui_complain(ui, "%s", l->options->notice);
}

static void loop_fini(struct loop *l)
{
	display_fini(&l->display);
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
