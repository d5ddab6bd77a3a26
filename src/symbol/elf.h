/* Sections and symbols of an ELF file, for pages of mapped files.
 *
 * Addresses are the file's own (p_vaddr); a page is found by its offset in the
 * file, through the program headers. Symbols of .symtab and .dynsym are sorted
 * once and looked up by bisection. */
#ifndef SYMBOL_ELF_H
#define SYMBOL_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The build-id that the linker wrote into a file with code. */
struct build_id {
	uint8_t bytes[64];
	size_t len; /* 0: there is none, or it is longer than that */
};

/* Read it from a file, and from the beginning of a file as it is in memory. */
struct build_id elf_read_build_id(int fd);
struct build_id elf_image_build_id(char *image, size_t len);
/* Does the file have this build-id? False if it is empty. */
bool elf_has_build_id(int fd, const struct build_id *);

struct elf_file;

/* Reads an ELF file from an fd, which stays the caller's. NULL and ERR_INPUT if it is not an ELF file. */
struct elf_file *elf_file_open(int fd, struct err *);
void elf_file_close(struct elf_file *);

int elf_file_bits(const struct elf_file *); /* 32 or 64 */
/* Does it have all its symbols (.symtab), not only those it exports? */
bool elf_file_is_whole(const struct elf_file *);
/* File offset to the file's own address and back; false if no segment holds it. */
bool elf_file_address(const struct elf_file *, uint64_t offset, uint64_t *vaddr);
bool elf_file_offset(const struct elf_file *, uint64_t vaddr, uint64_t *offset);
/* Where the first loaded segment is in the file and in memory; false if none is loaded. */
bool elf_file_first_load(const struct elf_file *, uint64_t *offset, uint64_t *vaddr);
/* Does a loaded segment cover vaddr, including what has no bytes in the file (.bss)? */
bool elf_file_loads(const struct elf_file *, uint64_t vaddr);

/* The section that holds vaddr; "" if there is none. */
const char *elf_file_section(const struct elf_file *, uint64_t vaddr);
/* The same, setting *start to where it begins; 0 if there is none. */
const char *elf_file_section_start(const struct elf_file *, uint64_t vaddr, uint64_t *start);
/* Fills in the names of the sections in [vaddr, end), in order, at most max; returns how many. */
size_t elf_file_sections(const struct elf_file *, uint64_t vaddr, uint64_t end, const char **names,
			 size_t max);

struct elf_symbol {
	const char *name; /* "": there is none */
	uint64_t address, size;
};
/* The nearest symbol at or before vaddr in the same section; false if there is none. */
bool elf_file_symbol(const struct elf_file *, uint64_t vaddr, struct elf_symbol *);

#endif
