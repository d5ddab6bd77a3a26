/* Moves the program forward by one fault or call, or by many.
 *
 * A key pressed while a step is under way runs after it, as if it had been pressed then: a lecturer presses
 * quickly, and each step should be seen. So the next one leaves the queue once the picture of the one before
 * is on the screen.
 *
 *     s s r        s begins; then, each after a picture, s, and r in the region that the second s
 *                  led to
 *     s s Space    s begins, and ends where the program is; the other one is dropped
 *
 * The cursor goes to what a step stopped at: see ui/update.c. */
#include "ui/command_step.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "ui/state.h"
#include "ui/view/press.h"

#define RATE_MAX 1000
#define COUNT_MAX 1000000000u

static void ask(struct ui *ui, const struct control_step *step)
{
	struct control_arg arg = { .step = *step };
	unsigned stops = ui->shown.process->stop.count;

	ui->steps.slow = 0;
	ui->steps.warned_end = 0;
	ui_pause_picture(ui, false);
	if (ui_control(ui, CONTROL_STEP, &arg) < 0) {
		steps_forget(&ui->steps);
		return;
	}
	steps_begin(&ui->steps, ui->view.pid, stops, step->per_second);
	ui->view.grid.chase = false;
}

/* Can a fault still come on pages of a region, as far as is seen? A page of the process's own that is in memory has had
 * its faults, except after a fork; so has the page cache's if it cannot be written. */
static bool may_fault(const struct space *space, const struct region *r, uint64_t first, uint64_t end)
{
	bool written = r->attr.perms & REGION_WRITE;
	uint64_t counts[RUNS_VALUES] = { 0 };

	runs_count(space->pages, first, end, counts);
	return page_sum(counts, written ? page_state_private : page_state_mapped) < end - first;
}

/* To the next fault on some pages of a region (NULL: none is there). Where none may come, asks to press the key again. */
static void step_to(struct ui *ui, const struct region *r, uint64_t first, uint64_t end, const char *command)
{
	const struct process *p = ui->shown.process;
	bool warned = ui->steps.warned_first == first && ui->steps.warned_end == end;
	char key[PRESS_TEXT];

	if (r && !warned && !ui->shown.has_time && process_alive(p) && !may_fault(p->space, r, first, end)) {
		steps_forget(&ui->steps);
		ui->steps.warned_first = first;
		ui->steps.warned_end = end;
		ui_complain(ui, _("all of it is in memory, nothing may stop it; %s again: run"),
			    press_key(&ui->view.press, key, command));
		return;
	}
	ask(ui, &(struct control_step){ .kind = STEP_FAULT, .count = 1, .first = first, .end = end });
}

static void step_region(struct ui *ui, const struct space *space, const struct region *r)
{
	if (r) {
		step_to(ui, r, region_first(space, r), region_end(space, r), "step-region");
		return;
	}
	steps_forget(&ui->steps);
	ui_complain(ui, _("no region is selected"));
}

static void begin(struct ui *ui, const struct steps_wish *wish)
{
	struct control_step step = { .kind = STEP_FAULT, .count = wish->count };
	const struct space *space = ui->shown.process->space;
	uint64_t page = ui->view.grid.cursor;
	const struct region *r = space_find(space, space_address(space, page));

	switch (wish->what) {
	case STEPS_TO_FAULT:
		break;
	case STEPS_TO_CALL:
		step.kind = STEP_CALL;
		break;
	case STEPS_IN_REGION:
		step_region(ui, space, r);
		return;
	case STEPS_ON_PAGE:
		step_to(ui, r, page, page + 1, "step-page");
		return;
	}
	ask(ui, &step);
}

static void say_waiting(struct ui *ui)
{
	if (ui->steps.count)
		ui_message(ui,
			   ngettext("%u more step waits for this one; space: pause",
				    "%u more steps wait for this one; space: pause", ui->steps.count),
			   ui->steps.count);
	else
		ui_message_clear(ui);
}

void step_go_on(struct ui *ui)
{
	struct steps *steps = &ui->steps;
	struct steps_wish next;

	if (!steps->under_way || steps_on_the_way(steps, ui->shown.process))
		return;
	if (!steps_pending(steps, ui->shown.process) || ui->shown.still) {
		steps_forget(steps);
		return;
	}
	next = steps_take(steps);
	say_waiting(ui);
	begin(ui, &next);
}

