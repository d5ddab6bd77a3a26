/* What is written on keys. */
#include "ui/key.h"

#include <stdio.h>

#include "base/i18n.h"

const char *key_label(char buf[static 16], uint32_t key)
{
	static const struct {
		uint32_t key;
		const char *label;
	} labels[] = {
		{ KEY_CODE_UP, N_("up") },
		{ KEY_CODE_DOWN, N_("down") },
		{ KEY_CODE_LEFT, N_("left") },
		{ KEY_CODE_RIGHT, N_("right") },
		{ KEY_CODE_PGUP, N_("pgup") },
		{ KEY_CODE_PGDN, N_("pgdn") },
		{ KEY_CODE_HOME, N_("home") },
		{ KEY_CODE_END, N_("end") },
		{ '\t', N_("tab") },
		{ KEY_CODE_TAB_BACK, N_("shift-tab") },
		{ ' ', N_("space") },
		{ '\n', N_("enter") },
		{ KEY_ESCAPE, N_("esc") },
		{ KEY_CODE_SHIFT_LEFT, N_("S-left") },
		{ KEY_CODE_SHIFT_RIGHT, N_("S-right") },
	};
	size_t i;

	for (i = 0; i < sizeof labels / sizeof *labels; i++) {
		if (labels[i].key == key) {
			snprintf(buf, 16, "%s", _(labels[i].label));
			return buf;
		}
	}
	if (key >= KEY_CODE_F1 && key <= KEY_CODE_F12)
		snprintf(buf, 16, "F%u", key - KEY_CODE_F1 + 1);
	else if (key < 32)
		snprintf(buf, 16, "^%c", (int)key + '@');
	else
		snprintf(buf, 16, "%c", (int)key);
	return buf;
}
