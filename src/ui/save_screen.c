/* The file gets its name when it is complete. */
#include "ui/save_screen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/new_file.h"
#include "base/text.h"
#include "draw/cells.h"
#include "ui/screenful.h"

#define NAMES_MAX 9999

static int write_cells(struct new_file *file, enum draw_format format, const struct canvas *canvas,
		       const struct theme *theme, struct err *err)
{
	FILE *out = fdopen(file->fd, "w");
	int result;

	if (!out) {
		new_file_fail(file, errno, err);
		close(file->fd);
		return -1;
	}
	result = cells_write(out, format, canvas, theme, NULL, err);
	if (result == 0 && fflush(out) != 0)
		result = new_file_fail(file, errno, err);
	else if (result == 0)
		result = new_file_keep(file, err);
	fclose(out);
	return result;
}

/* Saves the screen as it is, without a message or a prompt. */
static int save(struct ui *ui, const char *path, struct err *err)
{
	int format = draw_format_of_file(path), result;
	struct screenful screen;
	struct new_file file;

	if (format < 0)
		return err_set(err, ERR_USAGE, "%s", _("a picture's name ends with .svg, .png or .pdf"));
	if (access(path, F_OK) == 0)
		return err_set(err, ERR_SYSTEM, "%s", _("there is a file of that name: choose another"));
	if (new_file_open(&file, path, false, err) < 0)
		return -1;
	screenful_init(&screen, ui);
	canvas_fini(&screen.canvas);
	canvas_init(&screen.canvas, ui->view.rows, ui->view.columns, 0);
	screen.canvas.mono = ui->theme->mono;
	ui_message_clear(ui);
	screenful_draw(&screen, ui);
	result = write_cells(&file, (enum draw_format)format, &screen.canvas, ui->theme, err);
	new_file_fini(&file);
	screenful_fini(&screen);
	return result;
}

void save_screen(struct ui *ui)
{
	char *wish = ui->save_to, *shown, name[32];
	const char *path = wish;
	struct err err = { 0 };
	int number = 0;

	if (!wish)
		return;
	ui->save_to = NULL;
	do
		snprintf(name, sizeof name, "pagescape-%d.png", ++number);
	while (!*wish && number < NAMES_MAX && access(name, F_OK) == 0);
	if (!*wish)
		path = name;
	if (save(ui, path, &err) < 0) {
		ui_complain(ui, "%s", err.text);
	} else {
		shown = text_shown_dup(path);
		ui_message(ui, _("the screen was saved to %s"), shown);
		free(shown);
	}
	free(wish);
}
