#include "verdict/words.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/minmax.h"
#include "event/figures.h"

#define HUNDREDTHS_MOST 1e6

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

/* A recording may claim any figures, so a part can exceed its whole many times. */
static double hundredths_of(uint64_t part, uint64_t whole)
{
	double exact = whole && part < KERNEL_NONE ? 100.0 * (double)part / (double)whole : 0;

	return min(exact, HUNDREDTHS_MOST);
}

unsigned words_percent(uint64_t part, uint64_t whole)
{
	return (unsigned)(hundredths_of(part, whole) + 0.5);
}

unsigned words_percent_down(uint64_t part, uint64_t whole)
{
	return (unsigned)hundredths_of(part, whole);
}

/* Rounds down, and gives what is then missing to the parts that lost most (Hamilton's method); but nothing to a
 * part of less than half of one, which nobody would round to 1. */
void words_split(const uint64_t *parts, size_t count, uint64_t whole, unsigned *hundredths)
{
	double lost[WORDS_PARTS] = { 0 }, sum = 0;
	unsigned given = 0;

	for (size_t i = 0; i < count; i++) {
		double exact = hundredths_of(parts[i], whole);

		hundredths[i] = (unsigned)exact;
		lost[i] = exact < 0.5 ? -1 : exact - hundredths[i];
		given += hundredths[i];
		sum += exact;
	}
	for (unsigned all = (unsigned)(sum + 0.5); given < all; given++) {
		size_t most = 0;

		for (size_t i = 1; i < count; i++)
			if (lost[i] > lost[most])
				most = i;
		if (lost[most] < 0)
			break;
		hundredths[most]++;
		lost[most] -= 1;
	}
}

const char *words_share(char buf[static WORDS_SIZE], unsigned hundredths, uint64_t part, uint64_t whole)
{
	if (part && hundredths_of(part, whole) < 1)
		snprintf(buf, WORDS_SIZE, "<1 %%");
	else if (hundredths == 100 && part < whole)
		snprintf(buf, WORDS_SIZE, ">99 %%");
	else
		snprintf(buf, WORDS_SIZE, "%u %%", hundredths);
	return buf;
}

const char *words_share_of(char buf[static WORDS_SIZE], uint64_t part, uint64_t whole)
{
	return words_share(buf, words_percent(part, whole), part, whole);
}

const char *words_span(char buf[static WORDS_SIZE], uint64_t ns)
{
	uint64_t seconds = ns / CLOCK_SECOND;

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
