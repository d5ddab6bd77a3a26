"""Takes packed protocol buffers apart by the numbers of the published schemas, and speedscope's JSON by its
published schema, and checks them against the other exports of the same session.

decode.py FOLDER SESSION: FOLDER has SESSION.pprof, .perfetto, .speedscope, .folded, .csv-faults, .csv, .jsonl, .pages
"""
import csv
import gzip
import json
import struct
import sys
from collections import Counter, defaultdict

folder, session = sys.argv[1:]
bad = []


def check(what, got, expected):
    if got != expected:
        bad.append(f'{what}: {got!r}, expected {expected!r}')


def content(form, mode='rb'):
    with open(f'{folder}/{session}.{form}', mode, **({} if 'b' in mode else {'encoding': 'utf-8', 'newline': ''})) as file:
        return file.read()


# --- the wire format: (number, value), where the value is a number, or bytes ---

def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = struct.unpack_from('<Q', data, at)[0], at + 8
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
            assert len(value) == length, 'a field is cut'
        else:
            raise AssertionError(f'wire type {kind}')
        yield number, value


def numbers(value):
    """A repeated number: packed or not."""
    if isinstance(value, int):
        return [value]
    out, at = [], 0
    while at < len(value):
        one, at = varint(value, at)
        out.append(one)
    return out


def message(data, schema):
    """By a schema of number: (name, kind), kind one of int, str, bytes, a schema, or a list of one of them."""
    out = {}
    for number, value in fields(data):
        if number not in schema:
            bad.append(f'a field of number {number}, which is not in the schema: {schema}')
            continue
        name, kind = schema[number]
        many = isinstance(kind, list)
        one = kind[0] if many else kind
        if one is int:
            values = numbers(value)
        elif one is str:
            values = [value.decode('utf-8', 'strict')]
        elif one is bytes:
            values = [value]
        else:
            values = [message(value, one)]
        if many:
            out.setdefault(name, []).extend(values)
        else:
            out[name] = values[-1]
    return out


def signed(value):
    return value - (1 << 64) if value >> 63 else value


# --- what the other exports say ---

faults = list(csv.DictReader(content('csv-faults', 'r').splitlines(keepends=True), strict=True))
pages = sum(1 + int(f['before']) + int(f['after']) for f in faults)
folded = Counter()
for line in content('folded', 'r').splitlines():
    stack, weight = line.rsplit(' ', 1)
    folded[stack] += int(weight)
check('folded', sum(folded.values()), pages)
# where there are several processes each stack begins with one
several = len({f['pid'] for f in faults}) > 1


def harmless(texts):
    for text in texts:
        if any(ord(c) < 32 or 127 <= ord(c) < 160 or 0x2028 <= ord(c) <= 0x202e for c in str(text)):
            bad.append(f'a control character in {text!r}')


def fold(names):
    return ';'.join(name.replace(';', ':') for name in names)


# --- speedscope, by https://www.speedscope.app/file-format-schema.json ---

def speedscope():
    file = json.loads(content('speedscope', 'r'))
    check('$schema', file['$schema'], 'https://www.speedscope.app/file-format-schema.json')
    check('keys', set(file) - {'$schema', 'shared', 'profiles', 'name', 'activeProfileIndex', 'exporter'}, set())
    frames = file['shared']['frames']
    for frame in frames:
        check('frame', ('name' in frame, set(frame) - {'name', 'file', 'line', 'col'}), (True, set()))
        harmless(frame.values())
    got = Counter()
    for profile in file['profiles']:
        check('profile', set(profile), {'type', 'name', 'unit', 'startValue', 'endValue', 'samples', 'weights'})
        check('type', profile['type'], 'sampled')
        check('weights', len(profile['weights']), len(profile['samples']))
        check('end', profile['endValue'] - profile['startValue'], sum(profile['weights']))
        process, _, what = profile['name'].rpartition(': ')
        check('unit', profile['unit'], {'pages': 'none', 'bytes': 'bytes'}[what])
        for stack, weight in zip(profile['samples'], profile['weights']):
            names = [frames[i]['name'] for i in stack]
            got[what, fold([process] * several + names)] += weight
    for stack, weight in folded.items():
        if not several:
            check(f'pages of {stack}', got['pages', stack], weight)
            check(f'bytes of {stack}', got['bytes', stack], weight * 4096)
    check('pages', sum(n for (what, _), n in got.items() if what == 'pages'), pages)
    check('bytes', sum(n for (what, _), n in got.items() if what == 'bytes'), pages * 4096)


