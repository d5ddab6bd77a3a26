#include "base/base64.h"

void base64_write(FILE *out, const unsigned char *bytes, size_t len)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		unsigned long three = (unsigned long)bytes[i] << 16 | (i + 1 < len ? bytes[i + 1] : 0u) << 8 |
				      (i + 2 < len ? bytes[i + 2] : 0u);

		putc(letters[three >> 18 & 63], out);
		putc(letters[three >> 12 & 63], out);
		putc(i + 1 < len ? letters[three >> 6 & 63] : '=', out);
		putc(i + 2 < len ? letters[three & 63] : '=', out);
		if (i % 96 == 93)
			putc('\n', out);
	}
}
