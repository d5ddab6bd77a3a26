/* The line at the bottom that asks for a text. */
#include <string.h>

#include "base/text.h"
#include "ui/commands.h"
#include "ui/input.h"

static size_t encode(char out[static 4], uint32_t ch)
{
	if (ch < 0x80) {
		out[0] = (char)ch;
		return 1;
	}
	if (ch < 0x800) {
		out[0] = (char)(0xc0 | ch >> 6);
		out[1] = (char)(0x80 | (ch & 0x3f));
		return 2;
	}
	if (ch < 0x10000) {
		out[0] = (char)(0xe0 | ch >> 12);
		out[1] = (char)(0x80 | (ch >> 6 & 0x3f));
		out[2] = (char)(0x80 | (ch & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | ch >> 18);
	out[1] = (char)(0x80 | (ch >> 12 & 0x3f));
	out[2] = (char)(0x80 | (ch >> 6 & 0x3f));
	out[3] = (char)(0x80 | (ch & 0x3f));
	return 4;
}

/* Where the last character begins. */
static size_t before(const char *text, size_t len)
{
	while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
		len--;
	return len > 0 ? len - 1 : 0;
}

static size_t before_word(const char *text, size_t len)
{
	while (len > 0 && text[len - 1] == ' ')
		len--;
	while (len > 0 && text[len - 1] != ' ')
		len--;
	return len;
}

bool line_edit(char *text, size_t size, size_t *len, uint32_t key)
{
	size_t was = *len, more;
	char bytes[4];

	if (key == KEY_CODE_BACKSPACE) {
		*len = before(text, was);
	} else if (key == KEY_CTRL('W')) {
		*len = before_word(text, was);
	} else if (key == KEY_CTRL('U')) {
		*len = 0;
	} else if (key >= 32 && key < KEY_CODE_UP && text_char_columns(key) > 0) {
		more = encode(bytes, key);
		if (was + more < size) {
			memcpy(text + was, bytes, more);
			*len = was + more;
		}
	}
	text[*len] = '\0';
	return *len != was;
}

static void finish(struct ui *ui)
{
	struct prompt asked = ui->view.prompt;
	struct err err = { 0 };

	ui->view.prompt = (struct prompt){ 0 };
	if (!asked.ops->done && commands_run_text(ui, asked.text, &err) < 0)
		ui_complain(ui, "%s", err.text);
	if (asked.ops->done && (asked.len || asked.ops->empty))
		asked.ops->done(ui, asked.text);
}

static void cancel(struct ui *ui)
{
	const struct prompt_ops *ops = ui->view.prompt.ops;

	ui->view.prompt = (struct prompt){ 0 };
	if (ops->cancel)
		ops->cancel(ui);
}

void prompt_key(struct ui *ui, uint32_t key)
{
	struct prompt *prompt = &ui->view.prompt;

	if (key == '\n')
		finish(ui);
	else if (key == KEY_ESCAPE || key == KEY_CTRL('C') || (key == KEY_CODE_BACKSPACE && !prompt->len))
		cancel(ui);
	else if (line_edit(prompt->text, sizeof prompt->text, &prompt->len, key) && prompt->ops->typed)
		prompt->ops->typed(ui, prompt->text);
}
