/* Requests to the watched program: pause, read a line, end. */
#include "ui/command_program.h"

#include <string.h>

#include "base/i18n.h"
#include "base/strbuf.h"
#include "ui/command_time.h"
#include "ui/state.h"

static void run_pause(struct ui *ui, const char *arg)
{
	if (ui->shown.has_time) {
		time_play(ui);
		return;
	}
	/* between steps and in slow motion it is paused most of the time, but not by this key */
	bool goes = steps_slow(&ui->steps, ui->view.pid) || steps_pending(&ui->steps, ui->shown.process);
	steps_forget(&ui->steps);
	ui_control(ui, ui->shown.process->status == PROCESS_PAUSED && !goes ? CONTROL_RESUME : CONTROL_PAUSE,
		   NULL);
	if (steps_slow(&ui->steps, ui->view.pid))
		ui->steps.slow = 0;
}

static void send_line(struct ui *ui, const char *line)
{
	struct control_arg arg = { 0 };
	struct strbuf text = { 0 };

	strbuf_printf(&text, "%s\n", line);
	arg.bytes = text.text;
	arg.len = text.len;
	ui_control(ui, CONTROL_SEND, &arg);
	strbuf_fini(&text);
}

static const struct prompt_ops send_prompt = { N_("send:"), .done = send_line, .empty = true };

static void run_send(struct ui *ui, const char *arg)
{
	if (!shown_launched(&ui->shown) && !ui->shown.has_time) {
		ui_complain(ui, _("only a program started here can be sent a line"));
		return;
	}
	if (ui->shown.has_time)
		ui_control(ui, CONTROL_SEND, NULL);
	else if (*arg || !shown_any_alive(&ui->shown))
		send_line(ui, arg); /* or says why it cannot be */
	else
		view_ask(&ui->view, &send_prompt);
}

void program_end(struct ui *ui)
{
	overlay_close(&ui->view.overlay);
	if (!shown_launched(&ui->shown))
		ui_complain(ui, _("only a program started here can be ended from here"));
	else if (ui_control(ui, CONTROL_END, NULL) == 0)
		ui->quit = true;
}

static void run_end_program(struct ui *ui, const char *arg)
{
	program_end(ui);
}

static void run_release_program(struct ui *ui, const char *arg)
{
	overlay_close(&ui->view.overlay);
	if (!shown_launched(&ui->shown))
		ui_complain(ui, _("only a program started here can be left running"));
	else if (ui_control(ui, CONTROL_RELEASE, NULL) == 0)
		ui->quit = true;
}

/* clang-format off */
static const struct command rows[] = {
	{"pause", {' '}, N_("pause or resume the process or the replay"), run_pause, COMMAND_ANY},
	{"send", {'i', '!'}, N_("send a line to the program"), run_send, COMMAND_LAUNCHED},
	{"end-program", {0}, N_("end the program, and quit"), run_end_program, COMMAND_LAUNCHED},
	{"release-program", {0}, N_("leave the program running, and quit"), run_release_program, COMMAND_LAUNCHED},
	{0},
};
/* clang-format on */

const struct command_group command_program = { N_("The program"), rows, COMMAND_LIVE };