# --- pprof, by proto/profile.proto of github.com/google/pprof ---

VALUE_TYPE = {1: ('type', int), 2: ('unit', int)}
LABEL = {1: ('key', int), 2: ('str', int), 3: ('num', int), 4: ('num_unit', int)}
SAMPLE = {1: ('location_id', [int]), 2: ('value', [int]), 3: ('label', [LABEL])}
MAPPING = {1: ('id', int), 2: ('memory_start', int), 3: ('memory_limit', int), 4: ('file_offset', int), 5: ('filename', int),
           6: ('build_id', int), 7: ('has_functions', int), 8: ('has_filenames', int), 9: ('has_line_numbers', int),
           10: ('has_inline_frames', int)}
LINE = {1: ('function_id', int), 2: ('line', int)}
LOCATION = {1: ('id', int), 2: ('mapping_id', int), 3: ('address', int), 4: ('line', [LINE]), 5: ('is_folded', int)}
FUNCTION = {1: ('id', int), 2: ('name', int), 3: ('system_name', int), 4: ('filename', int), 5: ('start_line', int)}
PROFILE = {1: ('sample_type', [VALUE_TYPE]), 2: ('sample', [SAMPLE]), 3: ('mapping', [MAPPING]), 4: ('location', [LOCATION]),
           5: ('function', [FUNCTION]), 6: ('string_table', [str]), 7: ('drop_frames', int), 8: ('keep_frames', int),
           9: ('time_nanos', int), 10: ('duration_nanos', int), 11: ('period_type', VALUE_TYPE), 12: ('period', int),
           13: ('comment', [int]), 14: ('default_sample_type', int)}


def pprof():
    profile = message(gzip.decompress(content('pprof')), PROFILE)
    texts = profile['string_table']
    check('the first text', texts[0], '')
    harmless(texts)
    check('texts are there once', len(set(texts)), len(texts))
    check('sample types', [(texts[t['type']], texts[t['unit']]) for t in profile['sample_type']],
          [('faults', 'count'), ('major_faults', 'count'), ('pages', 'count'), ('memory', 'bytes')])
    check('shown first', texts[profile['default_sample_type']], 'pages')
    functions = {f['id']: texts[f['name']] for f in profile.get('function', [])}
    locations = {x['id']: x for x in profile.get('location', [])}
    mappings = {m['id']: m for m in profile.get('mapping', [])}
    check('ids', (len(functions), len(locations), 0 in functions or 0 in locations or 0 in mappings),
          (len(profile.get('function', [])), len(profile.get('location', [])), False))
    for location in locations.values():
        mapping = mappings.get(location.get('mapping_id', 0))
        if location.get('mapping_id') and not mapping['memory_start'] <= location['address'] < mapping['memory_limit']:
            bad.append(f'{location} lies outside of {mapping}')
    got = Counter()
    for sample in profile.get('sample', []):
        check('values', len(sample['value']), 4)
        names = []
        for i in reversed(sample['location_id']):
            names += [functions[line['function_id']] for line in reversed(locations[i]['line'])]
        labels = {texts[label['key']]: texts[label['str']] if 'str' in label else label['num'] for label in sample['label']}
        check('labels', set(labels), {'process', 'pid', 'region'})
        got[fold([f'{labels["process"]}-{labels["pid"]}'] * several + names)] += sample['value'][2]
        check('bytes', sample['value'][3], sample['value'][2] * 4096)
    if not several:
        check('stacks', got, folded)
    check('pages', sum(got.values()), pages)
    check('faults', sum(s['value'][0] for s in profile.get('sample', [])), len(faults))
    check('major', sum(s['value'][1] for s in profile.get('sample', [])), len([f for f in faults if f['kind'] == 'major']))


