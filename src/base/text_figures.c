/* Sizes, counts and times in few characters. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* "9.9M", "13.2T", "132M": value, which is in units of 1/base of the unit shown, in
 * at most four characters and the unit's letter. */
static const char *scaled(char buf[static 16], uint64_t value, uint64_t base, const char *units)
{
	uint64_t whole = value, rest = 0;
	/* what would round to 1000 goes to the next unit, so that three digits do */
	while (units[1] && (whole >= 1000 || (whole == 999 && rest * 2 >= base))) {
		units++;
		rest = whole % base;
		whole /= base;
	}
	uint64_t tenths = whole * 10 + (rest * 20 + base) / (2 * base);
	if (tenths >= 1000)
		snprintf(buf, 16, "%llu%c", (unsigned long long)(whole + (rest * 2 >= base)), *units);
	else
		snprintf(buf, 16, "%llu.%llu%c", (unsigned long long)tenths / 10,
			 (unsigned long long)tenths % 10, *units);
	return buf;
}

const char *text_size(char buf[static 16], uint64_t bytes)
{
	if (bytes < 1000)
		snprintf(buf, 16, "%u", (unsigned)bytes);
	else if (bytes % 1024 == 0 && bytes / 1024 < 1000) /* pages are whole kilobytes */
		snprintf(buf, 16, "%uK", (unsigned)(bytes / 1024));
	else
		scaled(buf, bytes, 1024, " KMGTPE");
	return buf;
}

const char *text_count(char buf[static 16], uint64_t count)
{
	if (count < 10000)
		snprintf(buf, 16, "%u", (unsigned)count);
	else
		scaled(buf, count, 1000, " kMGTPE");
	return buf;
}

const char *text_clock(char buf[static 24], uint64_t ns)
{
	uint64_t tenths = ns / 100000000;
	unsigned second = (unsigned)(tenths / 10 % 60), minute = (unsigned)(tenths / 600 % 60);
	unsigned long long hours = tenths / 36000;

	if (hours)
		snprintf(buf, 24, "%llu:%02u:%02u.%u", hours, minute, second, (unsigned)(tenths % 10));
	else
		snprintf(buf, 24, "%02u:%02u.%u", minute, second, (unsigned)(tenths % 10));
	return buf;
}

const char *text_clock_ms(char buf[static 24], uint64_t ns)
{
	size_t len = strlen(text_clock(buf, ns)) - 1; /* without the tenths */

	snprintf(buf + len, 24 - len, "%03u", (unsigned)(ns / 1000000 % 1000));
	return buf;
}
