/* diff: what differs between two processes, or two moments of one. */
#include <langinfo.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "cmd/diff_touched.h"
#include "cmd/loop.h"
#include "cmd/operand.h"
#include "cmd/still.h"
#include "cmd/option_rows.h"
#include "cmd/options.h"
#include "cmd/subcommand.h"
#include "export/comparison.h"
#include "ui/ui.h"

static int print(const struct operand *a, const struct operand *b, const struct options *options)
{
	struct comparison_side side_a = { a->shown, a->time, a->process },
			       side_b = { b->shown, b->time, b->process };
	struct comparison_options how = { .pages = options->output.pages, .ascii = options_ascii(options) };
	struct comparison c;
	struct winsize size;
	bool differ;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		how.columns = size.ws_col;
	compare_spaces(&c, a->process->space, b->process->space, options->all);
	if (options->output.json)
		comparison_print_json(stdout, &c, &side_a, &side_b, &how);
	else
		comparison_print_text(stdout, &c, &side_a, &side_b, &how);
	differ = c.differing > 0;
	compare_fini(&c);
	return options->diff.exit_code && differ ? 1 : 0;
}

/* *ended_by: the signal that ended it, if one did. */
static int show(const struct operand *a, const struct operand *b, const struct options *options,
		int *ended_by, struct err *err)
{
	const struct aligned_picture pictures[ALIGNED_SIDES] = {
		{ a->process, a->shown, a->time, a->world->now_ns },
		{ b->process, b->shown, b->time, b->world->now_ns },
	};
	struct aligned *aligned = aligned_create(pictures, options->all);
	struct ui_options screen = options->screen;
	int result;

	screen.compared = aligned;
	result = ui_run(still_source(), aligned->stage, NULL, aligned->sides[ALIGNED_B].pid, &screen, err);
	*ended_by = max(result, 0);
	if (result >= 0)
		result = options->diff.exit_code && aligned->comparison.differing ? 1 : 0;
	aligned_destroy(aligned);
	return result;
}

/* The screen of a comparison and its text have different options. */
static int check(const struct options *options, struct err *err)
{
	static const enum option_id of_screen[] = { OPTION_THEME, OPTION_DO, OPTION_NO_MOUSE, OPTION_IDS },
				    of_text[] = { OPTION_JSON, OPTION_PAGES, OPTION_IDS };
	bool screen = options->diff.screen;
	enum option_id stray = options_first_given(options, screen ? of_text : of_screen);

	if (stray != OPTION_IDS)
		return err_set(err, ERR_USAGE,
			       screen ? _("--screen and --%s are mutually exclusive")
				      : _("--%s needs diff --screen"),
			       option_name(stray));
	if (options->diff.touched && (options->diff.screen || options->all))
		return err_set(err, ERR_USAGE, _("--touched and --%s are mutually exclusive"),
			       options->diff.screen ? "screen" : "all");
	if (!options->input.operands[1])
		return err_set(err, ERR_USAGE,
			       _("diff needs two of: SESSION, SESSION@SECONDS, SNAPSHOT, pid:PID "
				 "(see pagescape diff --help)"));
	if (options->diff.screen && !isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, "%s", _("--screen needs a terminal"));
	return 0;
}

static int run_diff(const struct options *options, struct err *err)
{
	struct operand a = { 0 }, b = { 0 };
	int result = -1, ended_by = 0;

	if (check(options, err) < 0)
		return -1;
	if (options->diff.touched)
		return diff_touched(options, err);
	if (operand_open(&a, options->input.operands[0], options, err) < 0)
		return -1;
	if (operand_open(&b, options->input.operands[1], options, err) == 0) {
		if (a.process->space->page_shift == b.process->space->page_shift)
			result = options->diff.screen ? show(&a, &b, options, &ended_by, err)
						      : print(&a, &b, options);
		else
			err_set(err, ERR_UNSUPPORTED, _("pages of different sizes cannot be compared"));
		result = operand_result(&b.broken, operand_result(&a.broken, result));
		operand_fini(&b);
	}
	operand_fini(&a);
	if (ended_by)
		loop_die_of(ended_by);
	return result;
}

static const char *const usage[] = { N_("diff [OPTION ...] A B"), NULL };

static const enum option_id taken[] = { OPTION_THEME,   OPTION_ASCII, OPTION_DO,        OPTION_NO_MOUSE,
					OPTION_JSON,    OPTION_PAGES, OPTION_EXIT_CODE, OPTION_SCREEN,
					OPTION_TOUCHED, OPTION_ALL,   OPTION_PROC_ROOT, OPTION_NO_SOURCE,
					OPTION_IDS };

static const struct option_words words[] = {
	{ OPTION_ALL, N_("all differences, also those by chance") },
	{ OPTION_IDS, NULL },
};

const struct subcommand subcommand_diff = {
	.name = "diff",
	.usage = usage,
	.example = "pagescape diff old.pgs new.pgs",
	.options = taken,
	.words = words,
	.operands = 2,
	.help = N_("Prints the differences between A and B, by state, region and page. Each is a\n"
		   "SESSION (its end), SESSION[#PID][@SECONDS], a snapshot (--json --pages), or\n"
		   "pid:PID.\n"
		   "Regions are matched by what they are, not by address: two runs can be compared.\n"
		   "With --screen, shows both side by side on the screen. With --touched, compares\n"
		   "the pages that two recorded runs touched, from beginning to end."),
	.run = run_diff,
};
