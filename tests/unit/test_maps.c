/* The text of maps: lines, paths, order, kinds. */
#include "check.h"

#include <string.h>

#include "kern/kinds.h"

static const char sample[] =
    "55d2c0a4f000-55d2c0a51000 r--p 00000000 fe:00 1234                       /usr/bin/demo\n"
    "55d2c0a51000-55d2c0a54000 r-xp 00002000 fe:00 1234                       /usr/bin/demo\n"
    "55d2c0a54000-55d2c0a55000 rw-p 00005000 fe:00 1234                       /usr/bin/demo\n"
    "55d2c0a55000-55d2c0a58000 rw-p 00000000 00:00 0 \n"
    "55d2c1f0a000-55d2c1f2b000 rw-p 00000000 00:00 0                          [heap]\n"
    "7f1200000000-7f1200800000 rw-p 00000000 00:00 0 \n"
    "7f1201000000-7f1201001000 r--p 00000000 fe:00 99                         /tmp/a\\012b (deleted)\n"
    "7f1202000000-7f1202001000 rw-s 00000000 00:01 7                          /memfd:two  words (deleted)\n"
    "7f1202002000-7f1202003000 rw-s 00000000 00:01 8                          /dev/zero (deleted)\n"
    "7f1202200000-7f1202400000 rw-p 00000000 00:11 9                          /anon_hugepage (deleted)\n"
    "7f1202400000-7f1202600000 rw-s 00000000 00:11 9                          /anon_hugepage (deleted)\n"
    "7f1203000000-7f1203001000 rw-s 00000000 00:20 5                          /dev/shm/x\n"
    "7f1203001000-7f1203002000 r-xp 00000000 00:20 6                          /dev/shm/program\n"
    "7f1203002000-7f1203003000 rw-s 00000000 00:0f 5                          anon_inode:[perf_event]\n"
    "7f1203003000-7f1203004000 rw-p 00000000 00:00 0                          [anon:name]\n"
    "7f1203004000-7f1203005000 rw-p 00000000 00:00 0                          [stack:4243]\n"
    "7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                          [stack]\n"
    "7ffd00100000-7ffd00104000 r--p 00000000 00:00 0                          [vvar]\n"
    "7ffd00104000-7ffd00106000 r--p 00000000 00:00 0                          [vvar_vclock]\n"
    "7ffd00106000-7ffd00108000 r-xp 00000000 00:00 0                          [vdso]\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n";

static size_t parse(struct region_list *list, const char *text)
{
	return maps_parse(list, text, strlen(text), NULL);
}

static void test_lines(void **state)
{
	struct region_list list = { 0 };
	const struct region_attr *a;

	assert_int_equal(parse(&list, sample), 0);
	assert_int_equal(list.count, 21);
	assert_true(maps_in_order(&list));
	a = &list.attrs[1];
	assert_true(a->start == 0x55d2c0a51000 && a->end == 0x55d2c0a54000);
	assert_int_equal(a->perms, REGION_READ | REGION_EXEC);
	assert_int_equal(a->offset, 0x2000);
	assert_int_equal(a->dev_major, 0xfe);
	assert_int_equal(a->dev_minor, 0);
	assert_int_equal(a->inode, 1234);
	assert_string_equal(a->path, "/usr/bin/demo");
	assert_string_equal(list.attrs[5].path, "");
	assert_string_equal(list.attrs[6].path, "/tmp/a\nb (deleted)");
	assert_string_equal(list.attrs[7].path, "/memfd:two  words (deleted)");
	assert_int_equal(list.attrs[7].perms, REGION_READ | REGION_WRITE | REGION_MAY_SHARE);
	assert_true(list.attrs[20].end == 0xffffffffff601000);
	region_list_fini(&list);
}

static void test_hostile_paths(void **state)
{
	struct region_list list = { 0 };

	assert_int_equal(parse(&list, "1000-2000 r--p 0 fe:00 1 /\x1b[2J\xff\x80\\\\x41\t \\01\n"), 0);
	assert_string_equal(list.attrs[0].path, "/\x1b[2J\xff\x80\\\\x41\t \\01");
	assert_int_equal(parse(&list, "1000-2000 r--p 0 fe:00 1 /no/newline"), 0);
	assert_string_equal(list.attrs[0].path, "/no/newline");
	assert_int_equal(parse(&list, ""), 0);
	assert_int_equal(list.count, 0);
	region_list_fini(&list);
}

static void test_senseless_lines(void **state)
{
	static const char *const lines[] = {
		"\n",
		"1000-2000 r--p 0 fe:00 x\n",
		"1000-2000 r--p 0 fe:00\n",
		"1000-2000 r--p 0 fe:00 1/path\n",
		"1000-2000 q--p 0 fe:00 1\n",
		"1000-2000 r--q 0 fe:00 1\n",
		"2000-1000 r--p 0 fe:00 1\n",
		"1000-1000 r--p 0 fe:00 1\n",
		"1000 2000 r--p 0 fe:00 1\n",
		"10000000000000000-20000000000000000 r--p 0 fe:00 1\n",
		"1000-2000 r--p 0 fe:100000000 1\n",
		"1000-2000 r-",
	};
	struct region_list list = { 0 };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_int_equal(parse(&list, lines[i]), 1);
	assert_int_equal(parse(&list, "1000-2000 r--p 0 fe:00 1 /x\nnonsense\n"), 2);
	assert_int_equal(list.count, 1);
	region_list_fini(&list);
}

