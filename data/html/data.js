/* Data: from the letters in the page to arrays. The format is described in src/export/html_pack.h. */

async function unpackBytes(letters) {
	const text = atob(letters.replace(/\s+/g, ''));
	const packed = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++)
		packed[i] = text.charCodeAt(i);
	const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}

/* The numbers of a column into an array of the type; signed ones were folded. */
function readColumn(bytes, place, Type, signed) {
	const out = new Type(place[2]);
	let at = place[0];
	for (let i = 0; i < out.length; i++) {
		let number = 0, scale = 1, byte = bytes[at];
		if (byte < 128 && !signed) { /* as most are */
			out[i] = byte;
			at++;
			continue;
		}
		do {
			byte = bytes[at++];
			number += (byte & 127) * scale;
			scale *= 128;
		} while (byte & 128);
		out[i] = signed ? (number % 2 ? -(number + 1) / 2 : number / 2) : number;
	}
	return out;
}

/* Differences to sums. */
function addUp(column, extra) {
	let sum = 0;
	for (let i = 0; i < column.length; i++) {
		sum += column[i];
		column[i] = sum;
		if (extra)
			sum += extra[i];
	}
	return column;
}

const REGION_FIELDS = ['process', 'first', 'end', 'born', 'died', 'shift', 'unit', 'units', 'kind', 'perms', 'name', 'path'];

function readRegion(row, index) {
	const region = {index};
	REGION_FIELDS.forEach((name, i) => { region[name] = row[i]; });
	/* units begin at multiples of their size */
	region.base = region.first - region.first % 2 ** region.shift;
	return region;
}

async function readSession(letters) {
	const bytes = await unpackBytes(letters);
	const length = new DataView(bytes.buffer).getUint32(0, true);
	const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
	const columns = bytes.subarray(4 + length);
	const read = (name, Type, signed) => readColumn(columns, head.columns[name], Type || Uint32Array, signed);
	const count = read('state_count');
	const faults = {time: addUp(read('fault_time', Float64Array)), unit: addUp(read('fault_unit', Int32Array, true))};
	for (const name of ['page', 'before', 'after', 'cause', 'access', 'thread', 'node', 'where', 'stands'])
		faults[name] = read('fault_' + name);
	const flame = {name: read('flame_name'), parent: read('flame_parent')};
	for (const name of ['pages', 'faults', 'own'])
		flame[name] = read('flame_' + name, Float64Array);
	for (let i = 0; i < flame.parent.length; i++)
		flame.parent[i] = i - flame.parent[i];
	const left = {time: addUp(read('left_time', Float64Array)), unit: addUp(read('left_unit', Int32Array, true)),
		count: read('left_count'), reason: read('left_reason')};
	const regions = head.regions.map(readRegion);
	const last = regions[regions.length - 1];
	return {
		head, faults, left, flame, regions, units: last ? last.unit + last.units : 0,
		causes: head.causes.map(text => text.split('\n')), reasons: head.reasons.map(text => text.split('\n')),
		states: {time: addUp(read('state_time', Float64Array)), count, value: read('state_value', Uint8Array),
			unit: addUp(read('state_unit', Int32Array, true), count)},
	};
}

/* Words for people. */

function sizeText(bytes) {
	const letters = ['', 'K', 'M', 'G', 'T', 'P', 'E'];
	let i = 0;
	while (bytes >= 1023.5 && i < letters.length - 1) {
		bytes /= 1024;
		i++;
	}
	return (i > 1 && bytes < 99.95 ? bytes.toFixed(1) : bytes.toFixed(0)) + letters[i];
}

function countText(count) {
	return count.toLocaleString('en').replace(/,/g, '\u2009');
}

function clockText(us) {
	const seconds = us / 1e6, minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
	const two = n => String(n).padStart(2, '0');
	const rest = (seconds % 60).toFixed(3).padStart(6, '0');
	return (hours ? hours + ':' + two(minutes % 60) : two(minutes)) + ':' + rest;
}

/* Addresses go beyond what a number holds exactly; pages do not. */
function addressText(page, pageSize) {
	return '0x' + (BigInt(page) * BigInt(pageSize)).toString(16);
}
