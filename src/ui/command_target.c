/* What is asked of the watched program: to pause, to read a line, to end. */
#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "ui/command_private.h"

static bool any_alive(const struct ui *ui)
{
	for (size_t i = 0; i < ui->world->count; i++)
		if (process_alive(ui->world->processes[i]))
			return true;
	return false;
}

/* Asked of the program that was started here, whichever process is shown. */
static bool is_for_launched(enum control what)
{
	return what == CONTROL_SEND || what == CONTROL_END || what == CONTROL_RELEASE;
}

/* The program has ended, but not what it forked: that can still be sent to, and let go. */
static bool family_alive(const struct ui *ui, enum control what)
{
	return is_for_launched(what) && any_alive(ui);
}

int command_ask(struct ui *ui, enum control what, const struct control_arg *arg)
{
	/* a recording says itself that nothing can be done to it */
	const struct process *process =
	    is_for_launched(what) && !ui->has_time ? ui_launched(ui) : ui->process;
	struct err err = { 0 };

	if (!process || !(process_alive(process) || family_alive(ui, what) || ui->has_time)) {
		ui_complain(ui, _("the program has ended"));
		return -1;
	}
	if (ui->source->ops->control(ui->source, process->pid, what, arg, &err) < 0) {
		ui_complain(ui, "%s", err.text);
		return -1;
	}
	return 0;
}

void command_pause(struct ui *ui, const char *arg)
{
	(void)arg;
	if (ui->has_time) {
		command_play(ui, "");
		return;
	}
	/* between steps, and in slow motion most of the time, it is paused, and not by this key */
	bool goes = ui_slow(ui) || ui_steps(ui);
	ui_steps_forget(ui);
	command_ask(ui, ui->process->status == PROCESS_PAUSED && !goes ? CONTROL_RESUME : CONTROL_PAUSE,
		    NULL);
	if (ui_slow(ui))
		ui->slow = 0;
}

void command_send(struct ui *ui, const char *arg)
{
	struct control_arg line = { 0 };
	struct strbuf text = { 0 };

	if (!ui_launched(ui) && !ui->has_time) {
		ui_complain(ui, _("only a program started here reads from here"));
		return;
	}
	ui->view.tab = TAB_OUTPUT;
	ui->view.output_back = 0;
	if (ui->has_time) {
		command_ask(ui, CONTROL_SEND, NULL);
		return;
	}
	if (!*arg && ui->view.prompt == PROMPT_NONE) {
		ui->view.prompt = PROMPT_SEND;
		return;
	}
	strbuf_printf(&text, "%s\n", arg);
	line.bytes = text.text;
	line.len = text.len;
	command_ask(ui, CONTROL_SEND, &line);
	strbuf_fini(&text);
}

/* A program started here that still runs is asked about; asked twice, it is ended. */
void command_quit(struct ui *ui, const char *arg)
{
	(void)arg;
	if (!ui_launched(ui) || !any_alive(ui))
		ui->quit = true;
	else if (ui->view.overlay == OVERLAY_QUIT)
		command_end_program(ui, "");
	else
		ui->view.overlay = OVERLAY_QUIT;
}

void command_end_program(struct ui *ui, const char *arg)
{
	(void)arg;
	ui->view.overlay = OVERLAY_NONE;
	if (!ui_launched(ui))
		ui_complain(ui, _("only a program started here can be ended from here"));
	else if (command_ask(ui, CONTROL_END, NULL) == 0)
		ui->quit = true;
}

void command_release_program(struct ui *ui, const char *arg)
{
	(void)arg;
	ui->view.overlay = OVERLAY_NONE;
	if (!ui_launched(ui))
		ui_complain(ui, _("only a program started here can be let go"));
	else if (command_ask(ui, CONTROL_RELEASE, NULL) == 0)
		ui->quit = true;
}
