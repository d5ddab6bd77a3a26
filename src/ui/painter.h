/* Puts a canvas on the screen that curses has opened, in the colours of a theme. */
#ifndef UI_PAINTER_H
#define UI_PAINTER_H

#include <stdbool.h>

#include "render/canvas.h"
#include "render/theme.h"

struct painter;

/* Needs curses to be set up. `colour`: colours may be used; `ascii`: ASCII alone is shown. */
struct painter *painter_create(const struct theme *, bool colour, bool ascii);
/* NULL is fine. */
void painter_destroy(struct painter *);
void painter_set_theme(struct painter *, const struct theme *);
/* Are no colours shown, with this theme on this terminal? */
bool painter_mono(const struct painter *);
/* The next picture is painted whole, whatever the screen holds. */
void painter_repaint(struct painter *);
/* Sends what differs from the last picture; nothing if nothing differs. What does not fit on the screen is
 * left out. */
void painter_show(struct painter *, const struct canvas *);

#endif
