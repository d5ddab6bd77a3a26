/* diff: what differs between two processes, or two moments of one. */
#include <langinfo.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "cmd/picture.h"
#include "cmd/screen.h"
#include "cmd/still.h"
#include "cmd/subcommand.h"
#include "export/compare_print.h"
#include "ui/ui.h"

static int print(const struct picture *a, const struct picture *b, const struct options *options)
{
	struct compare_side side_a = { a->shown, a->time, a->process },
			    side_b = { b->shown, b->time, b->process };
	struct compare_print how = { .pages = options->pages,
				     .ascii = options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0 };
	struct comparison c;
	struct winsize size;
	bool differ;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		how.columns = size.ws_col;
	compare_spaces(&c, a->process->space, b->process->space, options->all);
	if (options->json)
		compare_print_json(stdout, &c, &side_a, &side_b, &how);
	else
		compare_print_text(stdout, &c, &side_a, &side_b, &how);
	differ = c.differing > 0;
	compare_fini(&c);
	return options->exit_code && differ ? 1 : 0;
}

static int show(const struct picture *a, const struct picture *b, const struct options *options,
		struct err *err)
{
	const struct aligned_moment moments[ALIGNED_SIDES] = {
		{ a->process, a->shown, a->time, a->world->now_ns },
		{ b->process, b->shown, b->time, b->world->now_ns },
	};
	struct aligned *aligned = aligned_create(moments, options->all);
	struct ui_options screen = screen_options(options);
	int result;

	screen.compared = aligned;
	result = ui_run(still_source(), aligned->stage, NULL, aligned->sides[ALIGNED_B].pid, &screen, err);
	if (result >= 0)
		result = options->exit_code && aligned->comparison.differing ? 1 : 0;
	aligned_destroy(aligned);
	return result;
}

static int run_diff(const struct options *options, struct err *err)
{
	struct picture a, b;
	int result = -1;

	if (!options->files[1])
		return err_set(err, ERR_USAGE,
			       _("diff needs two of: SESSION, SESSION@SECONDS, SNAPSHOT, pid:PID "
				 "(see pagescape diff --help)"));
	if (options->screen && !isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, "%s", _("--screen needs a terminal"));
	if (picture_open(&a, options->files[0], options, err) < 0)
		return -1;
	if (picture_open(&b, options->files[1], options, err) == 0) {
		if (a.process->space->page_shift == b.process->space->page_shift)
			result = options->screen ? show(&a, &b, options, err) : print(&a, &b, options);
		else
			err_set(err, ERR_UNSUPPORTED, _("pages of different sizes cannot be compared"));
		picture_fini(&b);
	}
	picture_fini(&a);
	return result;
}

static const char *const usage[] = { N_("diff [OPTION ...] A B"), NULL };

const struct subcommand subcommand_diff = {
	.name = "diff",
	.bit = COMMAND_DIFF,
	.operand = OPERAND_FILES,
	.usage = usage,
	.help = N_("Prints what differs between A and B, by state, region and page. Each is a\n"
		   "SESSION (its end), SESSION[#PID][@SECONDS], a snapshot (--json --pages), or\n"
		   "pid:PID.\n"
		   "Regions are matched by what they are, not by address: two runs can be compared.\n"
		   "With --screen both stand side by side on the screen."),
	.run = run_diff,
};
