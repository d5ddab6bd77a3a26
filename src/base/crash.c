/* Which signals mean a crash. */
#include "base/crash.h"

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT };

#define CRASHES (sizeof crashes / sizeof *crashes)

bool crash_signal(int number)
{
	for (size_t i = 0; i < CRASHES; i++)
		if (crashes[i] == number)
			return true;
	return false;
}

void crash_fill_others(sigset_t *set)
{
	sigfillset(set);
	for (size_t i = 0; i < CRASHES; i++)
		sigdelset(set, crashes[i]);
}
