/* Where an address is in the file that is mapped there.
 *
 * An ELF file is loaded as several regions, all moved by the same distance (the load bias) from the addresses
 * in the file:
 *
 *     7f12a4000000 r--p 00000000 libc.so.6    first segment: vaddr 0
 *     7f12a4028000 r-xp 00028000 libc.so.6
 *     7f12a4200000 r--p 00200000 libc.so.6
 *     7f12a4255000 rw-p 00254000 libc.so.6    vaddr 0x255000, file offset 0x254000
 *     7f12a4257000 rw-p 00000000              its .bss: no file, the same distance
 *
 * The region with the file's first segment, which is searched downwards, gives the distance. If there is none
 * (a file mapped as plain data), the offset in the file is used. */
#include "symbol/locate.h"

#include "base/i18n.h"
#include "symbol/elf.h"

static bool same_file(const struct region_attr *a, const struct region_attr *b)
{
	return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

/* The region of the file that this one belongs to: itself, or for .bss the one below it. */
static const struct region *file_region(const struct process_view *process, const struct region *region)
{
	const struct region *at = region, *below;
	while (at->attr.kind == REGION_BSS && (below = process_view_below(process, at)) &&
	       below->attr.end == at->attr.start)
		at = below;
	return at->attr.kind == REGION_BSS ? region : at;
}

/* The address in the file, without the load bias. */
static bool by_image(const struct process_view *process, const struct elf_file *elf,
		     const struct region *file, uint64_t address, uint64_t *vaddr)
{
	uint64_t offset, first, page = process->page_size - 1;
	if (!elf_file_first_load(elf, &offset, &first))
		return false;
	for (const struct region *r = file; r; r = process_view_below(process, r)) {
		const struct region_attr *at = &r->attr;
		if (!same_file(at, &file->attr) || at->offset != (offset & ~page))
			continue;
		*vaddr = address - at->start + (first & ~page);
		return elf_file_loads(elf, *vaddr);
	}
	return false;
}

/* Do the image and maps agree which part of the file is at this address? */
static bool agrees(const struct elf_file *elf, const struct region_attr *region, uint64_t address,
		   uint64_t vaddr)
{
	uint64_t offset;
	return region->inode == 0 || !elf_file_offset(elf, vaddr, &offset) ||
	       offset == address - region->start + region->offset;
}

static void fill_from_file(const struct process_view *process, const struct elf_file *elf,
			   const struct region_attr *region, const struct region *file, uint64_t address,
			   struct location *location)
{
	uint64_t vaddr;
	bool known = by_image(process, elf, file, address, &vaddr) && agrees(elf, region, address, vaddr);
	if (!known && region->inode)
		known = elf_file_address(elf, address - region->start + region->offset, &vaddr);
	if (!known) {
		location->why = _("this part of the file is not loaded as part of a program");
		return;
	}
	struct elf_symbol symbol;
	location->section = elf_file_section(elf, vaddr);
	if (elf_file_symbol(elf, vaddr, &symbol)) {
		location->symbol = symbol.name;
		location->offset = vaddr - symbol.address;
		location->size = symbol.size;
	} else if (!*location->section) {
		location->why = _("no section of the file is here");
	}
}

/* Is there a file to look into? */
static bool has_file(const struct region_attr *attr)
{
	switch ((enum region_kind)attr->kind) {
	case REGION_HEAP:
	case REGION_STACK:
	case REGION_VDSO:
	case REGION_VVAR:
	case REGION_VSYSCALL:
		return false;
	case REGION_SHM:
		return attr->inode && attr->path[0] == '/';
	default:
		return attr->inode && !attr->device;
	}
}

/* Why there is none. */
static const char *no_file(const struct region_attr *attr)
{
	switch ((enum region_kind)attr->kind) {
	case REGION_HEAP:
		return _("the heap: memory that malloc hands out, no file behind it");
	case REGION_STACK:
		return _("the first thread's stack: no file behind it");
	case REGION_VDSO:
		return _("the kernel's own code, mapped into every process: no file behind it");
	case REGION_VVAR:
		return _(
		    "the kernel's own data, such as the time, mapped into every process: no file behind it");
	case REGION_VSYSCALL:
		return _("the kernel's old entry point, at the same address everywhere: no file behind it");
	case REGION_SHM:
		return _("shared memory: no file behind it");
	default:
		break;
	}
	if (attr->device)
		return _("a device: it has no sections or symbols");
	return _("anonymous memory: no file behind it");
}

struct module *locate_address(struct modules *modules, const struct process_view *process, uint64_t address,
			      bool wait, struct location *location)
{
	*location = (struct location){ .file = "", .section = "", .symbol = "", .why = "" };
	const struct region *region = process->ops->region_at(process->context, address);
	if (!region) {
		location->why = _("no region holds this address");
		return NULL;
	}
	const struct region *file = file_region(process, region);
	if (!has_file(&file->attr)) {
		location->why = no_file(&file->attr);
		return NULL;
	}
	location->file = file->attr.path;
	struct module *module = modules_find(modules, process, &file->attr);
	if (!wait && !module_is_read(module)) {
		location->pending = true;
		location->why = _("the file's symbols are being read");
		return module;
	}
	const struct elf_file *elf = module_elf(module);
	if (!elf) {
		location->why = module_err(module)->text;
		return NULL;
	}
	fill_from_file(process, elf, &region->attr, file, address, location);
	location->symbol = modules_readable(modules, location->symbol);
	return NULL;
}
