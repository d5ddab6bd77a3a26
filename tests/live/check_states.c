/* Compares what the reader sees with the truth, page by page.
 *
 *   check_states run STATES DIRECTORY   runs a target that prints what must be seen (states.c)
 *   check_states pid NAME PID           sums of a stopped process against its smaps, pages
 *                                       against pagemap and, where allowed, kpageflags
 *
 * Each is done with PAGEMAP_SCAN, without it, with flags, and as older kernels need it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/frames.h"
#include "kern/pagemap.h"
#include "kern/reader.h"

#define KERNEL_ANON (UINT64_C(1) << 12) /* of kpageflags */
#define MADV_GUARD 102                  /* MADV_GUARD_INSTALL */
#define PRINTED_MAX 10                  /* differences that are printed */
#define MOVED_MAX 20                    /* comparisons of a process that the kernel changes meanwhile */

static int failed;

struct mode {
	const char *name;
	bool no_scan, flags;
	bool no_huge_zero; /* as on kernels whose scan does not report the huge zero page */
};

static const struct mode modes[] = {
	{ "scan", false, false, false },
	{ "pagemap", true, false, false },
	{ "scan with flags", false, true, false },
	{ "pagemap with flags", true, true, false },
	{ "scan as before 6.17", false, false, true },
};

static bool has_scan;

/* Can this kernel do it that way? */
static bool mode_works(const struct mode *mode)
{
	return mode->no_scan || has_scan;
}

static void find_scan(void)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	has_scan = fd >= 0 && pagemap_scan_probe(fd) != 0;
	if (!has_scan)
		puts("ok - scan # SKIP this kernel has no PAGEMAP_SCAN (Linux 6.7 and later)");
	if (fd >= 0)
		close(fd);
}

struct look {
	const struct mode *mode;
	struct reader *reader;
	struct region_list list;
	unsigned differences;
};

static void result(bool good, const char *name, const char *mode)
{
	printf("%s - %s, %s\n", good ? "ok" : "not ok", name, mode);
	failed |= !good;
}

static void open_look(struct look *l, const struct mode *mode, int32_t pid)
{
	struct reader_options options = { .flags = mode->flags, .scan_as_before_617 = mode->no_huge_zero };
	struct err err;

	options.off[SOURCE_PAGEMAP_SCAN] = mode->no_scan;
	*l = (struct look){ .mode = mode };
	l->reader = reader_open(pid, &options, &err);
	if (!l->reader || reader_regions(l->reader, &l->list, &err) < 0) {
		printf("not ok - process %d: %s\n", pid, err.text);
		exit(1);
	}
}

static void close_look(struct look *l)
{
	region_list_fini(&l->list);
	reader_close(l->reader);
}

static const struct region_attr *find_region(const struct look *l, uint64_t address)
{
	for (size_t i = 0; i < l->list.count; i++) {
		if (l->list.attrs[i].start <= address && address < l->list.attrs[i].end)
			return &l->list.attrs[i];
	}
	return NULL;
}

static bool read_pages(struct look *l, const struct region_attr *a, uint64_t first, uint64_t end,
		       struct tiles *tiles)
{
	struct err err;
	uint64_t done, at = first;

	tiles->count = 0;
	if (reader_pages(l->reader, a, first, end, true, 0, tiles, &done, &err) < 0) {
		printf("# %s\n", err.text);
		return false;
	}
	for (size_t i = 0; i < tiles->count; i++) {
		if (tiles->run[i].first != at || tiles->run[i].end <= at) {
			printf("# the tiles have a gap at page %" PRIx64 "\n", at);
			return false;
		}
		at = tiles->run[i].end;
	}
	return at == end && done == end;
}

static void print_word(uint32_t word)
{
	printf("%s", page_state_name(page_state(word)));
	if (page_state(word) == PAGE_UNKNOWN)
		printf(":%u", page_why(word));
	else
		for (uint32_t bit = 1 << 4; bit <= PAGE_FLAG_LAST; bit <<= 1)
			if (word & bit)
				printf(",%s", page_flag_name(bit));
}

/* "anon,huge,exclusive" or "unknown:special" */
static uint32_t parse_word(char *text)
{
	static const char *const whys[] = {
		"not-read", "denied", "special", "outside", "zero-or-anon", "off"
	};
	char *save = NULL, *part = strtok_r(text, ",:", &save);
	uint32_t word = (uint32_t)page_state_parse(part);

	while ((part = strtok_r(NULL, ",:", &save))) {
		for (uint32_t i = 0; i < sizeof whys / sizeof *whys; i++)
			word |= strcmp(part, whys[i]) == 0 ? i << PAGE_WHY_SHIFT : 0;
		for (uint32_t bit = 1 << 4; bit <= PAGE_FLAG_LAST; bit <<= 1) {
			if (page_flag_name(bit) && strcmp(page_flag_name(bit), part) == 0)
				word |= bit;
		}
	}
	return word;
}

