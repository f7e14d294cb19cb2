using Pm.Packages;
using Pm.Packages.Index;

namespace Pm.Repositories.Browsing;

/// <summary>Who needs whom, asked from the other end.</summary>
sealed class Dependents
{
    readonly Dictionary<PackageName, List<PackageName>> _byName = [];

    /// <param name="newest">The newest version of each name, sorted by name.</param>
    public Dependents(IEnumerable<AvailablePackage> newest)
    {
        foreach (var package in newest)
        {
            foreach (var needed in package.Dependencies.Select(dependency => dependency.Name).Concat(package.Requires.Keys).Distinct())
            {
                (_byName.TryGetValue(needed, out var names) ? names : _byName[needed] = []).Add(package.Name);
            }
        }
    }

    public IReadOnlyList<PackageName> Of(PackageName name) => _byName.TryGetValue(name, out var names) ? names : [];
}
