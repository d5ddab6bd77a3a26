/* The page's own files, from data/html, built into the program. */
#ifndef EXPORT_HTML_FILES_H
#define EXPORT_HTML_FILES_H

/* The page has @language@, @style@, @noscript@, @data@ and @script@, once each and in this order, where these belong. */
extern const char html_page[], html_style[], html_script[];

#endif
