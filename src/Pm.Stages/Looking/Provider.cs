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
        PackageCommands.PathOf(package, word) is { } path ? path
        : package.Id.Name.Text == word || package.Id.Name.Name == word ? "name"
        : package.Description is { } description && description.Provides.Contains(word) ? "provides"
        : null;
}
