using System.Collections.Immutable;
using System.Globalization;
using Pm.Packages;
using Pm.Packages.Index;

namespace Pm.Bench;

/// <summary>An index like that of a registry: names that need names behind them, so that the closure of the N-th from the end has N names.</summary>
static class GeneratedRegistry
{
    internal const int Versions = 30;
    const int NeedsEach = 4;
    const int Near = 400;

    internal static RepositoryIndex Make(int names) => RepositoryIndex.Of(
        Enumerable.Range(0, names).SelectMany(name => Enumerable.Range(0, Versions).Select(version => Package(names, name, version))));

    internal static PackageName Name(int number) => PackageName.Parse(string.Create(CultureInfo.InvariantCulture, $"pkg-{number:000000}"));

    static AvailablePackage Package(int names, int name, int version)
    {
        // Three major versions of ten each; a major version goes with the same one of what it needs. What is needed changes with
        // the major version; of every fifth package, with every version.
        var major = 1 + (version / 10);
        var random = new Random((name * Versions) + (name % 5 == 0 ? version : major * 10));
        var needs = ImmutableSortedDictionary.CreateBuilder<PackageName, string>();
        for (var need = 0; need < NeedsEach && name + 1 < names; need++)
        {
            var behind = need == 0 ? name + 1 : random.Next(name + 1, Math.Min(names, name + Near));
            needs[Name(behind)] = string.Create(CultureInfo.InvariantCulture, $"^{major}.{random.Next(0, 1 + (version % 10))}");
        }

        return new AvailablePackage(new PackageId(Name(name), PackageVersion.Parse(string.Create(CultureInfo.InvariantCulture, $"{major}.{version % 10}.0"))))
        {
            Description = "A package of a generated registry.",
            Requires = needs.ToImmutable(),
        };
    }
}
