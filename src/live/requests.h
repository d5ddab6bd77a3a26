/* Requests to a live source: what a page is, which code is at an address, and to act on the process
 * (CONTROL_). */
#ifndef LIVE_REQUESTS_H
#define LIVE_REQUESTS_H

#include "event/source.h"
#include "live/code_names.h"
#include "live/fault_reader.h"
#include "live/live_figures.h"
#include "live/live_status.h"
#include "live/program.h"
#include "live/stepping.h"

/* What serves them. All stays the caller's and must live longer. */
struct requests {
	const struct watch *watch;
	struct reader *reader;
	struct code_names *names;
	struct live_program *program;
	struct stepping *stepping;
	const struct fault_reader *faults;
	const struct live_status *status;
	struct live_figures *figures;
	bool symbols_off; /* the source of symbols must not be used */
};

/* Fills in which file and symbol an address of the process belongs to, or location->why if that is not
 * known. */
void requests_locate(const struct requests *, int32_t pid, uint64_t address, struct location *);
/* Reads everything about one page now (`what`: see source_ops.inspect). 0, or -1 with ERR_NOT_FOUND: another
 * process. */
int requests_inspect(const struct requests *, int32_t pid, uint64_t page, unsigned what, struct page_detail *,
		     struct err *);
/* As source_ops.control. -1 with ERR_NOT_FOUND (another process), ERR_GONE, ERR_UNSUPPORTED (not started by
 * us), or the errors of the control itself. */
int requests_control(const struct requests *, int32_t pid, enum control, const struct control_arg *,
		     struct err *);

#endif
