using Pm.Packages;
using Pm.Packages.Index;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Cli.Commands.Roots;

/// <summary>Proposes package names for a shell: from what is on this machine, never from the network.</summary>
static class RootCompletion
{
    const int MostProposals = 200;

    /// <summary>Names that the remotes offer, with their descriptions.</summary>
    public static IEnumerable<string> Offered(PmContext context, string prefix)
    {
        using var session = RootSession.TryOpen(context.Settings.Root);
        var index = session?.Catalogue.Index;
        return index is null ? []
            : prefix.Contains('@', StringComparison.Ordinal) ? [.. Versions(index, prefix)]
            : [.. index.StartingWith(prefix).Take(MostProposals)
            .Select(n => $"{n}\t{index.Newest(n)?.Description}")];
    }

    /// <summary>Versions of a name that is whole, newest first: <c>hello@1</c>.</summary>
    static IEnumerable<string> Versions(PackageIndex index, string prefix) =>
        PackageName.TryParse(prefix[..prefix.IndexOf('@', StringComparison.Ordinal)], out var name)
            ? index.Versions(name).Select(version => (Id: version.Id.ToString(), version.IsYanked))
                .Where(version => version.Id.StartsWith(prefix, StringComparison.Ordinal)).Take(MostProposals)
                .Select(version => $"{version.Id}\t{(version.IsYanked ? "yanked" : "")}".TrimEnd('\t'))
            : [];

    /// <summary>Names that are installed, with their versions.</summary>
    public static IEnumerable<string> Installed(PmContext context, string prefix)
    {
        using var root = Root.TryOpen(context.Settings.Root);
        return [.. (root?.Current?.Packages ?? []).Where(p => p.Id.Name.Text.StartsWith(prefix, StringComparison.Ordinal))
            .Select(p => $"{p.Id.Name}\t{p.Id.Version}")];
    }

    /// <summary>Names that are installed, then those that are only offered.</summary>
    public static IEnumerable<string> Known(PmContext context, string prefix) =>
        Installed(context, prefix).Concat(Offered(context, prefix)).DistinctBy(line => line.Split('\t')[0]);

    /// <summary>Numbers of generations, with the commands that made them.</summary>
    public static IEnumerable<string> Generations(PmContext context, string prefix)
    {
        using var root = Root.TryOpen(context.Settings.Root);
        return root is null ? [] : [.. root.Generations().Select(g => $"{g.Number}\t{g.Command}")
            .Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).TakeLast(MostProposals)];
    }
}
