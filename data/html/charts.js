/* Charts: resident memory over time, the flame graph, the table of functions. */

/* The states that count as memory that is there, by their places in a point of a course: time, minor, major, then
 * a count for each state from the first one on. */
function residentStates(session) {
	return session.head.states.map((state, i) => i).filter(i => session.head.states[i].resident);
}

function drawCourse(session, canvas, process, time, colours) {
	const width = canvas.clientWidth, height = canvas.clientHeight, pen = sized(canvas, width, height);
	const points = session.head.processes[process].course, end = session.head.end || 1;
	const states = residentStates(session), base = height * .68;
	pen.fillStyle = colours.paper;
	pen.fillRect(0, 0, width, height);
	const x = t => t / end * width;
	const total = point => states.reduce((sum, state) => sum + point[2 + state], 0);
	const most = Math.max(1, ...points.map(total));
	/* steps: nothing is known between two looks */
	points.forEach((point, i) => {
		const left = x(point[0]), right = i + 1 < points.length ? x(points[i + 1][0]) : width;
		let y = base;
		for (const state of states) {
			const part = point[2 + state] / most * (base - 14);
			pen.fillStyle = colours.states[state];
			pen.fillRect(left, y - part, Math.max(1, right - left + .5), part);
			y -= part;
		}
	});
	drawFaults(session, pen, points, {width, height, base, x}, colours);
	pen.fillStyle = colours.warn;
	for (const [at, text] of session.head.notes) {
		pen.fillRect(x(at), 0, 1, height);
		pen.font = '11px system-ui, sans-serif';
		pen.fillText(fitText(pen, text, Math.min(160, width - x(at) - 6)), x(at) + 3, 22);
	}
	const size = session.head.processes[process].page;
	drawLabel(pen, say('resident, at most {0}', sizeText(most * size)), 10, colours);
	drawLabel(pen, say('faults'), base + 11, colours);
	pen.fillStyle = colours.cursor;
	pen.fillRect(Math.min(width - 1.5, x(time)), 0, 1.5, height);
}

/* On paper of its own: the bars behind it have the colour of its letters. */
function drawLabel(pen, text, y, colours) {
	pen.font = '11px system-ui, sans-serif';
	pen.fillStyle = colours.paper;
	pen.fillRect(1, y - 10, pen.measureText(text).width + 4, 13);
	pen.fillStyle = colours.ink;
	pen.fillText(text, 3, y);
}

function drawFaults(session, pen, points, place, colours) {
	const bins = new Float64Array(Math.max(1, Math.floor(place.width / 3))), majors = new Float64Array(bins.length);
	for (let i = 1; i < points.length; i++) {
		const minor = points[i][1] - points[i - 1][1], major = points[i][2] - points[i - 1][2];
		const from = place.x(points[i - 1][0]) / 3, to = Math.max(from + 1e-9, place.x(points[i][0]) / 3);
		for (let bin = Math.floor(from); bin < Math.min(bins.length, Math.ceil(to)); bin++) {
			const share = Math.max(0, Math.min(to, bin + 1) - Math.max(from, bin)) / (to - from);
			bins[bin] += Math.max(0, minor + major) * share;
			majors[bin] += Math.max(0, major) * share;
		}
	}
	const most = Math.max(1, ...bins), room = place.height - place.base - 3;
	bins.forEach((value, bin) => {
		const part = value / most * room, major = majors[bin] / most * room;
		pen.fillStyle = colours.dim;
		pen.fillRect(bin * 3, place.height - part, 2.5, part);
		pen.fillStyle = colours.bad;
		pen.fillRect(bin * 3, place.height - part, 2.5, major);
	});
}

/* Children of each node, by pages; made once. */
function flameChildren(flame) {
	if (flame.children)
		return flame.children;
	flame.children = Array.from({length: flame.name.length}, () => null);
	for (let i = 1; i < flame.name.length; i++) {
		const parent = flame.parent[i];
		if (parent !== i)
			(flame.children[parent] = flame.children[parent] || []).push(i);
	}
	for (const list of flame.children)
		if (list)
			list.sort((a, b) => flame.pages[b] - flame.pages[a]);
	return flame.children;
}

const BAR = 19;

/* Draws the tree from `top` on, root above; returns what is where, for clicks. */
function drawFlame(session, canvas, top, found, colours) {
	const {flame, head} = session, children = flameChildren(flame), width = canvas.clientWidth, boxes = [];
	const place = (node, x, wide, depth) => {
		if (wide < .6)
			return;
		boxes.push({node, x, wide, depth});
		for (const child of children[node] || []) {
			const part = flame.pages[node] ? wide * flame.pages[child] / flame.pages[node] : 0;
			place(child, x, part, depth + 1);
			x += part;
		}
	};
	place(top, 0, width, 0);
	const height = (Math.max(0, ...boxes.map(box => box.depth)) + 1) * BAR;
	const pen = sized(canvas, width, height);
	pen.fillStyle = colours.paper;
	pen.fillRect(0, 0, width, height);
	pen.font = '12px system-ui, sans-serif';
	for (const box of boxes) {
		const name = head.names[flame.name[box.node]] || say('all');
		pen.fillStyle = found && name.toLowerCase().includes(found) ? '#d787ff' : flameColour(name, box.node);
		pen.fillRect(box.x, box.depth * BAR, Math.max(.5, box.wide - .5), BAR - 1);
		pen.fillStyle = '#000000';
		if (box.wide > 24)
			pen.fillText(fitText(pen, name, box.wide - 6), box.x + 3, box.depth * BAR + 13);
	}
	return boxes;
}

function flameColour(name, node) {
	let hash = 7;
	for (let i = 0; i < name.length; i++)
		hash = (hash * 31 + name.charCodeAt(i)) >>> 0;
	if (!node || name[0] === '[')
		return '#c0c0c0';
	return `hsl(${24 + hash % 28}, ${70 + hash % 20}%, ${58 + (hash >> 8) % 14}%)`;
}

/* Pages of each function, with all that it called (once a stack) and without. */
function functionTable(session) {
	const {flame, head} = session, children = flameChildren(flame), rows = new Map();
	const row = name => {
		if (!rows.has(name))
			rows.set(name, {name: head.names[name], pages: 0, own: 0, faults: 0, active: 0});
		return rows.get(name);
	};
	const stack = [[0, false]];
	while (stack.length) {
		const [node, leave] = stack.pop(), at = row(flame.name[node]);
		if (leave) {
			at.active--;
			continue;
		}
		if (!at.active) {
			at.pages += flame.pages[node];
			at.faults += flame.faults[node];
		}
		at.own += flame.own[node];
		at.active++;
		stack.push([node, true]);
		for (const child of children[node] || [])
			stack.push([child, false]);
	}
	rows.delete(flame.name[0]);
	return [...rows.values()];
}
