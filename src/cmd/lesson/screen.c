/* A lecture on the terminal, whoever drives it: its place is kept, and where it was left it goes on. */
#include "cmd/lesson/screen.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "base/strbuf.h"
#include "cmd/lesson/lecture_keeper.h"
#include "cmd/lesson/lecture_plan.h"
#include "cmd/lesson/parts.h"
#include "ui/lecture/lecture_run.h"

int lesson_on_screen(const struct lecture_driver *driver, const struct lecture_plan *plan,
		     struct lecture_keeper *keeper, const struct lecture_position *left,
		     const struct options *options, int *ended_by, struct err *err)
{
	struct lecture_options lecture = { .terminal = options->screen.terminal,
					   .asking = !options->lesson.no_questions,
					   .begin = left ? left->number : 0,
					   .score = left ? left->score : NULL };
	struct strbuf message = { 0 };
	char **names = lecture_plan_names(plan);
	int result;

	size_t left_out = lesson_parts_left_out(options);

	if (left_out)
		strbuf_printf(
		    &message,
		    ngettext("%zu recording is left out; the terminal behind this screen says why",
			     "%zu recordings are left out; the terminal behind this screen says why",
			     left_out),
		    left_out);
	lecture_keeper_init(keeper, names, options->language, left);
	if (keeper->err.code) {
		strbuf_puts(&message, left_out ? "; " : "");
		strbuf_printf(&message, _("--notes and --resume will not work: %s"), keeper->err.text);
	}
	lecture.message = message.text;
	lecture.unsaved = &keeper->err;
	result = lecture_run(driver, &lecture, err);
	*ended_by = max(result, 0);
	lecture_keeper_end(keeper);
	free(names);
	strbuf_fini(&message);
	return result < 0 ? -1 : 0;
}
