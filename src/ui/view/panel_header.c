/* The line at the top: which program, its status, and the figures that matter.
 *
 *  pagescape  ./demo 64   pid 4242   ► running 00:12.4       virtual 132.4M   RSS 3.1M   faults 812 min 3 maj
 *
 * Of a replay it says where in time that stands:  ► replaying 00:03.2 of 00:12.4 x1/10
 *
 * Nothing in it moves while nothing moves in the process: the clock runs with what
 * changes, and then stands at the last change. */
#include "ui/view/panel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/path.h"
#include "base/strbuf.h"
#include "render/process_rows.h"
#include "render/status.h"

#define BAR(ink) PEN_ON(ink, PAPER_BAR)
#define PID_TEXT 64
#define NARROW 100 /* columns up to which words are left out */

/* The status in words and the time of it. */
static void add_status(struct strbuf *out, const struct scene *scene, const struct status *status)
{
	const struct process *p = scene->process;
	char buf[24];

	if (p->status == PROCESS_RUNNING && scene->stepping) {
		/* while the program sleeps, a step does not advance: that is the program's doing, not ours */
		strbuf_puts(out, !scene_quiet(scene)            ? _("stepping")
				 : p->counters.now.state == 'S' ? _("stepping, it sleeps in a call")
				 : p->counters.now.state == 'D' ? _("stepping, it waits in the kernel")
								: _("stepping, no fault yet"));
		strbuf_printf(out, " %s", text_clock(buf, scene->world->now_ns));
		return;
	}
	if (p->status == PROCESS_RUNNING && scene_quiet(scene)) {
		strbuf_puts(out, _("quiet"));
		if (p->course.changed_ns)
			strbuf_printf(out, _(" since %s"), text_clock(buf, p->course.changed_ns));
		return;
	}
	if (p->status == PROCESS_PAUSED)
		stop_print(out, p);
	else
		strbuf_puts(out, status->text);
	strbuf_printf(
	    out, " %s",
	    text_clock(buf, p->status == PROCESS_RUNNING ? scene->world->now_ns : p->course.changed_ns));
}

/* "replaying 00:03.2 of 00:12.4 x1/10", and how the process was then, if not running. On a narrow screen
 * the glyph alone says whether it plays, and a word only that the moment is damaged. */
static void add_time(struct strbuf *out, const struct process *p, const struct time_status *time,
		     struct status *status, bool narrow)
{
	char now[24], end[24];

	if (p->status != PROCESS_RUNNING)
		strbuf_printf(out, "%s, ", status->text);
	if (!narrow || time->in_gap)
		strbuf_puts(out, time->in_gap                                     ? _("damaged")
				 : time->at_end && !time->grows                   ? _("end")
				 : !time->playing && p->status != PROCESS_RUNNING ? _("replay stopped")
				 : !time->playing                                 ? _("stopped")
				 : time->grows && time->at_event == time->events  ? _("following")
										  : _("replaying"));
	if (narrow && time->in_gap)
		strbuf_puts(out, " ");
	strbuf_printf(out, narrow ? "%s/%s" : _(" %s of %s"), text_clock_ms(now, time->now_ns),
		      text_clock_ms(end, time->end_ns));
	if (time->speed_of > 1)
		strbuf_printf(out, " x1/%u", time->speed_of);
	else if (time->speed > 1)
		strbuf_printf(out, " x%u", time->speed);
	if (p->status == PROCESS_RUNNING && !time->playing) {
		status->glyph = 0x2016;
		status->ascii = '"';
		status->ink = INK_WARN;
	}
}

/* The command line, printable; a process without one has its name in brackets, as ps has it. */
static void add_program(struct strbuf *out, const struct process *p)
{
	if (!p->identity.argv || !p->identity.argv[0]) {
		strbuf_puts(out, "[");
		text_shown(out, p->identity.comm ? p->identity.comm : "");
		strbuf_puts(out, "]");
		return;
	}
	for (size_t i = 0; p->identity.argv[i]; i++) {
		if (i)
			strbuf_puts(out, " ");
		text_shown(out, p->identity.argv[i]);
		if (out->len > 4096)
			break; /* more is never seen */
	}
}

/* A command line that does not fit loses its directory first, then its end: "python3 -c 'imp..." */
static void shorten_program(struct strbuf *program, const struct process *p, int room)
{
	const char *path = p->identity.argv ? p->identity.argv[0] : NULL;
	struct strbuf directory = { 0 };
	size_t skip;

	if (!path || path_name(path) == path || text_columns(program->text) <= room ||
	    strlen(path) > 2 * TEXT_SHOWN_END)
		return;
	text_printable(&directory, path, (size_t)(path_name(path) - path));
	skip = directory.len;
	strbuf_fini(&directory);
	memmove(program->text, program->text + skip, program->len - skip + 1);
	program->len -= skip;
}

