/* Two queues under one lock: jobs go in, answers come out, and an eventfd is readable while there are any.
 * `pending` is used by the asking thread only. */
#include "symbol/symbolizer_thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/mem.h"

struct symbolizer_thread {
	pthread_t thread;
	struct symbolizer_work *work; /* the thread's own */
	int fd;
	size_t pending; /* used by the asking thread only */

	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t wanted;
	struct symbolizer_job *jobs, **jobs_end;
	struct symbolizer_answer *answers, **answers_end;
	bool stop;
};

static void put_answer(struct symbolizer_thread *t, struct symbolizer_answer *answer)
{
	uint64_t one = 1;
	bool signalled = t->answers; /* and not taken yet */
	*t->answers_end = answer;
	t->answers_end = &answer->next;
	while (!signalled && write(t->fd, &one, sizeof one) < 0 && errno == EINTR)
		;
}

static void *run(void *context)
{
	struct symbolizer_thread *t = context;
	pthread_mutex_lock(&t->lock);
	while (!t->stop) {
		struct symbolizer_job *job = t->jobs;
		if (!job) {
			pthread_cond_wait(&t->wanted, &t->lock);
			continue;
		}
		t->jobs = job->next;
		if (!t->jobs)
			t->jobs_end = &t->jobs;
		pthread_mutex_unlock(&t->lock);
		struct symbolizer_answer *answer = symbolizer_work_do(t->work, job);
		pthread_mutex_lock(&t->lock);
		put_answer(t, answer);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

/* Signals are left to the threads that wait for them. */
static bool start_thread(struct symbolizer_thread *t)
{
	sigset_t all, old;
	crash_fill_others(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int failed = pthread_create(&t->thread, NULL, run, t);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return failed == 0;
}

struct symbolizer_thread *symbolizer_thread_start(struct symbolizer_work *work)
{
	struct symbolizer_thread *t = mem_zalloc(sizeof *t);
	t->work = work;
	t->jobs_end = &t->jobs;
	t->answers_end = &t->answers;
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->wanted, NULL);
	t->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->fd >= 0 && start_thread(t))
		return t;
	if (t->fd >= 0)
		close(t->fd);
	pthread_cond_destroy(&t->wanted);
	pthread_mutex_destroy(&t->lock);
	free(t);
	return NULL;
}

void symbolizer_thread_stop(struct symbolizer_thread *t)
{
	struct symbolizer_answer *answer;
	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	t->stop = true;
	pthread_cond_signal(&t->wanted);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	symbolizer_thread_forget(t);
	while ((answer = symbolizer_thread_take(t)))
		symbolizer_answer_free(answer);
	symbolizer_work_destroy(t->work);
	close(t->fd);
	pthread_cond_destroy(&t->wanted);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

void symbolizer_thread_ask(struct symbolizer_thread *t, struct symbolizer_job *job)
{
	job->next = NULL;
	t->pending++;
	pthread_mutex_lock(&t->lock);
	if (!t->jobs)
		pthread_cond_signal(&t->wanted); /* it waits only while it has no jobs */
	*t->jobs_end = job;
	t->jobs_end = &job->next;
	pthread_mutex_unlock(&t->lock);
}

struct symbolizer_answer *symbolizer_thread_take(struct symbolizer_thread *t)
{
	uint64_t count;
	pthread_mutex_lock(&t->lock);
	struct symbolizer_answer *answer = t->answers;
	if (answer)
		t->answers = answer->next;
	if (!t->answers) {
		t->answers_end = &t->answers;
		while (read(t->fd, &count, sizeof count) < 0 && errno == EINTR)
			;
	}
	pthread_mutex_unlock(&t->lock);
	t->pending -= answer != NULL;
	return answer;
}

int symbolizer_thread_fd(const struct symbolizer_thread *t)
{
	return t->fd;
}

size_t symbolizer_thread_pending(const struct symbolizer_thread *t)
{
	return t->pending;
}

void symbolizer_thread_forget(struct symbolizer_thread *t)
{
	pthread_mutex_lock(&t->lock);
	struct symbolizer_job *jobs = t->jobs;
	t->jobs = NULL;
	t->jobs_end = &t->jobs;
	pthread_mutex_unlock(&t->lock);
	while (jobs) {
		struct symbolizer_job *next = jobs->next;
		symbolizer_job_free(jobs);
		t->pending--;
		jobs = next;
	}
}
