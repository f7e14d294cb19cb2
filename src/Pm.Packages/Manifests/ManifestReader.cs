using System.Collections.Immutable;
using Pm.Packages.Toml;

namespace Pm.Packages.Manifests;

/// <summary>Makes a <see cref="Manifest"/> of a document; every fault names key and place.</summary>
sealed partial class ManifestReader
{
    readonly TomlDocument _document;
    readonly ManifestTable _root;
    readonly List<UnknownField> _unknown = [];

    public ManifestReader(TomlDocument document) => (_document, _root) = (document, new ManifestTable(document, document.Root, ""));

    public Manifest Read()
    {
        var package = Section("package", Package);
        ImmutableArray<(ManifestModule Module, ManifestTable Table)> modules = [.. _root.Tables("module").Select(t => (Closed(t, Module), t))];
        var dependencies = Dependencies(package?.Name, modules);
        // Of a project's configuration, not of the package.
        _root.Ask("settings");
        return new Manifest
        {
            Document = _document,
            Package = package,
            Modules = [.. modules.Select(m => m.Module)],
            Dependencies = dependencies,
            Patches = Listed("patch", t => Entries(t, DependencyScope.Public)),
            Remotes = Listed("remotes", Remotes),
            Build = Section("build", Build),
            Constraints = Listed("constraints", Constraints),
            Architectures = _root.Table("constraints")?.Lines("arch") ?? [],
            Features = Listed("features", t => Features(t, dependencies)),
            Workspace = Section("workspace", Workspace),
            Vendor = Section("vendor", Vendor),
            // Last: what nobody asked for.
            UnknownFields = [.. _unknown.Concat(_root.Unknown()).Take(Manifest.MostUnknown)],
        };
    }

    /// <summary>A table of the document; null when it is not there.</summary>
    T? Section<T>(string key, Func<ManifestTable, T> read)
        where T : class => _root.Table(key) is { } table ? Closed(table, read) : null;

    /// <summary>What a table of the document lists; nothing when it is not there.</summary>
    ImmutableArray<T> Listed<T>(string key, Func<ManifestTable, List<T>> read) => _root.Table(key) is { } table ? [.. Closed(table, read)] : [];

    /// <summary>Reads a table and takes note of what in it nobody asked for.</summary>
    T Closed<T>(ManifestTable table, Func<ManifestTable, T> read)
    {
        var value = read(table);
        _unknown.AddRange(table.Unknown().Take(Manifest.MostUnknown - _unknown.Count));
        return value;
    }

    static ManifestPackage Package(ManifestTable table) => new()
    {
        Name = table.Parsed(table.Required("name"), PackageName.Parse),
        Version = table.Version(table.Required("version")),
        Description = table.Ask("description") is { } entry ? table.Text(entry, entry.Value, mayHaveLines: true) : "",
        Title = table.Line("title"),
        Licence = table.OneOf("licence", "license") is { } key ? Licence(table, table.Required(key)) : null,
        Homepage = table.Line("homepage"),
        Categories = table.Lines("categories"),
        Provides = table.Lines("provides"),
        Files = Patterns(table, "files"),
    };

    static LicenceExpression Licence(ManifestTable table, TomlEntry entry)
    {
        var text = table.Text(entry, entry.Value);
        return LicenceExpression.TryParse(text, out var expression)
            ? expression
            : throw table.Fault(entry, $"{Shown.Quote(text)} is no SPDX expression: {LicenceExpression.Fault(text)}");
    }

    static string Vendor(ManifestTable table)
    {
        var directory = table.RequiredLine("directory");
        return ManifestVendor.Fault(directory) is { } fault ? throw table.Fault(table.Required("directory"), fault) : directory;
    }

    /// <summary>Paths below the manifest, perhaps with stars in them.</summary>
    static ImmutableArray<string> Patterns(ManifestTable table, string key)
    {
        var patterns = table.Lines(key);
        foreach (var pattern in patterns)
        {
            if (PackagePath.Fault(pattern) is { } fault && pattern != ".")
            {
                throw table.Fault(table.Required(key), $"path {Shown.Quote(pattern)}: {fault}");
            }
        }

        return patterns;
    }
}
