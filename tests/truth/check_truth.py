"""check-truth: each page that pagescape prints against a second reader (second_reader.py), in real
programs that are frozen at many moments, each file against fincore (files.py); then the same programs while they run
(running.py); then page faults against perf (faults.py). Prints a table and the number of compared pages; fails on any
difference, where fewer pages than asked for were compared, or where a program was never seen at work. As root.

    check_truth.py PAGESCAPE SHAPES SHAPES32 [--pages MILLION] [--rounds N] [--moments N] [--only NAME,...]

What cannot run here is skipped, and named with the reason. Machine-wide settings that it
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
import running
import second_reader
import workloads


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
    """Its standard error goes to the file `said`."""
    if isinstance(arguments, str):
        arguments = ["bash", "-c", arguments]
    with open(os.path.join(directory, "said"), "w", encoding="utf-8") as said:
        return subprocess.Popen(arguments, cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said,
                                start_new_session=True, preexec_fn=lambda: group.write("cgroup.procs", str(os.getpid())))


def has_memory(pid):
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as f:
            return f.read(1) != "0"
    except OSError:
        return False


def name_of(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as f:
            return f.read().strip()
    except OSError:
        return ""


def compare_frozen(o, group, process, moments, result):
    """Returns the names of those compared."""
    names = set()
    for _ in range(moments):
        time.sleep(random.uniform(0.05, 0.6))  # no synchronisation: any moment will do
        if process.poll() is not None and not group.pids():
            break
        if not group.freeze():
            group.thaw()
            result.differences.append((0, "freeze", "did not freeze"))
            break
        for pid in filter(has_memory, chosen(group.pids(), o.processes)):
            second_reader.compare_process(o.pagescape, pid, result)
            names.add(name_of(pid))
        group.thaw()
    return names


def chosen(pids, most):
    """All, or the first and the last of many: parents and their youngest children."""
    return pids if len(pids) <= most else pids[:most // 2] + pids[-(most - most // 2):]


def compare_running(o, group, moments, moving):
    for _ in range(moments):
        for pid in filter(has_memory, chosen(group.pids(), 2)):
            running.compare(o.pagescape, pid, moving)


def row(name, result, moving):
    moved = f"{1 - moving.counts['alike'] / moving.pages:9.4%}" if moving.pages else f"{'-':>9}"
    print(f"{name:20} {result.looks:6} {result.pages:11} {result.resident:10} {result.cached:9} {result.files:6} "
          f"{result.again:6} {len(result.differences):11} {moved}", flush=True)
    for pid, where, text in result.differences[:8]:
        print(f"#   process {pid}: {where:#x}: {text}" if isinstance(where, int) else f"#   process {pid}: {where}: {text}")
    if result.unsteady:
        print(f"#   {result.unsteady} processes changed during each of {second_reader.LOOKS} looks: not compared")


def said_of(directory):
    with open(os.path.join(directory, "said"), encoding="utf-8", errors="replace") as f:
        return [line.rstrip() for line in f if line.startswith(("shapes", "stress-ng", "bash"))][:3]


def run_workload(o, group, workload, total):
    """True: the program that it is about was seen."""
    result, moving = second_reader.Result(), running.Moving()
    moments = workload.moments or o.moments
    directory = tempfile.mkdtemp(prefix="truth", dir=o.directory)
    os.chmod(directory, 0o755)
    workloads.write_inputs(directory)
    process = start(group, workload.arguments, directory)
    try:
        wait_for(lambda: process.poll() is not None or workload.sees in map(name_of, group.pids()), 20)
        time.sleep(o.warm_up)
        names = compare_frozen(o, group, process, moments, result)
        compare_running(o, group, min(2, moments), moving)
        said = said_of(directory)
    finally:
        group.end()
        process.stdin.close()
        process.wait()
        shutil.rmtree(directory, ignore_errors=True)
    row(workload.name, result, moving)
    seen = any(name.startswith(workload.sees) for name in names)
    if not seen or process.returncode not in (-signal.SIGKILL, 0):
        print(f"#   {workload.sees} {'ended early' if seen else 'was not seen'}: exit status {process.returncode}")
    for line in said:
        print(f"#   {line}")
    total.add(result)
    total.moving.add(moving)
    return seen


def wait_for(what, seconds):
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.05)


def run_round(o, group, total):
    """Names of what could not run, each with the reason, and of what did not show its program."""
    skipped, unseen = [], []
    for workload in workloads.all_of(o.shapes, o.shapes32):
        if o.only and workload.name not in o.only:
            continue
        why = workloads.why_not(workload)
        if why:
            skipped.append(f"{workload.name}: {why}")
        elif not run_workload(o, group, workload, total):
            unseen.append(workload.name)
    return skipped, unseen


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("pagescape")
    parser.add_argument("shapes")
    parser.add_argument("shapes32")
    parser.add_argument("--pages", type=float, default=30, help="million pages to compare at least")
    parser.add_argument("--rounds", type=int, default=1, help="through all workloads, at least")
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
    total = second_reader.Result()
    total.moving = running.Moving()
    group = Group()
    print(f"{'frozen':20} {'looks':>6} {'pages':>11} {'resident':>10} {'cached':>9} {'files':>6} {'again':>6} "
          f"{'differences':>11} {'changing':>9}")
    skipped, unseen, rounds = [], set(), 0
    with tempfile.TemporaryDirectory(prefix="pagescape-truth", dir="/var/tmp") as o.directory, \
            setting("/proc/sys/vm/nr_hugepages", "8"), setting("/sys/kernel/mm/ksm/run", "1"), swap_file(o.directory):
        os.chmod(o.directory, 0o755)
        try:
            while rounds < o.rounds or total.pages < o.pages * 1e6 and rounds < 20:
                skipped, missed = run_round(o, group, total)
                unseen = unseen & set(missed) if rounds else set(missed)
                rounds += 1
        finally:
            group.remove()
    return report(o, total, skipped, unseen)


def report(o, total, skipped, unseen):
    print(f"\n{total.pages} pages compared in {total.looks} looks, {total.resident} of them resident, {total.cached} cached; "
          f"{total.files} files against fincore, {total.files_exact} of them to the page: {len(total.differences)} differences")
    if total.unsteady:
        print(f"{total.unsteady} looks more, at processes that the kernel kept changing while they stood still")
    too_many = running.report(total.moving)
    for text in total.moving.examples[:8]:
        print(f"#   {text}")
    bad = 0
    if not o.only or "faults" in o.only:
        bad = faults.compare(o.pagescape, o.shapes, o.shapes32)
    for text in skipped:
        print(f"# skipped: {text}")
    for name in sorted(unseen):
        print(f"# never seen at work: {name}")
    few = not o.only and total.pages < o.pages * 1e6
    if few:
        print(f"fewer pages than {o.pages:g} million")
    return 1 if total.differences or too_many or bad or few or unseen else 0


if __name__ == "__main__":
    sys.exit(main())