# --- perfetto, by protos/perfetto/trace/ of github.com/google/perfetto ---

CLOCK = {1: ('clock_id', int), 2: ('timestamp', int)}
NAME = {1: ('iid', int), 2: ('name', str)}
STRING = {1: ('iid', int), 2: ('str', bytes)}
FRAME = {1: ('iid', int), 2: ('function_name_id', int), 3: ('mapping_id', int), 4: ('rel_pc', int), 6: ('line_number', int)}
CALLSTACK = {1: ('iid', int), 2: ('frame_ids', [int])}
INTERNED = {1: ('event_categories', [NAME]), 2: ('event_names', [NAME]), 3: ('debug_annotation_names', [NAME]),
            5: ('function_names', [STRING]), 6: ('frames', [FRAME]), 7: ('callstacks', [CALLSTACK]),
            29: ('debug_annotation_string_values', [STRING])}
ANNOTATION = {1: ('name_iid', int), 3: ('uint_value', int), 7: ('pointer_value', int), 17: ('string_value_iid', int)}
EVENT = {3: ('category_iids', [int]), 4: ('debug_annotations', [ANNOTATION]), 9: ('type', int), 10: ('name_iid', int),
         11: ('track_uuid', int), 30: ('counter_value', int), 47: ('flow_ids', [int]), 56: ('callstack_iid', int)}
PROCESS = {1: ('pid', int), 2: ('cmdline', [str]), 6: ('process_name', str)}
THREAD = {1: ('pid', int), 2: ('tid', int), 5: ('thread_name', str)}
COUNTER = {3: ('unit', int)}
TRACK = {1: ('uuid', int), 2: ('name', str), 3: ('process', PROCESS), 4: ('thread', THREAD), 5: ('parent_uuid', int),
         8: ('counter', COUNTER)}
PACKED = {1: ('string_table', [str]), 2: ('name_id', [int]), 4: ('size_kb', [int]), 5: ('rss_kb', [int]),
          6: ('anonymous_kb', [int]), 7: ('swap_kb', [int]), 16: ('recording_type', int)}
SMAPS = {1: ('pid', int), 3: ('packed_entries', PACKED)}
PACKET = {6: ('clock_snapshot', {1: ('clocks', [CLOCK])}), 8: ('timestamp', int), 10: ('trusted_packet_sequence_id', int),
          11: ('track_event', EVENT), 12: ('interned_data', INTERNED), 13: ('sequence_flags', int), 60: ('track_descriptor', TRACK),
          68: ('smaps_packet', SMAPS)}
TRACE = {1: ('packet', [PACKET])}
INSTANT, COUNT = 3, 4


class Trace:
    """Reads packets in order, as the viewer does: a name must be there before it is used."""

    def __init__(self, packets):
        self.names = defaultdict(dict)
        self.tracks = {}
        self.instants, self.counters, self.smaps = [], defaultdict(list), []
        check('the first packet clears the state', packets[0]['sequence_flags'], 1)
        check('clocks', [c['clock_id'] for c in packets[0]['clock_snapshot']['clocks']][:1], [6])
        for packet in packets:
            check('sequence', packet['trusted_packet_sequence_id'], 1)
            self.take(packet)

    def take(self, packet):
        for kind, entries in packet.get('interned_data', {}).items():
            for entry in entries:
                check('a number stands for one thing', entry['iid'] in self.names[kind], False)
                self.names[kind][entry['iid']] = entry.get('name', entry.get('str', entry))
        if 'track_descriptor' in packet:
            track = packet['track_descriptor']
            if 'parent_uuid' in track:
                check('the parent is there', track['parent_uuid'] in self.tracks, True)
            self.tracks[track['uuid']] = track
        if 'track_event' in packet:
            event = packet['track_event']
            track = self.tracks[event['track_uuid']]
            if event['type'] == COUNT:
                self.counters[track['parent_uuid'] >> 32, track['name']].append((packet['timestamp'], signed(event['counter_value'])))
            else:
                check('type', event['type'], INSTANT)
                self.instants.append(self.instant(packet['timestamp'], track, event))
        if 'smaps_packet' in packet:
            self.smaps.append((packet['timestamp'], packet['smaps_packet']))

    def instant(self, time, track, event):
        arguments = {}
        for argument in event.get('debug_annotations', []):
            name = self.names['debug_annotation_names'][argument['name_iid']]
            if 'string_value_iid' in argument:
                arguments[name] = self.names['debug_annotation_string_values'][argument['string_value_iid']].decode()
            else:
                arguments[name] = argument.get('uint_value', argument.get('pointer_value'))
        stack = None
        if 'callstack_iid' in event:
            frames = self.names['callstacks'][event['callstack_iid']]['frame_ids']
            stack = [self.names['function_names'][self.names['frames'][f]['function_name_id']].decode() for f in frames]
        return {'time': time, 'track': track, 'name': self.names['event_names'][event['name_iid']],
                'category': self.names['event_categories'][event['category_iids'][0]], 'arguments': arguments,
                'flows': event.get('flow_ids', []), 'stack': stack}


