/* Faults of the made-up process, with stacks, names and source lines: long C++ names,
 * names with escape sequences, a deep stack that is cut, one fault within a system call. */
#include "screens/panels_scene.h"

#include <string.h>

#include "base/mem.h"

#define FILL UINT64_C(0x55d2c0a51234)
#define MAIN UINT64_C(0x55d2c0a51300)
#define PUSH UINT64_C(0x55d2c0a51500)
#define WALK UINT64_C(0x55d2c0a51700)
#define EVIL UINT64_C(0x55d2c0a51900)
#define START UINT64_C(0x7f1400001040)
#define READ UINT64_C(0x7f1400002010)
#define NOWHERE UINT64_C(0x7f1400003333)
#define JIT UINT64_C(0x7f1200001000)
#define KERNEL UINT64_C(0xffffffff81234567)

static const char source[] = "/home/ann/src/demo.c";

static const struct {
	uint64_t ip, offset;
	const char *object, *section, *why;
	struct code_frame frames[3];
	size_t count;
} symbols[] = {
	{ FILL,
	  0x2c,
	  "/home/ann/demo",
	  "",
	  "",
	  { { "store", source, 8 }, { "fill", source, 14 }, { "work", source, 31 } },
	  3 },
	{ MAIN, 0x52, "/home/ann/demo", "", "", { { "main", source, 40 } }, 1 },
	{ PUSH,
	  0x1f4,
	  "/home/ann/demo",
	  "",
	  "",
	  { { "std::vector<std::pair<int, long>, std::allocator<std::pair<int, long> > "
	      ">::push_back(std::pair<int, long> const&)",
	      "/usr/include/c++/12/bits/stl_vector.h", 1280 } },
	  1 },
	{ WALK, 0x9, "/home/ann/demo", "", "", { { "walk_the_tree", "/home/ann/src/tree.c", 77 } }, 1 },
	{ EVIL,
	  0x1,
	  "/home/ann/\033[2Jdemo",
	  "",
	  "",
	  { { "evil\033]0;name\a\n", "/home/ann/\033[31mred\n.c", 1 } },
	  1 },
	{ START, 0x85, "/usr/lib/x86_64-linux-gnu/libc.so.6", "", "", { { "__libc_start_main", "", 0 } }, 1 },
	{ READ, 0x1a, "/usr/lib/x86_64-linux-gnu/libc.so.6", "", "", { { "read", "", 0 } }, 1 },
	{ NOWHERE,
	  0x1f2,
	  "/usr/lib/x86_64-linux-gnu/libc.so.6",
	  ".text",
	  "no symbols: it is stripped",
	  { { 0 } },
	  0 },
};

static const char lines[] = "/* Demo. */\n"
			    "#include <stdlib.h>\n"
			    "\n"
			    "static char *at;\n"
			    "\n"
			    "static inline void store(size_t i)\n"
			    "{\n"
			    "\tat[i * 4096] = 1;   /* every page once */\n"
			    "}\n"
			    "\n"
			    "static void fill(size_t n)\n"
			    "{\n"
			    "\tfor (size_t i = 0; i < n; i++)\n"
			    "\t\tstore(i);\n"
			    "}";

struct scripted {
	uint64_t ms, address;
	enum fault_cause cause;
	enum fault_access access;
	uint32_t was, now;
	bool major, inferred;
	uint16_t before, after;
	uint64_t ips[4];
	size_t depth; /* more than 4: the rest is the last one again; 0: not taken */
	bool cut;
};

