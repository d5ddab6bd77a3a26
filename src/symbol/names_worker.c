/* Two queues under one lock: jobs go in, answers come out, an eventfd says that there are
 * some. What is pending is counted by the asker alone. */
#include "symbol/names_worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

struct names_worker {
	pthread_t thread;
	struct namer *namer; /* the thread's own */
	int fd;
	size_t pending; /* the asker's own */

	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t wanted;
	struct name_job *jobs, **jobs_end;
	struct name_answer *answers, **answers_end;
	bool stop;
};

static void put_answer(struct names_worker *w, struct name_answer *answer)
{
	uint64_t one = 1;
	*w->answers_end = answer;
	w->answers_end = &answer->next;
	while (write(w->fd, &one, sizeof one) < 0 && errno == EINTR)
		;
}

static void *work(void *context)
{
	struct names_worker *w = context;
	pthread_mutex_lock(&w->lock);
	while (!w->stop) {
		struct name_job *job = w->jobs;
		if (!job) {
			pthread_cond_wait(&w->wanted, &w->lock);
			continue;
		}
		w->jobs = job->next;
		if (!w->jobs)
			w->jobs_end = &w->jobs;
		pthread_mutex_unlock(&w->lock);
		struct name_answer *answer = namer_work(w->namer, job);
		pthread_mutex_lock(&w->lock);
		put_answer(w, answer);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* Signals are for the threads that wait for them. */
static int start_thread(struct names_worker *w)
{
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int failed = pthread_create(&w->thread, NULL, work, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return failed;
}

struct names_worker *names_worker_start(struct namer *namer)
{
	struct names_worker *w = mem_zalloc(sizeof *w);
	w->namer = namer;
	w->jobs_end = &w->jobs;
	w->answers_end = &w->answers;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wanted, NULL);
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int failed = w->fd < 0 ? errno : start_thread(w);
	if (!failed)
		return w;
	if (w->fd >= 0)
		close(w->fd);
	pthread_cond_destroy(&w->wanted);
	pthread_mutex_destroy(&w->lock);
	free(w);
	errno = failed;
	return NULL;
}

void names_worker_stop(struct names_worker *w)
{
	struct name_answer *answer;
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wanted);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	names_worker_forget(w);
	while ((answer = names_worker_take(w)))
		name_answer_free(answer);
	namer_destroy(w->namer);
	close(w->fd);
	pthread_cond_destroy(&w->wanted);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

void names_worker_ask(struct names_worker *w, struct name_job *job)
{
	job->next = NULL;
	w->pending++;
	pthread_mutex_lock(&w->lock);
	*w->jobs_end = job;
	w->jobs_end = &job->next;
	pthread_cond_signal(&w->wanted);
	pthread_mutex_unlock(&w->lock);
}

struct name_answer *names_worker_take(struct names_worker *w)
{
	uint64_t told;
	pthread_mutex_lock(&w->lock);
	struct name_answer *answer = w->answers;
	if (answer)
		w->answers = answer->next;
	if (!w->answers) {
		w->answers_end = &w->answers;
		while (read(w->fd, &told, sizeof told) < 0 && errno == EINTR)
			;
	}
	pthread_mutex_unlock(&w->lock);
	w->pending -= answer != NULL;
	return answer;
}

int names_worker_fd(const struct names_worker *w)
{
	return w->fd;
}

size_t names_worker_pending(const struct names_worker *w)
{
	return w->pending;
}

void names_worker_forget(struct names_worker *w)
{
	pthread_mutex_lock(&w->lock);
	struct name_job *jobs = w->jobs;
	w->jobs = NULL;
	w->jobs_end = &w->jobs;
	pthread_mutex_unlock(&w->lock);
	while (jobs) {
		struct name_job *next = jobs->next;
		name_job_free(jobs);
		w->pending--;
		jobs = next;
	}
}
