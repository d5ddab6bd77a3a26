/* State: how every unit is at a moment, and which fault it had last. Forward in time only what changed is applied;
 * backward it begins anew, which takes some milliseconds. */

class Moment {
	constructor(session) {
		this.session = session;
		this.values = new Uint8Array(session.units);
		this.since = new Float64Array(session.units);
		this.last = new Int32Array(session.units);
		this.reset();
	}

	reset() {
		this.values.fill(0);
		this.since.fill(-1);
		this.last.fill(-1);
		this.time = -1;
		this.state = this.fault = 0;
	}

	seek(time) {
		if (time < this.time)
			this.reset();
		this.time = time;
		const {states, faults} = this.session, {values, since, last} = this;
		let i = this.state;
		for (; i < states.time.length && states.time[i] <= time; i++) {
			const from = states.unit[i], count = states.count[i];
			if (count === 1) {
				values[from] = states.value[i];
				since[from] = states.time[i];
			} else {
				values.fill(states.value[i], from, from + count);
				since.fill(states.time[i], from, from + count);
			}
		}
		this.state = i;
		for (i = this.fault; i < faults.time.length && faults.time[i] <= time; i++) {
			if (!faults.before[i] && !faults.after[i]) {
				last[faults.unit[i]] = i;
				continue;
			}
			const span = faultUnits(this.session, i);
			last.fill(i, span.from, span.to);
		}
		this.fault = i;
	}
}

/* The region of a unit: they lie in order. */
function regionOfUnit(session, unit) {
	let low = 0, high = session.regions.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (session.regions[middle].unit <= unit)
			low = middle;
		else
			high = middle - 1;
	}
	return session.regions[low];
}

/* The units that a fault made resident: of more than a page the one that was touched. */
function faultUnits(session, i) {
	const {faults} = session, unit = faults.unit[i], region = regionOfUnit(session, unit);
	if (region.shift)
		return {from: unit, to: unit + 1};
	return {from: Math.max(region.unit, unit - faults.before[i]),
		to: Math.min(region.unit + region.units, unit + faults.after[i] + 1)};
}

function aliveAt(region, time) {
	return region.born <= time && (region.died === null || region.died > time);
}

function unitPage(region, unit) {
	return region.base + (unit - region.unit) * 2 ** region.shift;
}

function unitOfPage(region, page) {
	return region.unit + Math.floor((page - region.base) / 2 ** region.shift);
}

/* How a stretch of units looks as one cell: the state that most of the touched ones have, and how much is
 * resident, 0 to 1. */
function lookOf(session, moment, from, to) {
	const {values, since} = moment, states = session.head.states;
	if (to === from + 1)
		return {state: values[from] & 15, part: (values[from] >> 4) / 8, since: since[from], mixed: false};
	const counts = new Float64Array(states.length);
	let resident = 0, latest = -1, rare = false;
	for (let unit = from; unit < to; unit++) {
		counts[values[unit] & 15]++;
		resident += (values[unit] >> 4) / 8;
		if (since[unit] > latest)
			latest = since[unit];
	}
	let best = 0;
	for (let state = 1; state < counts.length; state++) {
		const {touched} = states[state];
		if (counts[state] && (touched !== states[best].touched ? touched : counts[state] > counts[best]))
			best = state;
		rare = rare || (counts[state] > 0 && states[state].rare);
	}
	return {state: best, part: resident / (to - from - counts[0] || 1), since: latest, mixed: rare && !states[best].rare};
}
