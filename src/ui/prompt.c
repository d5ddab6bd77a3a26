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

static void run(struct ui *ui, enum view_prompt prompt, const char *text)
{
	struct err err = { 0 };

	switch (prompt) {
	case PROMPT_SEARCH:
		if (*text)
			commands_run(ui, "search", text);
		else
			commands_run(ui, "search-next", "");
		break;
	case PROMPT_GOTO:
		if (*text)
			commands_run(ui, "goto", text);
		break;
	case PROMPT_SEND:
		commands_run(ui, "send", text);
		break;
	case PROMPT_STEPS:
		if (*text)
			commands_run(ui, "step-count", text);
		break;
	case PROMPT_RATE:
		if (*text)
			commands_run(ui, "slow-motion", text);
		break;
	case PROMPT_COMMAND:
		if (commands_run_text(ui, text, &err) < 0)
			ui_complain(ui, "%s", err.text);
		break;
	case PROMPT_TIME:
		if (*text)
			commands_run(ui, "goto-time", text);
		break;
	case PROMPT_NOTE:
		commands_run(ui, "note", text);
		break;
	case PROMPT_EVENTS:
		commands_run(ui, "events-filter", *text ? text : "-");
		break;
	case PROMPT_FILTER: /* was followed while it was typed */
	case PROMPT_NONE:
		break;
	}
}

static void finish(struct ui *ui)
{
	struct view *view = &ui->view;
	enum view_prompt prompt = view->prompt;
	char text[VIEW_TEXT];

	memcpy(text, view->input, sizeof text);
	view->input[0] = '\0';
	view->input_len = 0;
	run(ui, prompt, text); /* may open another prompt: ":goto" */
	if (view->prompt == prompt)
		view->prompt = PROMPT_NONE;
}

static void cancel(struct ui *ui)
{
	if (ui->view.prompt == PROMPT_FILTER)
		memcpy(ui->view.regions.filter.text, ui->filter_before, sizeof ui->view.regions.filter.text);
	ui->view.prompt = PROMPT_NONE;
	ui->view.input[0] = '\0';
	ui->view.input_len = 0;
}

void prompt_key(struct ui *ui, uint32_t key)
{
	struct view *view = &ui->view;
	bool empty = view->input_len == 0;

	if (key == '\n') {
		if (view->prompt == PROMPT_FILTER && empty)
			view->regions.filter.text[0] = '\0';
		finish(ui);
	} else if (key == KEY_ESCAPE || key == KEY_CTRL('C') || (key == KEY_CODE_BACKSPACE && empty)) {
		cancel(ui);
	} else if (line_edit(view->input, sizeof view->input, &view->input_len, key) &&
		   view->prompt == PROMPT_FILTER) {
		memcpy(view->regions.filter.text, view->input, sizeof view->regions.filter.text);
	}
}
