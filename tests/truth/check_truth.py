"""check-truth: each page that pagescape prints against a second reader (second_reader.py), in real
programs that are frozen at many moments; then the same while they run; then page faults against
perf. Prints a table and the number of compared pages; fails on any difference, or where fewer pages than
asked for were compared. As root.

    check_truth.py PAGESCAPE SHAPES SHAPES32 [--pages MILLION] [--moments N] [--only NAME,...]

A workload whose program is not installed is skipped, and named. Machine-wide settings that it
needs (hugetlb pool, KSM, a swap file) are put back as they were.
"""
import argparse
import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import faults
import second_reader


def mount_of(kind):
    with open("/proc/self/mounts", encoding="ascii", errors="replace") as f:
        return next((line.split()[1] for line in f if line.split()[2] == kind), None)


class Group:
    """A control group: freezes whole families of processes, without a signal."""

    def __init__(self):
        self.path = os.path.join(mount_of("cgroup2"), f"pagescape-truth-{os.getpid()}")
        os.mkdir(self.path)

    def write(self, name, text):
        with open(os.path.join(self.path, name), "w", encoding="ascii") as f:
            f.write(text)

    def read(self, name):
        with open(os.path.join(self.path, name), encoding="ascii") as f:
            return f.read()

    def pids(self):
        return [int(p) for p in self.read("cgroup.procs").split()]

    def freeze(self):
        self.write("cgroup.freeze", "1")
        end = time.monotonic() + 10
        while "frozen 1" not in self.read("cgroup.events"):
            if time.monotonic() > end:
                return False
            time.sleep(0.002)
        return True

    def thaw(self):
        self.write("cgroup.freeze", "0")

    def end(self):
        self.thaw()
        while self.pids():
            for pid in self.pids():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)

    def remove(self):
        self.end()
        os.rmdir(self.path)


PYTHON = "x = {i: str(i) for i in range(300000)}\nwhile True:\n  y = [bytearray(70000) for _ in range(300)]; x.update({i: str(i) * 2 for i in range(9999)})"
C_SOURCE = "".join(f"int f{i}(int x) {{ return x * {i} + (x ? f{i - 1 if i else 0}(x - 1) : 0); }}\n" for i in range(4000))
JAVA = "public class Work { public static void main(String[] a) { java.util.List<byte[]> l = new java.util.ArrayList<>(); while (true) { l.add(new byte[100000]); if (l.size() > 500) l.clear(); } } }"
SQL = "create table t(a, b); with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) insert into t select i, hex(randomblob(20)) from n; select count(*) from t x join t y on x.b = y.a || 'q' limit 1;"
POSTGRES = """mkdir data && chown postgres . data && cd data
as() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
as initdb -D . >/dev/null && (as postgres -D . -k "$PWD" -c listen_addresses= -c shared_buffers=256MB &)
for i in $(seq 100); do as psql -h "$PWD" -c 'select 1' postgres >/dev/null 2>&1 && break; sleep 0.1; done
as pgbench -h "$PWD" -i -q -s 5 postgres >/dev/null 2>&1; exec setpriv --reuid=postgres --regid=postgres --init-groups pgbench -h "$PWD" -c 8 -T 60 postgres"""
REDIS = """redis-server --port 0 --unixsocket ./r.sock --save '' >/dev/null &
for i in $(seq 100); do redis-cli -s ./r.sock ping 2>/dev/null | grep -q PONG && break; sleep 0.1; done
redis-cli -s ./r.sock debug populate 300000 >/dev/null
while :; do redis-cli -s ./r.sock bgsave >/dev/null; redis-benchmark -s ./r.sock -n 20000 -r 300000 -t set,lpush -q >/dev/null; done"""


def stress(*arguments):
    return ["stress-ng", "--quiet", "--timeout", "60", *arguments]


