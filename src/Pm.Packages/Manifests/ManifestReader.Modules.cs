using System.Collections.Immutable;
using Pm.Packages.Versions;

namespace Pm.Packages.Manifests;

/// <content>Programs of a package, and those that a project brings down.</content>
sealed partial class ManifestReader
{
    static ManifestModule Module(ManifestTable table)
    {
        var name = table.Required("name");
        var source = table.OneOf("source", "path");
        var version = table.Ask("version");
        var text = table.Text(name, name.Value);
        return text.Length == 0
            ? throw table.Fault(name, "it is empty")
            : new(text, source is null ? null : table.Line(source), version is { } entry ? table.Version(entry) : null);
    }

    /// <summary>
    /// What modules bring from elsewhere: of a package, whose programs they are, those with a URL; of a project without one, all of them. That
    /// they name a version means this one, as it is written.
    /// </summary>
    static IEnumerable<ManifestDependency> Brought(ImmutableArray<(ManifestModule Module, ManifestTable Table)> modules, bool isOfPackage)
    {
        for (var i = 0; i < modules.Length; i++)
        {
            var (module, table) = modules[i];
            if (isOfPackage && (module.Source is null || SourceText.IsPath(module.Source)))
            {
                continue;
            }

            var name = table.Required("name");
            yield return new ManifestDependency
            {
                Name = table.Parsed(name, PackageName.Parse),
                Scope = DependencyScope.Public,
                Requirement = module.Version is { } version ? VersionRequirement.Exactly(version) : VersionRequirement.Any,
                Source = module.Source is null ? new RemoteSource(null) : DependencySource.OfModule(table, table.Required(table.OneOf("source", "path")!)),
                Module = i,
                Key = name.Value.Span,
            };
        }
    }
}
