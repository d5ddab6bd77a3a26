#include "verdict/remedies.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

bool remedy_is_loader(const struct arrival_row *row)
{
	return text_begins(row->object, "ld-") || text_begins(row->object, "ld.");
}

const char *remedy_advice(enum advice advice)
{
	switch (advice) {
	case ADVICE_READ:
		return _("why --read counts how much of it is free");
	case ADVICE_TRIM:
		return _("malloc_trim(0) gives back what is free");
	case ADVICE_TRACEMALLOC:
		return _("tracemalloc names the lines of the script that hold it");
	case ADVICE_END:
		break;
	}
	return "";
}

unsigned remedy_unread(const struct facts *f)
{
	return figure_known(f->process->figures.read.values[KERNEL_MALLOC_USED]) ? 0 : ADVICE_READ;
}

static const char *growth(const struct facts *f, const struct arrival_row *first, unsigned *advice)
{
	bool nameless = !*first->name && !*first->object;

	if (remedy_is_loader(first))
		return N_("that is the dynamic loader, which relocates each library once, at the start: "
			  "fewer libraries, less of it");
	if (first->who != ARRIVAL_KNOWN)
		return first->who == ARRIVAL_NOT_SAMPLED
			   ? N_("--sample 1 takes more stacks, but slows the program more")
			   : "";
	if (owners_sum(&f->owners, OWNER_V8).regions && (nameless || text_begins(first->object, "node")))
		return N_("that is JavaScript's engine at work: with node --perf-basic-prof the script's "
			  "functions have names");
	if (text_begins(first->object, "python") || text_begins(first->object, "libpython") ||
	    (nameless && owners_sum(&f->owners, OWNER_PYTHON).regions)) {
		*advice |= ADVICE_TRACEMALLOC;
		return N_("that is Python's interpreter at work: the script's functions have names with "
			  "python3 -X perf, from 3.12 on");
	}
	if (nameless)
		return N_(
		    "code made at run time has names if the program writes a map of it (/tmp/perf-PID.map)");
	if (!*first->name)
		return N_("that file has lost its symbols: with those (its -dbgsym package) its "
			  "functions have names");
	return N_("look at what it keeps, and at what reuses what it has freed");
}

/* gettext has a header for "". */
static const char *translated(const char *remedy)
{
	return *remedy ? _(remedy) : "";
}

const char *remedy_growth(const struct facts *f, const struct arrival_row *first, unsigned *advice)
{
	return translated(growth(f, first, advice));
}

const char *remedy_owner(const struct facts *f, enum owner_kind kind, unsigned *advice)
{
	static const char *const remedies[OWNER_KINDS] = {
		[OWNER_SHARED] =
		    N_("it stays until the last process that maps it, or has it open, lets it go; a "
		       "file in /dev/shm until it is removed"),
		[OWNER_ALLOCATOR] = N_("the allocator's own statistics say how much of it is free"),
		[OWNER_GO] =
		    N_("GOMEMLIMIT and GOGC make it collect earlier; a heap profile (runtime/pprof) names "
		       "who holds it"),
		[OWNER_JAVA_HEAP] =
		    N_("-Xmx limits it; jcmd PID GC.heap_info says how much of it is in use, and jcmd PID "
		       "GC.class_histogram by what"),
		[OWNER_V8] = N_("--max-old-space-size limits it; a heap snapshot names what holds it"),
	};

	if (kind == OWNER_MAIN_ARENA)
		*advice |= remedy_unread(f);
	if (kind == OWNER_PYTHON)
		*advice |= ADVICE_TRACEMALLOC;
	return translated(remedies[kind] ? remedies[kind] : "");
}
