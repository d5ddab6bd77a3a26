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
	ui_pause_picture(ui, false);
	if (ui_control(ui, CONTROL_STEP, &arg) < 0) {
		steps_forget(&ui->steps);
		return;
	}
	steps_begin(&ui->steps, ui->view.pid, stops, step->per_second);
	ui->view.grid.chase = false;
}

static void step_region(struct ui *ui)
{
	const struct space *space = ui->shown.process->space;
	const struct region *r = space_find(space, space_address(space, ui->view.grid.cursor));

	if (!r) {
		steps_forget(&ui->steps);
		ui_complain(ui, _("no region is selected"));
		return;
	}
	ask(ui, &(struct control_step){ .kind = STEP_FAULT,
					.count = 1,
					.first = region_first(space, r),
					.end = region_end(space, r) });
}

static void begin(struct ui *ui, const struct steps_wish *wish)
{
	struct control_step step = { .kind = STEP_FAULT, .count = wish->count };

	switch (wish->what) {
	case STEPS_TO_FAULT:
		break;
	case STEPS_TO_CALL:
		step.kind = STEP_CALL;
		break;
	case STEPS_IN_REGION:
		step_region(ui);
		return;
	case STEPS_ON_PAGE:
		step.first = ui->view.grid.cursor;
		step.end = ui->view.grid.cursor + 1;
		break;
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
