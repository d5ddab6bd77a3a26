/* Addresses, states and figures are made up, but like those of a real process. */
#include "screens/panels_scene.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/commands.h"

enum { R = REGION_READ, W = REGION_WRITE, X = REGION_EXEC, S = REGION_MAY_SHARE };

static const struct {
	uint64_t start, pages, offset;
	uint8_t perms, kind;
	const char *path;
} regions[] = {
	{ 0x55d2c0a4f000, 2, 0x0, R, REGION_RODATA, "/home/ann/demo" },
	{ 0x55d2c0a51000, 3, 0x2000, R | X, REGION_TEXT, "/home/ann/demo" },
	{ 0x55d2c0a54000, 2, 0x5000, R, REGION_DATA, "/home/ann/demo" },
	{ 0x55d2c1f0a000, 33, 0, R | W, REGION_HEAP, "[heap]" },
	{ 0x7f1200000000, 2048, 0, R | W, REGION_ANON, "" },
	{ 0x7f1300000000, 16, 0, 0, REGION_ANON, "" },
	{ 0x7f1400000000, 360, 0x28000, R | X, REGION_TEXT, "/usr/lib/x86_64-linux-gnu/libc.so.6" },
	{ 0x7f1500000000, 8, 0, R | W | S, REGION_SHM, "/memfd:\xe4\xbd\x93\xe7\xb3\xbb (deleted)" },
	{ 0x7ffd1a200000, 33, 0, R | W, REGION_STACK, "[stack]" },
	{ 0x7ffd1a3f0000, 4, 0, R, REGION_VVAR, "[vvar]" },
};

static const struct {
	uint64_t address;
	uint32_t word, since_ms;
	const char *section, *symbol;
	uint64_t offset;
} spots[SPOTS] = {
	[SPOT_TEXT] = { 0x7f1400001000, PAGE_FILE | PAGE_SHARED, 0, ".text", "malloc", 0x40 },
	[SPOT_TEXT_COLD] = { 0x7f1400002000, PAGE_RESERVED | PAGE_CACHE_UNKNOWN, 0, ".text", "qsort_r", 0 },
	[SPOT_CACHED] = { 0x55d2c0a51000, PAGE_CACHED, 0, ".init", "_init", 0 },
	[SPOT_COPY] = { 0x55d2c0a54000, PAGE_COPY | PAGE_EXCLUSIVE, 2, ".data.rel.ro", "", 0 },
	[SPOT_HEAP] = { 0x55d2c1f0b000, PAGE_ANON | PAGE_EXCLUSIVE, 11913, "", "", 0 },
	[SPOT_ZERO] = { 0x55d2c1f0c000, PAGE_ZERO, 4000, "", "", 0 },
	[SPOT_HEAP_END] = { 0x55d2c1f2a000, PAGE_RESERVED, 0, "", "", 0 },
	[SPOT_HUGE] = { 0x7f1200234000, PAGE_ANON | PAGE_EXCLUSIVE | PAGE_HUGE, 3723400, "", "", 0 },
	[SPOT_GUARD] = { 0x7f12007ff000, PAGE_GUARD, 0, "", "", 0 },
	[SPOT_SWAP] = { 0x7f1200010000, PAGE_SWAP, 61000, "", "", 0 },
	[SPOT_SHM] = { 0x7f1500001000, PAGE_SHM | PAGE_SHARED, 900, "", "", 0 },
	[SPOT_NO_ACCESS] = { 0x7f1300003000, PAGE_RESERVED, 0, "", "", 0 },
	[SPOT_STACK] = { 0x7ffd1a220000, PAGE_ANON | PAGE_EXCLUSIVE, 0, "", "", 0 },
	[SPOT_BELOW_STACK] = { 0x7ffd1a1ff000, PAGE_NONE, 0, "", "", 0 },
	[SPOT_VVAR] = { 0x7ffd1a3f1000, PAGE_UNKNOWN | PAGE_WHY_SPECIAL << PAGE_WHY_SHIFT, 0, "", "", 0 },
	[SPOT_GAP] = { 0x600000000000, PAGE_NONE, 0, "", "", 0 },
};