static void test_order(void **state)
{
	struct region_list list = { 0 };

	assert_int_equal(parse(&list, "1000-4000 r--p 0 fe:00 1 /x\n3000-6000 r--p 1000 fe:00 1 /x\n"
				      "2000-3000 rw-p 0 00:00 0\n8000-9000 rw-p 0 00:00 0\n"),
			 0);
	assert_false(maps_in_order(&list));
	maps_force_order(&list);
	assert_true(maps_in_order(&list));
	assert_int_equal(list.count, 3);
	assert_int_equal(list.attrs[1].start, 0x4000);
	assert_int_equal(list.attrs[1].end, 0x6000);
	assert_int_equal(list.attrs[1].offset, 0x2000);
	region_list_fini(&list);
}

static void test_kinds(void **state)
{
	static const enum region_kind kinds[] = {
		REGION_RODATA, REGION_TEXT, REGION_DATA,     REGION_BSS,   REGION_HEAP,  REGION_ANON,
		REGION_FILE,   REGION_SHM,  REGION_SHM,      REGION_ANON,  REGION_SHM,   REGION_SHM,
		REGION_TEXT,   REGION_FILE, REGION_ANON,     REGION_STACK, REGION_STACK, REGION_VVAR,
		REGION_VVAR,   REGION_VDSO, REGION_VSYSCALL,
	};
	static const char mounts[] =
	    "20 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
	    "36 25 0:32 / /dev/shm rw,nosuid shared:4 master:2 - tmpfs tmpfs rw,size=64k\n"
	    "37 25 0:32 / /mnt/with\\040space rw - tmpfs tmpfs rw\n";
	struct region_list list = { 0 };
	struct backing backing;

	backing_init(&backing, true);
	backing_parse_mountinfo(&backing, mounts, strlen(mounts), -1);
	assert_int_equal(parse(&list, sample), 0);
	for (size_t i = 0; i < list.count; i++) {
		if (!backing_knows(&backing, &list.attrs[i]))
			backing_settle(&backing, &list.attrs[i]);
	}
	kinds_set(&list, &backing);
	for (size_t i = 0; i < list.count; i++) {
		if (list.attrs[i].kind != kinds[i])
			print_error("%s\n", list.attrs[i].path);
		assert_int_equal(list.attrs[i].kind, kinds[i]);
		assert_int_equal(list.attrs[i].hugetlb, i == 9 || i == 10);
		assert_int_equal(list.attrs[i].device, i == 13);
	}
	region_list_fini(&list);
	backing_fini(&backing);
}

static bool is_at(void *context, const struct region_attr *a, const char *path)
{
	return a->inode == 9 && !strcmp(path, context);
}

/* "\012" in a path is a newline, or four characters of a name. */
static void test_spelling(void **state)
{
	static const char line[] = "1000-2000 r--p 0 fe:00 9 /a\\012b/c\\012d\n"
				   "2000-3000 r--p 0 fe:00 8 /a\\012b\n";
	static char right[][16] = { "/a\\012b/c\\012d", "/a\nb/c\\012d", "/a\\012b/c\nd", "/a\nb/c\nd" };
	struct region_list list = { 0 };

	for (size_t i = 0; i < 4; i++) {
		const struct maps_paths paths = { is_at, right[i] };

		assert_int_equal(maps_parse(&list, line, strlen(line), &paths), 0);
		assert_string_equal(list.attrs[0].path, right[i]);
		assert_string_equal(list.attrs[1].path, "/a\nb"); /* none fits */
	}
	region_list_fini(&list);
}

/* A file that is mapped to be read only is no program's image; bss comes right behind. */
static void test_no_image(void **state)
{
	struct region_list list = { 0 };
	struct backing backing;

	backing_init(&backing, true);
	assert_int_equal(parse(&list, "1000-2000 rw-p 0 fe:00 1 /data\n2000-3000 rw-p 0 00:00 0\n"
				      "4000-5000 r-xp 0 fe:00 2 /code\n5000-6000 rw-p 0 00:00 0\n"
				      "7000-8000 rw-p 0 fe:00 2 /code\n9000-a000 rw-p 0 00:00 0\n"
				      "b000-c000 r-xs 0 fe:00 3 /shared\n"),
			 0);
	kinds_set(&list, &backing);
	assert_int_equal(list.attrs[0].kind, REGION_FILE);
	assert_int_equal(list.attrs[1].kind, REGION_ANON);
	assert_int_equal(list.attrs[2].kind, REGION_TEXT);
	assert_int_equal(list.attrs[3].kind, REGION_ANON);
	assert_int_equal(list.attrs[4].kind, REGION_DATA);
	assert_int_equal(list.attrs[5].kind, REGION_ANON);
	assert_int_equal(list.attrs[6].kind, REGION_FILE);
	region_list_fini(&list);
	backing_fini(&backing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),           cmocka_unit_test(test_hostile_paths),
		cmocka_unit_test(test_senseless_lines), cmocka_unit_test(test_order),
		cmocka_unit_test(test_kinds),           cmocka_unit_test(test_no_image),
		cmocka_unit_test(test_spelling),
	};

	return cmocka_run_group_tests_name("maps", tests, NULL, NULL);
}