# name -> arguments; a string is a script of bash's. The first word is the program that must be there.
WORKLOADS = {
    "bash": ("bash", "while :; do x=$(seq 30000); y+=${x:0:20000}; [ ${#y} -lt 9000000 ] || y=; done"),
    "python3": ("python3", ["python3", "-c", PYTHON]),
    "perl": ("perl", ["perl", "-e", 'while (1) { my %h; $h{$_} = "x" x 40 for 1 .. 200000; }']),
    "gcc": ("gcc", "while :; do gcc -O2 -c -o /dev/null source.c; done"),
    "sqlite3": ("sqlite3", ["sqlite3", "new.db", SQL]),
    "node": ("node", ["node", "-e", "let a = []; setInterval(() => { for (let i = 0; i < 1e5; i++) a.push({i}); if (a.length > 2e6) a = []; }, 5)"]),
    "java": ("java", ["java", "-Xmx256m", "Work.java"]),
    "postgres": ("initdb", POSTGRES),
    "redis": ("redis-server", REDIS),
    "vim": ("vim", ["script", "-qc", "vim -u NONE -c 'let i = 0' -c 'while 1 | let i += 1 | call append(0, repeat(\"x\", i % 999)) | endwhile'", "/dev/null"]),
    "gdb": ("gdb", ["gdb", "-q", "-batch", "-ex", "break main", "-ex", "run", "-ex", "info functions", "-ex", "shell sleep 60", "bash"]),
    "stress vm": ("stress-ng", stress("--vm", "2", "--vm-bytes", "96m")),
    "stress mmap": ("stress-ng", stress("--mmap", "2", "--mmap-bytes", "64m", "--mmap-file", "--mmap-mprotect")),
    "stress heap": ("stress-ng", stress("--brk", "1", "--malloc", "1", "--bigheap", "1", "--bigheap-ops", "40", "--malloc-bytes", "32m")),
    "stress madvise": ("stress-ng", stress("--madvise", "1", "--mremap", "1", "--mremap-bytes", "32m", "--shm", "1")),
    "stress fork": ("stress-ng", stress("--fork", "1", "--mlock", "1", "--shm-sysv", "1")),
    "stress userfault": ("stress-ng", stress("--userfaultfd", "1")),
}
SHAPES = ("hugetlb", "huge", "merged", "memfd", "sysv", "ring", "perf-ring", "device", "locked", "rights", "userfault",
          "stack", "leaving", "large", "threads", "regions")
SHAPES_32 = ("huge", "memfd", "rights", "leaving")


@contextlib.contextmanager
def setting(path, value):
    """Sets a machine-wide value, and puts the old one back."""
    try:
        with open(path, encoding="ascii") as f:
            old = re.sub(r".*\[(\w+)\].*", r"\1", f.read().strip())
        with open(path, "w", encoding="ascii") as f:
            f.write(value)
    except OSError as e:
        print(f"# {path}: {e.strerror}")
        yield
        return
    try:
        yield
    finally:
        with open(path, "w", encoding="ascii") as f:
            f.write(old)


@contextlib.contextmanager
def swap_file(directory):
    """A swap of its own, 256 MiB, where the machine has none."""
    path = os.path.join(directory, "swap")
    with open("/proc/swaps", encoding="ascii") as f:
        has = len(f.readlines()) > 1
    made = not has and subprocess.run(f"dd if=/dev/zero of={path} bs=1M count=256 status=none && chmod 600 {path} && "
                                      f"mkswap {path} >/dev/null && swapon {path}", shell=True, check=False).returncode == 0
    try:
        yield
    finally:
        if made:
            subprocess.run(["swapoff", path], check=False)


def start(group, arguments, directory):
    if isinstance(arguments, str):
        arguments = ["bash", "-c", arguments]
    return subprocess.Popen(arguments, cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, start_new_session=True,
                            preexec_fn=lambda: group.write("cgroup.procs", str(os.getpid())))


def has_memory(pid):
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as f:
            return f.read(1) != "0"
    except OSError:
        return False


def compare_frozen(o, group, process, moments, result):
    for _ in range(moments):
        time.sleep(random.uniform(0.05, 0.6))  # no synchronisation: any moment will do
        if process.poll() is not None and not group.pids():
            return
        if not group.freeze():
            group.thaw()
            result.differences.append((0, "freeze", "did not freeze"))
            return
        for pid in filter(has_memory, group.pids()[:o.processes]):
            second_reader.compare_process(o.pagescape, pid, result)
        group.thaw()


def compare_running(o, group, moments, moving):
    for _ in range(moments):
        for pid in filter(has_memory, group.pids()[:2]):
            second_reader.compare_running(o.pagescape, pid, moving)


