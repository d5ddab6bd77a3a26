/* _() marks each string that people read, for gettext; N_() marks one in a table, which is translated where
 * it is used. */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) (text)

#endif
