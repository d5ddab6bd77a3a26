#include "live/execs.h"

#include "base/clock.h"

#define REPORT_NS                                                                                            \
	CLOCK_SECOND /* an exec that a look has found is reported no later, however busy the machine is */

unsigned execs_count(const struct execs *e)
{
	return e->count;
}

void execs_catch_up(struct execs *e, unsigned count)
{
	e->count = count;
}

void execs_seen(struct execs *e, unsigned count)
{
	e->ahead = count == e->count;
}

void execs_traced(struct execs *e)
{
	e->traced_ns = clock_now_ns();
}

void execs_go_on(struct execs *e)
{
	e->ahead = false;
}

enum execs_stop execs_stop(struct execs *e, unsigned count)
{
	if (count == e->count)
		return EXECS_STOP_NONE;
	if (!e->ahead)
		return EXECS_STOP_NEW;
	e->count = count;
	return EXECS_STOP_SENT;
}

void execs_sent(struct execs *e)
{
	e->unreported_ns = clock_now_ns();
	e->unreported++;
}

unsigned execs_unreported(const struct execs *e)
{
	return e->unreported;
}

size_t execs_settled(const struct execs *e, const struct fault_task *reports, size_t count)
{
	uint64_t now = clock_now_ns();
	size_t n = 0;
	while (n < count && (reports[n].time_ns <= e->traced_ns || reports[n].time_ns + REPORT_NS < now))
		n++;
	return n;
}

uint64_t execs_stopped_ns(const struct execs *e, const struct fault_task *reports, size_t count)
{
	return count && reports[count - 1].time_ns > e->traced_ns ? reports[count - 1].time_ns : 0;
}

size_t execs_reported(struct execs *e, const struct fault_task **reports, size_t count)
{
	for (; count && (*reports)->time_ns <= e->traced_ns; count--)
		++*reports; /* the tracer has reported it */
	if (!count)
		return 0;
	for (; count && e->unreported && (*reports)->time_ns < e->unreported_ns + REPORT_NS; count--) {
		e->unreported--;
		++*reports;
	}
	e->unreported = 0;
	return count;
}
