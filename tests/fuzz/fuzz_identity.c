/* cmdline, status and cpuinfo: any bytes give arguments that are strings. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "kern/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct identity id = { 0 };
	size_t total = 0;

	strbuf_add(&id.cmdline, (const char *)data, size);
	strbuf_puts(&id.comm, "comm");
	identity_parse_cmdline(&id);
	assert(id.argv[0]);
	for (size_t i = 0; id.argv[i]; i++)
		total += strlen(id.argv[i]) + 1;
	assert(total <= size + sizeof "comm");
	identity_parse_uid(id.cmdline.text);
	identity_parse_address_bits(id.cmdline.text);
	identity_fini(&id);
	return 0;
}
