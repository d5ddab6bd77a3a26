/* Main: the page's parts put together; keys, clicks, links. */

const byId = id => document.getElementById(id);

class App {
	constructor(session) {
		this.session = session;
		this.moment = new Moment(session);
		this.grid = new Grid(session, this.moment, byId('grid-frame'), byId('grid'), byId('grid-height'));
		this.grid.freshFor = Math.max(session.head.end / 60, 1);
		this.time = session.head.end;
		this.tab = 'grid';
		this.flameTop = 0;
		this.found = '';
		this.sort = 'pages';
		this.playing = false;
	}

	start() {
		this.readColours();
		this.showHead();
		this.listen();
		this.grid.process = 0;
		this.moment.seek(this.time);
		this.grid.zoomToFit();
		this.readLink();
		if (this.grid.cursor === null)
			this.choose(this.grid.move(0, 0));
		this.draw();
	}

	showHead() {
		const head = this.session.head, kept = head.kept;
		const first = head.processes[0];
		document.title = `${first ? first.command : head.from} - pagescape`;
		byId('title').textContent = byId('title').title = first ? first.command : say('nothing was recorded');
		byId('subtitle').textContent = [head.from, head.wall, say('{0} long', clockText(head.end)),
			sayCount('{0} fault', '{0} faults', kept.faults)].filter(text => text).join(' · ');
		byId('process').replaceChildren(...head.processes.map((process, i) =>
			element('option', {value: i}, `${process.pid} ${process.command}`)));
		byId('legend').replaceChildren(...head.states.slice(1).map((state, i) => {
			const swatch = element('i');
			swatch.style.background = `var(--s${i + 1})`;
			return element('span', {title: state.meaning}, swatch, state.name);
		}));
		this.showAbout();
	}

	/* In words what the process is made of, at the look that is judged, and what children copied of what they shared. */
	showVerdict() {
		const process = this.session.head.processes[this.grid.process], rows = process ? process.verdict : [], out = [];
		let table = null, list = null;
		for (const [kind, indent, label, value, note, share] of rows) {
			table = kind === 'figure' ? table : null;
			list = kind === 'sentence' ? list : null;
			if (kind === 'heading') {
				out.push(element('h2', {}, label + (value ? `: ${value}` : '')));
			} else if (kind === 'figure') {
				table || out.push(table = element('table'));
				const first = element('td', {}, label);
				first.style.paddingLeft = indent + 'em';
				table.append(element('tr', {}, first, element('td', {className: 'number'}, value), element('td', {className: 'number'}, share), element('td', {}, note)));
			} else if (kind === 'sentence') {
				list || out.push(list = element('ol'));
				list.append(element('li', {}, element('b', {}, label), value && element('br'), value, note && element('br'), note && `→ ${note}`));
			} else {
				out.push(element('p', {}, label));
			}
		}
		if (!out.length)
			out.push(element('p', {}, say('Of this process nothing more is known at the end.')));
		if (this.session.head.forks)
			out.push(element('pre', {}, this.session.head.forks));
		byId('view-why').replaceChildren(...out);
		byId('short').textContent = (rows.find(row => row[0] === 'sentence') || [])[2] || '';
	}

