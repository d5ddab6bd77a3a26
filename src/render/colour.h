/* A colour for terminals of different abilities. */
#ifndef RENDER_COLOUR_H
#define RENDER_COLOUR_H

#include <stdint.h>

struct colour {
	short c256, c16, c8; /* its number in terminals with that many colours */
	uint8_t style;       /* STYLE_*: added if there are colours */
	uint8_t mono;        /* STYLE_*: used where there are no colours */
};

#endif
