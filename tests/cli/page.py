"""Reads the data of a page made by export html, from the description in src/export/html_pack.h alone."""
import base64, gzip, json, re, struct

class Page:
    def __init__(self, path):
        self.text = open(path, encoding='utf-8').read()
        letters = re.search(r'<script type="text/plain" id="data">([A-Za-z0-9+/=\s]*)</script>', self.text).group(1)
        data = gzip.decompress(base64.b64decode(letters))
        length = struct.unpack('<I', data[:4])[0]
        self.head = json.loads(data[4:4 + length])
        self.data = data[4 + length:]

    def column(self, name, signed=False):
        at, size, count = self.head['columns'][name]
        out, number, shift = [], 0, 0
        for byte in self.data[at:at + size]:
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                out.append((number >> 1 ^ -(number & 1)) if signed else number)
                number = shift = 0
        assert len(out) == count and not shift, name
        return out

    def states(self):
        """(time in us, first unit, units, state, eighths) in order of time"""
        time = at = 0
        for t, unit, count, value in zip(self.column('state_time'), self.column('state_unit', True), self.column('state_count'), self.column('state_value')):
            time += t
            yield time, at + unit, count, value & 15, value >> 4
            at += unit + count

    def units_at(self, us):
        """{unit: (state, eighths)} at a time"""
        units = {}
        for time, first, count, state, eighths in self.states():
            if time <= us:
                units.update((unit, (state, eighths)) for unit in range(first, first + count))
        return units