	/* What this page has, and what not. */
	showAbout() {
		const {head} = this.session, {kept} = head, lines = [];
		const coarse = this.session.regions.filter(region => region.shift);
		if (coarse.length)
			lines.push(sayCount('{0} large region is shown in cells of several pages, up to {1}: its heading says how many.',
				'{0} large regions are shown in cells of several pages each, up to {1}: their headings say how many.',
				coarse.length, countText(2 ** Math.max(...coarse.map(region => region.shift)))));
		if (kept.every > 1)
			lines.push(say('Faults: {0}; in this page: {1}, the first of each cell, and one of {2} of its others. Functions count all of them.',
				countText(kept.faults), countText(kept.shown), countText(kept.every)));
		if (kept.coarse !== null)
			lines.push(say('From {0} on, states of pages are shown at longer intervals, because there were many changes.', clockText(kept.coarse)));
		if (kept.processes)
			lines.push(sayCount('{0} later process is left out.', '{0} later processes are left out.', kept.processes));
		if (kept.regions)
			lines.push(sayCount('{0} later region is left out.', '{0} later regions are left out.', kept.regions));
		if (kept.left)
			lines.push(sayCount('{0} later departure of pages is left out.', '{0} later departures of pages are left out.', kept.left));
		if (kept.lost)
			lines.push(sayCount('{0} event was lost when this was recorded.', '{0} events were lost when this was recorded.', kept.lost));
		for (const process of head.processes)
			for (const [source, why] of process.denied)
				lines.push(say('Process {0}, {1}: {2}', process.pid, source, why));
		if (!lines.length)
			lines.push(say('Every page and every fault of the session is in this page.'));
		lines.push(say('Made by {0} from {1}. Times count from the beginning of the watch. The session itself has more: bytes, calls, output, source lines.', head.program, head.from));
		byId('view-about').replaceChildren(...lines.map(line => element('p', {}, line)));
	}

	readColours() {
		const style = getComputedStyle(document.documentElement), read = name => style.getPropertyValue('--' + name).trim();
		const root = document.documentElement;
		const states = this.session.head.states.map((state, i) => i ? state[root.dataset.theme] : 'transparent');
		states.forEach((colour, i) => root.style.setProperty('--s' + i, colour));
		this.colours = {states};
		for (const name of ['paper', 'ink', 'dim', 'line', 'fresh', 'cursor', 'warn', 'bad'])
			this.colours[name] = read(name);
	}

	/* Drawn at most once a frame. */
	changed() {
		if (!this.asked)
			requestAnimationFrame(() => { this.asked = false; this.draw(); });
		this.asked = true;
	}

	draw() {
		const {head} = this.session, grid = this.grid;
		this.moment.seek(this.time);
		byId('slider').value = head.end ? Math.round(this.time / head.end * 10000) : 0;
		byId('clock').textContent = say('{0} of {1}', clockText(this.time), clockText(head.end));
		byId('zoom').textContent = sayCount('{0} page a cell', '{0} pages a cell', 2 ** grid.zoom);
		byId('process').value = grid.process;
		byId('play').textContent = say(this.playing ? 'stop' : 'play');
		if (head.processes.length)
			drawCourse(this.session, byId('course'), grid.process, this.time, this.colours);
		this.showFigures();
		if (this.shown !== grid.process)
			this.showVerdict();
		this.shown = grid.process;
		if (this.tab === 'grid') {
			grid.draw(this.colours);
			showStory(this.session, this.moment, grid.cursor === null ? null : grid.cellOfUnit(grid.cursor), byId('story'), this);
		} else if (this.tab === 'functions') {
			this.showFunctions();
		} else if (this.tab === 'regions') {
			this.showRegions();
		}
		this.writeLink();
	}

	/* The figures at this time, as the last look had them. */
	showFigures() {
		const process = this.session.head.processes[this.grid.process];
		const point = process ? process.course.filter(each => each[0] <= this.time).pop() : null;
		if (!point) {
			byId('figures').textContent = '';
			return;
		}
		const size = process.page, states = this.session.head.states;
		byId('figures').textContent = states.map((state, i) => i && point[2 + i] ? `${state.name} ${sizeText(point[2 + i] * size)}` : '')
			.filter(text => text).join('  ') + '  ' + say('minor faults {0}  major {1}', countText(point[1]), countText(point[2]));
	}

	seek(time) {
		this.time = Math.max(0, Math.min(this.session.head.end, time));
		this.changed();
	}

