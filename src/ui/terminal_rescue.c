/* Giving the terminal back in an emergency.
 *
 * In a signal handler curses must not be called: the bytes that undo everything are
 * therefore made ready when the terminal is opened, and terminal_rescue writes them
 * and restores the saved modes, both of which are async-signal-safe:
 *
 *   mouse off, attributes off, colours back, keypad off, cursor on, screen back
 *   \e[?1000l  sgr0            op            rmkx        cnorm      rmcup        */
#include "ui/terminal_private.h"

#include <signal.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* There is one terminal; a signal handler gives no argument. */
static struct {
	volatile sig_atomic_t armed;
	char bytes[256];
	size_t len;
	struct termios modes;
} rescue;

void terminal_rescue(void)
{
	if (!rescue.armed)
		return;
	rescue.armed = 0;
	if (write(STDOUT_FILENO, rescue.bytes, rescue.len) < 0) {
		/* the terminal is gone: nothing to give back */
	}
	tcsetattr(STDOUT_FILENO, TCSANOW, &rescue.modes);
}

static int rescue_put(int byte)
{
	if (rescue.len < sizeof rescue.bytes)
		rescue.bytes[rescue.len++] = (char)byte;
	return byte;
}

static void rescue_add(const char *capability)
{
	const char *text = tigetstr(capability);

	if (text && text != (const char *)-1)
		tputs(text, 1, rescue_put);
}

void terminal_rescue_prepare(bool mouse)
{
	static const char *const capabilities[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };
	static const char mouse_off[] = "\033[?1000l\033[?1002l\033[?1003l\033[?1006l";
	size_t i;

	rescue.len = 0;
	for (i = 0; mouse && mouse_off[i]; i++)
		rescue_put(mouse_off[i]);
	for (i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
		rescue_add(capabilities[i]);
	rescue.armed = 1;
}

void terminal_rescue_save(void)
{
	tcgetattr(STDOUT_FILENO, &rescue.modes);
}

void terminal_rescue_done(void)
{
	rescue.armed = 0;
	tcsetattr(STDOUT_FILENO, TCSADRAIN, &rescue.modes);
}