/* A figure with its label, at the right, in the order of the screen. */
struct header_figure {
	const char *label;
	char value[96];
	const char *short_label; /* these take their places where there is little room; NULL, "" */
	char brief[16];
	bool dear; /* shortened only when nothing that is much less important can go */
	int rank;  /* that with the highest goes first where there is none; 0: never */
};
#define FIGURES_MAX 6
#define RANK_GUARD 4

static void add_figure(struct header_figure *figures, size_t *n, const char *label, int rank,
		       const char *value)
{
	figures[*n] = (struct header_figure){ .label = label, .rank = rank };
	snprintf(figures[(*n)++].value, sizeof figures->value, "%s", value);
}

/* "+1.2M 340K/s": growth since the watch began, and the present rate while it changes. Nothing if the base is
 * not known. */
static void add_growth(struct header_figure *figures, size_t *n, const struct scene *scene)
{
	const struct process *p = scene->process;
	unsigned shift = p->space->page_shift;
	char size[16], text[64];
	int64_t pages, rate;

	if (!process_growth(p, &pages))
		return;
	text_size(size, (uint64_t)(pages < 0 ? -pages : pages) << shift);
	snprintf(text, sizeof text, "%s%s", pages < 0 ? "-" : "+", size);
	add_figure(figures, n, _("grown"), 1, text);
	figures[*n - 1].short_label = ""; /* it stands beside RSS */
	figures[*n - 1].dear = true;
	rate = scene_quiet(scene) || !process_alive(p) ? 0 : (int64_t)process_growth_rate(p, scene->now_ns);
	if (!rate)
		return;
	text_size(size, (uint64_t)(rate < 0 ? -rate : rate) << shift);
	memcpy(figures[*n - 1].brief, text, sizeof figures->brief);
	snprintf(figures[*n - 1].value, sizeof figures->value, _("%s %s%s/s"), text, rate < 0 ? "-" : "+",
		 size);
}

/* Notes that only some faults have their stack. */
static void add_sampled(struct header_figure *figures, size_t *n)
{
	add_figure(figures, n, _("stacks"), 1, _("sampled"));
	figures[*n - 1].short_label = "";
	snprintf(figures[*n - 1].brief, sizeof figures->brief, "%s", _("~stk"));
}

/* All addresses, and how much of that allows no access: only the rest is promised memory. */
static size_t figures_of(struct header_figure figures[static FIGURES_MAX], const struct scene *scene)
{
	const struct process *p = scene->process;
	const struct space *s = p->space;
	uint64_t counts[PAGE_STATES] = { 0 }, pages = s->virtual_pages;
	char buf[16], more[16], faults[64] = "?";
	size_t n = 0;

	space_add_counts(s, counts);
	uint64_t guard = page_sum(counts, page_state_kills);
	add_figure(figures, &n, _("virtual"), 3, text_size(buf, pages << s->page_shift));
	if (guard)
		add_figure(figures, &n, _("guard"), RANK_GUARD, text_size(buf, guard << s->page_shift));
	if (counts[PAGE_UNKNOWN] && counts[PAGE_UNKNOWN] == pages)
		add_figure(figures, &n, _("RSS"), 0, "?");
	else
		add_figure(figures, &n, _("RSS"), 0, text_size(buf, page_resident(counts) << s->page_shift));
	add_growth(figures, &n, scene);
	if (p->counters.known)
		snprintf(faults, sizeof faults, _("%s min %s maj"), text_count(buf, process_minor(p)),
			 text_count(more, process_major(p)));
	add_figure(figures, &n, _("faults"), 2, faults);
	if (p->counters.known)
		text_count(figures[n - 1].brief, process_minor(p) + process_major(p));
	if (p->sources[SOURCE_STACKS].partial)
		add_sampled(figures, &n);
	return n;
}

static int figure_columns(const struct header_figure *f)
{
	return text_columns(f->label) + (*f->label ? 1 : 0) + text_columns(f->value);
}

#define APART 3 /* blanks between figures */

/* ... before this one: what has lost its word belongs to the one before it. */
static int apart(const struct header_figure *f)
{
	return *f->label ? APART : 1;
}

/* Draws figures so that they end at the right edge; returns where they begin. */
static int draw_figures(struct area a, const struct header_figure *figures, size_t n)
{
	int column = a.columns - 1, begin;

	if (n == 0)
		return a.columns - 1 + APART;
	for (size_t i = 0; i < n; i++)
		column -= figure_columns(&figures[i]) + (i ? apart(&figures[i]) : 0);
	begin = column;
	for (size_t i = 0; i < n; i++) {
		column += i ? apart(&figures[i]) : 0;
		column =
		    area_text(a, 0, column, BAR(INK_DIM), figures[i].label) + (*figures[i].label ? 1 : 0);
		column = area_text(a, 0, column, BAR(INK_STRONG), figures[i].value);
	}
	return begin;
}

