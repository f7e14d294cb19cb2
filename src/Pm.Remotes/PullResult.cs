using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Remotes;

/// <summary>What a pull brought.</summary>
/// <param name="Repository">The state that is believed now.</param>
/// <param name="IsNew">Whether anything was fetched beyond an unchanged timestamp.</param>
public sealed record PullResult(PulledRepository Repository, bool IsNew)
{
    public ImmutableArray<PackageId> Added { get; init; } = [];

    public ImmutableArray<PackageId> Removed { get; init; } = [];

    /// <summary>Withdrawn since the last pull.</summary>
    public ImmutableArray<PackageId> Yanked { get; init; } = [];

    internal static PullResult Between(PulledRepository? before, PulledRepository after)
    {
        var old = before?.Packages.ToDictionary(package => package.Id) ?? [];
        return new PullResult(after, IsNew: true)
        {
            Added = [.. after.Packages.Select(package => package.Id).Where(id => !old.ContainsKey(id)).Order()],
            Removed = [.. old.Keys.Where(id => after.Find(id) is null).Order()],
            Yanked = [.. after.Packages
                .Where(package => package.Target.Package.IsYanked
                    && old.TryGetValue(package.Id, out var was) && !was.Target.Package.IsYanked)
                .Select(package => package.Id).Order()],
        };
    }
}
