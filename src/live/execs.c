#include "live/execs.h"

#include "base/clock.h"

#define REPORT_NS                                                                                            \
	CLOCK_SECOND /* an exec that a look has found is reported no later, however busy the machine is */

enum execs_stop execs_stop(struct execs *e, unsigned count)
{
	if (count == e->count)
		return EXECS_STOP_NONE;
	if (!e->ahead)
		return EXECS_STOP_NEW;
	e->count = count;
	return EXECS_STOP_SENT;
}

size_t execs_reported(struct execs *e, const struct fault_task **reports, size_t count)
{
	for (; count && (*reports)->time_ns <= e->traced_ns; count--)
		++*reports; /* the tracer brought it */
	if (!count)
		return 0;
	bool sent = (*reports)->time_ns < e->unreported_ns + REPORT_NS;
	*reports += sent;
	e->unreported_ns = 0;
	return count - sent;
}
