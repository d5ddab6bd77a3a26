"""fuzz: looks for inputs that break a parser. Each harness is built with clang, libFuzzer, AddressSanitizer and
UndefinedBehaviorSanitizer in a folder of its own, and runs until it has had its executions or its time, whichever
comes first. What it learned is kept, and what reaches new code goes into tests/fuzz/corpus.

    fuzz.py SOURCE WORK [--only "maps smaps"] [--runs N] [--seconds N] [--jobs N] [--no-merge]

SOURCE is the top of the source tree; in WORK are build/ (the build), corpus/NAME (all inputs learned, for the next
time), findings/NAME (what broke it: crash-*, timeout-*, oom-*, leak-*) and log/NAME. Exits 1 when there are findings.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

FINDINGS_MOST = 10  # of one harness: the same fault over and over is no news
SIZE_MOST = 4096  # of an input that goes into the source tree
FLAGS = "-O1 -g -fsanitize=fuzzer-no-link"
# Of an input: a second is more than any parser takes for SIZE_MOST bytes, under the sanitizers on a busy machine 25.
LIMITS = ["-timeout=25", "-rss_limit_mb=2048", "-malloc_limit_mb=512"]


def names(source):
    """All harnesses: fuzz/fuzz_NAME.c has the corpus NAME."""
    folder = os.path.join(source, "tests/fuzz")
    return sorted(f[5:-2] for f in os.listdir(folder) if re.fullmatch(r"fuzz_\w+\.c", f))


def build(o):
    """The library under the sanitizers, and each harness with libFuzzer in place of replay.c."""
    folder = os.path.join(o.work, "build")
    os.makedirs(folder, exist_ok=True)
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "check": True}
    if not os.path.exists(os.path.join(folder, "config.status")):
        subprocess.run([os.path.join(o.source, "configure"), "-q", "--enable-asan", "--enable-ubsan", "CC=clang",
                        "CFLAGS=" + FLAGS, "CPPFLAGS=-DLIBFUZZER"], **quiet)
    jobs = str(os.cpu_count())
    for part, goals in (("src", ["libpagescape.a"]), ("tests", ["LDFLAGS=-fsanitize=fuzzer", *("fuzz/fuzz_" + n for n in o.names)])):
        subprocess.run(["make", "-s", "-j", jobs, "-C", part, *goals], **quiet)


class Harness:
    def __init__(self, o, name):
        self.o, self.name, self.executions, self.seconds = o, name, 0, 0.0
        self.program = os.path.join(o.work, "build/tests/fuzz/fuzz_" + name)
        self.kept = os.path.join(o.source, "tests/fuzz/corpus", name)
        self.corpus, self.broken, self.log = (os.path.join(o.work, part, name) for part in ("corpus", "findings", "log"))
        for folder in (self.corpus, self.broken, os.path.dirname(self.log)):
            os.makedirs(folder, exist_ok=True)
        self.before = set(os.listdir(self.broken))

    def found(self):
        return [f for f in os.listdir(self.broken) if f not in self.before]

    def once(self, log):
        """Until it has had enough, or the first finding."""
        start, place = time.monotonic(), log.tell()
        subprocess.run([self.program, *LIMITS, f"-runs={self.o.runs - self.executions}",
                        f"-max_total_time={max(1, int(self.o.seconds - self.seconds))}", "-print_final_stats=1", "-reload=0",
                        f"-artifact_prefix={self.broken}/", self.corpus, self.kept],
                       stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.broken, check=False)
        self.seconds += time.monotonic() - start
        log.seek(place)
        text = log.read()
        counts = re.findall(r"number_of_executed_units: (\d+)", text) or re.findall(r"^#(\d+)\t", text, re.M)
        self.executions += int(counts[-1]) if counts else 0
        return bool(counts)

    def run(self):
        with open(self.log, "w+", encoding="utf-8", errors="replace") as log:
            while self.executions < self.o.runs and self.seconds < self.o.seconds and len(self.found()) < FINDINGS_MOST:
                before = len(self.found())
                if not self.once(log) or (len(self.found()) == before and self.executions < self.o.runs and
                                          self.seconds < self.o.seconds - 1):
                    break  # it did not run, or ended by itself: the table shows how little it did
        return self

    def merge(self):
        """Into the source tree: what reaches code that nothing in there reaches."""
        subprocess.run([self.program, "-merge=1", "-use_counters=0", f"-max_len={SIZE_MOST}", *LIMITS, self.kept, self.corpus],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd=self.broken,
                       check=False)

    def row(self):
        found = self.found()
        enough = self.executions >= self.o.runs or self.seconds >= self.o.seconds - 1
        print(f"{self.name:<12} {self.executions:>12,} {self.seconds:>8,.0f} {len(found):>9}" +
              ("" if enough or found else "   it ended early, see " + self.log), flush=True)
        for name in found:
            print(f"    {self.broken}/{name}", flush=True)
        return enough and not found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=os.path.abspath)
    parser.add_argument("work", type=os.path.abspath)
    parser.add_argument("--only", default="", help="names of harnesses, with blanks or commas between them")
    parser.add_argument("--runs", type=int, default=10_000_000, help="executions of each harness at most")
    parser.add_argument("--seconds", type=int, default=3600, help="of each harness at most")
    parser.add_argument("--jobs", type=int, default=1, help="harnesses at a time")
    parser.add_argument("--no-merge", action="store_true", help="leave the source tree's corpora as they are")
    o = parser.parse_args()
    if not shutil.which("clang"):
        sys.exit("fuzz: there is no clang here, which has libFuzzer")
    everything = names(o.source)
    o.names = o.only.replace(",", " ").split() or everything
    if set(o.names) - set(everything):
        sys.exit(f"fuzz: no harness is named {' '.join(set(o.names) - set(everything))}; there are: {' '.join(everything)}")
    build(o)
    print(f"{'harness':<12} {'executions':>12} {'seconds':>8} {'findings':>9}", flush=True)
    fine = True
    with ThreadPoolExecutor(o.jobs) as pool:
        for harness in pool.map(Harness.run, [Harness(o, n) for n in o.names]):
            fine = harness.row() and fine
            if not o.no_merge:
                harness.merge()
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