	/* To the next, or the previous, moment at which anything is different. */
	step(by) {
		const times = this.session.states.time, faults = this.session.faults.time;
		const next = (list, from) => by > 0 ? list.find(time => time > from) : list.findLast(time => time < from);
		const found = [next(times, this.time), next(faults, this.time)].filter(time => time !== undefined);
		if (found.length)
			this.seek(by > 0 ? Math.min(...found) : Math.max(...found));
	}

	choose(cell) {
		if (!cell)
			return;
		this.grid.cursor = this.grid.cursor >= cell.from && this.grid.cursor < cell.to ? this.grid.cursor : cell.from;
		this.grid.show(this.grid.cursor);
		this.changed();
	}

	zoom(by) {
		this.grid.zoom = Math.max(0, Math.min(24, this.grid.zoom + by));
		this.grid.layOut();
		if (this.grid.cursor !== null)
			this.grid.show(this.grid.cursor);
		this.changed();
	}

	show(tab) {
		this.tab = tab;
		for (const each of ['grid', 'regions', 'functions', 'why', 'about']) {
			byId('view-' + each).hidden = each !== tab;
			byId('tab-' + each).setAttribute('aria-selected', each === tab);
		}
		this.changed();
	}

	/* The region of the process that holds the page at this time, or did at another. */
	goToPage(process, page) {
		const holds = region => region.process === process && page >= region.first && page < region.end;
		const region = this.session.regions.find(each => holds(each) && aliveAt(each, this.time)) || this.session.regions.find(holds);
		if (!region)
			return false;
		if (!aliveAt(region, this.time))
			this.time = region.died === null ? this.session.head.end : Math.max(region.born, region.died - 1);
		this.goToUnit(unitOfPage(region, page));
		return true;
	}

	goToUnit(unit) {
		const region = regionOfUnit(this.session, unit);
		this.grid.process = region.process;
		this.moment.seek(this.time);
		this.grid.layOut();
		this.grid.cursor = unit;
		this.show('grid');
		this.grid.layOut();
		this.grid.show(unit);
	}

	showRegions() {
		const {session, moment, grid} = this, size = session.head.processes[grid.process].page;
		const rows = session.regions.filter(region => region.process === grid.process && aliveAt(region, this.time)).map(region => {
			const present = presentUnits(moment, region);
			let resident = 0;
			for (let unit = region.unit; unit < region.unit + region.units; unit++)
				resident += moment.values[unit] >> 4;
			return {region, present, resident: resident / 8 * 2 ** region.shift};
		});
		rows.sort((a, b) => b.resident - a.resident);
		byId('regions').replaceChildren(element('thead', {}, element('tr', {}, ...['region', 'kind', 'permissions'].map(name => element('th', {}, say(name))),
			...['size', 'resident'].map(name => element('th', {className: 'number'}, say(name))), element('th', {className: 'wide'}, say('address')))),
		element('tbody', {}, ...rows.slice(0, 2000).map(({region, present, resident}) => {
			const go = () => this.goToUnit(present.from);
			return element('tr', {tabIndex: 0, onclick: go, onkeydown: event => event.key === 'Enter' && go()},
				element('td', {title: region.path}, region.name), element('td', {}, region.kind), element('td', {}, element('code', {}, region.perms)),
				element('td', {className: 'number'}, sizeText((present.end - present.first) * size)),
				element('td', {className: 'number'}, sizeText(resident * size)),
				element('td', {className: 'number wide'}, addressText(present.first, size)));
		})));
	}

