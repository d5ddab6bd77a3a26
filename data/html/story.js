/* Story: what a page is, who touched it, when, why, and from where. Text from the session is only ever text: every
 * element is made here, and nothing is parsed. */

function element(name, attributes, ...children) {
	const made = document.createElement(name);
	for (const [key, value] of Object.entries(attributes || {}))
		key in made ? made[key] = value : made.setAttribute(key, value);
	made.append(...children.filter(child => child !== null && child !== undefined && child !== ''));
	return made;
}

function stackOf(session, node) {
	const {flame, head} = session, names = [];
	for (; node; node = flame.parent[node])
		names.push({node, name: head.names[flame.name[node]]});
	return names;
}

function faultText(session, i) {
	const {faults, head} = session, access = faults.access[i];
	const how = say(['access not known', 'read', 'write', 'execution'][access & 3]) + (access & 4 && access & 3 ? say(' (inferred)') : '');
	return say(access & 8 ? 'major fault, {0}, thread {1}' : 'minor fault, {0}, thread {1}', how, head.threads[faults.thread[i]]);
}

/* The faults that concern a unit, the latest first. */
function faultsOfUnit(session, unit, most) {
	const list = [], region = regionOfUnit(session, unit), faults = session.faults;
	for (let i = faults.time.length - 1; i >= 0 && list.length < most; i--) {
		const at = faults.unit[i];
		if (at === unit || (at < region.unit + region.units && at >= region.unit && !region.shift &&
			at - faults.before[i] <= unit && at + faults.after[i] >= unit))
			list.push(i);
	}
	return list;
}

/* When pages of these units went, the latest first. */
function leftOfUnits(session, from, to, most) {
	const list = [], left = session.left;
	for (let i = left.time.length - 1; i >= 0 && list.length < most; i--)
		if (left.unit[i] < to && left.unit[i] + left.count[i] > from)
			list.push(i);
	return list;
}

function stateText(session, look, pages) {
	const {name, meaning, resident} = session.head.states[look.state];
	if (!look.state)
		return ['none', say('no region holds it at this time')];
	const part = pages > 1 && resident ? ', ' + sayCount('{1} of {0} page resident', '{1} of {0} pages resident', pages, Math.round(look.part * 100) + '%') : '';
	return [name + part, meaning];
}

function describeFault(session, i, region, app) {
	const {faults, head} = session, [cause, from, sentence] = session.causes[faults.cause[i]];
	const size = head.processes[region.process].page;
	const page = unitPage(region, faults.unit[i]) + faults.page[i];
	const around = faults.before[i] + faults.after[i];
	const out = [
		element('dt', {}, say('who')), element('dd', {}, faultText(session, i), element('br'), element('code', {}, head.places[faults.where[i]])),
		element('dt', {}, say('when')), element('dd', {}, element('button', {onclick: () => app.seek(faults.time[i])}, clockText(faults.time[i]))),
		element('dt', {}, say('cause')), element('dd', {}, `${cause}${from === 'deduced' ? say(' (deduced)') : ''}: ${sentence}`),
		element('dt', {}, say('touched')), element('dd', {}, say('page {0}', addressText(page, size)) +
			(around ? sayCount(', which brought {0} neighbour along', ', which brought {0} neighbours along', around) : '') +
			(faults.stands[i] > 1 ? sayCount('; stands for {0} fault here', '; stands for {0} faults here', faults.stands[i]) : '')),
	];
	const stack = stackOf(session, faults.node[i]);
	if (stack.length)
		out.push(element('dt', {}, say('stack, innermost first')), element('dd', {}, element('ol', {},
			...stack.map(frame => element('li', {}, frame.name)))));
	return out;
}

function showStory(session, moment, cell, place, app) {
	if (!cell) {
		place.replaceChildren(element('p', {}, say('Click on a page, or move with the arrow keys.')));
		return;
	}
	const region = cell.region, process = session.head.processes[region.process];
	const first = unitPage(region, cell.from), pages = (cell.to - cell.from) * 2 ** region.shift;
	const [state, meaning] = stateText(session, lookOf(session, moment, cell.from, cell.to), pages);
	const since = moment.since[cell.from];
	const list = element('dl', {},
		element('dt', {}, say('region')), element('dd', {}, `${region.name}, ${region.kind} ${region.perms}` +
			(region.path && region.path !== region.name ? ` (${region.path})` : '')),
		element('dt', {}, say('state at {0}', clockText(moment.time))), element('dd', {id: 'story-state'}, `${state}: ${meaning}` +
			(since > 0 ? say('; since {0}', clockText(since)) : '')));
	let last = -1;
	for (let unit = cell.from; unit < cell.to; unit++)
		if (moment.last[unit] > last)
			last = moment.last[unit];
	if (last >= 0)
		list.append(...describeFault(session, last, region, app));
	else
		list.append(element('dt', {}, say('who')), element('dd', {}, say('No fault of this page was seen up to this time.')));
	const all = cell.to === cell.from + 1 ? faultsOfUnit(session, cell.from, 30) : [];
	if (all.length > 1)
		list.append(element('dt', {}, say('all its faults, the latest first')), element('dd', {}, element('ol', {},
			...all.map(i => element('li', {}, element('button', {onclick: () => app.seek(session.faults.time[i])},
				clockText(session.faults.time[i])), ' ' + session.causes[session.faults.cause[i]][0] + ' ' +
				session.head.places[session.faults.where[i]])))));
	const went = leftOfUnits(session, cell.from, cell.to, 30);
	if (went.length)
		list.append(element('dt', {}, say('when it went, the latest first')), element('dd', {}, element('ol', {},
			...went.map(i => element('li', {}, element('button', {onclick: () => app.seek(session.left.time[i])},
				clockText(session.left.time[i])), ' ' + session.reasons[session.left.reason[i]].join(': '))))));
	place.replaceChildren(element('h2', {}, addressText(first, process.page) +
		(pages > 1 ? ', ' + sayCount('{0} page', '{0} pages', pages) : '')), list);
}
