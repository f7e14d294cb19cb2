using Pm.Packages;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Roots;

/// <summary>What is said of a package that nobody has.</summary>
static class PackageNames
{
    /// <summary>Neither installed nor offered: what else there is, and how to find out.</summary>
    public static CommandException Unknown(PmContext context, RootSession? session, Dependency wanted)
    {
        var installed = session?.Root.Current?.Find(wanted.Name);
        var offered = session?.Catalogue.Index.Versions(wanted.Name) ?? [];
        if (installed is not null || offered.Count > 0)
        {
            var versions = offered.Select(v => v.Version.Text).Prepend(installed?.Id.Version.Text).OfType<string>().Distinct().Take(5);
            return new CommandException(
                ExitCode.NotFound, "PM1111", $"no package {wanted}; there is {string.Join(", ", versions)}", $"`pm info {wanted.Name}`");
        }

        return new CommandException(
            ExitCode.NotFound, "PM1111", $"no package {wanted}: not installed in {context.Settings.Root}, and offered by no remote",
            Hint(session, wanted.Name.Text));
    }

    /// <summary>What a person may have meant, or what to do first.</summary>
    public static string? Hint(RootSession? session, string word)
    {
        if (Nearest(session, word) is { Count: > 0 } near)
        {
            return $"did you mean {string.Join(", ", near.Select(n => $"`{n}`"))}?";
        }

        return NothingPulled(session) ?? "`pm pull` asks the remotes for what is new; `pm available` lists all that is offered";
    }

    /// <summary>Why no remote offers anything; null: one was pulled.</summary>
    public static string? NothingPulled(RootSession? session) =>
        session is null || session.Remotes.Remotes.IsEmpty ? "no remote is configured: `pm remote add URL`, then `pm pull`"
        : session.Catalogue.IsEmpty ? "no remote was pulled yet: `pm pull`"
        : null;

    static List<string> Nearest(RootSession? session, string word)
    {
        if (session is null)
        {
            return [];
        }

        var near = session.Catalogue.Index.Suggest(word).Select(n => n.Text).ToList();
        if (Typo.Nearest(word, (session.Root.Current?.Packages ?? []).Select(p => p.Id.Name.Text)) is { } installed && !near.Contains(installed))
        {
            near.Add(installed);
        }

        return near;
    }
}
