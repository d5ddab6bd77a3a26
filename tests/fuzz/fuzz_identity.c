/* cmdline, status and cpuinfo: any bytes give arguments that are strings. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "kern/identity.h"
#include "kern/machine.h"
#include "kern/stat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct identity id = { 0 };
	struct status_lines status;
	size_t total = 0;

	strbuf_add(&id.cmdline, (const char *)data, size);
	strbuf_puts(&id.comm, "comm");
	identity_parse_cmdline(&id);
	assert(id.argv[0]);
	for (size_t i = 0; id.argv[i]; i++)
		total += strlen(id.argv[i]) + 1;
	assert(total <= size + sizeof "comm");
	status_parse(id.cmdline.text, &status);
	machine_parse_address_bits(id.cmdline.text);
	identity_fini(&id);
	return 0;
}
