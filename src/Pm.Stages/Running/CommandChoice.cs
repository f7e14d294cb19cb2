using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Stages.Running;

/// <summary>Which file of a package is meant by its name: what <c>pm run NAME</c> runs.</summary>
/// <remarks>
/// In this order: the command of that name in <c>commands:</c>, <c>bin/NAME</c>, the only command in <c>commands:</c>,
/// the only executable in <c>bin/</c>, the only executable of the package.
/// </remarks>
public abstract record CommandChoice
{
    private protected CommandChoice()
    {
    }

    /// <summary>The file to run, relative to where the package is.</summary>
    public sealed record Found(string Path) : CommandChoice;

    /// <summary>Several would do: the person says which, with <c>--command</c>.</summary>
    public sealed record Ambiguous(ImmutableArray<string> Names) : CommandChoice;

    /// <summary>The package holds nothing that can be run, or not the command that was named.</summary>
    public sealed record None(ImmutableArray<string> Names) : CommandChoice;

    /// <summary>Chooses in <paramref name="package"/>.</summary>
    /// <param name="package">Whose file is meant.</param>
    /// <param name="command">The command that was named; null: the one that the package's own name means.</param>
    public static CommandChoice Of(Package package, string? command)
    {
        ArgumentNullException.ThrowIfNull(package);
        var commands = package.Description?.Commands ?? ImmutableSortedDictionary<string, string>.Empty;
        var name = command ?? package.Id.Name.Name;
        if (commands.TryGetValue(name, out var path))
        {
            return new Found(path);
        }

        var runnable = Runnable(package);
        if (runnable.Contains("bin/" + name))
        {
            return new Found("bin/" + name);
        }

        var names = NamesOf(commands.Keys, runnable);
        if (command is not null)
        {
            return new None(names);
        }

        return commands.Count == 1 ? new Found(commands.Values.First())
            : commands.Count == 0 && Only(runnable.Where(p => p.StartsWith("bin/", StringComparison.Ordinal))) is { } inBin ? new Found(inBin)
            : commands.Count == 0 && Only(runnable) is { } only ? new Found(only)
            : names.Length > 0 ? new Ambiguous(names) : new None([]);
    }

    /// <summary>Executable files, and links in <c>bin/</c>, which programs often are.</summary>
    static SortedSet<string> Runnable(Package package) => new(
        package.Entries.Where(e => IsRunnable(e)).Select(e => e.Path), StringComparer.Ordinal);

    static bool IsRunnable(PackageEntry entry) => entry.Kind switch
    {
        EntryKind.File => (entry.Mode & 0b001_001_001) != 0,
        EntryKind.Symlink => entry.Path.StartsWith("bin/", StringComparison.Ordinal),
        _ => false,
    };

    static string? Only(IEnumerable<string> paths)
    {
        var first = paths.Take(2).ToList();
        return first.Count == 1 ? first[0] : null;
    }

    static ImmutableArray<string> NamesOf(IEnumerable<string> commands, IEnumerable<string> runnable) =>
        [.. commands.Concat(runnable.Where(p => p.StartsWith("bin/", StringComparison.Ordinal)).Select(p => p["bin/".Length..]))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
