/* Moving in the time of a recording: the source moves, and everything is brought up to date.
 *
 * A time is written as the header shows it, or relative to now:
 *
 *     12.5     1:02.25     +3     -0.010     end     50%                              */
#include "ui/command_time.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/marks.h"
#include "ui/key.h"
#include "ui/state.h"
#include "ui/show_process.h"
#include "ui/update.h"
#include "ui/view/overlays.h"

static const struct time_ops *time_of(struct ui *ui)
{
	if (ui->shown.has_time)
		return ui->shown.source->ops->time;
	ui_complain(ui, _("only a recording has a time other than now: record with -o FILE"));
	return NULL;
}

/* The source has moved: a frozen picture is of another time. */
static void arrive(struct ui *ui)
{
	ui_update_time(ui);
	ui_pause_picture(ui, false);
	ui->viewport.chased_ns = 0;
	ui_update_time(ui);
	ui_update(ui, ui->view.rows, ui->view.columns);
}

/* False: no gap has been come upon since the last call. */
static bool complain_of_gap(struct ui *ui, const char *format)
{
	const struct time_status *time = &ui->shown.time;
	char begin[24], end[24];

	if (!ui->shown.has_time || ui->shown.gaps_seen == time->gaps_met)
		return false;
	ui->shown.gaps_seen = time->gaps_met;
	text_clock_ms(begin, time->gap.begin_ns);
	text_clock_ms(end, time->gap.end_ns);
	ui_complain(ui, format, begin, end);
	return true;
}

static bool report_gap(struct ui *ui)
{
	return complain_of_gap(ui, _("damaged from %s to %s: this span cannot be shown"));
}

void time_report_gap(struct ui *ui)
{
	report_gap(ui);
}

/* False: there is something else to say than where it went. */
static bool seek(struct ui *ui, uint64_t time_ns)
{
	const struct time_ops *time = time_of(ui);
	struct err err = { 0 };
	int result;

	if (!time)
		return false;
	result = time->seek(ui->shown.source, shown_sink(&ui->shown), time_ns, &err);
	arrive(ui);
	if (report_gap(ui))
		return false;
	if (result < 0)
		ui_complain(ui, "%s", err.text);
	return result == 0;
}

enum moved {
	MOVED_NOT,
	MOVED,
	MOVED_PAST_GAP, /* which was reported */
};

static enum moved move(struct ui *ui, struct time_move move, const char *none)
{
	const struct time_ops *time = time_of(ui);
	struct err err = { 0 };
	int result;

	if (!time)
		return MOVED_NOT;
	move.pid = ui->view.pid;
	result = time->move(ui->shown.source, shown_sink(&ui->shown), &move, &err);
	arrive(ui);
	if (result > 0)
		return report_gap(ui) ? MOVED_PAST_GAP : MOVED;
	if (result < 0)
		ui_complain(ui, "%s", err.text);
	else if (!complain_of_gap(ui, _("nothing found in what can be read: damaged from %s to %s")))
		ui_message(ui, "%s", none);
	return MOVED_NOT;
}

static void run_timeline(struct ui *ui, const char *arg)
{
	if (time_of(ui))
		ui->view.focus =
		    ui->view.focus == VIEW_FOCUS_TIMELINE ? VIEW_FOCUS_GRID : VIEW_FOCUS_TIMELINE;
}

/* To play at the end means to see it again from the beginning. */
void time_play(struct ui *ui)
{
	const struct time_ops *time = time_of(ui);

	if (!time)
		return;
	if (ui->shown.time.at_end && !ui->shown.time.grows && !ui->shown.time.playing)
		seek(ui, ui->shown.time.begin_ns);
	time->play(ui->shown.source, !ui->shown.time.playing);
	ui_update_time(ui);
}

static void run_play(struct ui *ui, const char *arg)
{
	time_play(ui);
}

static void change_speed(struct ui *ui, int by, const char *none)
{
	const struct time_ops *time = time_of(ui);

	if (!time)
		return;
	if (!time->faster(ui->shown.source, by)) {
		ui_message(ui, "%s", none);
		return;
	}
	ui_update_time(ui);
	if (ui->shown.time.speed_of > 1)
		ui_message(ui, _("plays at 1/%u of the original speed"), ui->shown.time.speed_of);
	else if (ui->shown.time.speed == 1)
		ui_message(ui, "%s", _("plays at the original speed"));
	else
		ui_message(ui,
			   ngettext("plays at %u time the original speed",
				    "plays at %u times the original speed", ui->shown.time.speed),
			   ui->shown.time.speed);
}

static void run_faster(struct ui *ui, const char *arg)
{
	change_speed(ui, 1, _("this is the fastest"));
}

static void run_slower(struct ui *ui, const char *arg)
{
	change_speed(ui, -1, _("this is the slowest"));
}

static void run_next_event(struct ui *ui, const char *arg)
{
	move(ui, (struct time_move){ .unit = TIME_EVENT, .step = 1 }, _("that was the last event"));
}