def last_rows():
    """Of each process that has any: the last row of each region."""
    last = defaultdict(dict)
    for row in csv.DictReader(content('csv', 'r').splitlines(keepends=True), strict=True):
        last[int(row['pid'])][row['region']] = row
    return last


def check_faults(trace):
    seen = [i for i in trace.instants if i['category'] == 'fault']
    check('faults', len(seen), len(faults))
    flows = defaultdict(set)
    for got, fault in zip(seen, faults):
        check('fault', (got['track']['thread']['tid'], got['track']['thread']['pid'], got['name'], f'0x{got["arguments"]["address"]:x}',
                        got['arguments'].get('kind')),
              (int(fault['tid']), int(fault['pid']), fault['cause'] or 'unknown', fault['address'], fault['kind']))
        check('time', f'{got["time"] / 1e9:.9f}', fault['time'])
        if fault['stack'] and got['stack']:
            check('stack', fold(got['stack']), fault['stack'])
        check('a stack or none', bool(got['stack']), bool(fault['stack']))
        flows[got['flows'][0]].add(int(fault['address'], 16) >> 12)
    check('a flow is of one page', {len(p) for p in flows.values()} <= {1}, True)


def check_left(trace):
    """Pages that went: as the events have them."""
    left = [e for e in map(json.loads, content('jsonl', 'r').splitlines()) if e['event'] == 'left']
    check('pages that went: some are made', bool(left) or session != 'made', True)
    seen = [i for i in trace.instants if i['category'] == 'left']
    check('pages that went', [(i['track']['process']['pid'], i['name'], f'0x{i["arguments"]["address"]:x}',
                               *(i['arguments'].get(key) for key in ('pages', 'was', 'now', 'reason', 'tid'))) for i in seen],
          [(e['pid'], e.get('call', e['reason']), e['start'], *(e.get(key) for key in ('pages', 'was', 'now', 'reason', 'tid')))
           for e in left])


