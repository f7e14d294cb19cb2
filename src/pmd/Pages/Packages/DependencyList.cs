using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Packages;

/// <summary>What a package needs, and what needs it.</summary>
/// <param name="Needs">By name, as many as a page has room for.</param>
/// <param name="NeedsTotal">How many there are.</param>
/// <param name="Dependents">Names whose newest version needs it, as many as a page has room for.</param>
/// <param name="DependentsTotal">How many there are.</param>
public sealed record DependencyList(
    ImmutableArray<DependencyLine> Needs, int NeedsTotal, ImmutableArray<PackageName> Dependents, int DependentsTotal)
{
    const int MostNeeds = 40;
    const int MostDependents = 40;
    const int Room = 3_500;
    const int AroundLine = 60;

    internal static DependencyList Of(ServedRepository repository, AvailablePackage package)
    {
        var catalogue = repository.Catalogue;
        var needs = package.Dependencies.Select(dependency => (dependency.Name, Requirement: dependency.Exact?.Text))
            .Concat(package.Requires.Select(pair => (Name: pair.Key, Requirement: (string?)pair.Value)))
            .OrderBy(pair => pair.Name).ToList();
        var around = AroundLine + repository.Namespace.Length;
        var (room, dependentsRoom) = (new PageRoom(Room, around), new PageRoom(Room, around));
        var dependents = catalogue.DependentsOf(package.Name);
        return new DependencyList(
            [
                .. needs.Take(MostNeeds).TakeWhile(pair => room.TryTake(pair.Name.Text, pair.Name.Text, pair.Requirement))
                    .Select(pair => new DependencyLine(pair.Name, pair.Requirement, catalogue.Has(pair.Name))),
            ],
            needs.Count,
            [.. dependents.Take(MostDependents).TakeWhile(name => dependentsRoom.TryTake(name.Text, name.Text))],
            dependents.Count);
    }
}
