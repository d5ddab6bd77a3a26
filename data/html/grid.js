/* Grid: each region a heading and rows of cells. Only what is in sight is drawn. */

const CELL = 13, HEADING = 26;

/* What of a region is there at the moment: it may have been larger, or will be. */
function presentUnits(moment, region) {
	let from = region.unit, to = region.unit + region.units;
	while (from < to && !moment.values[from])
		from++;
	while (to > from && !moment.values[to - 1])
		to--;
	if (from === to)
		return {region, from: region.unit, to: region.unit + region.units, first: region.first, end: region.end};
	return {region, from, to, first: Math.max(region.first, unitPage(region, from)), end: Math.min(region.end, unitPage(region, to))};
}

class Grid {
	constructor(session, moment, frame, canvas, spacer) {
		Object.assign(this, {session, moment, frame, canvas, spacer});
		this.zoom = 0; /* 2^zoom pages a cell */
		this.process = 0;
		this.bands = [];
		this.cursor = null; /* a unit */
		this.key = '';
	}

	columns() {
		return Math.max(8, Math.floor((this.frame.clientWidth - 8) / CELL));
	}

	unitsPerCell(region) {
		return 2 ** Math.max(0, this.zoom - region.shift);
	}

	/* Where each region is; made anew only when something of that has changed. */
	layOut() {
		const columns = this.columns(), time = this.moment.time;
		const present = this.session.regions.filter(r => r.process === this.process && aliveAt(r, time))
			.map(region => presentUnits(this.moment, region));
		const key = [this.process, this.zoom, columns, ...present.map(p => `${p.region.index} ${p.from} ${p.to}`)].join();
		if (key === this.key)
			return;
		this.key = key;
		const anchor = this.bandAt(this.frame.scrollTop);
		const offset = anchor ? this.frame.scrollTop - anchor.top : 0;
		let top = 0, before = null;
		this.bands = present.sort((a, b) => a.first - b.first).map(({region, from, to, first, end}) => {
			/* cells begin at multiples of their size */
			const per = this.unitsPerCell(region), start = from - (from - region.unit) % per;
			const rows = Math.ceil((to - start) / per / columns);
			const band = {region, start, to, first, end, top, rows, columns, gap: before ? Math.max(0, first - before.end) : 0};
			top += HEADING + rows * CELL;
			before = band;
			return band;
		});
		this.height = top + 8;
		this.spacer.style.height = this.height + 'px';
		const again = anchor && this.bands.find(band => band.region === anchor.region);
		if (again)
			this.frame.scrollTop = again.top + Math.min(offset, HEADING + again.rows * CELL);
	}

