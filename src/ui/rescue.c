/* Giving the terminal back in an emergency.
 *
 * In a signal handler curses must not be called. So the bytes that undo everything are made
 * ready when the terminal is opened; rescue_now writes them and sets the saved modes, and
 * both are async-signal-safe:
 *
 *   mouse off, attributes off, colours back, keypad off, cursor on, screen back
 *   \e[?1000l  sgr0            op            rmkx        cnorm      rmcup        */
#include "ui/rescue.h"

#include <curses.h>
#include <signal.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* A signal handler gets no argument. */
static struct {
	volatile sig_atomic_t armed;
	char bytes[256];
	size_t len;
	struct termios modes;
} rescue;

void rescue_now(void)
{
	if (!rescue.armed)
		return;
	rescue.armed = 0;
	if (write(STDOUT_FILENO, rescue.bytes, rescue.len) < 0) {
		/* the terminal is gone: nothing to give back */
	}
	tcsetattr(STDOUT_FILENO, TCSANOW, &rescue.modes);
}

static int put_byte(int byte)
{
	if (rescue.len < sizeof rescue.bytes)
		rescue.bytes[rescue.len++] = (char)byte;
	return byte;
}

static void put_capability(const char *capability)
{
	const char *text = tigetstr(capability);

	if (text && text != (const char *)-1)
		tputs(text, 1, put_byte);
}

void rescue_arm(bool mouse)
{
	static const char *const capabilities[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };
	static const char mouse_off[] = "\033[?1000l\033[?1002l\033[?1003l\033[?1006l";

	rescue.len = 0;
	for (size_t i = 0; mouse && mouse_off[i]; i++)
		put_byte(mouse_off[i]);
	for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
		put_capability(capabilities[i]);
	rescue.armed = 1;
}

void rescue_save(void)
{
	tcgetattr(STDOUT_FILENO, &rescue.modes);
}

void rescue_disarm(void)
{
	rescue.armed = 0;
	tcsetattr(STDOUT_FILENO, TCSADRAIN, &rescue.modes);
}
