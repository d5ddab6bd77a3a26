/* The layout of an ELF file.
 *
 * Three tables of the file are checked and copied, and the file is not kept. libelf, which knows both classes
 * and both byte orders, does the decoding, by pread and not by mmap: a file that is cut short while we read
 * it must not be a SIGBUS.
 *
 *   program headers   PT_LOAD: file offset 0x2df0 -> vaddr 0x3df0, 0x220 bytes in
 *                     the file, 0x228 in memory (the rest is .bss)
 *   section headers   .data: vaddr 0x4000, 0x10 bytes
 *   .symtab, .dynsym  main: vaddr 0x1139, 0x2a bytes, in section 14
 *
 * The file may be anything: damaged, hostile, growing. No sum of its figures may wrap; what is malformed is
 * left out. */
#include "symbol/elf.h"

#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bisect.h"
#include "base/i18n.h"
#include "base/mem.h"

#define SEGMENTS_MAX 4096
#define SECTIONS_MAX 65536
#define TABLE_BYTES_MAX (UINT64_C(256) << 20) /* the largest symbol table that is worth the memory */

struct segment {
	uint64_t offset, vaddr, file_size, memory_size;
};

struct section {
	uint64_t vaddr, size;
	const char *name; /* in names */
};

struct symbol {
	uint64_t address, size;
	const char *name; /* in one of strings */
	uint8_t rank;     /* of several symbols at one address, the one with the lowest rank is taken */
};

struct elf_file {
	int bits;
	bool whole;               /* has .symtab */
	struct segment *segments; /* as in the file */
	size_t segment_count, segment_cap;
	struct section *sections; /* by vaddr */
	size_t section_count, section_cap;
	struct symbol *symbols; /* by address, one an address */
	size_t symbol_count, symbol_cap;
	char *names, *strings[2]; /* copies of .shstrtab and of the symbols' string tables */
};

static bool holds(uint64_t start, uint64_t size, uint64_t at)
{
	return at >= start && at - start < size;
}

static void read_segments(struct elf_file *file, Elf *elf)
{
	size_t count;
	if (elf_getphdrnum(elf, &count) != 0)
		return;
	for (size_t i = 0; i < count && i < SEGMENTS_MAX; i++) {
		GElf_Phdr header;
		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_LOAD)
			continue;
		mem_grow(file->segments, file->segment_cap, file->segment_count + 1);
		file->segments[file->segment_count++] = (struct segment){
			header.p_offset,
			header.p_vaddr,
			header.p_filesz,
			header.p_memsz,
		};
	}
}

/* Takes the build-id from notes, up to a damaged one. */
static void take_build_id(struct build_id *id, Elf_Data *data)
{
	GElf_Nhdr note;
	size_t at = 0, name, desc;
	while (data && data->d_buf && !id->len && (at = gelf_getnote(data, at, &note, &name, &desc)) > 0) {
		const char *bytes = data->d_buf;
		if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4 ||
		    memcmp(bytes + name, "GNU", 4) != 0 || note.n_descsz > sizeof id->bytes)
			continue;
		id->len = note.n_descsz;
		memcpy(id->bytes, bytes + desc, id->len);
	}
}

/* Finds it by the program headers, which are there even if the sections were stripped. Ends `elf`. */
static struct build_id find_build_id(Elf *elf)
{
	struct build_id id = { .len = 0 };
	size_t count;
	if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &count) != 0)
		count = 0;
	for (size_t i = 0; i < count && i < SEGMENTS_MAX && !id.len; i++) {
		GElf_Phdr header;
		if (!gelf_getphdr(elf, (int)i, &header) || header.p_type != PT_NOTE ||
		    header.p_filesz > 65536)
			continue;
		take_build_id(&id, elf_getdata_rawchunk(elf, (int64_t)header.p_offset, header.p_filesz,
							header.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR));
	}
	elf_end(elf);
	return id;
}

struct build_id elf_read_build_id(int fd)
{
	elf_version(EV_CURRENT);
	return find_build_id(elf_begin(fd, ELF_C_READ, NULL));
}

struct build_id elf_image_build_id(char *image, size_t len)
{
	elf_version(EV_CURRENT);
	return find_build_id(elf_memory(image, len));
}

bool elf_has_build_id(int fd, const struct build_id *id)
{
	struct build_id found = elf_read_build_id(fd);
	return found.len == id->len && id->len && memcmp(found.bytes, id->bytes, id->len) == 0;
}

