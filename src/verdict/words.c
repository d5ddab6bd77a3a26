#include "verdict/words.h"

#include <stdio.h>

#include "base/i18n.h"
#include "event/figures.h"

const char *words_size(char buf[static WORDS_SIZE], uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = (double)bytes / 1024;
	int unit = 0;

	if (bytes >= KERNEL_NONE) {
		snprintf(buf, WORDS_SIZE, "%s", bytes == KERNEL_NONE ? _("no limit") : _("unknown"));
		return buf;
	}
	if (bytes < 1024) {
		snprintf(buf, WORDS_SIZE, bytes ? "%u B" : "0", (unsigned)bytes);
		return buf;
	}
	for (; value >= 999.5 && unit < 5; unit++)
		value /= 1024;
	snprintf(buf, WORDS_SIZE, "%.*f %s",
		 unit == 0 || value >= 99.95 ? 0
		 : value >= 9.995            ? 1
					     : 2,
		 value, units[unit]);
	return buf;
}

unsigned words_percent(uint64_t part, uint64_t whole)
{
	unsigned percent = whole ? (unsigned)((double)part * 100 / (double)whole + 0.5) : 0;

	if (percent == 0 && part && whole)
		return 1;
	return percent == 100 && part < whole ? 99 : percent;
}

const char *words_span(char buf[static WORDS_SIZE], uint64_t ns)
{
	uint64_t seconds = ns / 1000000000;

	if (seconds < 60)
		snprintf(buf, WORDS_SIZE, _("%.1f s"), (double)ns / 1e9);
	else if (seconds < 3600)
		snprintf(buf, WORDS_SIZE, _("%u min %u s"), (unsigned)(seconds / 60),
			 (unsigned)(seconds % 60));
	else
		snprintf(buf, WORDS_SIZE, _("%u h %u min"), (unsigned)(seconds / 3600),
			 (unsigned)(seconds / 60 % 60));
	return buf;
}