static const struct scripted faults[] = {
	{ 2,
	  0x55d2c0a54008,
	  FAULT_COW_FILE,
	  FAULT_WRITE,
	  PAGE_CACHED,
	  PAGE_COPY | PAGE_EXCLUSIVE,
	  false,
	  true,
	  0,
	  0,
	  { NOWHERE },
	  1,
	  false },
	{ 3,
	  0x7f1400001040,
	  FAULT_FILE_READ,
	  FAULT_EXEC,
	  PAGE_RESERVED,
	  PAGE_FILE | PAGE_SHARED,
	  true,
	  false,
	  1,
	  14,
	  { START, MAIN },
	  2,
	  false },
	{ 900,
	  0x7f1500001234,
	  FAULT_SHM,
	  FAULT_ACCESS_UNKNOWN,
	  PAGE_RESERVED,
	  PAGE_SHM | PAGE_SHARED,
	  false,
	  true,
	  0,
	  0,
	  { KERNEL, READ, MAIN, START },
	  4,
	  false },
	{ 950,
	  0x7f1500002000,
	  FAULT_SHM,
	  FAULT_WRITE,
	  PAGE_RESERVED,
	  PAGE_SHM,
	  false,
	  false,
	  0,
	  0,
	  { EVIL, MAIN, START },
	  3,
	  false },
	{ 4000,
	  0x55d2c1f0c010,
	  FAULT_ZERO_PAGE,
	  FAULT_READ,
	  PAGE_RESERVED,
	  PAGE_ZERO,
	  false,
	  true,
	  0,
	  0,
	  { PUSH, MAIN, START },
	  3,
	  false },
	{ 5000,
	  0x7ffd1a220ff8,
	  FAULT_STACK_GROWTH,
	  FAULT_WRITE,
	  PAGE_RESERVED,
	  PAGE_ANON | PAGE_EXCLUSIVE,
	  false,
	  true,
	  0,
	  0,
	  { WALK },
	  STACK_MAX,
	  true },
	{ 6000,
	  0x7f1200010000,
	  FAULT_ZERO_FILL,
	  FAULT_WRITE,
	  PAGE_RESERVED,
	  PAGE_ANON,
	  false,
	  true,
	  0,
	  0,
	  { JIT },
	  0,
	  false },
	{ 7000,
	  0x7f1200234567,
	  FAULT_ZERO_FILL,
	  FAULT_WRITE,
	  PAGE_RESERVED,
	  PAGE_ANON | PAGE_HUGE,
	  false,
	  false,
	  52,
	  459,
	  { FILL, MAIN, START },
	  3,
	  false },
	{ 11913,
	  0x55d2c1f0b010,
	  FAULT_ZERO_FILL,
	  FAULT_WRITE,
	  PAGE_RESERVED,
	  PAGE_ANON | PAGE_EXCLUSIVE,
	  false,
	  false,
	  0,
	  0,
	  { FILL, MAIN, START },
	  3,
	  false },
	{ 11914,
	  0x55d2c1f0d000,
	  FAULT_CAUSE_UNKNOWN,
	  FAULT_ACCESS_UNKNOWN,
	  PAGE_UNKNOWN,
	  PAGE_UNKNOWN,
	  false,
	  true,
	  0,
	  0,
	  { FILL, MAIN, START },
	  3,
	  false },
};

static void add_names(struct names *names)
{
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
		struct event_symbol symbol = {
			.ip = symbols[i].ip,
			.object = symbols[i].object,
			.section = symbols[i].section,
			.offset = symbols[i].offset,
			.frames = symbols[i].frames,
			.count = symbols[i].count,
			.why = symbols[i].why,
		};

		names_add(names, &symbol);
	}
	names_add_lines(names, source, 1, lines);
}

static void add_fault(struct process *p, const struct scripted *f)
{
	uint64_t ips[STACK_MAX], page = f->address >> 12;
	struct event_stack stack = { ips, f->depth, f->cut ? STACK_CUT : STACK_WHOLE, 0 };
	struct event_fault fault = { .address = f->address,
				     .ip = f->ips[0],
				     .tid = 4242 + (f->ms == 7000),
				     .major = f->major,
				     .inferred = f->inferred,
				     .access = f->access,
				     .cause = f->cause,
				     .was = f->was,
				     .now = f->now,
				     .before = f->before,
				     .after = f->after };
	struct fault_entry entry = { .time_ns = f->ms * 1000000 + 42000, .fault = fault };

	if (f->depth <= 4)
		memcpy(ips, f->ips, sizeof f->ips);
	else
		for (size_t i = 0; i < f->depth; i++)
			ips[i] = f->ips[0];
	entry.stack = stacks_add(&p->stacks, &stack);
	entry.region = fault_regions_number(&p->faults.regions, space_find(p->space, f->address));
	fault_log_add(&p->faults.log, &entry);
	profile_add(&p->faults.profile, &fault, entry.stack);
	for (uint64_t at = page - f->before; at <= page + f->after; at++)
		stories_note(&p->faults.stories, at, entry.time_ns, &fault, entry.stack);
}

static void add_call(struct process *p, struct event_call call, uint64_t ms)
{
	const uint64_t ips[] = { READ, MAIN };
	struct event_stack stack = { ips, 2, STACK_WHOLE, 0 };

	call.tid = 4242;
	calls_add(&p->calls, ms * 1000000, &call, stacks_add(&p->stacks, &stack), p->faults.log.end);
}

void panels_scene_faults(struct panels_scene *s)
{
	struct process *p = &s->process;

	add_names(p->names);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		add_fault(p, &faults[i]);
		if (faults[i].ms == 3)
			add_call(p,
				 (struct event_call){ .kind = CALL_MMAP,
						      .args = { 0, 8388608, 3, 0x22, UINT64_MAX },
						      .result = 0x7f1200000000 },
				 500);
		if (faults[i].ms == 6000)
			add_call(p,
				 (struct event_call){ .kind = CALL_MPROTECT,
						      .args = { 0x55d2c0a54000, 4096, 1 },
						      .error = 12 },
				 6500);
	}
}
