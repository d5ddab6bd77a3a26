/* A line is edited only at its end. */
#include "ui/line_edit.h"

#include <string.h>

#include "base/text.h"
#include "base/text_width.h"
#include "ui/key.h"

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
	char bytes[5];

	if (key == KEY_CODE_BACKSPACE) {
		*len = before(text, was);
	} else if (key == KEY_CTRL('W')) {
		*len = before_word(text, was);
	} else if (key == KEY_CTRL('U')) {
		*len = 0;
	} else if (key >= 32 && key < KEY_CODE_UP && text_char_columns(key) > 0) {
		more = text_encode(bytes, key);
		if (was + more < size) {
			memcpy(text + was, bytes, more);
			*len = was + more;
		}
	}
	text[*len] = '\0';
	return *len != was;
}
