/* What the page cache holds: of our own files, and never a guess for files of others. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "kern/pagecache.h"

static int opened;

static int open_path(void *context, const struct region_attr *a, struct err *err)
{
	int fd = open(a->path, O_RDONLY | O_CLOEXEC);

	opened++;
	return fd < 0 ? err_system(err, errno, "no") : fd;
}

static struct region_attr region_of(const char *path, uint64_t pages)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (struct region_attr){ .start = 0x10 << PAGE_SHIFT,
				     .end = (0x10 + pages) << PAGE_SHIFT,
				     .inode = st.st_ino,
				     .dev_major = major(st.st_dev),
				     .dev_minor = minor(st.st_dev),
				     .path = path };
}

static void make_file(char *path, size_t pages)
{
	char *bytes = mem_zalloc(PAGE_BYTES);
	int fd;

	strcpy(path, "cache.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	for (size_t i = 0; i < pages; i++)
		assert_int_equal(write(fd, bytes, PAGE_BYTES), PAGE_BYTES);
	free(bytes);
	close(fd);
}

static void test_own_file(void **state)
{
	struct pagecache *cache = pagecache_create(PAGE_SHIFT, open_path, NULL, NULL);
	unsigned char answers[200];
	struct err why;
	char path[32];

	make_file(path, 100);

	struct region_attr a = region_of(path, 200);

	assert_true(pagecache_ask(cache, &a, false, 0x10, 200, answers, &why));
	assert_int_equal(answers[0], PAGECACHE_HELD);
	assert_int_equal(answers[99], PAGECACHE_HELD);
	for (size_t i = 100; i < 200; i++)
		assert_int_equal(answers[i], PAGECACHE_NO); /* behind the end of the file */
	assert_true(pagecache_ask(cache, &a, false, 0x10 + 110, 80, answers, &why));
	assert_int_equal(answers[0], PAGECACHE_NO);
	a.offset = 90 * PAGE_BYTES;
	assert_true(pagecache_ask(cache, &a, false, 0x10, 20, answers, &why));
	assert_int_equal(answers[9], PAGECACHE_HELD);
	assert_int_equal(answers[10], PAGECACHE_NO);
	assert_int_equal(opened, 1);
	assert_int_equal(pagecache_err(cache)->code, ERR_NONE);
	pagecache_destroy(cache);
	unlink(path);
}

/* To an ordinary user the kernel reports root's file as "all there": not believed. */
static void test_foreign_file(void **state)
{
	char path[32];
	pid_t pid;
	int status;

	if (geteuid() != 0)
		skip();
	make_file(path, 4);
	chmod(path, 0644);

	struct region_attr a = region_of(path, 4);

	pid = fork();
	if (pid == 0) {
		struct pagecache *cache = pagecache_create(PAGE_SHIFT, open_path, NULL, NULL);
		unsigned char answers[4];
		struct err why = { 0 };
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		char link[64];
		bool answered;

		if (fd < 0 || setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
			_exit(2);
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd); /* the folder may be closed to us */
		a.path = link;
		answered = pagecache_ask(cache, &a, false, 0x10, 4, answers, &why);
		_exit(answered || pagecache_err(cache)->code != ERR_DENIED || why.code != ERR_DENIED);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	unlink(path);
}

static void test_failures(void **state)
{
	struct pagecache *cache = pagecache_create(PAGE_SHIFT, open_path, NULL, NULL);
	struct region_attr missing = { .start = 0, .end = PAGE_BYTES, .inode = 1, .path = "/no/such/file" };
	struct region_attr directory = region_of("/", 1);
	unsigned char answer;
	struct err why = { 0 };

	opened = 0;
	assert_false(pagecache_ask(cache, &missing, false, 0, 1, &answer, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	assert_false(pagecache_ask(cache, &missing, false, 0, 1, &answer, &why));
	assert_int_equal(opened, 1); /* remembered for a while */
	assert_false(pagecache_ask(cache, &directory, false, 0x10, 1, &answer, &why));
	assert_int_equal(why.code, ERR_UNSUPPORTED);
	pagecache_destroy(cache);
}

static int count_fds(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Many files: the number of open ones is bounded; files that no region maps are closed. */
static void test_many_files(void **state)
{
	struct pagecache *cache = pagecache_create(PAGE_SHIFT, open_path, NULL, NULL);
	static char paths[300][32];
	struct region_list list = { 0 };
	int before = count_fds();
	unsigned char answer;
	struct err why;

	for (size_t i = 0; i < 300; i++) {
		make_file(paths[i], 1);

		struct region_attr a = region_of(paths[i], 1);

		assert_true(pagecache_ask(cache, &a, false, 0x10, 1, &answer, &why));
		assert_int_equal(answer, PAGECACHE_HELD);
	}
	assert_int_equal(count_fds() - before, 256);

	struct region_attr last = region_of(paths[299], 1);

	list.attrs = &last;
	list.count = 1;
	pagecache_keep(cache, &list);
	assert_int_equal(count_fds() - before, 1);
	pagecache_destroy(cache);
	assert_int_equal(count_fds(), before);
	for (size_t i = 0; i < 300; i++)
		unlink(paths[i]);
}

/* Two readers share what is open: a file is opened once, and stays as long as one of them may map it. */
static void test_shared_files(void **state)
{
	struct open_files *files = open_files_create(UINT64_MAX);
	struct pagecache *one = pagecache_create(PAGE_SHIFT, open_path, NULL, files);
	struct pagecache *other = pagecache_create(PAGE_SHIFT, open_path, NULL, files);
	struct region_attr missing = { .start = 0, .end = PAGE_BYTES, .inode = 1, .path = "/no/such/file" };
	struct region_list none = { 0 };
	int before = count_fds();
	unsigned char answer;
	struct err why;
	char path[32];

	make_file(path, 1);
	opened = 0;

	struct region_attr a = region_of(path, 1);

	assert_true(pagecache_ask(one, &a, false, 0x10, 1, &answer, &why));
	assert_true(pagecache_ask(other, &a, false, 0x10, 1, &answer, &why));
	assert_int_equal(answer, PAGECACHE_HELD);
	assert_int_equal(opened, 1);
	/* what one cannot open another may, and does not inherit the reason */
	assert_false(pagecache_ask(one, &missing, false, 0, 1, &answer, &why));
	assert_false(pagecache_ask(other, &missing, false, 0, 1, &answer, &why));
	assert_int_equal(opened, 3);
	pagecache_destroy(one);
	pagecache_keep(other, &none);
	assert_int_equal(count_fds() - before, 1);
	pagecache_destroy(other);
	open_files_destroy(files);
	assert_int_equal(count_fds(), before);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_file),     cmocka_unit_test(test_foreign_file),
		cmocka_unit_test(test_failures),     cmocka_unit_test(test_many_files),
		cmocka_unit_test(test_shared_files),
	};

	return cmocka_run_group_tests_name("pagecache", tests, NULL, NULL);
}
