using System.Collections.Immutable;

namespace Pm.Packages;

/// <summary>What can be called by name when a package is installed.</summary>
public static class PackageCommands
{
    static readonly string[] Folders = ["bin/", "sbin/", "usr/bin/", "usr/sbin/"];

    /// <summary>The names under <c>commands:</c>, and the executables and links where shells look; sorted, each once.</summary>
    public static ImmutableArray<string> NamesOf(Package package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return [.. (package.Description?.Commands.Keys ?? [])
            .Concat(package.Entries.Select(NameOf).OfType<string>())
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>Where the package has a command; null when it has none of that name.</summary>
    public static string? PathOf(Package package, string name)
    {
        ArgumentNullException.ThrowIfNull(package);
        return package.Description is { } description && description.Commands.TryGetValue(name, out var path)
            ? path
            : package.Entries.FirstOrDefault(e => NameOf(e) == name)?.Path;
    }

    // A link in such a directory is likely to lead to a program.
    static string? NameOf(PackageEntry entry)
    {
        if (!entry.IsExecutable && entry.Kind is not EntryKind.Symlink)
        {
            return null;
        }

        var start = entry.Path.LastIndexOf('/') + 1;
        return Folders.Contains(entry.Path[..start]) ? entry.Path[start..] : null;
    }
}
