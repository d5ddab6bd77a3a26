/* An address taken apart as a picture: the bits that choose an entry of each page table, the tables with the
 * entry chosen, and the frame at the end. */
#ifndef RENDER_ADDRESS_PICTURE_H
#define RENDER_ADDRESS_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "render/canvas.h"

struct address_picture {
	uint64_t address;
	int address_bits; /* as in struct process_identity; 0: not known */
	unsigned page_shift;
	uint32_t word; /* of its page, as in the model */
	bool closed;   /* its region allows no access */
	bool has_frame;
	uint64_t frame;
};

/* Draws for an area that shows `rows` rows: the fewer, the simpler; a list if it is too narrow for boxes.
 * Returns the rows used; 0 if the width of an address is not known, and a text says so. */
int address_picture_draw(struct area, int rows, const struct address_picture *);

#endif
