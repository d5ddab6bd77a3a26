/* Uses the log of faults. The kernel's counters show how many are missing from it: those that were counted
 * but not reported may have been anywhere. */
#include "expect/figure_faults.h"

#include <string.h>

#include "base/i18n.h"
#include "model/names.h"
#include "model/own_code.h"

struct fault_count {
	int64_t sure, maybe;
	const char *why; /* if any may be: why it is not sure */
};

enum fit { FITS_NOT, FITS, FITS_MAYBE };

static bool are_reported(const struct process *p)
{
	return p->sources[SOURCE_FAULTS].known && p->sources[SOURCE_FAULTS].ok;
}

static struct expect_value not_reported(const struct process *p)
{
	const struct source_status *faults = &p->sources[SOURCE_FAULTS];

	return value_unknown(faults->known ? faults->why : _("page faults were not reported"));
}

static bool covers(const struct expect_where *w, uint64_t first, uint64_t end)
{
	for (size_t i = 0; i < w->count; i++)
		if (first < w->spans[i].end && end > w->spans[i].first)
			return true;
	return false;
}

/* Is it in that function? Perhaps, if its name is not known. Code of the kernel is in none of the program's
 * functions, and code without a name in a library is another function. */
static enum fit in_function(const struct process *p, uint64_t ip, const char *function)
{
	const struct event_symbol *symbol = names_find(p->names, ip);

	if (ip >> 63)
		return FITS_NOT;
	if (!symbol)
		return FITS_MAYBE;
	for (size_t i = 0; i < symbol->count; i++)
		if (!strcmp(symbol->frames[i].function, function))
			return FITS;
	bool library = *symbol->object && p->identity.exe && strcmp(symbol->object, p->identity.exe);
	return symbol->count || library ? FITS_NOT : FITS_MAYBE;
}

/* The missing part of a stack may be in any function. */
static bool may_go_on(const struct event_stack *stack)
{
	return !stack->count || stack_is_cut(stack->end) || stack->end == STACK_NOT_SAMPLED;
}

/* Is the function anywhere on the stack? */
static enum fit on_stack(const struct process *p, const struct fault_entry *e, const char *function)
{
	struct event_stack stack = stacks_get(&p->stacks, e->stack);
	enum fit best = in_function(p, e->fault.ip, function);

	for (size_t i = 0; i < stack.count && best != FITS; i++) {
		enum fit in = in_function(p, stack.ips[i], function);

		best = in == FITS_NOT ? best : in;
	}
	return best == FITS_NOT && may_go_on(&stack) ? FITS_MAYBE : best;
}

/* Is it the function of own code that caused it? The innermost own function counts: if a whole stack has none,
 * no function of own code did. */
static enum fit in_own(const struct process *p, const struct fault_entry *e, const char *function)
{
	struct event_stack stack = stacks_get(&p->stacks, e->stack);
	struct own_frame own = own_code_find(NULL, p, e->fault.ip, &stack, NULL, NULL);
	uint64_t ip = stack.count ? stack.ips[own.at] : e->fault.ip;
	const struct event_symbol *symbol = names_find(p->names, ip);

	if (own.own == OWN_NONE)
		return may_go_on(&stack) ? FITS_MAYBE : FITS_NOT;
	if (!symbol || !symbol->count)
		return FITS_MAYBE;
	return !strcmp(symbol->frames[own.frame].function, function) ? FITS : FITS_NOT;
}

static enum fit fits_function(const struct process *p, const struct fault_entry *e,
			      const struct expect_faults *wanted)
{
	if (!wanted->function)
		return FITS;
	return wanted->by == EXPECT_BY_STACK ? on_stack(p, e, wanted->function)
	       : wanted->by == EXPECT_BY_OWN ? in_own(p, e, wanted->function)
					     : in_function(p, e->fault.ip, wanted->function);
}

/* Whether it was in other memory that had this address before: mapped from a file where there is none now, or
 * the other way round. A file that is there now may have had another name. The address is the fault's, or of a
 * page that it brought along. */
static bool of_another(const struct process *p, const struct fault_entry *e, uint64_t address)
{
	const struct region *now = space_find(p->space, address);
	const struct fault_region *then = fault_regions_at(&p->faults.regions, e->region);

	return now && then && (now->attr.path[0] == '/') != (then->path[0] == '/');
}

/* What must be known about a fault in any case. */
static bool fits_surely(const struct process *p, const struct fault_entry *e, const struct expect_where *w,
			const struct expect_faults *wanted)
{
	uint64_t page = space_page(p->space, e->fault.address);

	if (w && (!covers(w, page, page + 1) || of_another(p, e, e->fault.address)))
		return false;
	if (wanted->major >= 0 && wanted->major != e->fault.major)
		return false;
	return wanted->cause >= 0 || !fault_is_fatal(e->fault.cause);
}