def row(name, result, moving):
    shown = f"{moving.moved / moving.pages:9.4%} {moving.unexplained:11}" if moving.pages else f"{'-':>9} {'-':>11}"
    print(f"{name:18} {result.looks:6} {result.pages:11} {result.resident:10} {result.cached:9} {result.again:6} "
          f"{len(result.differences):11} {shown}", flush=True)
    for pid, where, text in result.differences[:8]:
        print(f"#   process {pid}: {where:#x}: {text}" if isinstance(where, int) else f"#   process {pid}: {where}: {text}")
    for text in moving.examples[:4]:
        print(f"#   running: {text}")


def run_workload(o, group, name, arguments, total, moments):
    result, moving = second_reader.Result(), second_reader.Moving()
    directory = tempfile.mkdtemp(prefix="truth", dir=o.directory)
    os.chmod(directory, 0o755)
    for file, text in (("source.c", C_SOURCE), ("Work.java", JAVA)):
        with open(os.path.join(directory, file), "w", encoding="ascii") as f:
            f.write(text)
    process = start(group, arguments, directory)
    try:
        time.sleep(o.warm_up)
        compare_frozen(o, group, process, moments, result)
        compare_running(o, group, min(2, moments), moving)
    finally:
        group.end()
        process.stdin.close()
        process.wait()
        shutil.rmtree(directory, ignore_errors=True)
    row(name, result, moving)
    total.add(result)
    total.moving.add(moving)


def workloads(o):
    """(name, arguments, moments) of all that can run here."""
    for name, (program, arguments) in WORKLOADS.items():
        yield name, shutil.which(program) and arguments, o.moments
    for shape in SHAPES:
        yield shape, [o.shapes, shape], 1
    for shape in SHAPES_32:
        yield f"{shape}, 32 bits", os.path.exists(o.shapes32) and [o.shapes32, shape], 1


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("pagescape")
    parser.add_argument("shapes")
    parser.add_argument("shapes32")
    parser.add_argument("--pages", type=float, default=30, help="million pages to compare at least (0: one round)")
    parser.add_argument("--moments", type=int, default=4)
    parser.add_argument("--processes", type=int, default=12, help="of a family at a moment, at most")
    parser.add_argument("--warm-up", type=float, default=0.5)
    parser.add_argument("--only", default="")
    o = parser.parse_args()
    o.pagescape, o.shapes, o.shapes32 = map(os.path.abspath, (o.pagescape, o.shapes, o.shapes32))
    o.only = set(filter(None, o.only.split(",")))
    return o


def main():
    o = parse()
    if os.geteuid() != 0:
        print("check-truth takes root: the second reader reads frames")
        return 77
    total = second_reader.Total()
    group = Group()
    print(f"{'frozen':18} {'looks':>6} {'pages':>11} {'resident':>10} {'cached':>9} {'again':>6} {'differences':>11} "
          f"{'moved':>9} {'unexplained':>11}")
    with tempfile.TemporaryDirectory(prefix="pagescape-truth", dir="/var/tmp") as o.directory, \
            setting("/proc/sys/vm/nr_hugepages", "8"), setting("/sys/kernel/mm/ksm/run", "1"), swap_file(o.directory):
        os.chmod(o.directory, 0o755)
        try:
            rounds = 0
            while rounds == 0 or total.pages < o.pages * 1e6 and rounds < 20:
                for name, arguments, moments in workloads(o):
                    if o.only and name not in o.only:
                        continue
                    if not arguments:
                        print(f"# {name}: not installed here" if rounds == 0 else "", end="\n" if rounds == 0 else "")
                        continue
                    run_workload(o, group, name, arguments, total, moments)
                rounds += 1
        finally:
            group.remove()
    print(f"{total.pages} pages compared, {total.resident} of them resident, {total.cached} cached: "
          f"{total.differences} differences")
    print(f"while running: {total.moving.pages} pages, {total.moving.moved} changed meanwhile, "
          f"{total.moving.unexplained} differ otherwise")
    bad = faults.compare(o.pagescape, o.shapes) if not o.only or "faults" in o.only else 0
    few = not o.only and total.pages < o.pages * 1e6
    if few:
        print(f"fewer pages than {o.pages:g} million")
    return 1 if total.differences or total.moving.unexplained > total.moving.pages * 1e-4 or bad or few else 0


sys.exit(main())
