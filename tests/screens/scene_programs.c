/* Two programs to draw: a small one with every page visible, and one with many regions. */
#include "screens/scene_builder.h"

#include <stdio.h>

static const uint32_t file_page = (uint32_t)PAGE_FILE | PAGE_SHARED;

/* An ELF file as the loader maps it: five parts, the last written to. */
static uint64_t map_elf(struct stage *s, uint64_t at, const char *path, uint64_t text, uint64_t rodata,
			bool bss)
{
	struct {
		uint64_t pages;
		const char *perms;
		enum region_kind kind;
	} parts[] = { { 2, "r--p", REGION_RODATA },
		      { text, "r-xp", REGION_TEXT },
		      { rodata, "r--p", REGION_RODATA },
		      { 1, "r--p", REGION_DATA },
		      { 1, "rw-p", REGION_DATA } };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		stage_map(s, at, parts[i].pages, parts[i].perms, parts[i].kind, path);
		if (parts[i].kind == REGION_DATA) {
			stage_pages(s, at, parts[i].pages, page_word(PAGE_COPY, PAGE_EXCLUSIVE));
		} else {
			stage_pages(s, at, parts[i].pages, page_word(PAGE_CACHED, 0));
			stage_pages(s, at, (parts[i].pages + 3) / 4, file_page);
		}
		at += parts[i].pages << 12;
	}
	if (bss) {
		stage_map(s, at, 4, "rw-p", REGION_BSS, "");
		stage_pages(s, at, 1, page_word(PAGE_ANON, PAGE_EXCLUSIVE));
		at += 4 << 12;
	}
	return at;
}

static void map_kernels(struct stage *s)
{
	stage_map(s, 0x7ffd3b1f8000, 4, "r--p", REGION_VVAR, "[vvar]");
	stage_pages(s, 0x7ffd3b1f8000, 4, page_unknown(PAGE_WHY_SPECIAL));
	stage_map(s, 0x7ffd3b1fc000, 2, "r-xp", REGION_VDSO, "[vdso]");
	stage_pages(s, 0x7ffd3b1fc000, 2, page_unknown(PAGE_WHY_SPECIAL));
	stage_map(s, 0xffffffffff600000, 1, "--xp", REGION_VSYSCALL, "[vsyscall]");
	stage_pages(s, 0xffffffffff600000, 1, page_unknown(PAGE_WHY_OUTSIDE));
}

static void map_stack(struct stage *s)
{
	stage_map(s, 0x7ffd3b0d0000, 33, "rw-p", REGION_STACK, "[stack]");
	stage_pages(s, 0x7ffd3b0d0000 + 29 * 4096, 4, page_word(PAGE_ANON, PAGE_EXCLUSIVE));
}

static void play(struct stage *s, int samples)
{
	for (int i = 1; i <= samples; i++) {
		stage_at(s, (uint64_t)i * 500 + (i > samples / 2 ? 8000 : 0));
		stage_pages(s, 0x7f1200000000, (uint64_t)i * i / 2 + 1, page_word(PAGE_ANON, PAGE_EXCLUSIVE));
		stage_faults(s, (uint64_t)(i * i * 3 + (i % 4) * 20),
			     i > samples / 3 ? (uint64_t)(i / 9) : 0);
		stage_tick(s);
	}
}

void stage_build_demo(struct stage *s)
{
	uint64_t libc = 0x7f1213400000;

	map_elf(s, 0x55d2c0a4f000, "/usr/bin/demo", 3, 2, true);
	stage_map(s, 0x55d2c1f0a000, 33, "rw-p", REGION_HEAP, "[heap]");
	stage_pages(s, 0x55d2c1f0a000, 3, page_word(PAGE_ANON, PAGE_EXCLUSIVE));
	stage_map(s, 0x7f1200000000, 2048, "rw-p", REGION_ANON, "");
	stage_map(s, 0x7f1201000000, 64, "rw-s", REGION_SHM, "/dev/shm/demo");
	stage_pages(s, 0x7f1201000000, 9, page_word(PAGE_SHM, 0));
	stage_map(s, 0x7f1210000000, 96, "r--p", REGION_FILE, "/usr/share/dict/words");
	stage_pages(s, 0x7f1210000000, 64, page_word(PAGE_CACHED, 0));
	stage_pages(s, 0x7f1210000000, 16, file_page);
	map_elf(s, libc, "/usr/lib/x86_64-linux-gnu/libc.so.6", 360, 80, true);
	map_stack(s);
	map_kernels(s);
	play(s, 24);
	stage_pages(s, 0x7f1200000000 + 300 * 4096, 40, page_word(PAGE_ZERO, 0));
	stage_pages(s, 0x7f1200000000 + 360 * 4096, 12, page_word(PAGE_SWAP, 0));
	stage_pages(s, 0x7f1200000000 + 384 * 4096, 2, page_word(PAGE_GUARD, 0));
	s->view.grid.cursor = 0x55d2c1f0b;
	s->view.regions.at = 6;
	s->scene.keys = "F1 help  space pause  / search  +- zoom  tab panel  f follow  m mark  q quit";
}

void stage_build_many(struct stage *s)
{
	uint64_t at = 0x7f4c10000000;
	char path[64];

	map_elf(s, 0x55d2c0a4f000, "/usr/bin/python3.11", 690, 300, true);
	stage_map(s, 0x55d2c1f0a000, 400, "rw-p", REGION_HEAP, "[heap]");
	stage_pages(s, 0x55d2c1f0a000, 380, page_word(PAGE_ANON, PAGE_EXCLUSIVE));
	for (int i = 0; i < 9; i++) {
		snprintf(path, sizeof path, "/usr/lib/python3.11/lib-dynload/_part%d.so", i);
		at = map_elf(s, at, path, 10 + (uint64_t)i * 7, 5 + (uint64_t)i, false);
		if (i % 3 == 0) {
			stage_map(s, at, 256, "rw-p", REGION_ANON, "");
			stage_pages(s, at, 200, page_word(PAGE_ANON, PAGE_EXCLUSIVE));
			at += 256 << 12;
		}
		at += (uint64_t)(i % 2) << 16;
	}
	map_elf(s, at, "/usr/lib/x86_64-linux-gnu/libc.so.6", 360, 80, true);
	map_stack(s);
	map_kernels(s);
	stage_at(s, 3000);
	stage_faults(s, 1234, 5);
	stage_tick(s);
	s->view.grid.cursor = 0x55d2c0a4f;
	s->scene.keys = "F1 help  space pause  / search  +- zoom  tab panel  f follow  m mark  q quit";
}