/* A label if there is one to shorten, else the figure furthest to the right that can be, before that with the highest
 * rank goes. Returns whether there was any. */
static bool shorten(struct header_figure *figures, size_t n, int highest)
{
	struct header_figure *chosen = NULL;

	for (size_t i = 0; i < n; i++) {
		bool may = !figures[i].dear || figures[i].rank + 1 >= highest;

		if (figures[i].short_label && may) {
			figures[i].label = figures[i].short_label;
			figures[i].short_label = NULL;
			return true;
		}
		if (*figures[i].brief && may)
			chosen = &figures[i];
	}
	if (!chosen)
		return false;
	memcpy(chosen->value, chosen->brief, sizeof chosen->brief);
	chosen->brief[0] = '\0';
	return true;
}

/* Drops figures for which there is no room after the left part, the least important first. */
static size_t choose_figures(struct header_figure *figures, size_t n, int room)
{
	for (;;) {
		int all = 0;
		size_t least = 0;

		for (size_t i = 0; i < n; i++) {
			all += figure_columns(&figures[i]) + apart(&figures[i]);
			least = figures[i].rank > figures[least].rank ? i : least;
		}
		if (n == 0 || all <= room)
			return n;
		if (figures[least].rank < RANK_GUARD && shorten(figures, n, figures[least].rank))
			continue;
		memmove(figures + least, figures + least + 1, (--n - least) * sizeof *figures);
	}
}

/* What is in the bar, from the left. */
static void draw_left(struct area a, int room, const char *program, const char *pid,
		      const struct status *status, const char *words)
{
	int column = 1;

	if (a.columns >= NARROW)
		column = area_text(a, 0, column, BAR(INK_TITLE), "pagescape") + 2;
	column = area_fit(a, 0, column, room, BAR(INK_TITLE), program, TEXT_CUT_RIGHT) + APART;
	if (*pid) {
		column = area_text(a, 0, column, BAR(INK_DIM), _("pid")) + 1;
		column = area_text(a, 0, column, BAR(INK_TEXT), pid) + APART;
	}
	area_put(a, 0, column, a.canvas->ascii ? status->ascii : status->glyph, BAR(status->ink));
	area_text(a, 0, column + 2, BAR(status->ink), words);
}

/* The columns of the left part without the program's name. */
static int left_columns(struct area a, const char *pid, int words)
{
	return 1 + (a.columns >= NARROW ? 11 : 0) + APART +
	       (*pid ? text_columns(_("pid")) + 1 + text_columns(pid) + APART : 0) + 2 + words;
}

/* Of several, which, in the order of the keys ( and ): "4242 (1 of 3)". */
static void print_pid(char out[static PID_TEXT], const struct scene *scene, bool narrow)
{
	const struct process_order *order = scene->order;

	if (!order || order->rows.count < 2 || order->at == order->rows.count)
		snprintf(out, PID_TEXT, "%" PRId32, scene->process->pid);
	else
		snprintf(out, PID_TEXT, narrow ? "%" PRId32 " %zu/%zu" : _("%" PRId32 " (%zu of %zu)"),
			 scene->process->pid, order->at + 1, order->rows.count);
}

#define PROGRAM_COLUMNS 12 /* for the name, before any figure is shown */

/* Room is kept for the longest words that come and go while it runs, so that the figures stay in place. */
static int words_columns(const struct process *p, const char *words)
{
	char buf[24];
	int columns = text_columns(words), longest;

	if (p->status != PROCESS_RUNNING)
		return columns;
	longest =
	    text_columns(_("quiet")) + text_columns(_(" since %s")) - 2 + text_columns(text_clock(buf, 0));
	return max(columns, longest);
}

void panel_header(struct area a, const struct scene *scene)
{
	struct status status = status_of(scene->process);
	struct header_figure figures[FIGURES_MAX];
	size_t n = figures_of(figures, scene);
	struct strbuf program = { 0 }, words = { 0 };
	char pid[PID_TEXT] = "";
	int fixed, wanted, room;

	area_fill(a, BAR(INK_TEXT));
	add_program(&program, scene->process);
	if (scene->view->picture_paused)
		strbuf_printf(&words, "%s, %s", status.text, _("frozen"));
	else if (scene->timeline.time)
		add_time(&words, scene->process, scene->timeline.time, &status, a.columns < NARROW);
	else
		add_status(&words, scene, &status);
	if (a.columns >= 60)
		print_pid(pid, scene, a.columns < NARROW);
	fixed = left_columns(a, pid, words_columns(scene->process, words.text));
	wanted = text_columns(program.text);
	n = choose_figures(figures, n, a.columns - fixed - 1 - min(wanted, PROGRAM_COLUMNS));
	room = draw_figures(a, figures, n) - APART - fixed;
	shorten_program(&program, scene->process, room);
	draw_left(a, room, program.text, pid, &status, words.text);
	strbuf_fini(&program);
	strbuf_fini(&words);
}
