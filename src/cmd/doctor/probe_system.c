/* Facts about the machine: kernel, rights, settings, terminal. */
#include "cmd/doctor/probes.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "ui/terminfo.h"

#define THP_SIZE "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"
#define PTRACE_SCOPE "/proc/sys/kernel/yama/ptrace_scope"
#define PERF_PARANOID "/proc/sys/kernel/perf_event_paranoid"

/* Adds the number in a file of the kernel, if there is one. */
static struct finding *add_number_of(struct findings *all, const char *group, const char *name,
				     const char *path)
{
	FILE *file = fopen(path, "re");
	struct finding *finding = NULL;
	long long number;

	if (!file)
		return NULL;
	if (fscanf(file, "%lld", &number) == 1) {
		finding = findings_add(all, group, name, FINDING_FACT, NULL);
		finding->number = number;
	}
	fclose(file);
	return finding;
}

/* Those of our rights that matter here: "CapEff:	000001ffffffffff" */
static void add_capabilities(struct findings *all)
{
	static const struct {
		int bit;
		const char *name;
	} known[] = { { 19, "CAP_SYS_PTRACE" }, { 21, "CAP_SYS_ADMIN" }, { 38, "CAP_PERFMON" } };
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long long effective = 0;
	struct strbuf text = { 0 };
	char line[256];

	if (!file)
		return;
	while (fgets(line, sizeof line, file))
		if (sscanf(line, "CapEff: %llx", &effective) == 1)
			break;
	fclose(file);
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (effective >> known[i].bit & 1)
			strbuf_printf(&text, "%s%s", text.len ? " " : "", known[i].name);
	findings_add(all, "system", "capabilities", FINDING_FACT, text.len ? text.text : _("none"));
	strbuf_fini(&text);
}

void probe_system(struct findings *all)
{
	struct utsname names;
	struct strbuf text = { 0 };

	findings_add(all, "system", "pagescape", FINDING_FACT, PACKAGE_VERSION);
	if (uname(&names) == 0) {
		strbuf_printf(&text, "%s %s %s", names.sysname, names.release, names.machine);
		findings_add(all, "system", "kernel", FINDING_FACT, text.text);
		strbuf_fini(&text);
	}
	findings_add(all, "system", "page_size", FINDING_FACT, NULL)->number = sysconf(_SC_PAGESIZE);
	add_number_of(all, "system", "huge_page_size", THP_SIZE);
	findings_add(all, "system", "user_id", FINDING_FACT, NULL)->number = geteuid();
	add_capabilities(all);
	add_number_of(all, "system", "ptrace_scope", PTRACE_SCOPE);
	add_number_of(all, "system", "perf_event_paranoid", PERF_PARANOID);
}

void probe_terminal(struct findings *all)
{
	const char *term = getenv("TERM");
	int colours = terminfo_colours();
	struct finding *finding;

	findings_add(all, "terminal", "term", FINDING_FACT, term && *term ? term : _("not set"));
	findings_add(all, "terminal", "encoding", FINDING_FACT, nl_langinfo(CODESET));
	finding = findings_add(all, "terminal", "utf8",
			       strcmp(nl_langinfo(CODESET), "UTF-8") ? FINDING_MISSING : FINDING_OK,
			       _("blocks, lines and names are drawn as they are"));
	if (finding->status != FINDING_OK)
		finding->remedy = _("a UTF-8 locale: LANG=C.UTF-8");
	finding = findings_add(all, "terminal", "colours", FINDING_FACT, NULL);
	finding->number = colours;
}
