/* Makes a session in which every text is markup that tries to run, wherever a text can be: make_markup FILE. A page shown by
 * a browser must show it, and must not obey it. */
#include <stdio.h>
#include <string.h>

#include "cli/making.h"

#define PAGE 4096u
#define RUNS "document.documentElement.dataset.harmed='yes'"

static const char *const markup[] = {
	"<script>" RUNS "</script>",
	"</script><script>" RUNS "</script>",
	"\"><img src=x onerror=" RUNS ">",
	"<svg onload=" RUNS ">",
	"--></style></title><iframe srcdoc='<script>top." RUNS "</script>'>",
	"javascript:" RUNS,
	"<meta http-equiv=refresh content='0;url=http://harm.invalid/'>",
	"${" RUNS "}`",
	"@data@ @script@ @style@",
	"turn\xe2\x80\xae"
	"gpj.exe \033[2J",
};
#define MARKUP (sizeof markup / sizeof *markup)

static struct making making;

static void send(uint64_t ms, struct event e)
{
	making_send(&making, 100, ms, e);
}

static void begin(void)
{
	const char *argv[MARKUP + 1] = { 0 };

	memcpy(argv, markup, sizeof markup);
	send(0, (struct event){ .type = EVENT_PROCESS,
				.process = { .argv = argv,
					     .comm = markup[0],
					     .exe = markup[1],
					     .bits = 64,
					     .page_shift = 12,
					     .address_bits = 48 } });
	send(0, (struct event){ .type = EVENT_THREAD, .thread = { .tid = 100, .name = markup[2] } });
	send(0, (struct event){ .type = EVENT_SOURCE,
				.source = { .kind = SOURCE_FRAMES, .ok = false, .why = markup[3] } });
}

/* A region, a fault, a function and a note of each. */
static void one(size_t i)
{
	const struct code_frame frame = { markup[i], markup[(i + 1) % MARKUP], 7 };
	const uint64_t ips[] = { 0x1000 + i, 0x2000 + i };
	uint64_t first = 0x100 + i * 0x10;
	struct run tile = { first, first + 8, PAGE_RESERVED };

	send(0, (struct event){ .type = EVENT_MAP,
				.region = { i + 1,
					    { .start = first * PAGE,
					      .end = (first + 8) * PAGE,
					      .perms = REGION_READ,
					      .kind = REGION_FILE,
					      .path = markup[i] } } });
	send(0, (struct event){ .type = EVENT_PAGES, .pages = { &tile, 1 } });
	send(100 + i, (struct event){ .type = EVENT_FAULT,
				      .fault = { .address = first * PAGE,
						 .ip = ips[0],
						 .tid = 100,
						 .access = FAULT_WRITE,
						 .cause = FAULT_COW_FILE,
						 .was = PAGE_RESERVED,
						 .now = PAGE_COPY },
				      .stack = { .ips = ips, .count = 2 } });
	for (size_t k = 0; k < 2; k++)
		send(100 + i, (struct event){ .type = EVENT_SYMBOL,
					      .symbol = { .ip = ips[k],
							  .object = markup[i],
							  .section = "",
							  .frames = &frame,
							  .count = 1,
							  .why = "" } });
	send(200 + i, (struct event){ .type = EVENT_MARK, .mark = { markup[i] } });
}

int main(int argc, char **argv)
{
	if (!making_begin(&making, argc, argv))
		return 1;
	begin();
	send(50, (struct event){ .type = EVENT_TICK });
	for (size_t i = 0; i < MARKUP; i++)
		one(i);
	send(300, (struct event){ .type = EVENT_TICK });
	return making_end(&making);
}
