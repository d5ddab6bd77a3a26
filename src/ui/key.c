/* What keys are called: one name in every language, as settings have it. */
#include "ui/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/text.h"

static const struct {
	uint32_t key;
	const char *label;
} labels[] = {
	{ KEY_CODE_UP, "up" },
	{ KEY_CODE_DOWN, "down" },
	{ KEY_CODE_LEFT, "left" },
	{ KEY_CODE_RIGHT, "right" },
	{ KEY_CODE_PGUP, "pgup" },
	{ KEY_CODE_PGDN, "pgdn" },
	{ KEY_CODE_HOME, "home" },
	{ KEY_CODE_END, "end" },
	{ '\t', "tab" },
	{ KEY_CODE_TAB_BACK, "shift-tab" },
	{ ' ', "space" },
	{ '\n', "enter" },
	{ KEY_ESCAPE, "esc" },
	{ KEY_CODE_SHIFT_LEFT, "S-left" },
	{ KEY_CODE_SHIFT_RIGHT, "S-right" },
};

const char *key_label(char buf[static 16], uint32_t key)
{
	size_t i;

	for (i = 0; i < sizeof labels / sizeof *labels; i++) {
		if (labels[i].key == key) {
			snprintf(buf, 16, "%s", labels[i].label);
			return buf;
		}
	}
	if (key >= KEY_CODE_F1 && key <= KEY_CODE_F12)
		snprintf(buf, 16, "F%u", key - KEY_CODE_F1 + 1);
	else if (key < 32)
		snprintf(buf, 16, "^%c", (int)key + '@');
	else
		snprintf(buf, 16, "%lc", (wint_t)key);
	return buf;
}

static uint32_t named_key(const char *label)
{
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (!strcmp(labels[i].label, label))
			return labels[i].key;
	return 0;
}

static uint32_t function_key(const char *label)
{
	char *end;
	unsigned long n = strtoul(label, &end, 10);

	return *label >= '1' && *label <= '9' && !*end && n <= 12 ? KEY_CODE_F1 + (uint32_t)n - 1 : 0;
}

uint32_t key_parse(const char *label)
{
	uint32_t key = named_key(label), character;

	if (key)
		return key;
	if (label[0] == 'F' && label[1])
		return function_key(label + 1);
	if (label[0] == '^' && label[1] >= 'A' && label[1] <= 'Z' && !label[2])
		return KEY_CTRL(label[1]);
	return *label && !label[text_decode(label, strlen(label), &character)] && character > 32 &&
		       character != 127
		   ? character
		   : 0;
}
