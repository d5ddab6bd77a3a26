/* A row a tab. */
#include "ui/view/views.h"

#include "ui/view/tab_page.h"
#include "ui/view/tab_address.h"
#include "ui/view/tab_entry.h"
#include "ui/view/tab_bytes.h"
#include "ui/view/tab_output.h"
#include "ui/view/tab_changes.h"
#include "ui/view/tab_sources.h"
#include "ui/view/tab_why.h"
#include "ui/view/tab_stack.h"
#include "ui/view/tab_events.h"
#include "ui/view/tab_functions.h"

const struct view_ops *const views[] = {
	&tab_page,    &tab_address, &tab_entry, &tab_bytes,  &tab_output,    &tab_changes,
	&tab_sources, &tab_why,     &tab_stack, &tab_events, &tab_functions, NULL,
};