/* On Linux 6.13 and 6.14 a guard looks like a poisoned page, but for the frame's bits. */
static bool guards_have_bit(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *at = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool bit = at == MAP_FAILED || madvise(at, page, MADV_GUARD) != 0 ||
		   pagemap_entry_of(getpid(), (uintptr_t)at) & PAGEMAP_GUARD;

	if (at != MAP_FAILED)
		munmap(at, page);
	return bit;
}

/* What this mode can see of the word; *mask: which bits are certain. */
static uint32_t adapt(const struct look *l, uint32_t word, uint32_t *mask)
{
	bool frames = !reader_source(l->reader, SOURCE_FRAMES)->code;
	bool kpageflags = !reader_source(l->reader, SOURCE_KPAGEFLAGS)->code;

	*mask = PAGE_STATE_MASK | PAGE_HUGE | PAGE_HUGETLB | PAGE_CACHE_UNKNOWN;
	if (page_state(word) == PAGE_GUARD && (frames || guards_have_bit()))
		*mask |= PAGE_POISON;
	if (page_state(word) == PAGE_UNKNOWN) {
		*mask = PAGE_STATE_MASK | PAGE_WHY_MASK;
		return word;
	}
	if (l->mode->no_scan && !frames && (word == PAGE_ZERO || word == (PAGE_ANON | PAGE_SHARED))) {
		*mask = PAGE_STATE_MASK | PAGE_WHY_MASK;
		return page_unknown(PAGE_WHY_ZERO_OR_ANON);
	}
	if (l->mode->flags && word & (PAGE_EXCLUSIVE | PAGE_SHARED))
		*mask |= PAGE_EXCLUSIVE | PAGE_SHARED;
	if (l->mode->flags && kpageflags && word & PAGE_LOCKED)
		*mask |= PAGE_LOCKED;
	if (!l->mode->flags)
		*mask |= ~(uint32_t)(PAGE_WHY_MASK | PAGE_POISON); /* no other flags at all */
	if (!l->mode->flags)
		word &= ~(uint32_t)(PAGE_EXCLUSIVE | PAGE_SHARED | PAGE_LOCKED);
	if (l->mode->no_scan && !(word & PAGE_HUGETLB) && page_state(word) != PAGE_ZERO)
		word &= ~(uint32_t)PAGE_HUGE; /* pagemap does not show it */
	return word;
}

static bool check_expected(struct look *l, uint64_t address, uint64_t count, uint32_t word)
{
	unsigned shift = reader_page_shift(l->reader);
	const struct region_attr *a = find_region(l, address);
	uint64_t first = address >> shift;
	struct tiles tiles = { 0 };
	uint32_t mask, expected;
	bool good = a && read_pages(l, a, first, first + count, &tiles);

	expected = adapt(l, word, &mask);
	for (size_t i = 0; i < tiles.count; i++) {
		if ((tiles.run[i].value & mask) == (expected & mask))
			continue;
		good = false;
		printf("# page %" PRIx64 ", %" PRIu64 " pages: seen ", tiles.run[i].first,
		       tiles.run[i].end - tiles.run[i].first);
		print_word(tiles.run[i].value);
		printf(", expected ");
		print_word(expected);
		printf("\n");
	}
	tiles_fini(&tiles);
	return good;
}

/* The lines of one mode; consecutive lines of one scene are one case. */
static void check_lines(struct look *l, char *const *lines, size_t n)
{
	char scene[64] = "", name[64], word[128];
	bool good = true;

	for (size_t i = 0; i <= n; i++) {
		uint64_t address, count;

		if (i < n && sscanf(lines[i], "pages %63s %" SCNx64 " %" SCNu64 " %127s", name, &address,
				    &count, word) != 4)
			continue;
		if (i == n || strcmp(name, scene) != 0) {
			if (scene[0])
				result(good, scene, l->mode->name);
			good = true;
			memcpy(scene, name, sizeof scene);
		}
		if (i < n)
			good &= check_expected(l, address, count, parse_word(word));
	}
}

static void differ(struct look *l, const struct region_attr *a, const char *what, uint64_t seen,
		   uint64_t true_value)
{
	if (l->differences++ < PRINTED_MAX)
		printf("# %" PRIx64 "-%" PRIx64 " %s: %s is %" PRIu64 ", should be %" PRIu64 "\n", a->start,
		       a->end, a->path, what, seen, true_value);
}

