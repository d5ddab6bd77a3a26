"""What check-truth watches: programs that everybody has, stress-ng's stressors of memory, and the shapes of memory that
ordinary programs lack (shapes.c)."""
import collections
import os
import shutil

# needs: the program that must be installed; sees: the name (comm) of a process that must be among those compared,
# else the workload did not do what it is for; arguments: a string is a script of bash's; moments: None: as asked for
Workload = collections.namedtuple("Workload", "name needs sees arguments moments")

BASH = "while :; do x=$(seq 30000); y+=${x:0:20000}; [ ${#y} -lt 9000000 ] || y=; done"
PYTHON = """x = {i: str(i) for i in range(300000)}
while True:
  y = [bytearray(70000 + n * 7000) for n in range(60)]; x.update({i: str(i) * 2 for i in range(9999)}); del y"""
PERL = 'while (1) { my %h; $h{$_} = "x" x 40 for 1 .. 200000; my $s = "y" x 30000000; }'
SOURCE = "".join(f"int f{i}(int x) {{ return x * {i} + (x ? f{i - 1 if i else 0}(x - 1) : 0); }}\n" for i in range(4000))
GCC = "while :; do gcc -O2 -c -o /dev/null source.c; done"
NODE = "let a = []; setInterval(() => { for (let i = 0; i < 1e5; i++) a.push({i}); if (a.length > 2e6) a = []; }, 5)"
JAVA = ("public class Work { public static void main(String[] a) { java.util.List<byte[]> l = new java.util.ArrayList<>(); "
        "while (true) { l.add(new byte[100000]); if (l.size() > 500) l.clear(); } } }")
SQL = ("create table t(a, b); with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) "
       "insert into t select i, hex(randomblob(20)) from n; select count(*) from t x join t y on x.b = y.a || 'q' limit 1;")
# psql without -w would wait for a password on the terminal
POSTGRES = """mkdir data && chown postgres . data && cd data
as() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
as initdb -D . >/dev/null && (as postgres -D . -k "$PWD" -c listen_addresses= -c shared_buffers=256MB &)
for i in $(seq 300); do as psql -w -h "$PWD" -c 'select 1' postgres >/dev/null 2>&1 && break; sleep 0.1; done
as pgbench -h "$PWD" -i -q -s 5 postgres >/dev/null 2>&1
exec setpriv --reuid=postgres --regid=postgres --init-groups pgbench -h "$PWD" -c 8 -T 600 postgres"""
REDIS = """redis-server --port 0 --unixsocket ./r.sock --save '' >/dev/null &
for i in $(seq 300); do redis-cli -s ./r.sock ping 2>/dev/null | grep -q PONG && break; sleep 0.1; done
redis-cli -s ./r.sock debug populate 300000 >/dev/null
while :; do redis-cli -s ./r.sock bgsave >/dev/null; redis-benchmark -s ./r.sock -n 20000 -r 300000 -t set,lpush -q >/dev/null; done"""
VIM = ["script", "-qc", "vim -u NONE -c 'let i = 0' -c 'while 1 | let i += 1 | call append(0, repeat(\"x\", i % 999)) | "
       "endwhile'", "/dev/null"]
GDB = ["gdb", "-q", "-batch", "-ex", "break main", "-ex", "run", "-ex", "info functions", "-ex", "shell sleep 600", "bash"]

PROGRAMS = (
    Workload("bash", "bash", "bash", BASH, None),
    Workload("python3", "python3", "python3", ["python3", "-c", PYTHON], None),
    Workload("perl", "perl", "perl", ["perl", "-e", PERL], None),
    Workload("gcc", "gcc", "cc1", GCC, None),
    Workload("sqlite3", "sqlite3", "sqlite3", ["sqlite3", "new.db", SQL], None),
    Workload("node", "node", "node", ["node", "-e", NODE], None),
    Workload("java", "java", "java", ["java", "-Xmx256m", "Work.java"], None),
    Workload("postgres", "initdb", "pgbench", POSTGRES, None),
    Workload("redis", "redis-server", "redis-server", REDIS, None),
    Workload("vim", "vim", "vim", VIM, None),
    Workload("gdb", "gdb", "gdb", GDB, None),
)

# stress-ng's, with what keeps them small enough to be compared page for page; a gigabyte each at most
STRESSORS = {
    "bad-altstack": (), "bigheap": (), "brk": (), "dev-shm": (), "fork": (),
    "madvise": (), "malloc": ("--malloc-bytes", "32m"), "memfd": ("--memfd-bytes", "32m"), "mlock": (), "mlockmany": (),
    "mmap": ("--mmap-bytes", "64m", "--mmap-file", "--mmap-mprotect"), "mmapaddr": (), "mmapfixed": (), "mmapfork": (),
    "mmaphuge": (), "mmapmany": (), "mprotect": (), "mremap": ("--mremap-bytes", "32m"), "msync": (), "msyncmany": (),
    "munmap": (), "pagemove": ("--pagemove-bytes", "16m"), "pageswap": (), "remap": (), "resources": (),
    "rmap": (), "shm": (), "shm-sysv": (), "stack": ("--stack-fill",), "stackmmap": (), "tlb-shootdown": (),
    "tmpfs": (), "userfaultfd": (), "vm": ("--vm-bytes", "96m"), "vm-addr": (), "vm-rw": ("--vm-rw-bytes", "16m"),
    "vm-segv": (), "vm-splice": (),
}
SHAPES = ("hugetlb", "huge", "merged", "memfd", "sysv", "ring", "perf-ring", "device", "locked", "rights", "userfault",
          "stack", "leaving", "large", "threads", "regions")
SHAPES_32 = ("huge", "memfd", "sysv", "rights", "stack", "leaving")


def stressor(name, arguments):
    command = ["prlimit", f"--data={1 << 30}", "stress-ng", "--quiet", "--timeout", "600", "--" + name, "1", *arguments]
    return Workload("stress " + name, "stress-ng", "stress-ng", command, 2)


def all_of(shapes, shapes32):
    yield from PROGRAMS
    yield from (stressor(name, arguments) for name, arguments in STRESSORS.items())
    yield from (Workload(shape, shapes, "shapes", [shapes, shape], 1) for shape in SHAPES)
    yield from (Workload(shape + ", 32 bits", shapes32, "shapes32", [shapes32, shape], 1) for shape in SHAPES_32)


def why_not(workload):
    """Why it cannot run here; None: it can."""
    if os.path.isabs(workload.needs):
        return None if os.path.exists(workload.needs) else "could not be built (gcc -m32 needs gcc-multilib)"
    return None if shutil.which(workload.needs) else f"{workload.needs} is not installed"


def write_inputs(directory):
    for file, text in (("source.c", SOURCE), ("Work.java", JAVA)):
        with open(os.path.join(directory, file), "w", encoding="ascii") as f:
            f.write(text)
