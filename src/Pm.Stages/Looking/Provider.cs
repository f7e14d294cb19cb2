using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Stages.Looking;

/// <summary>A package that has a command or a capability.</summary>
/// <param name="Id">The package.</param>
/// <param name="Remote">Where it comes or came from; null: a file.</param>
/// <param name="IsInstalled">Whether it is in the root; otherwise it is offered.</param>
/// <param name="How">What the word is to it, for people: <c>name</c>, <c>provides</c>, <c>bin/foo</c>.</param>
public sealed record Provider(PackageId Id, string? Remote, bool IsInstalled, string How)
{
    /// <summary>Who provides <paramref name="word"/>: installed packages first, then those that remotes offer.</summary>
    /// <exception cref="StoreException">PM4004: an installed package is not in the store.</exception>
    public static ImmutableArray<Provider> Find(RootSession session, string word)
    {
        ArgumentNullException.ThrowIfNull(session);
        var installed = session.Root.Current?.Packages ?? [];
        var providers = new List<Provider>();
        foreach (var package in installed)
        {
            if (RoleOf(session.Store.Require(package.Hash), word) is { } how)
            {
                providers.Add(new Provider(package.Id, package.Remote, true, how));
            }
        }

        providers.AddRange(session.Catalogue.Index.Providers(word)
            .Where(name => providers.TrueForAll(p => p.Id.Name != name))
            .Select(name => session.Catalogue.Index.Newest(name)).OfType<AvailablePackage>()
            .Select(p => new Provider(p.Id, p.Remote, false, p.Name.Text == word ? "name" : "provides")));
        return [.. providers];
    }

    static string? RoleOf(Package package, string word) =>
        package.Description is { } description && description.Commands.TryGetValue(word, out var path) ? path
        : package.Entries.FirstOrDefault(e => IsCommand(e, word)) is { } entry ? entry.Path
        : package.Id.Name.Text == word || package.Id.Name.Name == word ? "name"
        : package.Description is { } d && d.Provides.Contains(word) ? "provides"
        : null;

    /// <summary>An executable, or a link that is likely to lead to one, in a directory where shells look.</summary>
    static bool IsCommand(PackageEntry entry, string word)
    {
        var slash = entry.Path.LastIndexOf('/');
        return entry.Path.AsSpan(slash + 1).SequenceEqual(word)
            && slash > 0 && Path.GetFileName(entry.Path.AsSpan(0, slash)) is "bin" or "sbin"
            && (entry.IsExecutable || entry.Kind is EntryKind.Symlink);
    }
}