/* A copy of a string table, terminated whatever it ends in; NULL if there is none. */
static char *copy_strings(Elf *elf, size_t index, size_t *size)
{
	GElf_Shdr header;
	Elf_Scn *section = elf_getscn(elf, index);
	if (!section || !gelf_getshdr(section, &header) || header.sh_size > TABLE_BYTES_MAX)
		return NULL;
	Elf_Data *data = elf_getdata(section, NULL);
	if (!data || !data->d_buf)
		return NULL;
	char *copy = mem_alloc(data->d_size + 1);
	memcpy(copy, data->d_buf, data->d_size);
	copy[data->d_size] = '\0';
	*size = data->d_size;
	return copy;
}

static int compare_sections(const void *a, const void *b)
{
	const struct section *x = a, *y = b;
	return x->vaddr != y->vaddr ? (x->vaddr < y->vaddr ? -1 : 1)
				    : (x->size > y->size) - (x->size < y->size);
}

/* Sections that are in memory. .tbss takes up no addresses: its range overlaps what follows. */
static void read_sections(struct elf_file *file, Elf *elf)
{
	size_t names_index, names_size = 0, seen = 0;
	if (elf_getshdrstrndx(elf, &names_index) != 0)
		return;
	file->names = copy_strings(elf, names_index, &names_size);
	if (!file->names)
		return;
	for (Elf_Scn *at = elf_nextscn(elf, NULL); at && seen < SECTIONS_MAX;
	     at = elf_nextscn(elf, at), seen++) {
		GElf_Shdr header;
		if (!gelf_getshdr(at, &header) || !(header.sh_flags & SHF_ALLOC) || header.sh_size == 0 ||
		    header.sh_name >= names_size)
			continue;
		if (header.sh_type == SHT_NOBITS && header.sh_flags & SHF_TLS)
			continue;
		mem_grow(file->sections, file->section_cap, file->section_count + 1);
		file->sections[file->section_count++] = (struct section){
			header.sh_addr,
			header.sh_size,
			file->names + header.sh_name,
		};
	}
	if (file->section_count)
		qsort(file->sections, file->section_count, sizeof *file->sections, compare_sections);
}

/* Does the symbol name code or data at an address of this file? */
static bool symbol_counts(const GElf_Sym *symbol, const char *name)
{
	int type = GELF_ST_TYPE(symbol->st_info);
	if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS || symbol->st_shndx == SHN_COMMON)
		return false;
	if (type != STT_NOTYPE && type != STT_OBJECT && type != STT_FUNC && type != STT_GNU_IFUNC)
		return false;
	return name[0] != '\0' && name[0] != '$'; /* $x: where ARM's kinds of code begin */
}

static uint8_t symbol_rank(const GElf_Sym *symbol)
{
	int bind = GELF_ST_BIND(symbol->st_info);
	int rank = bind == STB_GLOBAL ? 0 : bind == STB_WEAK ? 1 : 2;
	if (GELF_ST_TYPE(symbol->st_info) == STT_NOTYPE)
		rank += 4;
	if (symbol->st_size == 0)
		rank += 8;
	return (uint8_t)rank;
}

static void read_symbols(struct elf_file *file, Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
			 char **strings)
{
	size_t size = 0;
	Elf_Data *data = header->sh_size <= TABLE_BYTES_MAX ? elf_getdata(section, NULL) : NULL;
	if (!data || !data->d_buf || header->sh_entsize == 0 || *strings)
		return;
	*strings = copy_strings(elf, header->sh_link, &size);
	size_t count = *strings ? data->d_size / header->sh_entsize : 0;
	for (size_t i = 0; i < count; i++) {
		GElf_Sym symbol;
		if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_name >= size ||
		    !symbol_counts(&symbol, *strings + symbol.st_name))
			continue;
		mem_grow(file->symbols, file->symbol_cap, file->symbol_count + 1);
		file->symbols[file->symbol_count++] = (struct symbol){
			symbol.st_value,
			symbol.st_size,
			*strings + symbol.st_name,
			symbol_rank(&symbol),
		};
	}
}

static int compare_symbols(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->rank != y->rank ? x->rank - y->rank : strcmp(x->name, y->name);
}

/* Sorts them by address, keeping the best name of each. */
static void sort_symbols(struct elf_file *file)
{
	if (!file->symbol_count)
		return;
	qsort(file->symbols, file->symbol_count, sizeof *file->symbols, compare_symbols);
	size_t kept = 1;
	for (size_t i = 1; i < file->symbol_count; i++)
		if (file->symbols[i].address != file->symbols[kept - 1].address)
			file->symbols[kept++] = file->symbols[i];
	file->symbol_count = kept;
	file->symbols = mem_realloc(file->symbols, kept * sizeof *file->symbols);
	file->symbol_cap = kept;
}

