/* Facts about the machine: kernel, rights, settings, terminal. */
#include "cmd/doctor/probes.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/language.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "kern/machine.h"
#include "ui/terminfo.h"

/* Adds a number of the kernel's, if there is one. */
static void add_number(struct findings *all, const char *name, enum machine_number which)
{
	int64_t number;

	if (machine_number(which, &number))
		findings_add(all, FINDINGS_SYSTEM, name, FINDING_FACT, NULL)->number = number;
}

/* Those of our rights that matter here. */
static void add_capabilities(struct findings *all)
{
	static const struct {
		int bit;
		const char *name;
	} known[] = { { 19, "CAP_SYS_PTRACE" }, { 21, "CAP_SYS_ADMIN" }, { 38, "CAP_PERFMON" } };
	uint64_t effective = machine_capabilities();
	struct strbuf text = { 0 };

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (effective >> known[i].bit & 1)
			strbuf_printf(&text, "%s%s", text.len ? " " : "", known[i].name);
	findings_add(all, FINDINGS_SYSTEM, "capabilities", FINDING_FACT, text.len ? text.text : _("none"));
	strbuf_fini(&text);
}

void probe_system(struct findings *all)
{
	struct utsname names;
	struct strbuf text = { 0 };

	findings_add(all, FINDINGS_SYSTEM, "pagescape", FINDING_FACT, PACKAGE_VERSION);
	if (uname(&names) == 0) {
		strbuf_printf(&text, "%s %s %s", names.sysname, names.release, names.machine);
		findings_add(all, FINDINGS_SYSTEM, "kernel", FINDING_FACT, text.text);
		strbuf_fini(&text);
	}
	findings_add(all, FINDINGS_SYSTEM, "page_size", FINDING_FACT, NULL)->number = sysconf(_SC_PAGESIZE);
	add_number(all, "huge_page_size", MACHINE_HUGE_PAGE_SIZE);
	findings_add(all, FINDINGS_SYSTEM, "user_id", FINDING_FACT, NULL)->number = geteuid();
	add_capabilities(all);
	add_number(all, "ptrace_scope", MACHINE_PTRACE_SCOPE);
	add_number(all, "perf_event_paranoid", MACHINE_PERF_PARANOID);
}

void probe_terminal(struct findings *all)
{
	const char *term = getenv("TERM");
	int colours = terminfo_colours();
	struct finding *finding;

	findings_add(all, FINDINGS_TERMINAL, "term", FINDING_FACT, term && *term ? term : _("not set"));
	findings_add(all, FINDINGS_TERMINAL, "encoding", FINDING_FACT, nl_langinfo(CODESET));
	finding =
	    findings_add(all, FINDINGS_TERMINAL, "utf8", language_is_utf8() ? FINDING_OK : FINDING_MISSING,
			 _("blocks, lines and names are drawn as they are"));
	if (finding->status != FINDING_OK)
		finding->remedy = _("a UTF-8 locale: LANG=C.UTF-8");
	finding = findings_add(all, FINDINGS_TERMINAL, "colours", FINDING_FACT, NULL);
	finding->number = colours;
}
