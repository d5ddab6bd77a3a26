/* export */
#include "base/i18n.h"
#include "cmd/subcommand.h"

static int run_export(const struct options *options, struct err *err)
{
	return err_set(err, ERR_USAGE, _("export needs a FORMAT and a SESSION (see pagescape export --help)"));
}
static const char *const usage[] = {N_("export FORMAT SESSION [-o FILE]"), NULL};
const struct subcommand subcommand_export = {
	.name = "export",
	.bit = COMMAND_EXPORT,
	.operand = OPERAND_FILES,
	.usage = usage,
	.help = N_("x"),
	.run = run_export,
};
