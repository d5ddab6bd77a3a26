/* Kept in order of tid: each fault looks up its thread, and a process may have thousands. */
#include "model/threads.h"

#include <stdlib.h>
#include <string.h>

#include "base/bisect.h"
#include "base/mem.h"

/* The first one with at least this tid. */
static size_t place(const struct threads *t, int32_t tid)
{
	size_t at;

	bisect(at, 0, t->count, t->list[at].tid < tid);
	return at;
}

static struct thread *find(const struct threads *t, int32_t tid)
{
	size_t at = place(t, tid);
	return at < t->count && t->list[at].tid == tid ? &t->list[at] : NULL;
}

const struct thread *threads_find(const struct threads *t, int32_t tid)
{
	return find(t, tid);
}

static void forget_at(struct threads *t, size_t at)
{
	free(t->list[at].name);
	t->count--;
	memmove(t->list + at, t->list + at + 1, (t->count - at) * sizeof *t->list);
}

/* Makes room if too many have ended: the one that ended first goes. */
static void forget_oldest(struct threads *t)
{
	size_t oldest = t->count;
	if (t->ended <= THREADS_ENDED_MAX)
		return;
	for (size_t i = 0; i < t->count; i++)
		if (t->list[i].ended &&
		    (oldest == t->count || t->list[i].ended_ns < t->list[oldest].ended_ns))
			oldest = i;
	forget_at(t, oldest);
	t->ended--;
	t->dropped++;
}

static struct thread *add(struct threads *t, int32_t tid, uint64_t now_ns)
{
	size_t at = place(t, tid);
	mem_grow(t->list, t->cap, t->count + 1);
	memmove(t->list + at + 1, t->list + at, (t->count - at) * sizeof *t->list);
	t->count++;
	t->list[at] = (struct thread){ .tid = tid, .name = mem_strdup(""), .begun_ns = now_ns };
	return &t->list[at];
}

static bool set_name(struct thread *thread, const char *name)
{
	if (!strcmp(thread->name, name))
		return false;
	free(thread->name);
	thread->name = mem_strdup(name);
	return true;
}

static void end(struct threads *t, struct thread *thread, uint64_t now_ns)
{
	thread->ended = true;
	thread->ended_ns = now_ns;
	t->ended++;
}

bool threads_note(struct threads *t, int32_t tid, const char *name, bool ended, uint64_t now_ns)
{
	struct thread *thread = find(t, tid);
	if (thread && thread->ended && ended)
		return false;
	if (thread && thread->ended) {
		forget_at(t, (size_t)(thread - t->list));
		t->ended--;
		t->dropped++;
		thread = NULL;
	}
	bool news = !thread || ended;
	if (!thread)
		thread = add(t, tid, now_ns);
	if (name && *name)
		news |= set_name(thread, name);
	if (ended) {
		end(t, thread, now_ns);
		forget_oldest(t);
	}
	return news;
}

void threads_count_fault(struct threads *t, int32_t tid, bool major, uint64_t now_ns)
{
	struct thread *thread = find(t, tid);
	if (!thread)
		thread = add(t, tid, now_ns);
	if (major)
		thread->major++;
	else
		thread->minor++;
}

void threads_set_faults(struct threads *t, int32_t tid, uint64_t minor, uint64_t major)
{
	struct thread *thread = find(t, tid);
	if (!thread)
		return;
	thread->minor = minor;
	thread->major = major;
}

bool threads_end_all(struct threads *t, uint64_t now_ns)
{
	bool news = false;
	for (size_t i = 0; i < t->count; i++)
		if (!t->list[i].ended) {
			end(t, &t->list[i], now_ns);
			news = true;
		}
	while (t->ended > THREADS_ENDED_MAX)
		forget_oldest(t);
	return news;
}

struct threads threads_copy(const struct threads *t)
{
	struct threads copy = *t;
	copy.cap = t->count;
	copy.list = t->count ? mem_alloc(t->count * sizeof *copy.list) : NULL;
	for (size_t i = 0; i < t->count; i++) {
		copy.list[i] = t->list[i];
		copy.list[i].name = mem_strdup(t->list[i].name);
	}
	return copy;
}

void threads_fini(struct threads *t)
{
	for (size_t i = 0; i < t->count; i++)
		free(t->list[i].name);
	free(t->list);
	*t = (struct threads){ 0 };
}
