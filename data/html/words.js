'use strict';
/* Words: what the page says, in the language in which it was made. Its English words stand in page.html and in these
 * scripts; where it was made in another language those come with the data, by the English ones:
 *
 *     {"play": "играть", "{0} page": ["{0} страница", "{0} страницы", "{0} страниц"]}
 *
 * Whatever is said by the scripts has to be in src/export/html_words.c. */

let words = {}, formOf = null;

/* "{0} of {1}" with the values in their places. */
function fill(text, values) {
	return text.replace(/\{(\d)\}/g, (_, i) => values[i]);
}

function say(text, ...values) {
	return fill(Object.hasOwn(words, text) ? words[text] : text, values);
}

/* The form of the words for so many; {0} is the number as it is written. */
function sayCount(one, many, count, ...values) {
	const forms = Object.hasOwn(words, one) ? words[one] : null;
	const text = forms ? forms[formOf[count < 200 ? count : 100 + count % 100]] : count === 1 ? one : many;
	return fill(text, [countText(count), ...values]);
}

/* The words that the page itself has: texts, and attributes that are read or shown. */
function useWords(head) {
	words = head.words || {};
	formOf = head.forms;
	document.documentElement.lang = head.language;
	for (const element of document.querySelectorAll('body *')) {
		if (/^(SCRIPT|NOSCRIPT)$/.test(element.tagName))
			continue;
		for (const name of ['title', 'aria-label', 'placeholder'])
			if (element.hasAttribute(name))
				element.setAttribute(name, say(element.getAttribute(name)));
		for (const node of element.childNodes)
			if (node.nodeType === Node.TEXT_NODE && node.data.trim())
				node.data = node.data.replace(node.data.trim(), () => say(node.data.trim()));
	}
}
