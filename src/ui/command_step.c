/* A program moved forward by a fault, a call, or so many of them.
 *
 * What a step stops at is what the picture is to show: see ui_follow_stop in update_stop.c. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "ui/command_private.h"

#define RATE_MAX 1000
#define COUNT_MAX 1000000000u

static void step(struct ui *ui, const struct control_step *step)
{
	struct control_arg arg = {.step = *step};

	ui->slow = 0;
	ui_pause_picture(ui, false);
	if (command_ask(ui, CONTROL_STEP, &arg) < 0)
		return;
	ui->slow = step->per_second;
	ui->follow_stops = true;
	ui->view.follow = false;
}

void command_step_fault(struct ui *ui, const char *arg)
{
	(void)arg;
	step(ui, &(struct control_step){.kind = STEP_FAULT, .count = 1});
}

void command_step_call(struct ui *ui, const char *arg)
{
	(void)arg;
	step(ui, &(struct control_step){.kind = STEP_CALL, .count = 1});
}

void command_step_region(struct ui *ui, const char *arg)
{
	const struct space *space = ui->process->space;
	const struct region *r = space_find(space, space_address(space, ui->view.cursor));

	(void)arg;
	if (!r) {
		ui_complain(ui, _("no region is selected"));
		return;
	}
	step(ui, &(struct control_step){
		     .kind = STEP_FAULT, .count = 1, .first = region_first(space, r), .end = region_end(space, r)});
}

void command_step_page(struct ui *ui, const char *arg)
{
	(void)arg;
	step(ui, &(struct control_step){
		     .kind = STEP_FAULT, .count = 1, .first = ui->view.cursor, .end = ui->view.cursor + 1});
}

/* A whole number from 1 to most; 0, and a complaint, for anything else. */
static unsigned number(struct ui *ui, const char *text, unsigned most)
{
	char *end;

	errno = 0;
	unsigned long n = strtoul(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno && n >= 1 && n <= most)
		return (unsigned)n;
	ui_complain(ui, _("a number from 1 to %u is wanted, not: %s"), most, text);
	return 0;
}

void command_step_count(struct ui *ui, const char *arg)
{
	unsigned count;

	if (!*arg) {
		if (ui->view.prompt != PROMPT_STEPS)
			ui->view.prompt = PROMPT_STEPS;
		return;
	}
	count = number(ui, arg, COUNT_MAX);
	if (count)
		step(ui, &(struct control_step){.kind = STEP_FAULT, .count = count});
}

void command_slow_motion(struct ui *ui, const char *arg)
{
	unsigned rate;

	if (!*arg && ui->slow) {
		command_ask(ui, CONTROL_PAUSE, NULL);
		ui->slow = 0;
		return;
	}
	if (!*arg) {
		ui->view.prompt = PROMPT_RATE;
		return;
	}
	rate = number(ui, arg, RATE_MAX);
	if (rate)
		step(ui, &(struct control_step){.kind = STEP_FAULT, .count = 1, .per_second = rate});
}

void command_run_to_end(struct ui *ui, const char *arg)
{
	(void)arg;
	ui->slow = 0;
	if (command_ask(ui, CONTROL_RESUME, NULL) == 0)
		ui_message(ui, _("it runs; space: pause"));
}
