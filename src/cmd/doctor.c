/* doctor: what this machine lets us see, what it does not, why, and what would change it.
 * Everything is found by trying it. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/doctor/findings.h"
#include "cmd/doctor/probes.h"
#include "cmd/options.h"
#include "cmd/subcommand.h"

#define DESCRIPTORS 32 /* perf events take more, and report it themselves if none are left */

/* Without descriptors, probes would fail as if rights were missing. */
static int need_descriptors(struct err *err)
{
	int fds[DESCRIPTORS], count = 0, errnum;

	while (count < DESCRIPTORS && (fds[count] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)) >= 0)
		count++;
	errnum = errno;
	for (int i = 0; i < count; i++)
		close(fds[i]);
	return count == DESCRIPTORS
		   ? 0
		   : err_system(err, errnum, "%s", _("there are too few descriptors to try things with"));
}

static int run_doctor(const struct options *options, struct err *err)
{
	struct findings all = { 0 };
	int result;

	if (need_descriptors(err) < 0)
		return -1;
	probe_system(&all);
	result = probe_process(&all, FINDINGS_SELF, getpid(), &options->reader, err);
	if (result == 0 && options->input.pid)
		result = probe_process(&all, FINDINGS_PROCESS, options->input.pid, &options->reader, err);
	probe_faults(&all, &options->reader);
	probe_cost(&all, &options->reader);
	probe_stepping(&all);
	probe_terminal(&all);
	if (result == 0 && options->output.json)
		findings_print_json(stdout, &all);
	else if (result == 0)
		findings_print_text(stdout, &all, options->input.pid, options_ascii(options));
	findings_fini(&all);
	return result;
}

static const char *const usage[] = { N_("doctor [-p PID] [OPTION ...]"), NULL };

static const enum option_id taken[] = { OPTION_PID,       OPTION_ASCII,     OPTION_JSON,
					OPTION_PROC_ROOT, OPTION_NO_SOURCE, OPTION_IDS };

static const struct option_words words[] = {
	{ OPTION_PID, N_("the process to look at") },
	{ OPTION_IDS, NULL },
};

const struct subcommand subcommand_doctor = {
	.name = "doctor",
	.usage = usage,
	.example = "pagescape doctor",
	.options = taken,
	.words = words,
	.help = N_("Shows what pagescape can see on this machine, what it cannot, why, and what\n"
		   "would change that. Everything is found by trying it."),
	.run = run_doctor,
};
