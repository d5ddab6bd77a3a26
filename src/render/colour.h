/* A colour as terminals have them. */
#ifndef RENDER_COLOUR_H
#define RENDER_COLOUR_H

#include <stdint.h>

struct colour {
	short c256, c16, c8; /* its number where there are that many */
	uint8_t style;       /* STYLE_*: added with colours */
	uint8_t mono;        /* STYLE_*: used where there are no colours */
};

#endif
