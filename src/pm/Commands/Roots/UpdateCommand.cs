using System.CommandLine;
using Pm.Cli.Roots;
using Pm.Stages.Hooks;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm update [NAME…]</c></summary>
static class UpdateCommand
{
    public const string Summary = "bring packages to their newest versions";

    public static CommandDeclaration Declare()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "an installed package; all of them when none is named",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var scripts = new ScriptOptions();
        var unsigned = RootOptions.AllowUnsigned();
        return new CommandDeclaration
        {
            Arguments = [names],
            Options = [.. scripts.All, unsigned],
            Takes = CommonOptions.Changes | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy, ExitCode.RolledBack],
            Complete = RootCompletion.Installed,
            RunAsync = (context, parsed) => RunAsync(
                context, parsed.Given(names) ?? [], scripts.Read(context, parsed),
                parsed.Given(unsigned)),
        };
    }

    static ValueTask<ExitCode> RunAsync(PmContext context, string[] texts, HookRules hooks, bool allowsUnsigned)
    {
        var names = InstalledNames.Parse(texts);
        InstalledNames.RequireRoot(context, names);
        return new ChangeFlow(context, proposer => proposer.Update(names))
        {
            Hooks = hooks,
            AllowsUnsigned = allowsUnsigned,
            Idle = "everything is at its newest version; `pm pull` asks the remotes for more",
        }.RunAsync();
    }
}
