/* Tries each source of data on a process: reads its regions, the first pages of each, and everything
 * about one page that is in memory. The process is neither touched nor stopped. */
#include "cmd/doctor/probes.h"

#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "kern/perf/faults.h"
#include "kern/procfile.h"
#include "symbol/code_file.h"

#define SAMPLE_PAGES 64 /* of each region */

struct probe {
	struct findings *all;
	enum finding_group group;
	const struct reader_options *options;
	struct reader *reader;
	struct region_list regions;
	uint64_t page;                    /* one that is in memory */
	const struct region_attr *region; /* that it is in; NULL: no page was found */
	struct page_detail *detail;       /* of that page */
};

/* What would make each source available; NULL: nothing known. */
static const char *const remedies[SOURCE_KINDS] = {
	[SOURCE_MAPS] = N_("run as the owner of the process, as root (sudo), or with CAP_SYS_PTRACE"),
	[SOURCE_PAGEMAP] = N_("run as the owner of the process, as root (sudo), or with CAP_SYS_PTRACE; a "
			      "kernel built with CONFIG_PROC_PAGE_MONITOR"),
	[SOURCE_PAGEMAP_SCAN] = N_("Linux 6.7 or newer"),
	[SOURCE_PAGE_CACHE] = N_("own the files, have permission to write them, or run as root (sudo)"),
	[SOURCE_FRAMES] = N_("run as root (sudo), or: setcap cap_sys_admin+ep pagescape"),
	[SOURCE_KPAGEFLAGS] = N_("run as root (sudo)"),
	[SOURCE_KPAGECOUNT] = N_("run as root (sudo)"),
	[SOURCE_SMAPS] = N_("run as the owner of the process, or as root (sudo)"),
	[SOURCE_BYTES] = N_("root (sudo) or CAP_SYS_PTRACE; if kernel.yama.ptrace_scope is 1, start the "
			    "program with pagescape or set it to 0"),
	[SOURCE_SYMBOLS] = N_("permission to read the files"),
	[SOURCE_FAULTS] = N_("root (sudo) or CAP_PERFMON; for your own processes: sysctl "
			     "kernel.perf_event_paranoid=2"),
};

/* What it means that something could be read, or not; `missing`: this system does not have it. */
static enum finding_status outcome(bool ok, bool missing)
{
	return ok ? FINDING_OK : missing ? FINDING_MISSING : FINDING_DENIED;
}

/* `why`: unless all of it could be read. */
static struct finding *report(struct probe *probe, enum source_kind kind, enum finding_status found,
			      const char *why)
{
	enum finding_status status = probe->options->off[kind] ? FINDING_OFF : found;
	struct finding *finding =
	    findings_add(probe->all, probe->group, source_kind_name(kind), status, source_kind_gives(kind));

	if (status == FINDING_OK || status == FINDING_OFF)
		return finding;
	finding->why = mem_strdup(why);
	if (remedies[kind])
		finding->remedy = _(remedies[kind]);
	return finding;
}

/* As report. If a limit was reached, the reason itself says what helps. */
static struct finding *report_err(struct probe *probe, enum source_kind kind, enum finding_status found,
				  const struct err *err)
{
	struct finding *finding = report(probe, kind, found, err->text);

	if (err->code == ERR_SYSTEM)
		finding->remedy = NULL;
	return finding;
}

/* As report, with what the reader says about its source. */
static void report_source(struct probe *probe, enum source_kind kind, bool missing)
{
	const struct err *err = reader_source(probe->reader, kind);

	report_err(probe, kind, outcome(err->code == ERR_NONE, missing), err);
}

/* Reads the first pages of each region, which tries the sources of page states, and finds a page
 * that is in memory: one of a file, because its bytes are no secret. */
