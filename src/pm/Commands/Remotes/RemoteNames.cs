using Pm.Cli.Output;
using Pm.Remotes;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Remotes;

/// <summary>Remotes by what a person calls them.</summary>
static class RemoteNames
{
    /// <summary>The remote of that name or URL.</summary>
    /// <exception cref="CommandException">PM1124: there is none.</exception>
    public static RemoteDefinition Require(RootSession session, string text) =>
        session.Remotes.Find(text)
        ?? session.Remotes.Remotes.FirstOrDefault(r => r.Url.Text == text || r.Url.Text == text.TrimEnd('/'))
        ?? throw new CommandException(
            ExitCode.NotFound, "PM1124", $"no remote is called `{Hostile.OneLine(text)}`", Hint(session, text));

    /// <summary>Names for a shell, with their URLs.</summary>
    public static IEnumerable<string> Complete(PmContext context, string prefix)
    {
        using var session = RootSession.TryOpen(context.Settings.Root);
        return [.. (session?.Remotes.Remotes ?? []).Where(r => r.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(r => $"{r.Name}\t{r.Url}")];
    }

    static string Hint(RootSession session, string text) =>
        Typo.Nearest(text, session.Remotes.Remotes.Select(r => r.Name)) is { } near
            ? $"did you mean `{near}`?"
            : "`pm remote list` lists them";
}
