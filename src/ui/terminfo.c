/* Checked before curses takes the terminal, because newterm reports too little about what is wrong. A file of
 * its own: term.h defines macros named `columns` and `lines`. */
#include "ui/terminfo.h"

#include <curses.h>
#include <stdlib.h>
#include <term.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/minmax.h"

int terminfo_check(struct err *err)
{
	const char *name = getenv("TERM");
	int answer, able;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_UNSUPPORTED,
			       _("no terminal on standard input and output: use pagescape snapshot, or run "
				 "it in a terminal"));
	if (!name || !*name)
		return err_set(
		    err, ERR_UNSUPPORTED,
		    _("TERM is not set: set it to your terminal's name, or use pagescape snapshot"));
	if (setupterm(name, STDOUT_FILENO, &answer) != OK)
		return err_set(err, ERR_UNSUPPORTED,
			       _("TERM=%.40s is not known on this machine: set TERM (xterm-256color fits "
				 "most), or use pagescape snapshot"),
			       name);
	able = tigetstr("cup") != NULL && tigetstr("cup") != (char *)-1;
	del_curterm(cur_term);
	if (!able)
		return err_set(err, ERR_UNSUPPORTED,
			       _("TERM=%.40s cannot show a screen: set TERM, or use pagescape snapshot"),
			       name);
	return 0;
}

int terminfo_colours(void)
{
	const char *name = getenv("TERM");
	int answer, colours;

	if (!name || !*name || setupterm(name, STDOUT_FILENO, &answer) != OK)
		return 0;
	colours = tigetnum("colors");
	del_curterm(cur_term);
	return max(colours, 0);
}
