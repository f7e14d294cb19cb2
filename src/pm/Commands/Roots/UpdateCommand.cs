using System.CommandLine;
using Pm.Cli.Commands.Projects;
using Pm.Cli.Projects;
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
        var project = new ProjectOptions();
        return new CommandDeclaration
        {
            Arguments = [names],
            Options = [.. scripts.All, .. project.All],
            Takes = CommonOptions.Changes | CommonOptions.MinimumAge | CommonOptions.Project | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy, ExitCode.RolledBack],
            Complete = RootCompletion.Installed,
            RunAsync = (context, parsed) => RunAsync(
                context, parsed, project, parsed.Given(names) ?? [], scripts.Read(context, parsed)),
        };
    }

    static ValueTask<ExitCode> RunAsync(PmContext context, ParseResult parsed, ProjectOptions project, string[] texts, HookRules hooks)
    {
        var names = InstalledNames.Parse(texts);
        if (ProjectAccess.IsMeant(context))
        {
            return ProjectVerbs.UpdateAsync(context, parsed, project, names, hooks);
        }

        project.RequireNone(parsed);
        InstalledNames.RequireRoot(context, names);
        return new ChangeFlow(context, proposer => proposer.Update(names))
        {
            Hooks = hooks,
            AllowsUnsigned = project.AllowsUnsigned(parsed),
            Idle = "everything is at its newest version; `pm pull` asks the remotes for more",
        }.RunAsync();
    }
}