static void run_previous_event(struct ui *ui, const char *arg)
{
	move(ui, (struct time_move){ .unit = TIME_EVENT, .step = -1 }, _("this is the first picture"));
}

static void run_next_look(struct ui *ui, const char *arg)
{
	move(ui, (struct time_move){ .unit = TIME_TICK, .step = 1 }, _("that was the last look"));
}

static void run_previous_look(struct ui *ui, const char *arg)
{
	move(ui, (struct time_move){ .unit = TIME_TICK, .step = -1 }, _("this is the first look"));
}

/* Many faults become known at one look, which is the time then shown: the cursor and the message say which of them it
 * is. */
static void move_to_fault(struct ui *ui, int step, const char *none)
{
	const struct process *p;
	const struct fault_entry *entry;
	enum moved moved;
	char clock[24];

	moved = move(ui, (struct time_move){ .unit = TIME_FAULT, .step = step }, none);
	if (moved == MOVED_NOT)
		return;
	p = ui->shown.process;
	entry = p && p->faults.log.end ? fault_log_at(&p->faults.log, p->faults.log.end - 1) : NULL;
	if (!entry)
		return;
	if (space_find(p->space, entry->fault.address))
		ui->view.grid.cursor = space_page(p->space, entry->fault.address);
	if (moved == MOVED)
		ui_message(ui, _("fault at %s%03u, 0x%" PRIx64 ": %s"), text_clock_ms(clock, entry->time_ns),
			   (unsigned)(entry->time_ns / 1000 % 1000), entry->fault.address,
			   fault_cause_name(entry->fault.cause));
}

static void run_next_fault(struct ui *ui, const char *arg)
{
	move_to_fault(ui, 1, _("no page fault after this"));
}

static void run_previous_fault(struct ui *ui, const char *arg)
{
	move_to_fault(ui, -1, _("no page fault before this"));
}

/* The page under the cursor; in the list of regions the region. */
static struct time_move change_of(struct ui *ui, int step)
{
	const struct space *space = shown_space(&ui->shown);
	const struct region *r = space_find(space, space_address(space, ui->view.grid.cursor));
	struct time_move move = { TIME_CHANGE, step, 0, ui->view.grid.cursor, ui->view.grid.cursor + 1 };

	if (r && ui->view.focus == VIEW_FOCUS_REGIONS) {
		move.first = region_first(space, r);
		move.end = region_end(space, r);
	}
	return move;
}

static void run_next_change(struct ui *ui, const char *arg)
{
	move(ui, change_of(ui, 1), _("no change after this"));
}

static void run_previous_change(struct ui *ui, const char *arg)
{
	move(ui, change_of(ui, -1), _("no change before this"));
}

/* Marks */

static void go_to_mark(struct ui *ui, const struct mark *mark, const char *none)
{
	char clock[24];
	char *text;

	if (!mark) {
		ui_message(ui, "%s", none);
		return;
	}
	text = text_shown_dup(mark->text); /* it may be freed while the source moves */
	text_clock_ms(clock, mark->time_ns);
	if (seek(ui, mark->time_ns))
		ui_message(ui, *text ? _("mark %s: %s") : _("mark %s"), clock, text);
	free(text);
}

static void run_next_mark(struct ui *ui, const char *arg)
{
	const struct time_ops *time = time_of(ui);

	if (time)
		go_to_mark(ui, marks_after(time->marks(ui->shown.source), ui->shown.time.now_ns),
			   _("no mark after this"));
}

static void run_previous_mark(struct ui *ui, const char *arg)
{
	const struct time_ops *time = time_of(ui);

	if (time)
		go_to_mark(ui, marks_before(time->marks(ui->shown.source), ui->shown.time.now_ns),
			   _("no mark before this"));
}

/* Shows the list; with a number, goes to that mark. */
static void run_marks(struct ui *ui, const char *arg)
{
	const struct marks *marks = shown_marks(&ui->shown);
	size_t number = (size_t)atoi(arg);
	struct scene scene = ui_scene(ui);

	if (!*arg && ui->view.overlay.ops != &overlay_marks)
		overlay_open(&ui->view.overlay, &overlay_marks, &scene);
	else if (!*arg)
		overlay_close(&ui->view.overlay);
	else if (number < 1 || number > marks->count)
		ui_complain(ui, _("there is no mark %s"), arg);
	else if (time_of(ui))
		go_to_mark(ui, &marks->items[number - 1], "");
}

static void keep_note(struct ui *ui, const char *text)
{
	char clock[24];

	if (ui_mark(ui, text))
		ui_message(ui, _("noted at %s"),
			   text_clock_ms(clock, ui->shown.has_time ? ui->shown.time.now_ns
								   : ui->shown.world->now_ns));
}

static const struct prompt_ops note_prompt = { N_("note:"), .done = keep_note, .empty = true };

static void run_note(struct ui *ui, const char *arg)
{
	if (*arg)
		keep_note(ui, arg);
	else
		view_ask(&ui->view, &note_prompt);
}