static void add_sources(struct process *process)
{
	static const char *const denied[SOURCE_KINDS] = {
		[SOURCE_FRAMES] = "frame numbers read as 0: they take CAP_SYS_ADMIN",
		[SOURCE_KPAGEFLAGS] = "/proc/kpageflags: Permission denied",
		[SOURCE_KPAGECOUNT] = "/proc/kpagecount: Permission denied",
	};
	for (int i = 0; i < SOURCE_KINDS; i++)
		process->sources[i] = (struct source_status){
			.known = i != SOURCE_SMAPS,
			.ok = !denied[i] && i != SOURCE_SMAPS,
			.why = (char *)(uintptr_t)(denied[i] ? denied[i] : ""),
		};
	process->sources[SOURCE_ACCESS].why = (char *)(uintptr_t) "not for the moment: faults come too fast";
	process->sources[SOURCE_ACCESS].partial = true;
}

void panels_scene_init(struct panels_scene *s, int columns)
{
	memset(s, 0, sizeof *s);
	s->process = (struct process){
		.pid = 4242, .identity.bits = 64, .identity.address_bits = 48, .identity.launched = true
	};
	s->process.names = names_create();
	s->process.identity.comm = (char *)(uintptr_t) "demo";
	struct space *space = s->process.space = space_create(12);
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
		struct region_attr attr = { .start = regions[i].start,
					    .end = regions[i].start + (regions[i].pages << 12),
					    .offset = regions[i].offset,
					    .perms = regions[i].perms,
					    .kind = regions[i].kind,
					    .path = regions[i].path };
		space_map(space, i + 1, &attr, 0);
		struct run tile = { attr.start >> 12, attr.end >> 12, PAGE_RESERVED };
		space_set_pages(space, &tile, 1, 0);
	}
	for (int i = 0; i < SPOTS; i++) {
		uint64_t page = spots[i].address >> 12;
		struct run tile = { page, page + 1, spots[i].word };
		if (spots[i].word)
			space_set_pages(space, &tile, 1, (uint64_t)spots[i].since_ms * 1000000);
	}
	add_sources(&s->process);
	view_init(&s->view, views, 4242);
	s->view.press.key = commands_key;
	s->view.rows = 40; /* the parts of the screen follow from these */
	s->view.columns = columns;
	s->scene =
	    (struct scene){ .process = &s->process, .view = &s->view, .now_ns = UINT64_C(12400) * 1000000 };
	panels_scene_go(s, SPOT_HEAP, false);
}

void panels_scene_fini(struct panels_scene *s)
{
	output_fini(&s->process.output);
	names_destroy(s->process.names);
	stories_fini(&s->process.faults.stories);
	fault_log_fini(&s->process.faults.log);
	fault_regions_fini(&s->process.faults.regions);
	profile_fini(&s->process.faults.profile);
	stacks_fini(&s->process.stacks);
	calls_fini(&s->process.calls);
	tabs_fini(&s->view.tabs);
	space_destroy(s->process.space);
}

static uint64_t entry_of(uint32_t word, bool root)
{
	enum page_state state = page_state(word);
	uint64_t entry = 0;
	if (page_state_resident(state) || state == PAGE_ZERO)
		entry |= UINT64_C(1) << 63 | (root ? 0x115034 : 0);
	if (state == PAGE_SWAP || state == PAGE_GUARD)
		entry |= UINT64_C(1) << 62 | (root && state == PAGE_SWAP ? 77 << 5 | 1 : 0);
	if (state == PAGE_FILE || state == PAGE_SHM)
		entry |= UINT64_C(1) << 61;
	if (state == PAGE_GUARD)
		entry |= UINT64_C(1) << 58;
	if (word & PAGE_EXCLUSIVE)
		entry |= UINT64_C(1) << 56;
	return entry;
}

