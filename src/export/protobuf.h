/* Messages of protocol buffers, packed by protobuf-c, and a file in gzip's form. */
#ifndef EXPORT_PROTOBUF_H
#define EXPORT_PROTOBUF_H

#include <protobuf-c/protobuf-c.h>
#include <stdio.h>

#include "base/err.h"
#include "base/strbuf.h"

/* Appends a packed message. Two messages of one kind, one after the other, are one message with the
 * repeated fields of both: so a large one can be written in parts. */
void protobuf_append(struct strbuf *out, const ProtobufCMessage *);

/* Writes bytes as one gzip member. Returns 0, or -1 with err; errors of `out` are the caller's to find. */
int protobuf_print_gzip(FILE *out, const char *bytes, size_t len, struct err *);

#endif