	showFunctions() {
		const {session} = this, {flame, head} = session, size = head.processes.length ? head.processes[0].page : 4096;
		this.boxes = drawFlame(session, byId('flame'), this.flameTop, this.found, this.colours);
		byId('flame-at').textContent = (head.names[flame.name[this.flameTop]] || say('all')) + ': ' +
			sayCount('{0} page', '{0} pages', flame.pages[this.flameTop]) + ` (${sizeText(flame.pages[this.flameTop] * size)}), ` +
			sayCount('{0} fault', '{0} faults', flame.faults[this.flameTop]);
		this.table = this.table || functionTable(session);
		this.table.sort((a, b) => this.sort === 'name' ? (a.name < b.name ? -1 : 1) : b[this.sort] - a[this.sort]);
		const heads = [['name', 'function'], ['pages', 'pages with callees'], ['own', 'pages itself'], ['faults', 'faults']];
		byId('functions').replaceChildren(element('thead', {}, element('tr', {}, ...heads.map(([key, name]) => element('th',
			{className: key === 'name' ? '' : 'number'}, element('button', {onclick: () => { this.sort = key; this.changed(); }}, say(name)))))),
		element('tbody', {}, ...this.table.filter(row => !this.found || row.name.toLowerCase().includes(this.found)).slice(0, 300).map(row =>
			element('tr', {}, element('td', {}, row.name), ...['pages', 'own', 'faults'].map(key => element('td', {className: 'number'}, countText(row[key])))))));
	}

	search(text) {
		const wanted = text.trim().toLowerCase(), found = [], {session, grid} = this;
		this.found = wanted;
		const offer = (label, go) => found.length < 12 && found.push({label, go});
		if (/^(0x)?[0-9a-f]{3,16}$/.test(wanted) && session.head.processes.length) {
			const page = Number(BigInt('0x' + wanted.replace(/^0x/, '')) / BigInt(session.head.processes[grid.process].page));
			if (session.regions.some(region => region.process === grid.process && page >= region.first && page < region.end))
				offer(say('page {0}', addressText(page, session.head.processes[grid.process].page)), () => this.goToPage(grid.process, page));
		}
		if (wanted) {
			for (const region of session.regions)
				if (region.process === grid.process && (region.name.toLowerCase().includes(wanted) || region.kind === wanted))
					offer(say('region {0}', `${region.name} ${region.kind} ${region.perms}`), () => this.goToPage(region.process, region.first));
			session.head.names.forEach(name => name.toLowerCase().includes(wanted) &&
				offer(say('function {0}', name), () => { this.found = name.toLowerCase(); this.show('functions'); }));
		}
		this.results = found;
		byId('found').replaceChildren(...found.map(each => element('button', {onclick: each.go}, each.label)),
			wanted && !found.length ? say('nothing has that name') : '');
		if (this.tab === 'functions')
			this.changed();
	}

	/* #pid=4242&page=0x7f12&time=1.5&zoom=2 */
	readLink() {
		const link = new URLSearchParams(location.hash.slice(1)), head = this.session.head;
		const time = parseFloat(link.get('time')), zoom = parseInt(link.get('zoom'), 10);
		const process = head.processes.findIndex(each => String(each.pid) === link.get('pid'));
		if (time >= 0)
			this.time = Math.min(head.end, Math.round(time * 1e6));
		if (process >= 0)
			this.grid.process = process;
		if (zoom >= 0 && zoom <= 24)
			this.grid.zoom = zoom;
		this.moment.seek(this.time);
		this.grid.layOut();
		if (/^0x[0-9a-f]{1,16}$/.test(link.get('page') || '') && head.processes.length)
			this.goToPage(this.grid.process, Number(BigInt(link.get('page')) / BigInt(head.processes[this.grid.process].page)));
	}

	writeLink() {
		const {grid, session} = this, process = session.head.processes[grid.process];
		if (!process)
			return;
		const link = new URLSearchParams({pid: process.pid, time: (this.time / 1e6).toFixed(6), zoom: grid.zoom});
		if (grid.cursor !== null)
			link.set('page', addressText(unitPage(regionOfUnit(session, grid.cursor), grid.cursor), process.page));
		this.link = '#' + link;
		if (location.hash !== this.link)
			try {
				history.replaceState(null, '', this.link);
			} catch { /* refused when it comes too often: the next one will do */ }
	}

