/* Base64 (RFC 4648). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>
#include <stdio.h>

/* Writes the bytes with padding, in lines of 128 characters. */
void base64_write(FILE *, const unsigned char *bytes, size_t len);

#endif
