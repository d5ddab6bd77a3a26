/* Entries of pagemap: whatever the bits, a page has one state and only flags that go with it. */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "kern/classify.h"
#include "kern/frames.h"
#include "kern/pagemap.h"

static struct words words;

static void check_word(uint32_t word, int hugetlb)
{
	assert(page_state(word) != PAGE_NONE && page_state(word) < PAGE_STATES);
	assert(!(word & ~(PAGE_STATE_MASK | PAGE_FLAGS_MASK)));
	assert(page_state(word) == PAGE_UNKNOWN || !(word & PAGE_WHY_MASK));
	assert(hugetlb || !(word & PAGE_HUGETLB));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	words_init(&words);
	for (; size >= sizeof(uint64_t); data += sizeof(uint64_t), size -= sizeof(uint64_t)) {
		uint64_t entry;

		memcpy(&entry, data, sizeof entry);
		assert(pagemap_categories(entry) < PAGEMAP_SCAN_LIMIT);
		assert(!(entry & PAGEMAP_PRESENT) || pagemap_frame(entry) == (entry & PAGEMAP_FRAME));
		assert(!(frames_flags(entry) & PAGE_STATE_MASK));
		for (int class = 0; class < PAGE_CLASSES; class ++) {
			for (int hugetlb = 0; hugetlb < 2; hugetlb++)
				check_word(words.word[hugetlb][class][pagemap_categories(entry)], hugetlb);
		}
	}
	return 0;
}
