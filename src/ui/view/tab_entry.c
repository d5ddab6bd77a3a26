/* The page table entry as /proc/PID/pagemap shows it, bit by bit.
 *
 *    63       62       61        60-59   58     57       56         55          54-0
 *    1        0        0         0       0      0        1          1           0x115034
 *    present  swapped  file/shm  unused  guard  uffd-wp  exclusive  soft-dirty  frame
 *
 * Below: what each bit means here, and for root what the kernel knows about the frame. */
#include "ui/view/tabs.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/minmax.h"
#include "render/page_entry.h"
#include "render/page_facts.h"
#include "render/sheet.h"
#include "ui/view/scene.h"

#define LEFT 1
#define TWO_COLUMNS 150

static void bit_numbers(char out[static 12], const struct entry_bit *bit)
{
	if (bit->high == bit->low)
		snprintf(out, 12, "%d", bit->high);
	else
		snprintf(out, 12, "%d-%d", bit->high, bit->low);
}

static void bit_value(char out[static 24], const struct entry_bit *bit)
{
	if (bit->hidden)
		snprintf(out, 24, "?");
	else
		snprintf(out, 24, bit->high == bit->low || !bit->value ? "%" PRIu64 : "0x%" PRIx64,
			 bit->value);
}

static struct pen bit_pen(const struct entry_bit *bit)
{
	struct pen pen = PEN(bit->value ? INK_STRONG : INK_DIM);
	pen.style = bit->value ? STYLE_BOLD : 0;
	return pen;
}

static int bit_columns(const struct entry_bit *bit)
{
	char value[24];
	bit_value(value, bit);
	int name = text_columns(bit->name), figures = text_columns(value);
	return max(name, figures);
}

/* The ruler: three rows, if it is not too wide. Returns the rows used. */
static int draw_ruler(struct area a, const struct entry_bit *bits, int n)
{
	int width = LEFT;
	for (int i = 0; i < n; i++)
		width += bit_columns(&bits[i]);
	int gap = n > 1 ? (a.columns - width) / (n - 1) : 0;
	if (gap < 1)
		return 0;
	gap = min(gap, 3);
	for (int i = 0, column = LEFT; i < n; i++) {
		char text[24], numbers[12];
		bit_numbers(numbers, &bits[i]);
		area_text(a, 0, column, PEN(INK_DIM), numbers);
		bit_value(text, &bits[i]);
		area_text(a, 1, column, bit_pen(&bits[i]), text);
		area_text(a, 2, column, PEN(bits[i].value ? INK_ACCENT : INK_DIM), bits[i].name);
		column += bit_columns(&bits[i]) + gap;
	}
	return 3;
}

static void draw_bit(struct area a, int row, const struct entry_bit *bit)
{
	char numbers[12], value[24];
	bit_numbers(numbers, bit);
	bit_value(value, bit);
	area_text_right(a, row, LEFT + 5, PEN(INK_DIM), numbers);
	int column =
	    area_printf(a, row, LEFT + 6, PEN(bit->value ? INK_ACCENT : INK_DIM), "%-11s", bit->name);
	column = area_printf(a, row, column + 1, bit_pen(bit), "%-8s", value) + 1;
	area_fit(a, row, column, a.columns - column - 1, PEN(bit->value ? INK_TEXT : INK_DIM), bit->meaning,
		 TEXT_CUT_RIGHT);
}

/* What each bit means, those that are set first, as they say most. Returns the rows used. */
static int draw_meanings(struct area a, int row, const struct entry_bit *bits, int n)
{
	bool two = a.columns >= TWO_COLUMNS;
	int at = 0, half = two ? (n + 1) / 2 : n, width = two ? a.columns / 2 : a.columns;
	for (int pass = 1; pass >= 0; pass--)
		for (int i = 0; i < n; i++) {
			if ((bits[i].value != 0) != pass)
				continue;
			struct area part = area_part(a, 0, at / half * width, a.rows, width);
			draw_bit(part, row + at % half, &bits[i]);
			at++;
		}
	return half;
}

static int draw_line(struct area a, int row, const char *label, const struct detail_figure *figure,
		     const char *text)
{
	int flags = text_columns(_("FLAGS")), count = text_columns(_("COUNT")), column = LEFT + 2;
	area_text(a, row, LEFT, PEN(INK_ACCENT), label);
	column += max(flags, count); /* the two stand one below the other */
	return area_wrap(a, row, column, a.columns - column - 1, 4, PEN(figure->known ? INK_TEXT : INK_WARN),
			 figure->known     ? text
			 : figure->refused ? figure->why
					   : _("not known"));
}

/* What /proc/kpageflags and /proc/kpagecount say about the frame. */
static int draw_frame(struct area a, int row, const struct page_detail *detail)
{
	struct strbuf flags = { 0 }, count = { 0 };
	entry_kflags(&flags, detail->kflags.value);
	if (!flags.len)
		strbuf_puts(&flags, _("none"));
	strbuf_printf(&count,
		      ngettext("mapped %" PRIu64 " time in all", "mapped %" PRIu64 " times in all",
			       (unsigned long)detail->mapcount.value),
		      detail->mapcount.value);
	if (!detail->kflags.known && !detail->mapcount.known) { /* one reason for both is enough */
		row += draw_line(a, row, _("FRAME"), &detail->kflags, "");
	} else {
		row += draw_line(a, row, _("FLAGS"), &detail->kflags, flags.text);
		row += draw_line(a, row, _("COUNT"), &detail->mapcount, count.text);
	}
	strbuf_fini(&flags);
	strbuf_fini(&count);
	return row;
}

static int draw_entry(struct area a, const struct page_detail *detail)
{
	struct entry_bit bits[PAGE_ENTRY_BITS_MAX];
	int n = entry_bits(detail->entry.value, detail->frame.known, bits);
	int row = draw_ruler(a, bits, n);
	if (detail->entry.value >> 63)
		row = draw_frame(a, row, detail);
	return row + draw_meanings(a, row, bits, n);
}

static int draw(struct area a, const struct scene *scene, const struct tab *tab)
{
	struct page_facts s;
	if (!scene->process)
		return 0;
	s = page_facts(scene->process->space, scene->page, scene->detail);
	if (!s.region || !s.detail || !s.detail->entry.known) {
		const char *why = !s.region ? _("No region is here, so there is no entry.")
				  : s.detail && s.detail->entry.refused
				      ? s.detail->entry.why
				      : _("The entry has not been read yet.");
		area_wrap(a, 0, LEFT, a.columns - LEFT - 1, a.rows, PEN(INK_WARN), why);
		return 0;
	}
	struct sheet sheet;
	sheet_open(&sheet, a, SHEET_TAB_ROWS, PEN(INK_TEXT));
	return sheet_show(&sheet, draw_entry(sheet.area, s.detail), tab->scroll);
}

const struct view_ops tab_entry = {
	.name = N_("entry"),
	.key = '3',
	.flags = TAB_OF_PAGE,
	.draw = draw,
};
