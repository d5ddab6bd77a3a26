/* Help, the legend, the prompt for a command, and the ways out. */
#include "ui/command_help.h"

#include "base/i18n.h"
#include "ui/command_program.h"
#include "ui/key.h"
#include "ui/state.h"
#include "ui/view/overlays.h"

static void toggle_overlay(struct ui *ui, const struct overlay_ops *ops)
{
	struct scene scene = ui_scene(ui);

	if (ui->view.overlay.ops == ops)
		overlay_close(&ui->view.overlay);
	else
		overlay_open(&ui->view.overlay, ops, &scene);
}

static void run_help(struct ui *ui, const char *arg)
{
	toggle_overlay(ui, &overlay_help);
}

static void run_legend(struct ui *ui, const char *arg)
{
	toggle_overlay(ui, &overlay_legend);
}

static void run_command(struct ui *ui, const char *arg)
{
	static const struct prompt_ops prompt = { .label = ":" };

	view_ask(&ui->view, &prompt);
}

static void run_suspend(struct ui *ui, const char *arg)
{
	ui->suspend = true;
}

/* Asks what should happen to a program that was started here and still runs; when asked twice, ends it. */
static void run_quit(struct ui *ui, const char *arg)
{
	if (!shown_launched(&ui->shown) || !shown_any_alive(&ui->shown))
		ui->quit = true;
	else if (ui->view.overlay.ops == &overlay_quit)
		program_end(ui);
	else
		toggle_overlay(ui, &overlay_quit);
}

/* clang-format off */
static const struct command rows[] = {
	{"help", {KEY_CODE_F1, '?'}, N_("this help"), run_help, COMMAND_ANY},
	{"legend", {'l'}, N_("what the symbols and colours mean"), run_legend, COMMAND_ANY},
	{"command", {':'}, N_("run a command by its name"), run_command, COMMAND_ANY},
	{"suspend", {KEY_CTRL('Z')}, N_("back to the shell; fg returns"), run_suspend, COMMAND_ANY},
	{"quit", {'q', KEY_CTRL('C')}, N_("quit; an attached process keeps running"), run_quit, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_help = { N_("Help and leaving"), rows, COMMAND_ANY };
