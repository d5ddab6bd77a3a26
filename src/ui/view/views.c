/* The tabs: a name each, in the order in which they stand in the line. */
#include "ui/view/views.h"

#define TABS(X)                                                                                              \
	X(page)                                                                                              \
	X(address)                                                                                           \
	X(entry)                                                                                             \
	X(bytes)                                                                                             \
	X(output)                                                                                            \
	X(changes)                                                                                           \
	X(sources)                                                                                           \
	X(why)                                                                                               \
	X(stack)                                                                                             \
	X(events)                                                                                            \
	X(functions)

#define DECLARE(name) extern const struct view_ops tab_##name;
TABS(DECLARE)

#define ENTRY(name) &tab_##name,
const struct view_ops *const views[] = { TABS(ENTRY) NULL };