/* Times in words */

/* "1:02.25" in ns; false where it is not a time. */
static bool parse_time(const char *text, uint64_t *ns)
{
	uint64_t whole = 0, part = 0, unit = CLOCK_SECOND;
	const char *at = text;

	for (; *at && *at != '.'; at++) {
		if (*at == ':' && at > text) {
			whole += part;
			whole *= 60;
			part = 0;
		} else if (*at >= '0' && *at <= '9' && part < 1000000 && whole < 1000000000) {
			part = part * 10 + (uint64_t)(*at - '0');
		} else {
			return false;
		}
	}
	*ns = (whole + part) * CLOCK_SECOND;
	if (*at == '.')
		while (*++at >= '0' && *at <= '9')
			*ns += (uint64_t)(*at - '0') * (unit /= 10);
	return !*at && at > text;
}

static bool find_time(const struct ui *ui, const char *text, uint64_t *to)
{
	uint64_t now = ui->shown.time.now_ns, ns;
	char *end;
	long part = strtol(text, &end, 10);

	if (!strcmp(text, "end")) {
		*to = ui->shown.time.end_ns;
		return true;
	}
	if (end > text && !strcmp(end, "%") && part >= 0 && part <= 100) {
		*to = ui->shown.time.begin_ns +
		      (ui->shown.time.end_ns - ui->shown.time.begin_ns) / 100 * (uint64_t)part;
		return true;
	}
	if (!parse_time(text + (*text == '+' || *text == '-'), &ns))
		return false;
	*to = *text == '+' ? now + ns : *text == '-' ? (now > ns ? now - ns : 0) : ns;
	return true;
}

static void run_goto_time(struct ui *ui, const char *arg);

void time_ask(struct ui *ui)
{
	static const struct prompt_ops prompt = { N_("time:"), .done = run_goto_time };

	view_ask(&ui->view, &prompt);
}

static void run_goto_time(struct ui *ui, const char *arg)
{
	uint64_t to;

	if (!time_of(ui))
		return;
	if (!*arg)
		time_ask(ui);
	else if (find_time(ui, arg, &to))
		seek(ui, to);
	else
		ui_complain(ui, _("not a time: %s (12.5, 1:02.25, +3, -0.01, 50%%, end)"), arg);
}

void time_seek_part(struct ui *ui, int part, int parts)
{
	uint64_t whole = ui->shown.time.end_ns - ui->shown.time.begin_ns;

	seek(ui, ui->shown.time.begin_ns + (uint64_t)((double)whole * part / (parts > 1 ? parts - 1 : 1)));
}

void time_scroll(struct ui *ui, int columns)
{
	uint64_t now = ui->shown.time.now_ns, begin = ui->shown.time.begin_ns, end = ui->shown.time.end_ns;
	double step = (double)(end - begin) / (ui->view.columns > 20 ? ui->view.columns - 20 : 1);
	double to = (double)(now - begin) + step * columns;

	seek(ui, to <= 0 ? begin : to >= (double)(end - begin) ? end : begin + (uint64_t)to);
}

/* clang-format off */
static const struct command rows[] = {
	{"timeline", {'t'}, N_("arrow keys move in time; g: go to a time"), run_timeline, COMMAND_ANY},
	{"faster", {'*'}, N_("play faster, slower: 100 times to 1/100"), run_faster, COMMAND_ANY},
	{"slower", {'%'}, NULL, run_slower, COMMAND_ANY},
	{"next-event", {'d'}, N_("next, previous event"), run_next_event, COMMAND_ANY},
	{"previous-event", {'a'}, NULL, run_previous_event, COMMAND_ANY},
	{"next-look", {'D'}, N_("next, previous look at the process"), run_next_look, COMMAND_ANY},
	{"previous-look", {'A'}, NULL, run_previous_look, COMMAND_ANY},
	{"next-change", {'u'}, N_("next, previous change of page or region"), run_next_change, COMMAND_ANY},
	{"previous-change", {'U'}, NULL, run_previous_change, COMMAND_ANY},
	{"next-fault", {KEY_CODE_SHIFT_RIGHT}, N_("next page fault"), run_next_fault, COMMAND_ANY},
	{"previous-fault", {KEY_CODE_SHIFT_LEFT}, N_("previous page fault"), run_previous_fault, COMMAND_ANY},
	{"next-mark", {'"'}, N_("next, previous mark"), run_next_mark, COMMAND_ANY},
	{"previous-mark", {'\''}, NULL, run_previous_mark, COMMAND_ANY},
	{"marks", {'L'}, N_("marks and notes; enter: go there"), run_marks, COMMAND_ANY},
	{"goto-time", {0}, N_("go to a time: 12.5, 1:02.25, +3, -0.01"), run_goto_time, COMMAND_ANY},
	{"note", {'M'}, N_("mark this moment with a note"), run_note, COMMAND_ANY},
	{"play", {0}, N_("play or pause"), run_play, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_time = { N_("Time, in a recording"), rows, COMMAND_LIVE };
