using System.CommandLine;
using Pm.Cli.Projects;

namespace Pm.Cli.Commands.Projects;

/// <summary><c>pm lock</c></summary>
static class LockCommand
{
    public const string Summary = "choose versions for a project and write pm.lock";

    /// <summary>How the verbs of a project may end.</summary>
    public static readonly IReadOnlyList<ExitCode> Exits =
        [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy];

    /// <summary>What the verbs that change a project take.</summary>
    public const CommonOptions Takes = CommonOptions.Json | CommonOptions.Project | CommonOptions.DryRun | CommonOptions.Progress | CommonOptions.LockTimeout | CommonOptions.MinimumAge
        | CommonOptions.Offline | CommonOptions.Network;

    public static CommandDeclaration Declare()
    {
        var options = new ProjectOptions();
        return new CommandDeclaration
        {
            Options = options.All,
            Takes = Takes,
            Exits = Exits,
            RunAsync = (context, parsed) => RunAsync(context, parsed, options),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, ParseResult parsed, ProjectOptions options)
    {
        (context, var project) = ProjectAccess.Open(context);
        ProjectAccess.NameScope(context, project);
        var wish = options.Read(parsed);
        using var flow = options.Flow(context, parsed, project, wish);
        var file = await flow.FitAsync(isRenewed: wish.IsMinimal || !wish.Accepted.IsEmpty);
        flow.Save(file);
        flow.EndProgress();
        LockOutput.Write(context, "project-lock", project.Directory, project.Locked, file, null, "pm.lock fits");
        return ExitCode.Ok;
    }
}
