/* The last line: a prompt with the terminal's cursor, or a message, or the keys.
 *
 *  F1 help  space pause  / search  +- zoom  tab panel  q quit */
#include "ui/view/panel.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/minmax.h"

#define BAR(ink) PEN_ON(ink, PAPER_BAR)

static void draw_prompt(struct area a, const struct prompt *prompt)
{
	char *input = text_printable_dup(prompt->text, prompt->len);
	int column = area_text(a, 0, 1, BAR(INK_ACCENT), _(prompt->ops->label)) + 1;

	/* the end of a long input is what is being typed */
	column = area_fit(a, 0, column, a.columns - column - 2, BAR(INK_STRONG), input, TEXT_CUT_LEFT);
	a.canvas->cursor_row = a.row;
	a.canvas->cursor_column = a.column + column;
	free(input);
}

void panel_keys(struct area a, const char *keys)
{
	int column = 1;

	while (*keys) {
		const char *gap = strstr(keys, "  ");
		size_t len = gap ? (size_t)(gap - keys) : strlen(keys);
		size_t key = strcspn(keys, " ");
		char *entry = mem_strndup(keys, len), *word;

		key = min(key, len);
		word = mem_strndup(keys, key);
		if (column + text_columns(entry) < a.columns) {
			column = area_text(a, 0, column, BAR(INK_ACCENT), word);
			column = area_text(a, 0, column, BAR(INK_TEXT), entry + key) + 2;
		}
		free(word);
		free(entry);
		keys += len;
		keys += strspn(keys, " ");
	}
}

void panel_footer(struct area a, const struct prompt *prompt, const struct message *message, const char *keys)
{
	area_fill(a, BAR(INK_TEXT));
	if (prompt->ops)
		draw_prompt(a, prompt);
	else if (message->text[0])
		area_fit(a, 0, 1, a.columns - 2, BAR(message->bad ? INK_BAD : INK_TEXT), message->text,
			 TEXT_CUT_RIGHT);
	else if (keys)
		panel_keys(a, keys);
}
