/* html: one page for a browser and a printer. It has no script and needs no network, and its head forbids
 * both; pictures are SVG within it. It is well-formed as XML, too. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "draw/cells.h"
#include "handout/handout.h"
#include "lecture/source_lines.h"

static const char head[] =
    "<meta charset=\"utf-8\"/>\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
    "'unsafe-inline'\"/>\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
    "<style>\n"
    "body { font: 11pt/1.45 Georgia, 'DejaVu Serif', serif; color: #111; background: #fff; max-width: 46em; "
    "margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere; }\n"
    "h1, h2, h3 { font-family: 'Helvetica Neue', 'DejaVu Sans', sans-serif; line-height: 1.2; "
    "break-after: avoid; }\n"
    "h1 { font-size: 1.8em; } h2 { font-size: 1.25em; border-bottom: 1px solid #888; padding-bottom: .15em; "
    "}\n"
    ".about { font-style: italic; }\n"
    ".question { font-weight: bold; border-left: 4px solid #06a; padding-left: .7em; }\n"
    ".choice { padding-left: 2.4em; margin: .3em 0; } .choice::before { content: '\\2610'; "
    "display: inline-block; width: 1.4em; margin-left: -1.4em; }\n"
    ".right { font-weight: bold; color: #064; }\n"
    "pre { font: 8.8pt/1.3 'DejaVu Sans Mono', monospace; margin: .3em 0; white-space: pre-wrap; }\n"
    "pre.source { background: #f4f4f2; border: 1px solid #ccc; padding: .5em; break-inside: avoid; }\n"
    "pre.source mark { background: #ffe38a; font-weight: bold; } pre.source i { color: #666; "
    "font-style: normal; }\n"
    "figure { margin: .8em 0; break-inside: avoid; } figure img { width: 100%; border: 1px solid #ccc; }\n"
    ".caption { font-size: .85em; color: #444; margin-top: -.4em; }\n"
    ".room { border-bottom: 1px solid #777; height: 2em; }\n"
    ".files { font-size: .8em; color: #444; margin: 0; }\n"
    "@page { size: A4; margin: 16mm; }\n"
    "@media print { body { margin: 0; max-width: none; padding: 0; } section.step { break-inside: avoid; } "
    "section.lesson, section.answers { break-before: page; } section.lesson:first-of-type { break-before: "
    "auto; } a { color: inherit; text-decoration: none; } }\n"
    "</style>\n";

struct html_handout {
	FILE *out;
	const struct handout *handout;
	bool listed; /* the list of lessons has begun */
	bool in_section;
	struct err failure; /* of a picture */
};

/* Text as text, also within an attribute. */
static void put_text(FILE *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			putc(*text, out);
		}
}

static void put_element(FILE *out, const char *element, const char *class, const char *text)
{
	fprintf(out, "<%s class=\"%s\">", element, class);
	put_text(out, text);
	fprintf(out, "</%s>\n", element);
}

static void *begin(FILE *out, const struct handout *handout, const char *title, struct err *err)
{
	struct html_handout *h = mem_zalloc(sizeof *h);

	(void)err;
	h->out = out;
	h->handout = handout;
	fputs("<!DOCTYPE html>\n<html lang=\"", out);
	put_text(out, handout->language);
	fprintf(out, "\">\n<head>\n%s<title>", head);
	put_text(out, title);
	fputs("</title>\n</head>\n<body>\n", out);
	if (handout->count > 1)
		put_element(out, "h1", "title", title);
	return h;
}

static void end_list(struct html_handout *h)
{
	if (h->listed)
		fputs("</ol></nav>\n", h->out);
	h->listed = false;
}

static void entry(void *context, size_t lesson, const char *title)
{
	struct html_handout *h = context;

	if (!h->listed)
		fputs("<nav><ol>\n", h->out);
	h->listed = true;
	fprintf(h->out, "<li><a href=\"#lesson-%zu\">", lesson);
	put_text(h->out, title);
	fputs("</a></li>\n", h->out);
}

