/* The line that the footer shows in place of the keys. */
#include "ui/view/message.h"

#include <stdio.h>

#include "base/clock.h"

#define STAYS_NS (4 * CLOCK_SECOND)

void message_print(struct message *m, bool bad, const char *format, va_list args)
{
	vsnprintf(m->text, sizeof m->text, format, args);
	m->bad = bad;
	m->end_ns = bad ? 0 : m->clock_ns + STAYS_NS;
}

void message_say(struct message *m, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message_print(m, false, format, args);
	va_end(args);
}

void message_complain(struct message *m, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	message_print(m, true, format, args);
	va_end(args);
}

void message_clear(struct message *m)
{
	m->text[0] = '\0';
	m->end_ns = 0;
}

void message_keep(struct message *m)
{
	m->end_ns = 0;
}

bool message_is_over(const struct message *m, uint64_t clock_ns)
{
	return m->end_ns && clock_ns >= m->end_ns;
}