/* Nothing is there: a guard in a region that allows nothing. */
static bool is_empty(const struct region_attr *a, uint32_t word)
{
	return region_is_closed(a) ? page_state(word) == PAGE_GUARD
				   : page_state(word) == PAGE_RESERVED || page_state(word) == PAGE_CACHED;
}

/* Whether the state agrees with an entry that looks like swap; only smaps says whether it is. */
static bool agrees_with_swap(const struct region_attr *a, uint32_t word, uint64_t entry)
{
	bool empty = is_empty(a, word);
	bool poison = page_state(word) == PAGE_GUARD && (word & PAGE_POISON || !(entry & PAGEMAP_FRAME));

	if (entry & PAGEMAP_FRAME)
		return (entry & 0x1f) == 0x1f ? empty || poison : page_state(word) == PAGE_SWAP;
	return page_state(word) == PAGE_SWAP || (entry & PAGEMAP_UFFD_WP ? empty : poison);
}

/* Whether the state is what the entry and the frame's kernel flags say. */
static bool agrees(const struct region_attr *a, uint32_t word, uint64_t entry, bool has_kflags,
		   uint64_t kflags)
{
	enum page_state s = page_state(word);
	bool file = entry & PAGEMAP_FILE;

	if (s == PAGE_UNKNOWN)
		return page_why(word) != PAGE_WHY_NOT_READ && page_why(word) != PAGE_WHY_DENIED;
	if (entry & PAGEMAP_GUARD)
		return s == PAGE_GUARD;
	if (!(entry & PAGEMAP_PRESENT))
		return entry & PAGEMAP_SWAPPED ? agrees_with_swap(a, word, entry)
					       : is_empty(a, word) || s == PAGE_SWAP;
	if (has_kflags && (s == PAGE_ZERO) != !!(kflags & FRAMES_ZERO))
		return false;
	if (has_kflags && (s == PAGE_ANON || s == PAGE_COPY) != !!(kflags & KERNEL_ANON))
		return false;
	if (s == PAGE_ZERO)
		return true;
	return file ? s == PAGE_FILE || s == PAGE_SHM : s == PAGE_ANON || s == PAGE_COPY;
}

static bool check_entries(struct look *l, const struct region_attr *a, const struct tiles *tiles, int pagemap,
			  int kpageflags)
{
	for (size_t i = 0; i < tiles->count; i++) {
		for (uint64_t p = tiles->run[i].first; p < tiles->run[i].end; p++) {
			uint64_t entry = 0, kflags = 0;
			bool has_kflags;

			if (a->kind == REGION_VSYSCALL || pagemap_read(pagemap, p, 1, &entry, NULL) != 1)
				continue;
			has_kflags = pagemap_frame(entry) &&
				     frames_read_words(kpageflags, pagemap_frame(entry), 1, &kflags);
			if (!agrees(a, tiles->run[i].value, entry, has_kflags, kflags)) {
				differ(l, a, page_state_name(page_state(tiles->run[i].value)), p, entry);
				return false;
			}
		}
	}
	return true;
}

static void count_states(const struct tiles *tiles, uint64_t counts[static PAGE_STATES], uint64_t *hugetlb)
{
	for (size_t i = 0; i < tiles->count; i++) {
		uint64_t pages = tiles->run[i].end - tiles->run[i].first;

		if (tiles->run[i].value & PAGE_HUGETLB)
			*hugetlb += pages;
		else
			counts[page_state(tiles->run[i].value)] += pages;
	}
}

static bool check_region(struct look *l, const struct region_attr *a, const struct region_sums *s,
			 struct tiles *tiles)
{
	unsigned shift = reader_page_shift(l->reader);
	uint64_t counts[PAGE_STATES] = { 0 }, hugetlb = 0, resident;
	bool vague;

	if (!read_pages(l, a, a->start >> shift, a->end >> shift, tiles))
		return false;
	count_states(tiles, counts, &hugetlb);
	resident = page_resident(counts);
	/* a possible zero page may not count as memory, and shm in swap takes rights to see */
	vague = counts[PAGE_UNKNOWN] > 0 && a->kind != REGION_VVAR && a->kind != REGION_VSYSCALL;
	if (!vague && resident << shift != s->rss)
		differ(l, a, "resident", resident << shift, s->rss);
	if (!(tiles->count > 0 && tiles->run[0].value & PAGE_CACHE_UNKNOWN) &&
	    counts[PAGE_SWAP] << shift != s->swap)
		differ(l, a, "swapped", counts[PAGE_SWAP] << shift, s->swap);
	if (hugetlb << shift != s->hugetlb)
		differ(l, a, "hugetlb", hugetlb << shift, s->hugetlb);
	return true;
}

