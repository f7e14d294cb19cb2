namespace Pm.Cli.Personalities;

/// <summary>Another name of this executable, with the grammar that belongs to it.</summary>
/// <param name="Name">The name of the link: <c>ebpm</c>.</param>
/// <param name="Title">What it is, in a few words.</param>
/// <param name="Grammar">Runs a command line in its grammar; null while this release does not know it.</param>
sealed record Personality(string Name, string Title, Func<PmContext, IReadOnlyList<string>, ValueTask<ExitCode>>? Grammar = null)
{
    /// <summary>Answers who it is; everything else is up to its grammar.</summary>
    /// <exception cref="CommandException">This release does not know its grammar (PM1004).</exception>
    public ValueTask<ExitCode> RunAsync(PmContext context, IReadOnlyList<string> arguments)
    {
        if (arguments is ["version"] or ["--version"])
        {
            context.Terminal.Data($"{Name} {Product.Version} (pm)");
            return ValueTask.FromResult(ExitCode.Ok);
        }

        return Grammar is null
            ? throw CommandException.Usage("PM1004",
                $"`{Name}` ({Title}) is a name of pm whose own commands are not in pm {Product.Version}",
                "`pm help` lists the commands that are")
            : Grammar(context, arguments);
    }
}
