/* Turns what the kernel reports about a page into our page word, by a table indexed by the class of the
 * region and the categories of PAGEMAP_SCAN, so that a range costs next to nothing.
 *
 * Present pages of files and of shared memory have FILE set. In a private mapping, one without it is the
 * process's own copy; in a shared mapping, one without it does not count as memory for the kernel (it is in
 * no Rss): a page of a device or of the kernel. GUARD comes with SWAPPED, HUGE and ZERO with PRESENT or
 * without. Shared pages are never swapped here: their entry is simply gone, and what looks like a swapped one
 * is a mark of userfaultfd (kern/swap_marks.h deals with those, and with private ones). A swapped page with
 * FILE is on its way from one frame to another, and the kernel counts it as resident. */
#include "kern/classify.h"

static enum page_state state_of_present(enum page_class class, unsigned categories)
{
	bool file = categories & PAGEMAP_SCAN_FILE;

	switch (class) {
	case PAGE_CLASS_ANON:
		/* in anonymous memory only the huge zero page has it */
		return file ? PAGE_ZERO : PAGE_ANON;
	case PAGE_CLASS_FILE_PRIVATE:
		return file ? PAGE_FILE : PAGE_COPY;
	case PAGE_CLASS_SHM_PRIVATE:
		return file ? PAGE_SHM : PAGE_COPY;
	case PAGE_CLASS_FILE_SHARED:
	case PAGE_CLASS_SPECIAL:
		return file ? PAGE_FILE : PAGE_UNKNOWN;
	case PAGE_CLASS_SHM_SHARED:
		return file ? PAGE_SHM : PAGE_UNKNOWN;
	default:
		return PAGE_UNKNOWN;
	}
}

static uint32_t word_of_present(enum page_class class, unsigned categories, bool hugetlb)
{
	enum page_state state = state_of_present(class, categories);
	uint32_t flags = categories & PAGEMAP_SCAN_HUGE ? PAGE_HUGE : 0;

	if (categories & PAGEMAP_SCAN_ZERO)
		state = PAGE_ZERO;
	else if (state == PAGE_ZERO)
		flags |= PAGE_HUGE;
	if (state == PAGE_UNKNOWN)
		return page_unknown(PAGE_WHY_SPECIAL);
	if (hugetlb)
		flags |= PAGE_HUGE | PAGE_HUGETLB;
	return page_word(state, flags);
}

static uint32_t word_of(enum page_class class, unsigned categories, bool hugetlb)
{
	bool shared = class == PAGE_CLASS_FILE_SHARED || class == PAGE_CLASS_SHM_SHARED;
	bool moving = categories & PAGEMAP_SCAN_SWAPPED && categories & PAGEMAP_SCAN_FILE;

	if (class == PAGE_CLASS_OUTSIDE)
		return page_unknown(PAGE_WHY_OUTSIDE);
	if (categories & PAGEMAP_SCAN_GUARD)
		return page_word(PAGE_GUARD, 0);
	if (categories & PAGEMAP_SCAN_PRESENT || moving)
		return word_of_present(class, categories, hugetlb);
	if (class == PAGE_CLASS_SPECIAL)
		return page_unknown(PAGE_WHY_SPECIAL);
	if (categories & PAGEMAP_SCAN_SWAPPED && !shared)
		return page_word(PAGE_SWAP, 0);
	return page_word(PAGE_RESERVED, 0);
}

void words_init(struct words *words)
{
	for (int hugetlb = 0; hugetlb < 2; hugetlb++) {
		for (int class = 0; class < PAGE_CLASSES; class ++) {
			for (unsigned c = 0; c < PAGEMAP_SCAN_LIMIT; c++)
				words->word[hugetlb][class][c] = word_of((enum page_class) class, c, hugetlb);
		}
	}
}

enum page_class classify_region(const struct region_attr *a, enum backing_type type)
{
	bool shared = a->perms & REGION_MAY_SHARE;

	if (a->kind == REGION_VSYSCALL)
		return PAGE_CLASS_OUTSIDE;
	if (a->kind == REGION_VVAR || a->device)
		return PAGE_CLASS_SPECIAL;
	if (a->kind == REGION_VDSO)
		return PAGE_CLASS_FILE_PRIVATE;
	if (type == BACKING_NONE || (a->hugetlb && a->kind == REGION_ANON))
		return shared ? PAGE_CLASS_SHM_SHARED : PAGE_CLASS_ANON;
	if (type == BACKING_FILE)
		return shared ? PAGE_CLASS_FILE_SHARED : PAGE_CLASS_FILE_PRIVATE;
	return shared ? PAGE_CLASS_SHM_SHARED : PAGE_CLASS_SHM_PRIVATE;
}

bool classify_is_shm(enum page_class class)
{
	return class == PAGE_CLASS_SHM_PRIVATE || class == PAGE_CLASS_SHM_SHARED;
}

bool classify_is_cached(enum page_class class, const struct region_attr *a)
{
	return region_is_cacheable(a) && class >= PAGE_CLASS_FILE_PRIVATE && class <= PAGE_CLASS_SHM_SHARED;
}