/* The next region, with those that are joined to it, which smaps has as one. */
static bool next_mapping(const struct region_list *list, size_t *at, struct region_attr *a)
{
	if (*at == list->count)
		return false;
	*a = list->attrs[(*at)++];
	while (*at < list->count && list->attrs[*at].joined)
		a->end = list->attrs[(*at)++].end;
	return true;
}

/* One comparison of all regions. *moved: whether the kernel itself changed what the stopped
 * process has meanwhile (khugepaged makes huge pages whenever it likes): no verdict then. */
static bool check_sums_once(struct look *l, int32_t pid, bool *moved)
{
	struct region_sums *before, *after;
	struct tiles tiles = { 0 };
	struct err err;
	char path[64];
	size_t n, n_after;
	int pagemap, kpageflags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	bool good = true;

	snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
	pagemap = open(path, O_RDONLY | O_CLOEXEC);
	if (reader_smaps(l->reader, &before, &n, &err) < 0) {
		printf("# %s\n", err.text);
		return false;
	}
	for (size_t i = 0, at = 0; good && i < n; i++) {
		struct region_attr a = { 0 };

		good = next_mapping(&l->list, &at, &a) && a.start == before[i].start &&
		       a.end == before[i].end && check_region(l, &a, &before[i], &tiles) &&
		       check_entries(l, &a, &tiles, pagemap, kpageflags) &&
		       (i + 1 < n || at == l->list.count);
	}
	if (reader_smaps(l->reader, &after, &n_after, &err) == 0) {
		*moved = n != n_after;
		for (size_t i = 0; i < n && !*moved; i++)
			*moved = before[i].rss != after[i].rss || before[i].swap != after[i].swap;
		free(after);
	}
	free(before);
	tiles_fini(&tiles);
	close(pagemap);
	if (kpageflags >= 0)
		close(kpageflags);
	return good && l->differences == 0;
}

static bool check_sums(struct look *l, int32_t pid)
{
	bool good, moved = false;

	for (unsigned i = 0; i < MOVED_MAX; i++) {
		l->differences = 0;
		good = check_sums_once(l, pid, &moved);
		if (good || !moved)
			return good;
		printf("# the kernel changed pages of the stopped process: once more\n");
	}
	return false;
}

static void check_process(const char *name, int32_t pid)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		struct look l;
		char text[160];

		if (!mode_works(&modes[i]))
			continue;
		open_look(&l, &modes[i], pid);
		snprintf(text, sizeof text, "%s: sums of smaps and entries of pagemap", name);
		result(check_sums(&l, pid), text, modes[i].name);
		close_look(&l);
	}
}

static size_t read_lines(FILE *f, char *lines[], size_t cap)
{
	char *line = NULL;
	size_t room = 0, n = 0;

	while (n < cap && getline(&line, &room, f) > 0 && strcmp(line, "ready\n") != 0)
		lines[n++] = strdup(line);
	free(line);
	return n;
}

static void check_target(const char *program, const char *directory)
{
	static char *lines[512];
	int out[2], status;
	pid_t pid = pipe(out) == 0 ? fork() : -1;
	size_t n;

	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		execl(program, program, directory, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	n = read_lines(fdopen(out[0], "r"), lines, sizeof lines / sizeof *lines);
	if (pid < 0 || n == 0 || waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status)) {
		printf("not ok - %s did not get ready\n", program);
		exit(1);
	}
	for (size_t i = 0; i < n; i++) {
		char scene[64], why[256];

		if (sscanf(lines[i], "skip %63s %255[^\n]", scene, why) == 2)
			printf("ok - %s # SKIP %s\n", scene, why);
	}
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		struct look l;

		if (!mode_works(&modes[i]))
			continue;
		open_look(&l, &modes[i], pid);
		check_lines(&l, lines, n);
		close_look(&l);
	}
	check_process("target of all states", pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (size_t i = 0; i < n; i++)
		free(lines[i]);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	find_scan();
	if (argc == 4 && strcmp(argv[1], "run") == 0) {
		check_target(argv[2], argv[3]);
	} else if (argc == 4 && strcmp(argv[1], "pid") == 0) {
		check_process(argv[2], atoi(argv[3]));
	} else {
		fprintf(stderr, "usage: check_states run STATES DIRECTORY | pid NAME PID\n");
		return 2;
	}
	return failed;
}
