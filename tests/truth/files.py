"""What the page cache holds of each file that a frozen process maps, by pagescape's states, against fincore(1) of
util-linux. fincore counts pages of a whole file; so of each file three counts are taken from the states: pages that must
be in the cache (`cached`, and mapped from it), pages that must not (`reserved`), and pages of which the states say
nothing (not mapped at all, hidden behind a private copy, swapped out). fincore's count must lie between the first, and the
first and the last; where the last is 0 it must be the first.
"""
import collections
import os
import stat
import subprocess

LARGEST = 1 << 20  # pages of a file: larger ones are left out
IN_CACHE, NOT_IN_CACHE = 1, 2
MEANING = {"cached": IN_CACHE, "file": IN_CACHE, "shm": IN_CACHE, "reserved": NOT_IN_CACHE}


def fincore(paths):
    """Resident pages of each; nothing of those that it cannot open."""
    out = subprocess.run(["fincore", "-n", "-r", "-o", "PAGES,FILE", *paths], capture_output=True, text=True, check=False).stdout
    return {path: int(pages) for pages, path in (line.split() for line in out.splitlines())}


def mapped_files(pid, regions):
    """{(device, inode): (a path that opens it, its pages, [region numbers])}: regular files alone."""
    files = {}
    for i, region in enumerate(regions):
        key = region.device, region.inode
        if not region.inode or {"ht", "pf", "io"} & region.vmflags:
            continue
        if key in files:
            files[key][2].append(i)
            continue
        path = f"/proc/{pid}/map_files/{region.start:x}-{region.end:x}"
        try:
            s = os.stat(path)
        except OSError:
            continue
        pages = (s.st_size + 4095) // 4096
        if stat.S_ISREG(s.st_mode) and 0 < pages <= LARGEST:
            files[key] = path, pages, [i]
    return files


def mark_file(c, key, pages, regions):
    """A byte a page of the file: what the runs of these regions say of it. Two that contradict each other differ."""
    marks = bytearray(pages)
    for region, said in regions:
        first = region.offset // 4096 - region.start // 4096
        for run in said["runs"]:
            meaning = MEANING.get(run["state"])
            start = first + int(run["start"], 16) // 4096
            count = min(run["pages"], pages - start)
            if not meaning or count <= 0:
                continue
            if (3 - meaning) in marks[start:start + count]:
                c.differ(("file", key), f"{region.path.decode(errors='replace')}: in the page cache by one region, not by another")
            marks[start:start + count] = bytes([meaning]) * count
    return marks


def compare(c, pid, regions, said):
    """Adds to c.files and c.files_exact how many files were compared, and how many of them to the page."""
    files = mapped_files(pid, regions)
    if not files:
        return
    counted = fincore([path for path, _, _ in files.values()])
    for key, (path, pages, numbers) in files.items():
        if path not in counted:
            continue
        tally = collections.Counter(mark_file(c, key, pages, [(regions[i], said[i]) for i in numbers]))
        least, open_ = tally[IN_CACHE], tally[0]
        c.files += 1
        c.files_exact += open_ == 0
        if not least <= counted[path] <= least + open_:
            c.differ(("file", key), f"{regions[numbers[0]].path.decode(errors='replace')}: {least} pages in the page cache, "
                                    f"{open_} not known; fincore says {counted[path]} of {pages}")
