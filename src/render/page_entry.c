/* An address and a pagemap entry taken apart.
 *
 * An address of x86-64 with four levels, 48 bits:
 *
 *    47     39 38     30 29     21 20     12 11        0
 *   +---------+---------+---------+---------+-----------+
 *   |   PGD   |   PUD   |   PMD   |   PTE   |  offset   |
 *   +---------+---------+---------+---------+-----------+
 *
 * A table fills a page, so that with pages of 4 KiB each level takes 9 bits, of 16 KiB 11, of 64 KiB 13; the
 * topmost takes what is left, which on aarch64 can be one bit (16 KiB, 48 bits). Five levels have a P4D below the
 * PGD, three have no PUD, two no PMD. The classic x86-32 has a directory and a table of 10 bits each: entries of 4
 * bytes. See Documentation/arch/arm64/memory.rst. */
#include "render/page_entry.h"

#include "base/i18n.h"

#define CLASSIC_BITS 32
#define CLASSIC_SHIFT 12 /* of x86-32's pages */
#define ENTRY_SHIFT 3    /* of the bytes of an entry */

/* How many bits of an address choose an entry of a table. */
static int index_bits(int address_bits, int page_shift)
{
	return address_bits == CLASSIC_BITS && page_shift == CLASSIC_SHIFT ? 10 : page_shift - ENTRY_SHIFT;
}

int address_fields(uint64_t address, int address_bits, unsigned page_shift,
		   struct address_field out[static PAGE_ENTRY_FIELDS_MAX])
{
	static const char *const names[] = { "PGD", "P4D", "PUD", "PMD", "PTE" };
	const int most = sizeof names / sizeof *names, shift = (int)page_shift, width = address_bits - shift;
	int index = index_bits(address_bits, shift), n = 0;

	if (shift < CLASSIC_SHIFT || address_bits > 64 || width <= 0 || (width + index - 1) / index > most)
		return 0;
	for (int levels = (width + index - 1) / index; n < levels; n++) {
		int low = shift + (levels - 1 - n) * index, bits = n ? index : address_bits - low;

		out[n] = (struct address_field){ names[n ? most - levels + n : 0], bits, low,
						 address >> low & (UINT64_MAX >> (64 - bits)) };
	}
	out[n] = (struct address_field){ N_("offset"), shift, 0, address & ((UINT64_C(1) << shift) - 1) };
	return n + 1;
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
	out[n] = (struct entry_bit){
		.high = high, .low = low, .name = name, .value = bits_of(entry, high, low), .meaning = meaning
	};
	return n + 1;
}

/* Bits 54-0: a frame's number, or where in swap. The kernel shows zeroes without CAP_SYS_ADMIN, and neither
 * number can be 0. */
static int add_place(struct entry_bit *out, int n, uint64_t entry, bool has_frame)
{
	bool shown = has_frame || bits_of(entry, 54, 0);
	if (bits_of(entry, PRESENT, PRESENT)) {
		n = add_bits(out, n, entry, 54, 0, "frame",
			     shown ? _("the frame's number: its address divided by the page size")
				   : _("hidden: frame numbers are shown to CAP_SYS_ADMIN only"));
		out[n - 1].hidden = !shown;
		return n;
	}
	if (!bits_of(entry, SWAPPED, SWAPPED) || bits_of(entry, GUARD, GUARD))
		return add_bits(out, n, entry, 54, 0, "frame", _("means nothing: no frame"));
	n = add_bits(out, n, entry, 54, 5, "swap offset",
		     shown ? _("which page of the swap area")
			   : _("hidden: places in swap are shown to CAP_SYS_ADMIN only"));
	n = add_bits(out, n, entry, 4, 0, "swap type", shown ? _("which swap area") : _("hidden as well"));
	out[n - 2].hidden = out[n - 1].hidden = !shown;
	return n;
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
