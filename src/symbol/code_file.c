/* There are two sources. Debug information describes the source code: inlined functions, lines. The symbol
 * table describes what the linker made, including functions without debug information: a library's, or ones
 * in assembly. If both know the function, debug information is used.
 *
 * A stripped file's symbol table and debug information are in a separate file, if that is installed, and are
 * read from there. */
#include "symbol/code_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "symbol/debug_file.h"
#include "symbol/demangle.h"

#define SIGNAL_RETURN "__restore_rt"

struct code_file {
	struct elf_file *elf;
	struct elf_file *beside; /* the separate file's symbols; NULL: none, or not needed */
	struct debug_info *info; /* NULL: see err */
	struct err err;
	bool searched; /* for debug information */
	int fd;        /* until then */
	int text;      /* of a file that names few functions: its bytes; else -1 */
	int root;
	char *path;
	struct debug_frame frames[DEBUG_FRAMES_MAX];
	char *demangled; /* of the symbol table's name, of the last answer */
};

struct code_file *code_file_open(int fd, int root, const char *path, struct err *err)
{
	struct elf_file *elf = elf_file_open(fd, err);
	if (!elf) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	struct code_file *file = mem_zalloc(sizeof *file);
	file->elf = elf;
	file->fd = fd;
	file->text = -1;
	file->root = root;
	file->path = mem_strdup(path);
	return file;
}

void code_file_close(struct code_file *file)
{
	if (!file)
		return;
	elf_file_close(file->elf);
	elf_file_close(file->beside);
	debug_info_close(file->info);
	if (file->fd >= 0)
		close(file->fd);
	if (file->text >= 0)
		close(file->text);
	free(file->path);
	free(file->demangled);
	free(file);
}

const struct elf_file *code_file_elf(const struct code_file *file)
{
	return file->elf;
}

/* Opens the debug information: the file's own, else the separate file's. */
static void find_info(struct code_file *file)
{
	int fd = file->fd, own = fcntl(fd, F_DUPFD_CLOEXEC, 0), beside = -1;
	file->searched = true;
	file->fd = -1;
	if (own < 0)
		err_system(&file->err, errno, "%s", _("cannot read its debug information"));
	else
		file->info = debug_info_open(own, file->root, &file->err);
	if (!file->info || !elf_file_is_whole(file->elf))
		beside = debug_file_open(fd, file->root, file->path);
	if (beside < 0 && !elf_file_is_whole(file->elf))
		file->text = fd;
	else
		close(fd);
	if (beside < 0)
		return;
	if (!elf_file_is_whole(file->elf))
		file->beside = elf_file_open(beside, NULL);
	if (!file->info)
		file->info = debug_info_open(beside, file->root, &file->err);
	else
		close(beside);
}

/* The function of the symbol table that contains vaddr and does not end before it. */
static bool find_symbol(const struct elf_file *elf, uint64_t vaddr, struct elf_symbol *symbol)
{
	if (!elf || !elf_file_symbol(elf, vaddr, symbol))
		return false;
	if (symbol->size)
		return vaddr - symbol->address < symbol->size;
	/* a symbol without a size (assembly): it extends to the next one, if the table is complete */
	return elf_file_is_whole(elf) || vaddr == symbol->address;
}

/* Is this where a signal handler returns to: mov $15,%rax (rt_sigreturn) and syscall? Debuggers also
 * recognise it by these bytes, because it is not an exported symbol; the name is the C library's. */
static bool is_signal_return(const struct code_file *file, uint64_t vaddr)
{
	static const uint8_t code[] = { 0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05 };
	uint8_t found[sizeof code];
	uint64_t offset;
	return file->text >= 0 && elf_file_offset(file->elf, vaddr, &offset) &&
	       pread(file->text, found, sizeof found, (off_t)offset) == sizeof found &&
	       !memcmp(found, code, sizeof code);
}

static const char *symbol_name(struct code_file *file, const char *name)
{
	free(file->demangled);
	file->demangled = demangle(name);
	return file->demangled ? file->demangled : name;
}

static const char *lack_text(enum debug_lack lack)
{
	if (lack == DEBUG_LACK_DWP)
		return _(
		    "inlined functions are not known: they are packed in a .dwp file, which is not read");
	if (lack == DEBUG_LACK_DWO)
		return _("inlined functions are not known: this part's .dwo file is missing");
	return "";
}

/* Sets whether something is missing from the answer, and what. */
static void find_missing(const struct code_file *file, struct code_location *location)
{
	bool source = location->count && *location->frames[0].source;
	enum debug_lack lack = source && file->info ? debug_info_lack(file->info) : DEBUG_LACK_NONE;
	location->whole = source && lack == DEBUG_LACK_NONE;
	if (source)
		location->why = lack_text(lack);
	else if (location->count)
		location->why = file->info
				    ? _("no source line: this part of the file was compiled without debug "
					"information")
				    : file->err.text;
	else if (elf_file_is_whole(file->elf) || file->beside)
		location->why = _("no function of the file is here");
	else
		location->why = _("the file is stripped: it names no function here");
}

void code_file_find(struct code_file *file, uint64_t vaddr, struct code_location *location)
{
	struct elf_symbol symbol;
	uint64_t start = 0;
	*location = (struct code_location){ .section = "", .frames = file->frames, .offset = vaddr };
	if (!file->searched)
		find_info(file);
	if (file->info)
		location->count = debug_info_find(file->info, vaddr, file->frames, &start);
	bool named = find_symbol(file->elf, vaddr, &symbol) || find_symbol(file->beside, vaddr, &symbol);
	if (named && !location->count) {
		file->frames[0] = (struct debug_frame){ .function = "", .source = "" };
		location->count = 1;
	}
	struct debug_frame *outer = &file->frames[location->count ? location->count - 1 : 0];
	if (location->count && !*outer->function && named)
		outer->function = symbol_name(file, symbol.name);
	if (named)
		location->offset = vaddr - symbol.address;
	else if (location->count && start)
		location->offset = vaddr - start;
	else
		location->count = location->count && *outer->function ? location->count : 0;
	if (!location->count && is_signal_return(file, vaddr)) {
		file->frames[0] = (struct debug_frame){ .function = SIGNAL_RETURN, .source = "" };
		location->count = 1;
		location->offset = 0;
	}
	if (!location->count) {
		uint64_t from;
		location->section = elf_file_section_start(file->elf, vaddr, &from);
		location->offset = vaddr - from;
	}
	find_missing(file, location);
}

bool code_file_has_debug_info(struct code_file *file)
{
	if (!file->searched)
		find_info(file);
	return file->info;
}
