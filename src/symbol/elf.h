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

struct elf_file;

/* Reads an ELF file from an fd, which stays the caller's. ERR_INPUT where it is none. */
struct elf_file *elf_file_open(int fd, struct err *);
void elf_file_close(struct elf_file *);

int elf_file_bits(const struct elf_file *); /* 32 or 64 */
/* Length 0 where it has none. */
size_t elf_file_build_id(const struct elf_file *, const uint8_t **id);
/* The same of a file of which nothing else is asked, and of the beginning of one as it is in
 * memory: bytes copied, 0 where there is none, or where it is longer than `size`. */
size_t elf_read_build_id(int fd, uint8_t *id, size_t size);
size_t elf_image_build_id(char *image, size_t len, uint8_t *id, size_t size);
/* Has it all its symbols (.symtab), not just those that it shows to others? */
bool elf_file_is_whole(const struct elf_file *);
/* File offset to the file's own address and back; false where no segment holds it. */
bool elf_file_address(const struct elf_file *, uint64_t offset, uint64_t *vaddr);
bool elf_file_offset(const struct elf_file *, uint64_t vaddr, uint64_t *offset);
/* The first loaded segment's place in the file and in memory; false where none is loaded. */
bool elf_file_first_load(const struct elf_file *, uint64_t *offset, uint64_t *vaddr);
/* Whether a loaded segment takes up vaddr, with what is behind its bytes in the file (.bss). */
bool elf_file_loads(const struct elf_file *, uint64_t vaddr);

/* The section that holds vaddr, "" for none. */
const char *elf_file_section(const struct elf_file *, uint64_t vaddr);
/* And where it begins; 0 for none. */
const char *elf_file_section_start(const struct elf_file *, uint64_t vaddr, uint64_t *start);
/* The names of the sections that lie in [vaddr, end), in order, at most max. */
size_t elf_file_sections(const struct elf_file *, uint64_t vaddr, uint64_t end, const char **names,
			 size_t max);

struct elf_symbol {
	const char *name; /* "" where there is none */
	uint64_t address, size;
};
/* The nearest symbol at or before vaddr, of its own section; false where there is none. */
bool elf_file_symbol(const struct elf_file *, uint64_t vaddr, struct elf_symbol *);

#endif