void panels_scene_go(struct panels_scene *s, enum spot spot, bool root)
{
	struct page_detail *d = &s->detail;
	s->view.grid.cursor = s->scene.page = spots[spot].address >> 12;
	memset(d, 0, sizeof *d);
	d->page = s->view.grid.cursor;
	d->word = spots[spot].word;
	d->entry.value = entry_of(d->word, root);
	d->entry.known = page_state(d->word) != PAGE_UNKNOWN;
	d->entry.refused = !d->entry.known;
	d->entry.why = "not a page of the process's own";
	d->frame.known = root && d->entry.value >> 63;
	d->frame.value = d->entry.value & ((UINT64_C(1) << 55) - 1);
	d->kflags.known = d->mapcount.known = d->frame.known;
	d->kflags.value = 1 << 3 | 1 << 5 | 1 << 11 | 1 << 12 | 1 << 14;
	d->mapcount.value = 1;
	d->frame.refused = d->kflags.refused = d->mapcount.refused = !d->frame.known;
	d->frame.why = d->kflags.why = d->mapcount.why =
	    "frame numbers take CAP_SYS_ADMIN: run pagescape as root";
	d->cached.refused = true;
	d->cached.why = "the file is not yours";
	d->location = (struct location){ .file = "",
					 .section = spots[spot].section,
					 .symbol = spots[spot].symbol,
					 .offset = spots[spot].offset,
					 .why = "" };
	s->scene.detail = d;
}

void panels_scene_tab(struct panels_scene *s, const char *name)
{
	tabs_show(&s->view.tabs, tabs_named(&s->view.tabs, name));
}

void panels_scene_update(struct panels_scene *s, int rows)
{
	struct tab *tab = s->view.tabs.shown;

	tab->rows = rows - 1;
	if (tab->ops->update)
		tab->ops->update(tab, &s->scene);
}

void panels_scene_compare(struct panels_scene *s)
{
	struct diff *diff = &s->view.snapshots.diff;
	struct region **r = s->process.space->regions;
	s->view.snapshots.compared = true;
	s->view.snapshots.a = s->view.snapshots.b = s->process.space;
	s->view.snapshots.a_ns = UINT64_C(1200) * 1000000;
	s->view.snapshots.b = s->process.space;
	s->view.snapshots.b_ns = s->scene.now_ns;
	s->changed[0] = (struct diff_region){ .a = r[3], .b = r[3], .changed = 15 };
	s->changed[0].was[PAGE_RESERVED] = 15;
	s->changed[0].now[PAGE_ANON] = 12;
	s->changed[0].now[PAGE_ZERO] = 3;
	s->changed[1] = (struct diff_region){ .b = r[4], .changed = 2048 };
	s->changed[1].now[PAGE_RESERVED] = 2047;
	s->changed[1].now[PAGE_ANON] = 1;
	s->changed[2] = (struct diff_region){ .a = r[6], .b = r[6], .changed = 3 };
	s->changed[2].was[PAGE_RESERVED] = 3;
	s->changed[2].now[PAGE_FILE] = 3;
	s->changed[3] = (struct diff_region){ .a = r[7], .changed = 8 };
	s->changed[3].was[PAGE_SHM] = 8;
	*diff = (struct diff){ .regions = s->changed, .count = 4, .changed = 2074 };
	diff->moves[PAGE_RESERVED][PAGE_ANON] = 12;
	diff->moves[PAGE_RESERVED][PAGE_ZERO] = 3;
	diff->moves[PAGE_NONE][PAGE_RESERVED] = 2047;
	diff->moves[PAGE_RESERVED][PAGE_FILE] = 3;
	diff->moves[PAGE_SHM][PAGE_NONE] = 8;
}

void panels_scene_bytes(struct panels_scene *s)
{
	static const char text[] = "The quick brown fox\n\0\x1b[31m\xff\xfe jumps over the lazy dog.";
	s->detail.bytes_len = 4096;
	memcpy(s->detail.bytes, text, sizeof text);
	memcpy(s->detail.bytes + 0xff0, "last bytes here.", 16);
}
