#!/usr/bin/env python3
"""found_family.py: a process with two children, all of which share pages. What it reads says when each touches something of
its own ("p"), and when they write what they share ("g"). Prints "PID ADDRESS CAUSE" of each of these writes: whoever
writes while others hold the frame gets a copy (cow-fork), the last one keeps it (reuse)."""
import ctypes
import mmap
import os
import sys

PAGE = mmap.PAGESIZE
PAGES = 200
CHILDREN = 2


def memory(pages):
    """Private memory without huge pages, and its address."""
    part = mmap.mmap(-1, pages * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    part.madvise(mmap.MADV_NOHUGEPAGE)
    return part, ctypes.addressof(ctypes.c_char.from_buffer(part))


def write(part, first, end):
    for page in range(first, end):
        part[page * PAGE] = 1


# who writes which part first, second and last: 0 is the parent
ORDERS = [(0, 1, 2), (1, 2, 0), (2, 0, 1)]
shared, start = memory(PAGES * len(ORDERS))
write(shared, 0, PAGES * len(ORDERS))
own, _ = memory(1000)
pipes = [(os.pipe(), os.pipe()) for _ in range(CHILDREN)]
pids = [os.getpid()]
for (orders, _), (_, answers) in pipes:
    pid = os.fork()
    if not pid:
        poked = 0
        while True:
            order = os.read(orders, 2)
            if len(order) < 2 or order[:1] == b"e":
                os._exit(0)
            if order[:1] == b"p":
                write(own, poked, poked + 1)
                poked = (poked + 1) % 1000
            else:
                write(shared, order[1] * PAGES, (order[1] + 1) * PAGES)
            os.write(answers, b".")
    pids.append(pid)


def tell(child, order):
    os.write(pipes[child - 1][0][1], order)
    os.read(pipes[child - 1][1][0], 1)


print("ready", *pids, flush=True)
poked = 0
while os.read(0, 1) == b"p":
    write(own, poked, poked + 1)
    poked = (poked + 1) % 1000
    for child in range(1, CHILDREN + 1):
        tell(child, b"p.")
for part, order in enumerate(ORDERS):
    for place, who in enumerate(order):
        for page in range(part * PAGES, (part + 1) * PAGES):
            print(pids[who], hex(start + page * PAGE), "reuse" if place == CHILDREN else "cow-fork")
        if who:
            tell(who, b"w" + bytes([part]))
        else:
            write(shared, part * PAGES, (part + 1) * PAGES)
sys.stdout.flush()
for (orders, told), _ in pipes:
    os.write(told, b"e.")
for pid in pids[1:]:
    os.waitpid(pid, 0)
