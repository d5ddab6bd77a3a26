/* The demo program that comes with pagescape. */
#ifndef CMD_DEMO_H
#define CMD_DEMO_H

#include "base/err.h"

/* Its path: in the build tree when pagescape runs from there, else where it was installed.
 * The caller frees. NULL with ERR_NOT_FOUND. */
char *demo_path(struct err *);

#endif
