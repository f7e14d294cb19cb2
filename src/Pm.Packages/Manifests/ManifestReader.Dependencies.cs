using System.Collections.Immutable;
using Pm.Packages.Toml;
using Pm.Packages.Versions;

namespace Pm.Packages.Manifests;

/// <content>What a package needs.</content>
sealed partial class ManifestReader
{
    ImmutableArray<ManifestDependency> Dependencies(PackageName? self, ImmutableArray<(ManifestModule Module, ManifestTable Table)> modules)
    {
        var dependencies = new List<ManifestDependency>();
        if (_root.Table("dependencies") is { } table)
        {
            if (table.Table("private") is { } inside)
            {
                dependencies.AddRange(Entries(inside, DependencyScope.Private));
            }

            dependencies.AddRange(Entries(table, DependencyScope.Public));
        }

        if (_root.Table("build-dependencies") is { } build)
        {
            dependencies.AddRange(Entries(build, DependencyScope.Build));
        }

        dependencies.AddRange(Brought(modules, isOfPackage: self is not null));
        dependencies.Sort((left, right) => left.Key.Start.CompareTo(right.Key.Start));
        Check(dependencies, self);
        return [.. dependencies];
    }

    /// <summary>A package needs no other version of itself, and nothing both for all and for itself alone.</summary>
    void Check(List<ManifestDependency> dependencies, PackageName? self)
    {
        var names = new Dictionary<PackageName, ManifestDependency>();
        foreach (var dependency in dependencies.Where(d => d.Scope is not DependencyScope.Build))
        {
            var fault = dependency.Name == self ? "a package cannot depend on itself"
                : names.TryAdd(dependency.Name, dependency) ? null
                : dependency.Module is null && names[dependency.Name].Module is null ? "it is both public and private"
                : "it stands there twice";
            if (fault is not null)
            {
                throw _document.Fault("PM2110", $"{PathOf(dependency)}: {fault}", dependency.Key);
            }
        }
    }

    static string PathOf(ManifestDependency dependency) => dependency switch
    {
        { Module: not null } => $"module {Shown.Quote(dependency.Name.Text)}",
        { Scope: DependencyScope.Private } => Shown.Quote($"dependencies.private.{dependency.Name}"),
        _ => Shown.Quote($"dependencies.{dependency.Name}"),
    };

    List<ManifestDependency> Entries(ManifestTable table, DependencyScope scope)
    {
        var dependencies = new List<ManifestDependency>();
        foreach (var entry in table.Entries)
        {
            if (scope is DependencyScope.Public && entry.Key == "private" && table.Name == "dependencies")
            {
                continue;
            }

            table.Ask(entry.Key);
            dependencies.Add(Dependency(table, entry, scope));
        }

        return dependencies;
    }

    ManifestDependency Dependency(ManifestTable table, TomlEntry entry, DependencyScope scope)
    {
        var isPatch = table.Name == "patch";
        var name = table.Parsed(entry.Key, entry.KeySpan, PackageName.Parse);
        return entry.Value.Kind switch
        {
            TomlKind.Table => Closed(table.Table(entry), t => new ManifestDependency
            {
                Name = name,
                Scope = scope,
                Key = entry.KeySpan,
                Requirement = t.Ask("version") is { } version ? t.Requirement(version) : VersionRequirement.Any,
                Source = DependencySource.Read(t, entry, isPatch),
                Features = t.Lines("features"),
                IsOptional = t.Flag("optional"),
            }),
            TomlKind.Text => new ManifestDependency
            {
                Name = name,
                Scope = scope,
                Key = entry.KeySpan,
                Requirement = isPatch ? VersionRequirement.Any : table.Requirement(entry),
                Source = isPatch ? DependencySource.Of(table, entry) : new RemoteSource(null),
            },
            _ => throw table.Wrong(entry, entry.Value, "a requirement such as \"^1.2\", or a table"),
        };
    }
}
