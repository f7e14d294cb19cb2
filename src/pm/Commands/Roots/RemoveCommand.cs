using System.CommandLine;
using Pm.Cli.Roots;
using Pm.Stages.Hooks;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm remove NAME…</c></summary>
static class RemoveCommand
{
    public const string Summary = "remove packages, and the dependencies that nothing else needs";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("NAME") { Description = "an installed package", Arity = ArgumentArity.OneOrMore };
        var scripts = new ScriptOptions();
        return new CommandDeclaration
        {
            Arguments = [names],
            Options = [.. scripts.All],
            Takes = CommonOptions.Changes,
            Exits = [ExitCode.NotFound, ExitCode.Conflict, ExitCode.LockBusy, ExitCode.RolledBack],
            Complete = RootCompletion.Installed,
            RunAsync = (context, parsed) => RunAsync(
                context, parsed.GetRequiredValue(names), scripts.Read(context, parsed)),
        };
    }

    static ValueTask<ExitCode> RunAsync(PmContext context, IReadOnlyList<string> texts, HookRules hooks)
    {
        var names = InstalledNames.Parse(texts);
        InstalledNames.RequireRoot(context, names);
        return new ChangeFlow(context, proposer => proposer.Remove(names)) { Hooks = hooks, Named = names }.RunAsync();
    }
}