def check_memory(trace):
    last = last_rows()
    check('processes', {t['process']['pid'] for t in trace.tracks.values() if 'process' in t} >= set(last), True)
    for pid, smaps in {s['pid']: s for _, s in trace.smaps}.items():
        packed = smaps['packed_entries']
        columns = [packed.get(name, []) for name in ('name_id', 'size_kb', 'rss_kb', 'anonymous_kb', 'swap_kb')]
        check('columns are as long', {len(c) for c in columns}, {len(columns[0])})
        check('recorded as it is', packed['recording_type'], 1)
        check('the first name', packed['string_table'][0], '')
        check('names are there', all(i < len(packed['string_table']) for i in columns[0]), True)
        resident = sum(values[-1][1] for (of, name), values in trace.counters.items()
                       if of == pid and name in ('file', 'copy', 'anon', 'shm'))
        if trace.smaps[-1][1]['pid'] == pid:
            check('resident bytes of counters and regions', sum(columns[2]) * 1024, resident)
    for (pid, name), values in trace.counters.items():
        check(f'{name} in order', values, sorted(values, key=lambda v: v[0]))
        if name.endswith('/s'):
            check('no rate is negative', min(v for _, v in values) >= 0, True)
        elif any(int(r['pages']) for r in last[pid].values()):
            check(f'{pid}: {name} at the end', values[-1][1] // 4096, sum(int(r[name]) for r in last[pid].values()))


def perfetto():
    trace = Trace(message(content('perfetto'), TRACE)['packet'])
    check_faults(trace)
    check_left(trace)
    check_memory(trace)
    for instant in trace.instants:
        harmless([instant['name'], *instant['arguments'].values(), *(instant['stack'] or [])])
    for track in trace.tracks.values():
        harmless([track.get('name', ''), *track.get('process', {}).get('cmdline', []), track.get('thread', {}).get('thread_name', '')])
    for _, smaps in trace.smaps:
        harmless(smaps['packed_entries']['string_table'])
    if session == 'made':
        check('of the process', [(i['name'], i['arguments']) for i in trace.instants if i['category'] in ('process', 'mark', 'lost')],
              [('here \\x1b', {}), ('lost', {'faults': 7}), ('exec', {}), ('fork', {'child': 200}), ('forked', {'parent': 100}),
               ('exited', {'status': 3})])
        check('call', [(i['name'], i['arguments']['call']) for i in trace.instants if i['category'] == 'call'],
              [('munmap', 'munmap(0x130000, 65536)')])
        check('anon', [v // 4096 for _, v in trace.counters[100, 'anon']][:3], [0, 18, 1])
        check('thread', [t['thread'].get('thread_name') for t in trace.tracks.values() if t.get('thread', {}).get('tid') == 101], ['worker'])


# --- pages: each page of a file once, by its first touch ---

def pages_of_files():
    """From the events: (path, offset) -> (time, along)."""
    regions, expected = {}, {}
    for line in content('jsonl', 'r').splitlines():
        event = json.loads(line)
        if event['event'] in ('map', 'change'):
            regions[event['pid'], event['start'], event['path']] = event
        if event['event'] != 'fault' or 'region' not in event or event['kind'] not in ('minor', 'major'):
            continue
        region = regions[event['pid'], event['region']['start'], event['region']['path']]
        if not region['path'].startswith('/') or region['kind'] in ('shm', 'bss'):
            continue
        start, address = int(region['start'], 16), int(event['address'], 16) & ~4095
        for page in range(-event.get('before', 0), event.get('after', 0) + 1):
            key = region['path'], address + page * 4096 - start + region['offset']
            if key not in expected or (not page and expected[key][1]):
                expected[key] = (event['time'], page != 0)
    return expected


def page_list():
    rows = list(csv.DictReader(content('pages', 'r').splitlines(keepends=True), strict=True))
    check('pages: in order', [float(r['time']) for r in rows], sorted(float(r['time']) for r in rows))
    check('pages: once each', len({(r['path'], r['offset']) for r in rows}), len(rows))
    check('pages: how', {r['how'] for r in rows} - {'touched', 'along', 'there'}, set())
    if session == 'made':
        check('pages', [(r['path'], r['offset'], r['how'], r['function']) for r in rows],
              [('/bin/de,m"o\\n', '0', 'there', ''), ('/bin/de,m"o\\n', '4096', 'there', '')])
        return
    got = {(r['path'], int(r['offset'])): (float(r['time']), r['how'] == 'along') for r in rows if r['how'] != 'there'}
    expected = {k: v for k, v in pages_of_files().items() if k[0].isprintable() and '\\' not in k[0]}
    got = {k: v for k, v in got.items() if '\\' not in k[0]}
    for key in set(got) | set(expected):
        check(f'pages: {key}', got.get(key), expected.get(key))


for form in (speedscope, pprof, perfetto, page_list):
    form()
print('\n'.join(bad[:40]))
sys.exit(bool(bad))
