/* What a lesson needs and the machine may lack. */
#include "cmd/lesson/needs.h"

#include <unistd.h>

#include "base/i18n.h"
#include "kern/frames.h"
#include "kern/machine.h"
#include "kern/perf/faults.h"
#include "kern/programs_32.h"
#include "lesson/lesson.h"

static bool sees_faults(void)
{
	static const struct faults_options options;
	struct err err = { 0 };
	struct faults *faults = faults_open((int32_t)getpid(), &options, &err);
	bool sees = faults;

	faults_close(faults);
	return sees;
}

int lesson_check_needs(const char *needs, struct err *err)
{
	if (lesson_needs_has(needs, "root") && geteuid() != 0)
		return err_set(err, ERR_UNSUPPORTED, "%s", _("needs root"));
	if (lesson_needs_has(needs, "swap") && !machine_has_swap())
		return err_set(err, ERR_UNSUPPORTED, "%s", _("needs swap space, and this machine has none"));
	if (lesson_needs_has(needs, "frames") && !frames_are_shown())
		return err_set(err, ERR_UNSUPPORTED, "%s", _("needs frame numbers, which root may read"));
	if (lesson_needs_has(needs, "faults") && !sees_faults())
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("needs page faults, which cannot be seen here (see pagescape doctor)"));
	if (lesson_needs_has(needs, "huge") && !machine_has_huge_pages())
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("needs transparent huge pages, which this kernel does not provide"));
	if (lesson_needs_has(needs, "32-bit") && !programs_32_run())
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("needs an x86-64 machine that runs 32-bit programs"));
	if (lesson_needs_has(needs, "zero-page") && !frames_have_zero_page())
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("needs the shared zero page, and this kernel gives each page that is read a "
				 "frame of its own"));
	return 0;
}