static void sample_pages(struct probe *probe)
{
	unsigned shift = reader_page_shift(probe->reader);
	struct tiles tiles = { 0 };
	uint64_t done;

	for (size_t i = 0; i < probe->regions.count; i++) {
		const struct region_attr *attr = &probe->regions.attrs[i];
		uint64_t first = attr->start >> shift, end = attr->end >> shift;

		tiles.count = 0;
		if (end - first > SAMPLE_PAGES)
			end = first + SAMPLE_PAGES;
		if (reader_pages(probe->reader, attr, first, end, true, 0, &tiles, &done, NULL) < 0)
			continue;
		for (size_t t = 0; t < tiles.count && !probe->region; t++)
			if (page_state_of_file(page_state(tiles.run[t].value))) {
				probe->region = attr;
				probe->page = tiles.run[t].first;
			}
	}
	tiles_fini(&tiles);
}

/* How many files of code there are, and of how many symbols and debug information can be read. */
struct names_found {
	size_t files, symbols, lines;
	struct err err; /* of the last whose symbols could not be read */
};

static void count_file(struct probe *probe, const struct region_attr *attr, int root,
		       struct names_found *found)
{
	struct code_file *code;
	int fd;

	found->files++;
	fd = reader_open_file(probe->reader, attr, &found->err);
	code = fd < 0 ? NULL : code_file_open(fd, root, attr->path, &found->err);
	if (!code)
		return;
	found->symbols++;
	found->lines += code_file_has_debug_info(code);
	code_file_close(code);
}

static struct names_found count_files(struct probe *probe)
{
	struct names_found found = { 0 };
	int root = reader_root(probe->reader);

	for (size_t i = 0; i < probe->regions.count; i++) {
		const struct region_attr *attr = &probe->regions.attrs[i];

		if (attr->kind == REGION_TEXT && attr->inode)
			count_file(probe, attr, root, &found);
	}
	if (root >= 0)
		close(root);
	return found;
}

/* Source lines: how many files of code have them. */
static void report_debug_info(struct probe *probe, const struct names_found *found)
{
	enum finding_status status = found->lines == 0             ? FINDING_MISSING
				     : found->lines < found->files ? FINDING_PARTIAL
								   : FINDING_OK;
	struct finding *finding = findings_add(probe->all, probe->group, "debug_info", status,
					       _("source lines and inlined functions"));
	struct strbuf why = { 0 };

	if (status == FINDING_OK)
		return;
	strbuf_printf(&why,
		      ngettext("%zu of %zu file of code has debug information",
			       "%zu of %zu files of code have debug information", found->files),
		      found->lines, found->files);
	finding->why = why.text;
	finding->remedy = _("compile with -g; for installed programs, install the packages with debug "
			    "information (-dbg, -dbgsym, -debuginfo)");
}

static void try_names(struct probe *probe)
{
	struct names_found found = { 0 };
	const struct err *off = reader_source(probe->reader, SOURCE_SYMBOLS);

	if (off->code) {
		report(probe, SOURCE_SYMBOLS, FINDING_DENIED, off->text);
		return;
	}
	found = count_files(probe);
	if (!found.files)
		err_set(&found.err, ERR_NOT_FOUND, "%s", _("the process maps no file with code"));
	report_err(probe, SOURCE_SYMBOLS,
		   found.symbols && found.err.code ? FINDING_PARTIAL : outcome(found.symbols > 0, false),
		   &found.err);
	if (found.files)
		report_debug_info(probe, &found);
}

static void try_faults(struct probe *probe, int32_t pid)
{
	const char *root = probe->options->proc_root;
	struct err err = { 0 };
	struct faults *faults = NULL;

	if (reader_source(probe->reader, SOURCE_FAULTS)->code)
		err_set_off(&err);
	else if (procfile_is_captured(root))
		err_set(&err, ERR_UNSUPPORTED, "%s", _("captured files have no events"));
	else
		faults = faults_open(pid, &(struct faults_options){ 0 }, &err);
	if (faults && faults_user_only(faults))
		err_set(&err, ERR_DENIED, "%s", _("in user mode only, not inside system calls"));
	struct finding *finding =
	    report_err(probe, SOURCE_FAULTS,
		       faults && err.code ? FINDING_PARTIAL : outcome(faults != NULL, false), &err);
	if (finding->status == FINDING_PARTIAL)
		finding->remedy = _("sysctl kernel.perf_event_paranoid=1, or root (sudo), or CAP_PERFMON");
	faults_close(faults);
}

