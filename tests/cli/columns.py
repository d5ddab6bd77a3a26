"""Tables in any language: columns by what a terminal shows, not by bytes.

columns.py FIRST HEADING:SIDE... <TEXT

Of the lines behind the one that begins (after blanks) with FIRST, each cell must end (SIDE r) or begin (SIDE l) in the column where its heading does: right after, or before, a
blank. Prints what stands elsewhere; exit 1."""
import sys
import unicodedata


def cells(text):
    """A list with an item a column: wide characters take two, combining ones none."""
    out = []
    for c in text:
        if unicodedata.combining(c):
            continue
        out.append(c)
        if unicodedata.east_asian_width(c) in "WF":
            out.append("")
    return out


def main():
    first, *headings = sys.argv[1:]
    lines = [line.rstrip("\n") for line in sys.stdin]
    start = next((i for i, line in enumerate(lines) if line.lstrip().startswith(first)), None)
    if start is None:
        sys.exit(f"there is no line {first}")
    head = "".join(c or "\0" for c in cells(lines[start]))
    bad, seen = 0, 0
    for line in lines[start + 1:]:
        if line.lstrip().startswith(first):
            continue
        row = cells(line)
        seen += 1
        for heading in headings:
            name, side = heading.rsplit(":", 1)
            at = head.find(name)
            if at < 0:
                sys.exit(f"there is no heading {name}: {head}")
            inner, outer = (at + len(name) - 1, at + len(name)) if side == "r" else (at, at - 1)
            if inner >= len(row):
                continue
            if row[inner] == " " or (0 <= outer < len(row) and row[outer] != " "):
                print(f"{name}: not in its column: {line}")
                bad = 1
    if not seen:
        sys.exit("the table is empty")
    sys.exit(bad)


main()
