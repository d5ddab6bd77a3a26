/* Three limits that are easily mistaken for one another. perf_event_open(2) needs a right, which
 * kernel.perf_event_paranoid grants to all for their own processes at level 2; each event is a
 * descriptor; and the rings of an ordinary user together may lock as much memory as
 * kernel.perf_event_mlock_kb for each CPU and RLIMIT_MEMLOCK allow
 * (Documentation/admin-guide/perf-security.rst). */
#include "kern/perf/perf_error.h"

#include <errno.h>

#include "base/i18n.h"
#include "kern/machine.h"

#define PARANOID_OWN                                                                                         \
	2 /* the highest level of kernel.perf_event_paranoid that allows perf events of one's own processes */

/* Which rights are needed: lowering the level does not help if it is low enough already. */
static const char *denied_text(void)
{
	int64_t level;

	if (machine_number(MACHINE_PERF_PARANOID, &level) && level <= PARANOID_OWN)
		return _("needs root (sudo), CAP_PERFMON, or to run as the user of the process");
	return _("needs root (sudo), CAP_PERFMON, or, for your own processes, sysctl "
		 "kernel.perf_event_paranoid=2");
}

/* Fills err with our own text, and the errno. */
static int explain(struct err *err, enum err_code code, int errnum, const char *text)
{
	err_set(err, code, "%s", text);
	if (err)
		err->errnum = errnum;
	return -1;
}

int perf_error_event(struct err *err, int errnum)
{
	switch (errnum) {
	case EACCES:
	case EPERM:
		return explain(err, ERR_DENIED, errnum, denied_text());
	case ENOENT:
	case ESRCH:
		return explain(err, ERR_GONE, errnum, _("the process has ended"));
	case ENOSYS:
	case EOPNOTSUPP:
		return explain(err, ERR_UNSUPPORTED, errnum, _("this kernel has no perf events"));
	case EMFILE:
		return explain(err, ERR_SYSTEM, errnum,
			       _("it takes more descriptors than are left: raise ulimit -n"));
	default:
		return err_system(err, errnum, "%s", _("perf events of page faults"));
	}
}

int perf_error_ring(struct err *err, int errnum)
{
	int64_t kib;

	if (errnum != EPERM)
		return err_system(err, errnum, "%s", _("rings of perf events"));
	if (!machine_number(MACHINE_PERF_MLOCK_KB, &kib))
		return explain(
		    err, ERR_SYSTEM, errnum,
		    _("all memory that you may lock for perf events is in use: end other watches, or "
		      "raise ulimit -l"));
	err_set(err, ERR_SYSTEM,
		_("all memory that you may lock for perf events is in use: end other watches, or raise "
		  "ulimit -l or sysctl kernel.perf_event_mlock_kb (now %lld)"),
		(long long)kib);
	if (err)
		err->errnum = errnum;
	return -1;
}