static void wish(struct ui *ui, enum steps_what what, uint64_t count)
{
	struct steps_wish wish = { what, count };
	char key[PRESS_TEXT];

	if (!steps_pending(&ui->steps, ui->shown.process)) {
		steps_forget(&ui->steps);
		begin(ui, &wish);
	} else if (!steps_wait(&ui->steps, wish)) {
		ui_complain(ui, _("%d steps wait already; %s: forget them"), STEPS_WAITING_MAX,
			    press_key(&ui->view.press, key, "pause"));
	} else {
		say_waiting(ui);
	}
}

/* Complains if it has ended: before a question, not after its answer. */
static bool can_go(struct ui *ui)
{
	const struct process *p = ui->shown.process;

	if (ui->shown.has_time || !p || process_alive(p))
		return true;
	ui_complain(ui, "%s", _("the program has ended"));
	return false;
}

static void run_step_fault(struct ui *ui, const char *arg)
{
	wish(ui, STEPS_TO_FAULT, 1);
}

static void run_step_call(struct ui *ui, const char *arg)
{
	wish(ui, STEPS_TO_CALL, 1);
}

static void run_step_region(struct ui *ui, const char *arg)
{
	wish(ui, STEPS_IN_REGION, 1);
}

static void run_step_page(struct ui *ui, const char *arg)
{
	wish(ui, STEPS_ON_PAGE, 1);
}

/* A whole number from 1 to most; 0, and a complaint, for anything else. */
static unsigned number(struct ui *ui, const char *text, unsigned most)
{
	char *end;

	errno = 0;
	unsigned long n = strtoul(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && n >= 1 && n <= most)
		return (unsigned)n;
	ui_complain(ui, _("not a number from 1 to %u: %s"), most, text);
	return 0;
}

static void run_step_count(struct ui *ui, const char *arg);
static void run_slow_motion(struct ui *ui, const char *arg);

static const struct prompt_ops count_prompt = { N_("how many faults:"), .done = run_step_count };
static const struct prompt_ops rate_prompt = { N_("faults per second, at most:"), .done = run_slow_motion };

static void run_step_count(struct ui *ui, const char *arg)
{
	unsigned count;

	if (!*arg) {
		if (can_go(ui))
			view_ask(&ui->view, &count_prompt);
		return;
	}
	count = number(ui, arg, COUNT_MAX);
	if (count)
		wish(ui, STEPS_TO_FAULT, count);
}

static void run_slow_motion(struct ui *ui, const char *arg)
{
	unsigned rate;

	if (!*arg && steps_slow(&ui->steps, ui->view.pid)) {
		ui_control(ui, CONTROL_PAUSE, NULL);
		ui->steps.slow = 0;
		return;
	}
	if (!*arg) {
		if (can_go(ui))
			view_ask(&ui->view, &rate_prompt);
		return;
	}
	rate = number(ui, arg, RATE_MAX);
	steps_forget(&ui->steps);
	if (rate)
		ask(ui, &(struct control_step){ .kind = STEP_FAULT, .count = 1, .per_second = rate });
}

static void run_run_to_end(struct ui *ui, const char *arg)
{
	char key[PRESS_TEXT];

	ui->steps.slow = 0;
	steps_forget(&ui->steps);
	if (ui_control(ui, CONTROL_RESUME, NULL) == 0)
		ui_message(ui, _("it is running; %s: pause"), press_key(&ui->view.press, key, "pause"));
}

/* clang-format off */
static const struct command rows[] = {
	{"step-fault", {'s'}, N_("run to the next page fault"), run_step_fault, COMMAND_ANY},
	{"step-region", {'r'}, N_("run to the next fault in this region"), run_step_region, COMMAND_ANY},
	{"step-page", {'R'}, N_("run to the next fault on this page"), run_step_page, COMMAND_ANY},
	{"step-call", {'y'}, N_("run to the next memory call (mmap, brk)"), run_step_call, COMMAND_ANY},
	{"step-count", {'S'}, N_("run for a number of faults"), run_step_count, COMMAND_ANY},
	{"slow-motion", {'w'}, N_("run at N faults per second; again: pause"), run_slow_motion, COMMAND_ANY},
	{"run-to-end", {'G'}, N_("let it run, to its end"), run_run_to_end, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_step = { N_("Stepping"), rows, COMMAND_LIVE };
