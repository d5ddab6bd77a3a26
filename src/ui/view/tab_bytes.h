/* The bytes of the page. */
#ifndef UI_VIEW_TAB_BYTES_H
#define UI_VIEW_TAB_BYTES_H

#include "ui/view/tabs.h"

extern const struct view_ops tab_bytes;

#endif