	play(on) {
		this.playing = on;
		if (!on)
			return this.changed();
		if (this.time >= this.session.head.end)
			this.time = 0;
		let before = null;
		const frame = now => {
			if (!this.playing)
				return;
			/* what is longer than half a minute takes that long */
			const speed = Math.max(1, this.session.head.end / 30e6);
			if (before !== null)
				this.time = Math.min(this.session.head.end, this.time + (now - before) * 1000 * speed);
			before = now;
			this.playing = this.time < this.session.head.end;
			this.draw();
			requestAnimationFrame(frame);
		};
		requestAnimationFrame(frame);
		return undefined;
	}

	theme() {
		const root = document.documentElement;
		root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
		this.readColours();
		this.changed();
	}

	listen() {
		const frame = byId('grid-frame'), head = this.session.head;
		byId('slider').addEventListener('input', event => this.seek(event.target.value / 10000 * head.end));
		byId('play').onclick = () => this.play(!this.playing);
		byId('process').onchange = event => { this.grid.process = Number(event.target.value); this.grid.cursor = null; this.grid.layOut(); this.choose(this.grid.move(0, 0)); this.changed(); };
		byId('in').onclick = () => this.zoom(-1);
		byId('out').onclick = () => this.zoom(1);
		byId('theme').onclick = () => this.theme();
		byId('help').onclick = () => this.showKeys();
		for (const tab of ['grid', 'regions', 'functions', 'why', 'about'])
			byId('tab-' + tab).onclick = () => this.show(tab);
		byId('search').addEventListener('input', event => this.search(event.target.value));
		byId('search').addEventListener('keydown', event => {
			if (event.key === 'Enter' && this.results && this.results.length)
				this.results[0].go();
			if (event.key === 'Escape')
				frame.focus();
		});
		byId('flame-up').onclick = () => { this.flameTop = 0; this.changed(); };
		byId('flame').onclick = event => this.clickFlame(event);
		const course = byId('course'), seekTo = event => this.seek(event.offsetX / course.clientWidth * head.end);
		course.addEventListener('pointerdown', seekTo);
		course.addEventListener('pointermove', event => event.buttons && seekTo(event));
		frame.addEventListener('scroll', () => this.changed());
		frame.addEventListener('click', event => { const cell = this.cellOf(event); if (cell) { this.grid.cursor = cell.from; this.choose(cell); } });
		frame.addEventListener('pointermove', event => this.hover(event));
		frame.addEventListener('pointerleave', () => { byId('tip').hidden = true; });
		document.addEventListener('keydown', event => this.key(event));
		window.addEventListener('resize', () => this.changed());
		window.addEventListener('hashchange', () => { if (location.hash !== this.link) { this.readLink(); this.changed(); } });
		window.addEventListener('beforeprint', () => this.print(true));
		window.addEventListener('afterprint', () => this.print(false));
		matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { followSystem(); this.readColours(); this.changed(); });
	}

	/* On paper it is light, and nothing can be scrolled. */
	print(begins) {
		const root = document.documentElement, frame = this.grid.frame;
		if (begins)
			this.themeBefore = root.dataset.theme;
		frame.style.flex = begins ? 'none' : '';
		frame.style.height = begins ? Math.min(this.grid.height || 0, 6000) + 'px' : '';
		root.dataset.theme = begins ? 'light' : this.themeBefore;
		this.readColours();
		this.draw();
	}

	cellOf(event) {
		const box = this.grid.frame.getBoundingClientRect();
		return this.grid.cellAt(event.clientX - box.left, event.clientY - box.top);
	}

	hover(event) {
		const cell = this.cellOf(event), tip = byId('tip'), box = this.grid.frame.getBoundingClientRect();
		tip.hidden = !cell;
		if (!cell)
			return;
		const {session, moment} = this, size = session.head.processes[cell.region.process].page;
		const pages = (cell.to - cell.from) * 2 ** cell.region.shift, last = moment.last[cell.from];
		tip.textContent = `${addressText(unitPage(cell.region, cell.from), size)} ${cell.region.name}: ` +
			stateText(session, lookOf(session, moment, cell.from, cell.to), pages)[0] +
			(last >= 0 ? say('; {0} at {1}, {2}', session.causes[session.faults.cause[last]][0], clockText(session.faults.time[last]), session.head.places[session.faults.where[last]]) : '');
		tip.style.left = Math.max(0, Math.min(event.clientX - box.left + 12, box.width - 260)) + 'px';
		tip.style.top = event.clientY - box.top + this.grid.frame.scrollTop + 14 + 'px';
	}

	clickFlame(event) {
		const depth = Math.floor(event.offsetY / BAR);
		const box = (this.boxes || []).find(each => each.depth === depth && event.offsetX >= each.x && event.offsetX < each.x + each.wide);
		if (box)
			this.flameTop = box.depth || !box.node ? box.node : this.session.flame.parent[box.node];
		this.changed();
	}

	key(event) {
		if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT)$/.test(event.target.tagName) && event.target.type !== 'range')
			return;
		const inGrid = this.tab === 'grid' && event.target.type !== 'range', page = Math.max(1, Math.floor(this.grid.frame.clientHeight / CELL) - 3);
		const moves = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], PageUp: [0, -page], PageDown: [0, page]};
		if (inGrid && moves[event.key]) {
			const cell = this.grid.move(...moves[event.key]);
			if (cell)
				this.grid.cursor = cell.from;
			this.choose(cell);
		} else if (event.key === ' ' && event.target.tagName !== 'BUTTON') {
			this.play(!this.playing);
		} else if (KEYS[event.key]) {
			KEYS[event.key].run(this);
		} else {
			return;
		}
		event.preventDefault();
	}

	showKeys() {
		const dialog = byId('keys');
		const rows = [[say('arrows'), 'to another page'], [say('space'), 'play'],
			...Object.entries(KEYS).map(([key, each]) => [key, each.help])];
		dialog.replaceChildren(element('h2', {}, say('Keys')), element('table', {}, ...rows.map(([key, help]) =>
			element('tr', {}, element('td', {}, element('kbd', {}, key)), element('td', {}, say(help))))),
		element('button', {onclick: () => dialog.close()}, say('close')));
		dialog.showModal();
	}
}

