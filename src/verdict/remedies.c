#include "verdict/remedies.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

bool remedy_is_loader(const struct arrival_row *row)
{
	return text_begins(row->object, "ld-") || text_begins(row->object, "ld.");
}

const char *remedy_growth(const struct facts *f, const struct arrival_row *first)
{
	bool nameless = !*first->name && !*first->object;

	if (remedy_is_loader(first))
		return N_(
		    "that is the loader, which fits each library to its address once, at the start: fewer "
		    "libraries, less of it");
	if (first->who != ARRIVAL_KNOWN)
		return first->who == ARRIVAL_NOT_SAMPLED ? N_("--sample 1 takes more stacks, for a price")
							 : "";
	if (owners_sum(&f->owners, OWNER_V8).regions && (nameless || text_begins(first->object, "node")))
		return N_("that is JavaScript's engine at work: with node --perf-basic-prof the script's "
			  "functions have names");
	if (text_begins(first->object, "python") || text_begins(first->object, "libpython") ||
	    (nameless && owners_sum(&f->owners, OWNER_PYTHON).regions))
		return N_("that is Python's interpreter at work: the script's functions have names with "
			  "python3 -X perf, from 3.12 on; tracemalloc knows the lines");
	if (nameless)
		return N_("code that is made at run time has names where the program writes a map of it "
			  "(/tmp/perf-PID.map)");
	if (!*first->name)
		return N_("that file has lost its symbols: with those (its -dbgsym package) its "
			  "functions have names");
	return N_("look at what it keeps, and at what reuses what it has freed");
}

/* Of malloc's chunks nothing was read yet. */
static const char *remedy_unread(const struct facts *f)
{
	return figure_known(f->process->figures.read.values[KERNEL_MALLOC_USED])
		   ? ""
		   : N_("why --read counts what of it is free");
}

const char *remedy_owner(const struct facts *f, enum owner_kind kind)
{
	static const char *const remedies[OWNER_KINDS] = {
		[OWNER_SHARED] =
		    N_("it stays until the last process that maps it, or has it open, lets it go; a "
		       "file in /dev/shm until it is removed"),
		[OWNER_ALLOCATOR] = N_("how much of it is free, the allocator's own statistics say"),
		[OWNER_GO] =
		    N_("GOMEMLIMIT and GOGC make it collect earlier; a heap profile (runtime/pprof) names "
		       "who holds it"),
		[OWNER_JAVA_HEAP] =
		    N_("-Xmx limits it; jcmd PID GC.heap_info says how much of it is in use, and jcmd PID "
		       "GC.class_histogram by what"),
		[OWNER_V8] = N_("--max-old-space-size limits it; a heap snapshot names what holds it"),
		[OWNER_PYTHON] = N_("tracemalloc names the lines of the script that hold it"),
	};

	if (kind == OWNER_MAIN_ARENA)
		return remedy_unread(f);
	return remedies[kind] ? remedies[kind] : "";
}