static void read_symbol_tables(struct elf_file *file, Elf *elf)
{
	for (Elf_Scn *at = elf_nextscn(elf, NULL); at; at = elf_nextscn(elf, at)) {
		GElf_Shdr header;
		if (!gelf_getshdr(at, &header))
			continue;
		file->whole |= header.sh_type == SHT_SYMTAB;
		if (header.sh_type == SHT_SYMTAB)
			read_symbols(file, elf, at, &header, &file->strings[0]);
		else if (header.sh_type == SHT_DYNSYM)
			read_symbols(file, elf, at, &header, &file->strings[1]);
	}
	sort_symbols(file);
}

struct elf_file *elf_file_open(int fd, struct err *err)
{
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	GElf_Ehdr header;
	if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header)) {
		elf_end(elf);
		err_set(err, ERR_INPUT, "%s", _("it is not an ELF file"));
		return NULL;
	}
	struct elf_file *file = mem_zalloc(sizeof *file);
	file->bits = gelf_getclass(elf) == ELFCLASS64 ? 64 : 32;
	read_segments(file, elf);
	read_sections(file, elf);
	read_symbol_tables(file, elf);
	elf_end(elf);
	return file;
}

void elf_file_close(struct elf_file *file)
{
	if (!file)
		return;
	free(file->segments);
	free(file->sections);
	free(file->symbols);
	free(file->names);
	free(file->strings[0]);
	free(file->strings[1]);
	free(file);
}

int elf_file_bits(const struct elf_file *file)
{
	return file->bits;
}

bool elf_file_is_whole(const struct elf_file *file)
{
	return file->whole;
}

bool elf_file_address(const struct elf_file *file, uint64_t offset, uint64_t *vaddr)
{
	for (size_t i = 0; i < file->segment_count; i++) {
		const struct segment *s = &file->segments[i];
		if (holds(s->offset, s->file_size, offset)) {
			*vaddr = s->vaddr + (offset - s->offset);
			return true;
		}
	}
	return false;
}

bool elf_file_offset(const struct elf_file *file, uint64_t vaddr, uint64_t *offset)
{
	for (size_t i = 0; i < file->segment_count; i++) {
		const struct segment *s = &file->segments[i];
		if (holds(s->vaddr, s->file_size, vaddr)) {
			*offset = s->offset + (vaddr - s->vaddr);
			return true;
		}
	}
	return false;
}

bool elf_file_first_load(const struct elf_file *file, uint64_t *offset, uint64_t *vaddr)
{
	const struct segment *first = NULL;
	for (size_t i = 0; i < file->segment_count; i++)
		if (!first || file->segments[i].vaddr < first->vaddr)
			first = &file->segments[i];
	if (!first)
		return false;
	*offset = first->offset;
	*vaddr = first->vaddr;
	return true;
}

bool elf_file_loads(const struct elf_file *file, uint64_t vaddr)
{
	for (size_t i = 0; i < file->segment_count; i++)
		if (holds(file->segments[i].vaddr, file->segments[i].memory_size, vaddr))
			return true;
	return false;
}

static const struct section *find_section(const struct elf_file *file, uint64_t vaddr)
{
	const struct section *found;
	size_t at;

	bisect(at, 0, file->section_count, file->sections[at].vaddr <= vaddr);
	found = at ? &file->sections[at - 1] : NULL;
	return found && holds(found->vaddr, found->size, vaddr) ? found : NULL;
}

const char *elf_file_section(const struct elf_file *file, uint64_t vaddr)
{
	const struct section *section = find_section(file, vaddr);
	return section ? section->name : "";
}

const char *elf_file_section_start(const struct elf_file *file, uint64_t vaddr, uint64_t *start)
{
	const struct section *section = find_section(file, vaddr);
	*start = section ? section->vaddr : 0;
	return section ? section->name : "";
}

size_t elf_file_sections(const struct elf_file *file, uint64_t vaddr, uint64_t end, const char **names,
			 size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < file->section_count && n < max; i++) {
		const struct section *s = &file->sections[i];
		if (s->vaddr < end && (s->vaddr >= vaddr || vaddr - s->vaddr < s->size))
			names[n++] = s->name;
	}
	return n;
}

bool elf_file_symbol(const struct elf_file *file, uint64_t vaddr, struct elf_symbol *symbol)
{
	const struct symbol *found;
	size_t at;

	bisect(at, 0, file->symbol_count, file->symbols[at].address <= vaddr);
	found = at ? &file->symbols[at - 1] : NULL;
	if (!found || find_section(file, found->address) != find_section(file, vaddr)) {
		*symbol = (struct elf_symbol){ .name = "" };
		return false;
	}
	*symbol = (struct elf_symbol){ found->name, found->address, found->size };
	return true;
}