const KEYS = {
	'+': {help: 'fewer pages a cell', run: app => app.zoom(-1)},
	'-': {help: 'more pages a cell', run: app => app.zoom(1)},
	'd': {help: 'to the next change or fault', run: app => app.step(1)},
	'a': {help: 'to the previous one', run: app => app.step(-1)},
	'.': {help: 'forward by a hundredth of the time', run: app => app.seek(app.time + app.session.head.end / 100)},
	',': {help: '... back', run: app => app.seek(app.time - app.session.head.end / 100)},
	'Home': {help: 'to the beginning', run: app => app.seek(0)},
	'End': {help: 'to the end', run: app => app.seek(app.session.head.end)},
	'/': {help: 'search', run: () => byId('search').focus()},
	'g': {help: 'pages', run: app => app.show('grid')},
	'r': {help: 'regions', run: app => app.show('regions')},
	'h': {help: 'functions', run: app => app.show('functions')},
	'w': {help: 'why: what it is made of, in words', run: app => app.show('why')},
	'T': {help: 'dark or light', run: app => app.theme()},
	'?': {help: 'these keys', run: app => app.showKeys()},
};

function followSystem() {
	document.documentElement.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

async function main() {
	followSystem();
	try {
		const session = await readSession(byId('data').textContent);
		useWords(session.head);
		const app = window.pagescape = new App(session);
		app.start();
		document.documentElement.dataset.ready = Math.round(performance.now());
	} catch (error) {
		byId('title').textContent = say('This page cannot be shown: {0}', error.message);
		document.documentElement.dataset.failed = 'yes';
	}
}

main();
