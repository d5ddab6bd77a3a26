#include "export/protobuf.h"

#include <string.h>
#define ZLIB_CONST /* input is */
#include <zlib.h>

#include "base/i18n.h"
#include "base/minmax.h"

static void append(ProtobufCBuffer *buffer, size_t len, const uint8_t *data)
{
	strbuf_add(*(struct strbuf **)(buffer + 1), (const char *)data, len);
}

void protobuf_append(struct strbuf *out, const ProtobufCMessage *message)
{
	struct {
		ProtobufCBuffer buffer;
		struct strbuf *out;
	} to = { { append }, out };

	protobuf_c_message_pack_to_buffer(message, &to.buffer);
}

#define GZIP (15 + 16)         /* the largest window, in a gzip member: see deflateInit2 in zlib.h */
#define PART ((size_t)1 << 30) /* of what zlib counts in 32 bits */

int protobuf_print_gzip(FILE *out, const char *bytes, size_t len, struct err *err)
{
	z_stream z = { 0 };
	unsigned char packed[16384];
	int result = Z_OK;

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return err_set(err, ERR_SYSTEM, "%s", _("zlib cannot begin to compress"));
	z.next_in = (const unsigned char *)bytes;
	while (result != Z_STREAM_END) {
		if (!z.avail_in) {
			z.avail_in = (uInt)min(len, PART);
			len -= z.avail_in;
		}
		z.next_out = packed;
		z.avail_out = sizeof packed;
		result = deflate(&z, len ? Z_NO_FLUSH : Z_FINISH);
		if (result == Z_STREAM_ERROR)
			break;
		fwrite(packed, 1, sizeof packed - z.avail_out, out);
	}
	deflateEnd(&z);
	if (result != Z_STREAM_END)
		return err_set(err, ERR_SYSTEM, "%s", _("zlib cannot compress"));
	return 0;
}