static void end_section(struct html_handout *h)
{
	end_list(h);
	if (h->in_section)
		fputs("</section>\n", h->out);
	h->in_section = false;
}

static void heading(void *context, enum handout_heading kind, size_t lesson, size_t step, const char *text)
{
	struct html_handout *h = context;

	if (kind != HANDOUT_LESSON_ANSWERS) {
		end_section(h);
		h->in_section = true;
	}
	if (kind == HANDOUT_LESSON)
		fprintf(h->out, "<section class=\"lesson\" id=\"lesson-%zu\">\n", lesson);
	else if (kind == HANDOUT_STEP)
		fprintf(h->out, "<section class=\"step\" id=\"lesson-%zu-step-%zu\">\n", lesson, step);
	else if (kind == HANDOUT_ANSWERS)
		fputs("<section class=\"answers\" id=\"answers\">\n", h->out);
	put_element(h->out,
		    kind == HANDOUT_STEP             ? "h2"
		    : kind == HANDOUT_LESSON_ANSWERS ? "h3"
						     : "h1",
		    "heading", text);
}

static void text(void *context, enum handout_text kind, const char *text)
{
	static const struct {
		const char *element, *class;
	} styles[] = {
		[HANDOUT_ABOUT] = { "p", "about" },     [HANDOUT_NARRATION] = { "p", "narration" },
		[HANDOUT_AS_IS] = { "pre", "as-is" },   [HANDOUT_QUESTION] = { "p", "question" },
		[HANDOUT_CHOICE] = { "p", "choice" },   [HANDOUT_RIGHT] = { "p", "right" },
		[HANDOUT_CAPTION] = { "p", "caption" },
	};

	put_element(((struct html_handout *)context)->out, styles[kind].element, styles[kind].class, text);
}

static void room(void *context, unsigned lines)
{
	struct html_handout *h = context;

	while (lines--)
		fputs("<div class=\"room\"></div>\n", h->out);
}

static void picture(void *context, const struct canvas *canvas, const char *words)
{
	struct html_handout *h = context;
	char *svg = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&svg, &length);

	if (!memory) {
		err_system(&h->failure, errno, _("cannot write the picture"));
		return;
	}
	int result = cells_write(memory, DRAW_SVG, canvas, h->handout->theme, NULL, &h->failure);
	if (fclose(memory) != 0 && result == 0)
		result = err_system(&h->failure, errno, _("cannot write the picture"));
	if (result == 0) {
		fputs("<figure><img alt=\"", h->out);
		put_text(h->out, words);
		fputs("\" src=\"data:image/svg+xml;base64,", h->out);
		base64_write(h->out, (const unsigned char *)svg, length);
		fputs("\"/></figure>\n", h->out);
	}
	free(svg);
}

static void source(void *context, const struct handout_lines *lines)
{
	struct html_handout *h = context;
	unsigned number = 1;

	put_element(h->out, "p", "files", lines->name);
	fputs("<pre class=\"source\">", h->out);
	for (const char *c = lines->text; *c && number < lines->first + lines->count; number++) {
		size_t len = strcspn(c, "\n");

		if (number >= lines->first) {
			char *line = lecture_source_line(c, len);
			bool current = number == lines->current;

			fprintf(h->out, "%s<i>%3u</i>  ", current ? "<mark>" : "", number);
			put_text(h->out, line);
			fputs(current ? "</mark>\n" : "\n", h->out);
			free(line);
		}
		c += len + (c[len] == '\n');
	}
	fputs("</pre>\n", h->out);
}

static int finish(void *context, struct err *err)
{
	struct html_handout *h = context;
	bool failed = h->failure.code;

	end_section(h);
	fputs("</body>\n</html>\n", h->out);
	if (failed)
		*err = h->failure;
	free(h);
	return failed ? -1 : 0;
}

const struct handout_format handout_html = {
	.suffix = ".html",
	.begin = begin,
	.entry = entry,
	.heading = heading,
	.text = text,
	.room = room,
	.picture = picture,
	.source = source,
	.finish = finish,
};