/* Counts the fault if it matches; if that is not known, notes the reason. */
static void count_fault(struct fault_count *c, const struct process *p, const struct fault_entry *e,
			const struct expect_faults *wanted)
{
	enum fit in = fits_function(p, e, wanted);
	bool cause = wanted->cause < 0 || (int)e->fault.cause == wanted->cause;
	bool access = wanted->access < 0 || (int)e->fault.access == wanted->access;

	if (in == FITS_NOT || (!cause && e->fault.cause != FAULT_CAUSE_UNKNOWN) ||
	    (!access && e->fault.access != FAULT_ACCESS_UNKNOWN))
		return;
	if (in == FITS && cause && access) {
		c->sure++;
		return;
	}
	c->maybe++;
	c->why = in == FITS_MAYBE && wanted->by
		     ? _("the names of some functions are not known, or some stacks are not whole")
		 : in == FITS_MAYBE ? _("the names of some functions are not known")
		 : !access          ? _("for some faults it is not known whether they read or wrote")
				    : fault_why_text(e->fault.why);
}

/* How many the kernel counted: exact. */
static struct expect_value count_by_kernel(const struct process *p, const struct moment_process *since,
					   int major)
{
	if (!p->counters.known)
		return value_unknown(_("the kernel's counters of faults were not read"));
	if (major < 0)
		return value_number((int64_t)(process_minor(p) + process_major(p) - since->counted),
				    VALUE_UNIT_NONE);
	return value_number((int64_t)(major ? process_major(p) : process_minor(p)), VALUE_UNIT_NONE);
}

static struct expect_value count_logged(const struct process *p, const struct expect_where *w,
					const struct expect_faults *wanted,
					const struct moment_process *since)
{
	const struct fault_log *log = &p->faults.log;
	struct fault_count c = { 0 };
	uint64_t reported = 0, counted = process_minor(p) + process_major(p) - since->counted;

	if (!are_reported(p))
		return not_reported(p);
	if (since->logged < log->begin)
		return value_unknown(_("there were too many faults to keep them all"));
	for (uint64_t n = since->logged; n < log->end; n++) {
		const struct fault_entry *e = fault_log_at(log, n);
		if (fits_surely(p, e, w, wanted))
			count_fault(&c, p, e, wanted);
		reported += !fault_is_fatal(e->fault.cause);
	}
	if (wanted->cause >= 0 && fault_is_fatal((enum fault_cause)wanted->cause))
		counted = reported; /* no counter has these, and none is missing */
	if (p->counters.known && counted > reported) {
		c.maybe += (int64_t)(counted - reported);
		c.why =
		    _("the kernel counted faults that it did not report, such as those inside system calls");
	}
	return value_range(c.sure, c.sure + c.maybe, VALUE_UNIT_NONE, c.why);
}

struct expect_value figure_count_faults(const struct expect_facts *facts, const struct process *p,
					const struct expect_where *w, const struct expect_faults *wanted)
{
	struct moment_process since = { 0 };
	bool all = !w && wanted->cause < 0 && wanted->access < 0 && !wanted->function;

	if (wanted->since && strcmp(wanted->since, MOMENT_START) != 0) {
		const struct moment *moment = moments_find(facts->moments, wanted->since);
		if (!moment)
			return value_unknown(_("the program has not reached the mark after \"since\""));
		since = moment_of(moment, p->pid);
	}
	if (all && (wanted->major < 0 || !since.counted))
		return count_by_kernel(p, &since, wanted->major);
	return count_logged(p, w, wanted, &since);
}

/* The last one that brought the page in, or was answered with a signal there. */
static const struct fault_entry *last_at(const struct expect_where *w)
{
	const struct process *p = w->process;
	const struct fault_log *log = &p->faults.log;
	uint64_t wanted = space_page(p->space, w->address);

	for (uint64_t n = log->end; n-- > log->begin;) {
		const struct fault_entry *e = fault_log_at(log, n);
		uint64_t page = space_page(p->space, e->fault.address);
		if (page - e->fault.before <= wanted && wanted <= page + e->fault.after &&
		    !of_another(p, e, w->address))
			return e;
	}
	return NULL;
}

static struct expect_value function_of(const struct process *p, uint64_t ip)
{
	const struct event_symbol *symbol = names_find(p->names, ip);

	if (!symbol || !symbol->count)
		return value_unknown(symbol ? symbol->why : _("the name of the function is not known"));
	return value_text(symbol->frames[0].function);
}

struct expect_value figure_of_fault(const struct figure *f, const struct expect_where *w)
{
	const struct fault_entry *e;

	if (!are_reported(w->process))
		return not_reported(w->process);
	e = last_at(w);
	if (!e)
		return w->process->faults.log.begin ? value_unknown(_("its fault is no longer kept"))
						    : value_word("none");
	if (f->id == FIGURE_KIND)
		return value_word(fault_kind_name(&e->fault));
	if (f->id == FIGURE_FUNCTION)
		return function_of(w->process, e->fault.ip);
	if (f->id == FIGURE_ACCESS)
		return e->fault.access ? value_word(fault_access_name(e->fault.access))
				       : value_unknown(_("whether it was read or written is not known"));
	return e->fault.cause ? value_word(fault_cause_name(e->fault.cause))
			      : value_unknown(fault_why_text(e->fault.why));
}
