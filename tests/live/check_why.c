/* Reads the verdict of a process as JSON, and compares it: with what is expected of it, and, of a process that
 * stands, with what this program reads of the kernel by itself.
 *
 *   check_why EXPECTED [PID] <JSON
 *
 * EXPECTED is a file of lines "PATH OPERATOR VALUE"; a path is names with dots between them, and behind a name
 * [i] or [word]: the first object of a list that has this word as its owner, name or about. Operators are ==,
 * >=, is (text), or (>=, or absent). Other lines do not count. Prints what differs, and how many comparisons were made. */
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int differ, compared;

static json_t *find_in_list(json_t *list, const char *word)
{
	static const char *const keys[] = { "owner", "name", "about" };
	char *end;
	long number = strtol(word, &end, 10);
	json_t *each;
	size_t i;

	if (!*end && *word)
		return json_array_get(list, (size_t)number);
	json_array_foreach(list, i, each) for (int k = 0; k < 3; k++)
	{
		const char *text = json_string_value(json_object_get(each, keys[k]));

		if (text && !strcmp(text, word))
			return each;
	}
	return NULL;
}

static json_t *find(json_t *at, char *path)
{
	for (char *name = strtok(path, "."); name && at; name = strtok(NULL, ".")) {
		char *bracket = strchr(name, '['), *close = bracket ? strchr(bracket, ']') : NULL;

		if (close)
			*bracket = *close = '\0';
		at = json_object_get(at, name);
		if (close)
			at = find_in_list(at, bracket + 1);
	}
	return at;
}

/* The sum of all numbers of "a+b"; false where one is none. */
static bool add_up(json_t *root, const char *path, long long *sum)
{
	*sum = 0;
	for (const char *at = path; *at; at += *at == '+') {
		size_t len = strcspn(at, "+");
		char copy[256];
		json_t *found;

		snprintf(copy, sizeof copy, "%.*s", (int)len, at);
		found = find(root, copy);
		if (!json_is_integer(found))
			return false;
		*sum += json_integer_value(found);
		at += len;
	}
	return true;
}

static void compare(json_t *root, const char *path, const char *operator, const char * value)
{
	char copy[256], text[64] = "absent";
	long long is, should = strtoll(value, NULL, 10);
	json_t *found;
	bool ok = false;

	snprintf(copy, sizeof copy, "%s", path);
	found = find(root, copy);
	compared++;
	if (add_up(root, path, &is)) {
		snprintf(text, sizeof text, "%lld", is);
		ok = !strcmp(operator, "==")
			 ? is == should
			 : (!strcmp(operator, ">=") || !strcmp(operator, "or")) && is >= should;
	} else if (json_is_string(found)) {
		snprintf(text, sizeof text, "%s", json_string_value(found));
		ok = !strcmp(operator, "is") && !strcmp(text, value);
	}
	if (ok || (!found && !strcmp(operator, "or")))
		return;
	differ++;
	printf("%s is %s, not %s %s\n", path, text, operator, value);
}

static void compare_number(json_t *root, const char *path, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof text, "%" PRIu64, value);
	compare(root, path, "==", text);
}

static void compare_near(json_t *root, const char *name, uint64_t value, uint64_t most)
{
	char copy[256];
	uint64_t is;

	snprintf(copy, sizeof copy, "%s", name);
	is = (uint64_t)json_integer_value(find(root, copy));
	compared++;
	if (is && (is > value ? is - value : value - is) <= most)
		return;
	differ++;
	printf("%s is %" PRIu64 ", not about %" PRIu64 "\n", name, is, value);
}

/* The sum of a figure of smaps, or of status, over all its lines. */
static uint64_t sum(long pid, const char *file, const char *name)
{
	char path[64], line[4096];
	uint64_t all = 0, kib;
	size_t len = strlen(name);
	FILE *in;

	snprintf(path, sizeof path, "/proc/%ld/%s", pid, file);
	in = fopen(path, "r");
	while (in && fgets(line, sizeof line, in))
		if (!strncmp(line, name, len) && line[len] == ':' &&
		    sscanf(line + len + 1, "%" SCNu64, &kib) == 1)
			all += kib * 1024;
	if (in)
		fclose(in);
	return all;
}

static uint64_t count_lines(long pid)
{
	char path[64], line[8192];
	uint64_t lines = 0;
	FILE *in;

	snprintf(path, sizeof path, "/proc/%ld/maps", pid);
	in = fopen(path, "r");
	while (in && fgets(line, sizeof line, in))
		lines++;
	if (in)
		fclose(in);
	return lines;
}

static uint64_t part(json_t *root, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(json_object_get(root, "parts"), name));
}

static void compare_process(json_t *root, long pid)
{
	uint64_t rss = sum(pid, "smaps", "Rss"), lazy = sum(pid, "smaps", "LazyFree");
	uint64_t parts = part(root, "file_clean") + part(root, "file_dirty") + part(root, "lazily_free") +
			 part(root, "private") + part(root, "shared_memory");

	compare(root, "from", "is", "sums");
	compare_number(root, "rss", rss);
	compare_number(root, "swap", sum(pid, "smaps", "Swap"));
	compare_number(root, "own", sum(pid, "smaps", "Private_Clean") + sum(pid, "smaps", "Private_Dirty"));
	/* the kernel marks pages as lazily free in batches */
	compare_near(root, "parts.lazily_free", lazy, 512 * 1024);
	compare_near(root, "parts.private", sum(pid, "smaps", "Anonymous") - lazy, 512 * 1024);
	compare_number(root, "regions", count_lines(pid));
	compare_number(root, "figures.page_tables", sum(pid, "status", "VmPTE"));
	compare_number(root, "figures.rss_peak", sum(pid, "status", "VmHWM"));
	/* others may have begun or ended to map the same files meanwhile */
	compare_near(root, "pss", sum(pid, "smaps", "Pss"), 256 * 1024);
	compared++;
	if (parts != rss) {
		differ++;
		printf("the parts are %" PRIu64 " together, RSS is %" PRIu64 "\n", parts, rss);
	}
}

int main(int argc, char **argv)
{
	json_error_t error;
	json_t *root = json_loadf(stdin, 0, &error);
	FILE *expected = argc > 1 ? fopen(argv[1], "r") : NULL;
	char line[512], path[200], operator[8], value[200];

	if (!root || !expected) {
		printf("%s\n", root ? "no file of what is expected" : error.text);
		return 1;
	}
	compare(root, "schema", "is", "pagescape.verdict/1");
	while (fgets(line, sizeof line, expected))
		if (sscanf(line, "%199s %7s %199s", path, operator, value) == 3)
			compare(root, path, operator, value);
	fclose(expected);
	if (argc > 2)
		compare_process(root, atol(argv[2]));
	json_decref(root);
	printf("%d comparisons, %d differ\n", compared, differ);
	return differ || compared < 3;
}