static void try_counters_and_sums(struct probe *probe)
{
	struct err err = { 0 };
	struct process_stat stat;
	struct region_sums *entries = NULL;
	size_t count;
	bool ok;

	ok = reader_stat(probe->reader, &stat, &err) == 0;
	report_err(probe, SOURCE_COUNTERS, outcome(ok, false), &err);
	ok = reader_smaps(probe->reader, &entries, &count, &err) == 0;
	report_err(probe, SOURCE_SMAPS,
		   outcome(ok, !procfile_exists(probe->options->proc_root, "self/smaps")), &err);
	free(entries);
}

/* Tries what can be known only about single pages. */
static void try_page(struct probe *probe)
{
	struct page_detail *detail = probe->detail;
	struct err err = { 0 };

	if (!probe->region) {
		const char *why = _("found no page to try it on");

		report(probe, SOURCE_FRAMES, FINDING_DENIED, why);
		report(probe, SOURCE_KPAGEFLAGS, FINDING_DENIED, why);
		report(probe, SOURCE_KPAGECOUNT, FINDING_DENIED, why);
		report(probe, SOURCE_BYTES, FINDING_DENIED, why);
		return;
	}
	if (reader_inspect(probe->reader, probe->region, probe->page, INSPECT_BYTES, detail, &err) < 0)
		detail->frame.why = detail->kflags.why = detail->mapcount.why = detail->bytes_why = err.text;
	report(probe, SOURCE_FRAMES, outcome(detail->frame.known, false), detail->frame.why);
	report(probe, SOURCE_KPAGEFLAGS,
	       outcome(detail->kflags.known, !procfile_exists(probe->options->proc_root, "kpageflags")),
	       detail->kflags.why);
	report(probe, SOURCE_KPAGECOUNT,
	       outcome(detail->mapcount.known, !procfile_exists(probe->options->proc_root, "kpagecount")),
	       detail->mapcount.why);
	report(probe, SOURCE_BYTES, outcome(detail->bytes_len > 0, false), detail->bytes_why);
}

/* What kind of program it is. */
static void try_identity(struct probe *probe)
{
	struct event_process identity;

	if (reader_identity(probe->reader, &identity, NULL) < 0)
		return;
	if (identity.bits)
		findings_add(probe->all, probe->group, "bits", FINDING_FACT, NULL)->number = identity.bits;
	if (identity.address_bits)
		findings_add(probe->all, probe->group, "address_bits", FINDING_FACT, NULL)->number =
		    identity.address_bits;
}

int probe_process(struct findings *all, enum finding_group group, int32_t pid,
		  const struct reader_options *options, struct err *err)
{
	struct probe probe = { .all = all, .group = group, .options = options };
	int result = 0;

	probe.reader = reader_open(pid, options, err);
	if (!probe.reader || reader_regions(probe.reader, &probe.regions, err) < 0) {
		if (err->code == ERR_DENIED)
			report(&probe, SOURCE_MAPS, FINDING_DENIED, err->text);
		else
			result = -1;
	} else {
		try_identity(&probe);
		probe.detail = mem_zalloc(sizeof *probe.detail);
		sample_pages(&probe);
		report_source(&probe, SOURCE_MAPS, false);
		report_source(&probe, SOURCE_PAGEMAP, !procfile_exists(options->proc_root, "self/pagemap"));
		report_source(&probe, SOURCE_PAGEMAP_SCAN, true);
		report_source(&probe, SOURCE_PAGE_CACHE, false);
		try_page(&probe);
		try_counters_and_sums(&probe);
		try_names(&probe);
		try_faults(&probe, pid);
		free(probe.detail);
	}
	region_list_fini(&probe.regions);
	if (probe.reader)
		reader_close(probe.reader);
	return result;
}
