/* The address taken apart into its table indices. */
#ifndef UI_VIEW_TAB_ADDRESS_H
#define UI_VIEW_TAB_ADDRESS_H

#include "ui/view/tabs.h"

extern const struct view_ops tab_address;

#endif
