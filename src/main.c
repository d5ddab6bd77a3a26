/* pagescape: options to subcommands. */
int main(void)
{
	return 0;
}