	bandAt(y) {
		let low = 0, high = this.bands.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (this.bands[middle].top <= y)
				low = middle;
			else
				high = middle - 1;
		}
		return this.bands[low] || null;
	}

	/* The units of the cell at a point of the frame, or null. */
	cellAt(x, y) {
		const band = this.bandAt(y + this.frame.scrollTop);
		const row = band ? Math.floor((y + this.frame.scrollTop - band.top - HEADING) / CELL) : -1;
		const column = Math.floor((x - 4) / CELL);
		if (row < 0 || column < 0 || column >= band.columns || row >= band.rows)
			return null;
		return this.cell(band, row * band.columns + column);
	}

	cell(band, index) {
		const per = this.unitsPerCell(band.region), from = band.start + index * per;
		return from < band.to && index >= 0 ? {band, region: band.region, index, from, to: Math.min(from + per, band.to)} : null;
	}

	cellOfUnit(unit) {
		const region = regionOfUnit(this.session, unit);
		const band = this.bands.find(band => band.region === region);
		return band ? this.cell(band, Math.floor((unit - band.start) / this.unitsPerCell(region))) : null;
	}

	show(unit) {
		const cell = this.cellOfUnit(unit);
		if (!cell)
			return;
		const y = cell.band.top + HEADING + Math.floor(cell.index / cell.band.columns) * CELL;
		if (y < this.frame.scrollTop + HEADING || y + CELL > this.frame.scrollTop + this.frame.clientHeight)
			this.frame.scrollTop = Math.max(0, y - this.frame.clientHeight / 3);
	}

	/* By cells and by rows; over the edge of a region into the next one. */
	move(cells, rows) {
		const cell = this.cursor === null ? null : this.cellOfUnit(this.cursor);
		if (!cell)
			return this.bands.length ? this.cell(this.bands[0], 0) : null;
		const to = this.cell(cell.band, cell.index + cells + rows * cell.band.columns);
		if (to)
			return to;
		const next = this.bands[this.bands.indexOf(cell.band) + (cells + rows > 0 ? 1 : -1)];
		if (!next)
			return cell;
		return this.cell(next, cells + rows > 0 ? 0 : Math.ceil((next.to - next.start) / this.unitsPerCell(next.region)) - 1);
	}

	/* The largest cells at which the whole is not longer than some screens. */
	zoomToFit() {
		const most = 6 * Math.max(20, this.frame.clientHeight / CELL);
		for (this.zoom = 0; this.zoom < 24; this.zoom++) {
			this.layOut();
			if (this.bands.reduce((rows, band) => rows + band.rows, 0) <= most)
				break;
		}
	}

	draw(colours) {
		this.layOut();
		const width = this.frame.clientWidth, height = Math.max(60, this.frame.clientHeight);
		const pen = sized(this.canvas, width, height), top = this.frame.scrollTop;
		pen.fillStyle = colours.paper;
		pen.fillRect(0, 0, width, height);
		for (let i = this.bands.indexOf(this.bandAt(top)); i >= 0 && i < this.bands.length; i++) {
			if (this.bands[i].top > top + height)
				break;
			this.drawBand(pen, this.bands[i], top, height, colours);
		}
		if (!this.bands.length) {
			pen.fillStyle = colours.dim;
			pen.fillText(say('Nothing is mapped at this time.'), 8, 24);
		}
	}

	drawBand(pen, band, top, height, colours) {
		const y = band.top - top, region = band.region;
		pen.font = '600 12px system-ui, sans-serif';
		pen.fillStyle = colours.ink;
		const name = fitText(pen, region.name, this.frame.clientWidth * .45);
		pen.fillText(name, 4, y + 19);
		const x = 12 + pen.measureText(name).width;
		pen.font = '11px ui-monospace, monospace';
		pen.fillStyle = colours.dim;
		pen.fillText(fitText(pen, this.headingText(band), this.frame.clientWidth - x - 4), x, y + 19);
		const first = Math.max(0, Math.floor((-y - HEADING) / CELL));
		const last = Math.min(band.rows, Math.ceil((height - y - HEADING) / CELL));
		for (let row = first; row < last; row++)
			for (let column = 0; column < band.columns; column++) {
				const cell = this.cell(band, row * band.columns + column);
				if (!cell)
					break;
				this.drawCell(pen, cell, 4 + column * CELL, y + HEADING + row * CELL, colours);
			}
	}

	headingText(band) {
		const region = band.region, size = this.session.head.processes[region.process].page;
		const pages = unitPages(region, this.unitsPerCell(region));
		return `${region.kind} ${region.perms} ${addressText(band.first, size)} ${sizeText((band.end - band.first) * size)}` +
			(pages > 2 ** this.zoom ? ', ' + sayCount('{0} page a cell', '{0} pages a cell', pages) : '') +
			(band.gap * size > 2 ** 20 ? say(', after a gap of {0}', sizeText(band.gap * size)) : '');
	}

	drawCell(pen, cell, x, y, colours) {
		const look = lookOf(this.session, this.moment, cell.from, cell.to);
		const state = this.session.head.states[look.state];
		const fresh = look.since > 0 && this.moment.time - look.since < this.freshFor && state.touched;
		drawState(pen, state, look.part || 1, x + 1, y + 1, CELL - 2, colours.states[look.state]);
		if (fresh) { /* a frame that fades: the state keeps its colour */
			pen.strokeStyle = colours.fresh;
			pen.lineWidth = 2;
			pen.globalAlpha = 1 - (this.moment.time - look.since) / this.freshFor * .8;
			pen.strokeRect(x + 1, y + 1, CELL - 2, CELL - 2);
			pen.globalAlpha = 1;
		}
		if (look.mixed) {
			pen.fillStyle = colours.ink;
			pen.fillRect(x + 2, y + CELL - 2, CELL - 4, 1);
		}
		if (this.cursor !== null && this.cursor >= cell.from && this.cursor < cell.to) {
			pen.strokeStyle = colours.cursor;
			pen.lineWidth = 2;
			pen.strokeRect(x, y, CELL, CELL);
		}
	}
}

function unitPages(region, unitsPerCell) {
	return 2 ** region.shift * unitsPerCell;
}

/* A canvas of this size in points, sharp on every screen. */
function sized(canvas, width, height) {
	const ratio = window.devicePixelRatio || 1;
	if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
		canvas.width = Math.round(width * ratio);
		canvas.height = Math.round(height * ratio);
		canvas.style.width = width + 'px';
		canvas.style.height = height + 'px';
	}
	const pen = canvas.getContext('2d');
	pen.setTransform(ratio, 0, 0, ratio, 0, 0);
	return pen;
}

function fitText(pen, text, width) {
	if (pen.measureText(text).width <= width)
		return text;
	let low = 0, high = text.length;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (pen.measureText(text.slice(0, middle) + '…').width <= width)
			low = middle;
		else
			high = middle - 1;
	}
	return low > 0 ? text.slice(0, low) + '…' : '';
}

/* A state's own shape, so that it is seen without colours; of a resident one that is partly so, how much, from below.
 * Shapes come with the data, in units of the cell of a terminal, which is narrower. */
function drawState(pen, state, part, x, y, size, colour) {
	const middle = size / 2, scale = size * 1.2;
	pen.fillStyle = pen.strokeStyle = colour;
	if (state.resident && part < 1 && size * part < size - 1) {
		const height = Math.max(2, size * part);
		pen.globalAlpha = .25;
		pen.fillRect(x, y, size, size);
		pen.globalAlpha = 1;
		pen.fillRect(x, y + size - height, size, height);
		return;
	}
	pen.beginPath();
	if (state.corners) {
		for (let i = 0; i < state.corners.length; i += 2)
			pen.lineTo(x + middle + state.corners[i] * scale, y + middle + state.corners[i + 1] * scale);
		pen.fill();
	} else if (state.round) {
		const [radius, line] = state.round;
		pen.arc(x + middle, y + middle, radius * scale, 0, 7);
		pen.lineWidth = line * scale;
		if (line)
			pen.stroke();
		else
			pen.fill();
	} else {
		pen.font = `${size}px ui-monospace, monospace`;
		pen.fillText(state.letter, x + 2, y + size - 1);
	}
}
