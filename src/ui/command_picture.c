/* The screen as a file: "picture" makes pagescape-1.png in the current folder, or the next number that is
 * free; "picture FILE.svg" that one. It is made by ui/save_screen.h, once the loop sees the request. */
#include "ui/command_picture.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "ui/state.h"

static void run_picture(struct ui *ui, const char *arg)
{
	free(ui->save_to);
	ui->save_to = mem_strdup(arg);
}

/* clang-format off */
static const struct command rows[] = {
	{"picture", {'W'}, N_("save the screen as a picture"), run_picture, COMMAND_ANY},
	{0},
};
/* clang-format on */

const struct command_group command_picture = { N_("Pictures"), rows, COMMAND_ANY };
