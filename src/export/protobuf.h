/* Protocol buffer messages, packed by protobuf-c, and gzip output. */
#ifndef EXPORT_PROTOBUF_H
#define EXPORT_PROTOBUF_H

#include <protobuf-c/protobuf-c.h>
#include <stdio.h>

#include "base/err.h"
#include "base/strbuf.h"

/* Appends a packed message. Two concatenated messages of one type are one message with the repeated fields of
 * both, so a large one can be written in parts. */
void protobuf_append(struct strbuf *out, const ProtobufCMessage *);

/* Writes bytes as one gzip member. Returns 0, or -1 with err; the caller checks `out` for errors. */
int protobuf_print_gzip(FILE *out, const char *bytes, size_t len, struct err *);

#endif
