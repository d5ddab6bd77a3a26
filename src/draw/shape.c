/* Coordinates of a shape are in units of the cell, the origin in its middle. */
#include "draw/shape.h"

struct shape_cell {
	struct drawing *drawing;
	double x, y, width, height; /* of the cell */
	uint32_t rgb;
};

/* A part of the cell, from and to in parts of its width and height. */
static void fill_part(const struct shape_cell *p, double left, double top, double right, double bottom)
{
	drawing_fill(p->drawing, p->x + left * p->width, p->y + top * p->height, (right - left) * p->width,
		     (bottom - top) * p->height, p->rgb);
}

/* The blocks: the lower eighths 0x2581..0x2588, the left eighths 0x2589..0x258f. */
static bool draw_block(const struct shape_cell *p, uint32_t ch)
{
	if (ch < 0x2581 || ch > 0x258f)
		return false;
	if (ch <= 0x2588)
		fill_part(p, 0, 1 - (ch - 0x2580) / 8.0, 1, 1);
	else
		fill_part(p, 0, 0, (0x2590 - ch) / 8.0, 1);
	return true;
}

/* Lines from the middle of the cell to its sides, in 1/16 of the width: left, up, right, down. */
static const struct {
	uint16_t ch;
	uint8_t left, up, right, down;
} lines[] = {
	{ 0x2500, 1, 0, 1, 0 }, { 0x2501, 3, 0, 3, 0 }, { 0x2502, 0, 1, 0, 1 }, { 0x2503, 0, 3, 0, 3 },
	{ 0x250c, 0, 0, 1, 1 }, { 0x2510, 1, 0, 0, 1 }, { 0x2514, 0, 1, 1, 0 }, { 0x2518, 1, 1, 0, 0 },
	{ 0x251c, 0, 1, 1, 1 }, { 0x2524, 1, 1, 0, 1 }, { 0x252c, 1, 0, 1, 1 }, { 0x2534, 1, 1, 1, 0 },
	{ 0x253c, 1, 1, 1, 1 }, { 0x257c, 1, 0, 3, 0 }, { 0x257e, 3, 0, 1, 0 },
};

static bool draw_lines(const struct shape_cell *p, uint32_t ch)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		double unit = p->width / 10, middle_x = p->x + p->width / 2, middle_y = p->y + p->height / 2;

		if (lines[i].ch != ch)
			continue;
		if (lines[i].left)
			drawing_fill(p->drawing, p->x, middle_y - unit * lines[i].left / 2, p->width / 2,
				     unit * lines[i].left, p->rgb);
		if (lines[i].right)
			drawing_fill(p->drawing, middle_x, middle_y - unit * lines[i].right / 2, p->width / 2,
				     unit * lines[i].right, p->rgb);
		if (lines[i].up)
			drawing_fill(p->drawing, middle_x - unit * lines[i].up / 2, p->y, unit * lines[i].up,
				     p->height / 2 + unit / 2, p->rgb);
		if (lines[i].down)
			drawing_fill(p->drawing, middle_x - unit * lines[i].down / 2, middle_y - unit / 2,
				     unit * lines[i].down, p->height / 2 + unit / 2, p->rgb);
		return true;
	}
	return false;
}

#define CORNERS_MAX 12

/* Surfaces, in units of the cell's width from its middle. A hollow one has a path that goes around the
 * outside, then around the inside in the opposite direction. */
static const struct {
	uint16_t ch;
	uint8_t count;
	double corners[CORNERS_MAX * 2];
} surfaces[] = {
	/* squares, a diamond, triangles */
	{ 0x25a0, 4, { -.38, -.38, .38, -.38, .38, .38, -.38, .38 } },
	{ 0x25aa, 4, { -.24, -.24, .24, -.24, .24, .24, -.24, .24 } },
	{ 0x25c6, 4, { 0, -.5, .46, 0, 0, .5, -.46, 0 } },
	{ 0x25b2, 3, { 0, -.46, .46, .38, -.46, .38 } },
	{ 0x25b4, 3, { 0, -.28, .28, .24, -.28, .24 } },
	/* hollow squares */
	{ 0x25a1, 10, { -.38, -.38, .38,  -.38, .38, .38, -.38, .38,  -.38, -.38,
			-.26, -.26, -.26, .26,  .26, .26, .26,  -.26, -.26, -.26 } },
	{ 0x25ab, 10, { -.24, -.24, .24,  -.24, .24, .24, -.24, .24,  -.24, -.24,
			-.14, -.14, -.14, .14,  .14, .14, .14,  -.14, -.14, -.14 } },
	/* hollow triangles, upside down */
	{ 0x25bd, 8, { 0, .46, -.46, -.38, .46, -.38, 0, .46, 0, .22, .25, -.26, -.25, -.26, 0, .22 } },
	{ 0x25bf, 8, { 0, .32, -.32, -.26, .32, -.26, 0, .32, 0, .12, .15, -.16, -.15, -.16, 0, .12 } },
	/* a cross */
	{ 0x2715, 12, { -.4, -.28, -.28, -.4, 0, -.12, .28,  -.4, .4,  -.28, .12,  0,
			.4,  .28,  .28,  .4,  0, .12,  -.28, .4,  -.4, .28,  -.12, 0 } },
	/* a triangle to the right */
	{ 0x25b8, 3, { -.25, -.35, .35, 0, -.25, .35 } },
};

/* Round ones: a disc, or a ring whose line is so wide. */
static const struct {
	uint16_t ch;
	double radius, line;
} rounds[] = {
	{ 0x00b7, .12, 0 }, { 0x2219, .12, 0 }, { 0x25e6, .2, .1 }, { 0x25cf, .42, 0 }, { 0x2022, .26, 0 },
};

bool shape_outline(struct shape_outline *out, uint32_t ch)
{
	for (size_t i = 0; i < sizeof surfaces / sizeof *surfaces; i++)
		if (surfaces[i].ch == ch) {
			*out = (struct shape_outline){ .corners = surfaces[i].corners,
						       .count = surfaces[i].count };
			return true;
		}
	for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++)
		if (rounds[i].ch == ch) {
			*out = (struct shape_outline){ .radius = rounds[i].radius, .line = rounds[i].line };
			return true;
		}
	return false;
}

static bool draw_outline(const struct shape_cell *p, uint32_t ch)
{
	double x = p->x + p->width / 2, y = p->y + p->height / 2, corners[CORNERS_MAX * 2];
	struct shape_outline shape;

	if (!shape_outline(&shape, ch))
		return false;
	for (size_t i = 0; i < shape.count; i++) {
		corners[2 * i] = x + shape.corners[2 * i] * p->width;
		corners[2 * i + 1] = y + shape.corners[2 * i + 1] * p->width;
	}
	if (shape.count)
		drawing_polygon(p->drawing, corners, shape.count, p->rgb);
	else if (shape.line > 0)
		drawing_ring(p->drawing, x, y, p->width * shape.radius, p->width * shape.line, p->rgb);
	else
		drawing_disc(p->drawing, x, y, p->width * shape.radius, p->rgb);
	return true;
}

bool shape_draw(struct drawing *drawing, uint32_t ch, double x, double y, double width, double height,
		uint32_t rgb)
{
	const struct shape_cell p = { drawing, x, y, width, height, rgb };

	return draw_block(&p, ch) || draw_lines(&p, ch) || draw_outline(&p, ch);
}
