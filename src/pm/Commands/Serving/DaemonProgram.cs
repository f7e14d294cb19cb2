using Pm.Linux;

namespace Pm.Cli.Commands.Serving;

/// <summary>Where the program <c>pmd</c> is.</summary>
static class DaemonProgram
{
    const string Variable = "PM_PMD";

    /// <summary><c>PM_PMD</c>; else where an installation or a build has it.</summary>
    /// <exception cref="CommandException">PM5210: nowhere.</exception>
    public static string Find(PmContext context)
    {
        if (context.Variable(Variable) is { } named)
        {
            var path = context.FullPath(named);
            return ProgramPath.IsProgram(path) ? path : throw Missing($"{Variable} is {path}, which is no program");
        }

        var beside = Path.GetDirectoryName(context.ExecutablePath) ?? "/";
        string[] places = [Path.GetFullPath("../lib/pm/pmd", beside), Path.GetFullPath("pmd.d/pmd", beside)];
        return places.FirstOrDefault(ProgramPath.IsProgram)
            ?? throw Missing($"pmd is not installed: it is neither at {places[0]} nor at {places[1]}");
    }

    static CommandException Missing(string message) => new(
        ExitCode.Failed, "PM5210", message, $"`pm serve --static DIR` does without it, for files alone; or set {Variable}");
}
