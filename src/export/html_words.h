/* The words of the page for a browser, in the language of messages. */
#ifndef EXPORT_HTML_WORDS_H
#define EXPORT_HTML_WORDS_H

#include <jansson.h>
#include <stdio.h>

/* {"play": "играть", "{0} page": ["{0} страница", "{0} страницы", "{0} страниц"]}: translations that differ
 * from the English, keyed by the English words. */
json_t *html_words(void);
/* The plural form for a count: a digit for each from 0 to 199; larger ones are as 100 and their last two
 * digits. */
json_t *html_forms(void);
/* What is shown in a browser that runs no scripts. */
void html_write_noscript(FILE *);

#endif
