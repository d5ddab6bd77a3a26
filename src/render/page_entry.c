/* An address and a pagemap entry taken apart.
 *
 * An address of x86-64 with four levels, 48 bits:
 *
 *    47     39 38     30 29     21 20     12 11        0
 *   +---------+---------+---------+---------+-----------+
 *   |   PGD   |   PUD   |   PMD   |   PTE   |  offset   |
 *   +---------+---------+---------+---------+-----------+
 *
 * Five levels put P4D (bits 47-39) below a PGD of bits 56-48; the classic x86-32 has a
 * directory and a table of 10 bits each. */
#include "render/page_entry.h"

#include "base/i18n.h"

struct level {
	const char *name;
	int bits;
};

static const struct level *address_levels(int address_bits)
{
	static const struct level levels32[] = {
		{ "PGD", 10 }, { "PTE", 10 }, { N_("offset"), 12 }, { NULL, 0 }
	};
	static const struct level levels39[] = {
		{ "PGD", 9 }, { "PMD", 9 }, { "PTE", 9 }, { N_("offset"), 12 }, { NULL, 0 }
	};
	static const struct level levels48[] = { { "PGD", 9 }, { "PUD", 9 },         { "PMD", 9 },
						 { "PTE", 9 }, { N_("offset"), 12 }, { NULL, 0 } };
	static const struct level levels57[] = { { "PGD", 9 }, { "P4D", 9 }, { "PUD", 9 },
						 { "PMD", 9 }, { "PTE", 9 }, { N_("offset"), 12 },
						 { NULL, 0 } };
	switch (address_bits) {
	case 32:
		return levels32;
	case 39:
		return levels39;
	case 48:
		return levels48;
	case 57:
		return levels57;
	default:
		return NULL;
	}
}

int address_fields(uint64_t address, int address_bits, struct address_field out[static PAGE_ENTRY_FIELDS_MAX])
{
	const struct level *level = address_levels(address_bits);
	int n = 0, shift = address_bits;
	for (; level && level->name; level++, n++) {
		shift -= level->bits;
		out[n] = (struct address_field){ level->name, level->bits, shift,
						 address >> shift & ((UINT64_C(1) << level->bits) - 1) };
	}
	return n;
}

static uint64_t bits_of(uint64_t entry, int high, int low)
{
	return entry >> low & (UINT64_MAX >> (63 - (high - low)));
}

enum {
	PRESENT = 63,
	SWAPPED = 62,
	FILE_PAGE = 61,
	GUARD = 58,
	UFFD_WP = 57,
	EXCLUSIVE = 56,
	SOFT_DIRTY = 55
};

static const char *flag_meaning(uint64_t entry, int bit)
{
	bool set = bits_of(entry, bit, bit), present = bits_of(entry, PRESENT, PRESENT);
	switch (bit) {
	case PRESENT:
		return set ? _("a frame is mapped") : _("no frame is mapped");
	case SWAPPED:
		if (set && bits_of(entry, GUARD, GUARD))
			return _("comes with the guard mark: nothing was swapped out");
		return set ? _("the page is in swap") : _("not in swap");
	case FILE_PAGE:
		if (!set && !present)
			return _("means nothing: no frame");
		return set ? _("of a file or of shared memory") : _("the process's own memory");
	case GUARD:
		return set ? _("a guard page: a touch is a segmentation fault") : _("no guard page");
	case UFFD_WP:
		return set ? _("userfaultfd catches writes to it") : _("no userfaultfd watches writes");
	case EXCLUSIVE:
		if (!present)
			return _("means nothing: no frame");
		return set ? _("mapped here only")
			   : _("mapped more than once, or the kernel does not keep it");
	default:
		return set ? _("written since the marks were cleared, or new")
			   : _("clear, or this kernel does not keep it");
	}
}

static int add_bits(struct entry_bit *out, int n, uint64_t entry, int high, int low, const char *name,
		    const char *meaning)
{
	out[n] = (struct entry_bit){ high, low, name, bits_of(entry, high, low), meaning };
	return n + 1;
}

/* Bits 54-0: a frame's number, or where in swap. The kernel shows zeroes to all who have
 * no CAP_SYS_ADMIN, and neither place can be number 0. */
static int add_place(struct entry_bit *out, int n, uint64_t entry, bool has_frame)
{
	bool shown = has_frame || bits_of(entry, 54, 0);
	if (bits_of(entry, PRESENT, PRESENT))
		return add_bits(out, n, entry, 54, 0, "frame",
				shown ? _("the frame's number: its address divided by the page size")
				      : _("hidden: frame numbers are shown to CAP_SYS_ADMIN only"));
	if (!bits_of(entry, SWAPPED, SWAPPED) || bits_of(entry, GUARD, GUARD))
		return add_bits(out, n, entry, 54, 0, "frame", _("means nothing: no frame"));
	n = add_bits(out, n, entry, 54, 5, "swap offset",
		     shown ? _("which page of the swap area")
			   : _("hidden: places in swap are shown to CAP_SYS_ADMIN only"));
	return add_bits(out, n, entry, 4, 0, "swap type", shown ? _("which swap area") : _("hidden as well"));
}

int entry_bits(uint64_t entry, bool has_frame, struct entry_bit out[static PAGE_ENTRY_BITS_MAX])
{
	static const struct {
		int bit;
		const char *name;
	} flags[] = { { GUARD, "guard" },
		      { UFFD_WP, "uffd-wp" },
		      { EXCLUSIVE, "exclusive" },
		      { SOFT_DIRTY, "soft-dirty" } };
	int n = 0;
	n = add_bits(out, n, entry, PRESENT, PRESENT, "present", flag_meaning(entry, PRESENT));
	n = add_bits(out, n, entry, SWAPPED, SWAPPED, "swapped", flag_meaning(entry, SWAPPED));
	n = add_bits(out, n, entry, FILE_PAGE, FILE_PAGE, "file/shm", flag_meaning(entry, FILE_PAGE));
	n = add_bits(out, n, entry, 60, 59, "unused", _("always zero"));
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		n = add_bits(out, n, entry, flags[i].bit, flags[i].bit, flags[i].name,
			     flag_meaning(entry, flags[i].bit));
	return add_place(out, n, entry, has_frame);
}

void entry_kflags(struct strbuf *out, uint64_t kflags)
{
	/* by bit, as linux/kernel-page-flags.h numbers them; from 32 on the kernel's own */
	static const char *const names[64] = {
		"locked",        "error",        "referenced",  "uptodate",
		"dirty",         "lru",          "active",      "slab",
		"writeback",     "reclaim",      "buddy",       "mmap",
		"anon",          "swapcache",    "swapbacked",  "compound_head",
		"compound_tail", "huge",         "unevictable", "hwpoison",
		"nopage",        "ksm",          "thp",         "offline",
		"zero_page",     "idle",         "pgtable",     [32] = "reserved",
		"mlocked",       "mappedtodisk", "private",     "private_2",
		"owner_private", "arch",         "uncached",    "softdirty",
		"arch_2",        "arch_3",
	};
	const char *gap = "";
	for (int bit = 0; bit < 64; bit++) {
		if (!(kflags >> bit & 1))
			continue;
		if (names[bit])
			strbuf_printf(out, "%s%s", gap, names[bit]);
		else
			strbuf_printf(out, "%sbit-%d", gap, bit);
		gap = " ";
	}
	strbuf_add(out, "", 0);
}
