#!/bin/bash
# Pages that go are reported with their reason, while it happens. The target waits until each of its steps
# was reported.
set -u
# shellcheck source=tests/live/common.sh
. "$SRCDIR/live/common.sh"
trap finish EXIT

cat >"$work/target.py" <<'END'
import ctypes, mmap, os, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
libc.mremap.restype = ctypes.c_void_p
libc.mremap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int, ctypes.c_void_p]
libc.shmat.restype = ctypes.c_void_p
libc.shmdt.argtypes = [ctypes.c_void_p]
PAGE = 4096

def touch(at, pages, write):
    for i in range(pages):
        byte = ctypes.c_char.from_address(at + i * PAGE)
        if write:
            byte.value = b'x'
        else:
            byte.value

def wait(*words):
    print(*words, file=sys.stderr, flush=True)
    sys.stdin.readline()

own = libc.mmap(None, 64 * PAGE, 3, 0x22, -1, 0)
libc.madvise(own, 64 * PAGE, 15)  # no huge pages
touch(own, 64, True)
file = os.open(sys.argv[1], os.O_RDWR)
mapped = libc.mmap(None, 16 * PAGE, 1, 1, file, 0)
touch(mapped, 16, False)
copies = libc.mmap(None, 16 * PAGE, 3, 2, file, 0)
touch(copies, 16, True)
moving = libc.mmap(None, 16 * PAGE, 3, 0x22, -1, 0)
free = libc.mmap(None, 32 * PAGE, 0, 0x4022, -1, 0)
touch(moving, 16, True)
segment = libc.shmget(0, 4 * PAGE, 0o600)
attached = libc.shmat(segment, None, 0)
libc.shmctl(segment, 0, None)
touch(attached, 4, True)
wait('touched', hex(own), hex(mapped), hex(copies), hex(moving), hex(attached), os.getpid())
libc.madvise(own, 16 * PAGE, 4)
wait('discarded')
libc.munmap(own + 48 * PAGE, 16 * PAGE)
wait('unmapped')
libc.mremap(moving, 16 * PAGE, 12 * PAGE, 0, None)
wait('shrunk')
libc.mremap(moving, 12 * PAGE, 12 * PAGE, 3, free + 8 * PAGE)
wait('moved')
libc.shmdt(attached)
wait('detached')
os.ftruncate(file, 8 * PAGE)
wait('truncated')
libc.madvise(own + 16 * PAGE, 8 * PAGE, 8)
wait('freed')
os.execv('/bin/true', ['true'])
END
head -c 65536 /dev/zero >"$work/file"

cat >"$work/drive.py" <<'END'
import ctypes, json, mmap, os, queue, subprocess, sys, threading
pagescape, target, file, folder = sys.argv[1:]
p = subprocess.Popen([pagescape, 'faults', '--json', '/usr/bin/python3', target, file], stdin=subprocess.PIPE,
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
lines = queue.Queue()

def read():  # so that the pipe never is full
    for line in p.stdout:
        lines.put(line)
    lines.put(None)

threading.Thread(target=read, daemon=True).start()
words = p.stderr.readline().split()
if not words or words[0] != 'touched':
    sys.exit(f'no target: {words} {p.stderr.read()}')
own, mapped, copies, moving, attached = (int(word, 16) for word in words[1:6])
bad = []
SURE = {'program': 'deduced', 'unmap': 'seen'}

def until(what, fits):
    for line in iter(lambda: lines.get(timeout=60), None):
        event = json.loads(line)
        if fits(event):
            return event
    bad.append(what)
    return {}

def left(first, pages, reason, region):
    seen = 0
    while seen < pages:
        e = until(f'left {reason}', lambda e: e['event'] == 'left' and first <= int(e['start'], 16) < first + pages * 4096)
        if not e:
            return
        seen += e['pages']
        if (e['reason'], e['region']['kind'], e.get('reason_from')) != (reason, region, SURE[reason]):
            bad.append(f'{reason}: {e}')
    if seen != pages:
        bad.append(f'{reason}: {seen} pages')

def go_on():
    p.stdin.write('\n')
    p.stdin.flush()

def until_said(word):
    for line in p.stderr:
        if line.strip() == word:
            return

reclaimed = threading.Event()

# Pages of which a processor still keeps a list are held by it: the kernel not only refuses to take them then, it no longer
# takes them as freed ever after. So first each processor empties its lists, as it does when it is asked for any page.
def reclaim(pid, start, pages):
    class Range(ctypes.Structure):
        _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
    libc = ctypes.CDLL(None)
    process, what = os.pidfd_open(pid), Range(start, pages * 4096)
    mine = mmap.mmap(-1, 4096)
    mine_at = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(mine)))
    processors = os.sched_getaffinity(0)
    while not reclaimed.wait(0.02):
        for processor in processors:
            os.sched_setaffinity(0, {processor})
            libc.madvise(mine_at, ctypes.c_size_t(4096), 21)  # MADV_PAGEOUT
        libc.syscall(440, process, ctypes.byref(what), ctypes.c_size_t(1), 21, 0)

until('touched', lambda e: e['event'] == 'fault' and int(e['address'], 16) >> 12 == (attached >> 12) + 3 and 'now' in e)
for pages, reason, region, first in ((16, 'program', 'anon', own), (16, 'unmap', 'anon', own + 48 * 4096),
                                     (4, 'unmap', 'anon', moving + 12 * 4096), (12, 'unmap', 'anon', moving),
                                     (4, 'unmap', 'shm', attached)):
    go_on()
    left(first, pages, reason, region)
go_on()
cut = {('file', mapped + (8 + i) * 4096) for i in range(8)} | {('copy', copies + (8 + i) * 4096) for i in range(8)}
while cut:  # both mappings of the file, in either order
    e = until('truncated', lambda e: e['event'] == 'left' and e['was'] in ('file', 'copy'))
    if not e:
        break
    cut -= {(e['was'], int(e['start'], 16) + i * 4096) for i in range(e['pages'])}
    if (e['reason'], e['region']['kind']) != ('other', 'file') or 'reason_from' in e:
        bad.append(f'truncated: {e}')
go_on()
until_said('freed')
if os.geteuid() == 0:
    reclaimer = threading.Thread(target=reclaim, args=(int(words[6]), own + 16 * 4096, 8))
    reclaimer.start()
    left(own + 16 * 4096, 8, 'program', 'anon')
    reclaimed.set()
    reclaimer.join()
else:
    print('# pages that were freed: it takes root to have the kernel take them now')
go_on()
for line in iter(lambda: lines.get(timeout=60), None):  # what goes with the exec, and with the process, is not reported
    event = json.loads(line)
    if event['event'] == 'left' and own + 24 * 4096 <= int(event['start'], 16) < own + 48 * 4096:
        bad.append(f'at the exec: {event}')
p.wait()
print('\n'.join(bad) or 'ok - pages that go are reported with their reason')
sys.exit(1 if bad else 0)
END

if faults_refused "$work/why"; then
	echo "ok - pages that go # SKIP $(tail -1 "$work/why")"
	exit 0
fi
python3 "$work/drive.py" "$PAGESCAPE" "$work/target.py" "$work/file" "$work"
