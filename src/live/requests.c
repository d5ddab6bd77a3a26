/* Each request is served by the part that knows the answer. This file only checks that it is about this
 * process, and still possible. For a process that has ended, a page is answered from the last picture. */
#include "live/requests.h"

#include "base/i18n.h"
#include "live/reading.h"
#include "live/reclaiming.h"

void requests_locate(const struct requests *r, int32_t pid, uint64_t address, struct location *location)
{
	const struct process *process = world_find(r->watch->world, pid);
	*location = (struct location){ .file = "", .section = "", .symbol = "", .why = "" };
	if (!process || pid != r->watch->pid)
		location->why = _("this process is not watched");
	else if (r->symbols_off)
		location->why = reader_source(r->reader, SOURCE_SYMBOLS)->text;
	else
		code_names_locate(r->names, process, address, location);
}

int requests_inspect(const struct requests *r, int32_t pid, uint64_t page, unsigned what,
		     struct page_detail *detail, struct err *err)
{
	const struct process *process = world_find(r->watch->world, pid);
	if (!process || pid != r->watch->pid)
		return err_set(err, ERR_NOT_FOUND, _("process %d is not watched"), pid);
	uint64_t address = page << process->space->page_shift;
	const struct region *region = space_find(process->space, address);
	struct err failure = { 0 };
	if (live_status_is_dead(r->status) ||
	    reader_inspect(r->reader, region ? &region->attr : NULL, page, what, detail, &failure) != 0)
		reading_inspect_dead(process, page, detail);
	requests_locate(r, pid, address, &detail->location);
	return 0;
}

/* The controls that do not depend on whether we launched it. */
static int control_stepping(const struct requests *r, enum control control, const struct control_arg *arg,
			    struct err *err)
{
	const struct err *no_faults = fault_reader_is_on(r->faults) ? NULL : fault_reader_err(r->faults);
	if (control == CONTROL_PAUSE)
		return stepping_pause(r->stepping, err);
	if (control == CONTROL_STEP)
		return stepping_step(r->stepping, &arg->step, no_faults, err);
	stepping_resume(r->stepping);
	return 0;
}

int requests_control(const struct requests *r, int32_t pid, enum control what, const struct control_arg *arg,
		     struct err *err)
{
	struct live_program *p = r->program;
	if (pid != r->watch->pid)
		return err_set(err, ERR_NOT_FOUND, _("process %d is not watched"), pid);
	if (live_status_is_dead(r->status) || live_program_news(p)->ended)
		return err_set(err, ERR_GONE, _("process %d has ended"), pid);
	if (what == CONTROL_FIGURES) {
		live_figures_want(r->figures);
		return 0;
	}
	if (what == CONTROL_PAUSE || what == CONTROL_STEP || what == CONTROL_RESUME)
		return control_stepping(r, what, arg, err);
	if (what == CONTROL_EVICT || what == CONTROL_DROP || what == CONTROL_SYNC)
		return reclaiming_do(r->reader, live_status_pidfd(r->status), what, &arg->pages, err);
	if (!live_program_is_launched(p))
		return err_set(err, ERR_UNSUPPORTED, _("process %d was not started from here"), pid);
	if (what == CONTROL_END)
		stepping_resume(r->stepping);
	int result = live_program_control(p, what, arg, err);
	if (what == CONTROL_RELEASE && result == 0)
		stepping_forget(r->stepping);
	return result;
}
