using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Pm.Packages.Toml;
using Pm.Packages.Versions;

namespace Pm.Packages.Manifests;

/// <content>Programs of a package, and those that a project brings down.</content>
sealed partial class ManifestReader
{
    ManifestModule Module(ManifestTable table)
    {
        var name = table.Required("name");
        var source = table.OneOf("source", "path");
        var version = table.Ask("version");
        var text = table.Text(name, name.Value);
        return text.Length == 0
            ? throw table.Fault(name, "it is empty")
            : new ManifestModule(text, source is null ? null : table.Line(source), version is { } entry ? table.Version(entry) : null)
            {
                Events = table.Table("events") is { } events ? Closed(events, Events) : ImmutableSortedDictionary<string, ManifestEvents>.Empty,
                Fallbacks = Fallbacks(table),
                Defines = Defines(table),
            };
    }

    static ImmutableArray<string> Defines(ManifestTable table)
    {
        if (table.Array("defines") is not { } entry)
        {
            return [];
        }

        foreach (var item in entry.Value.Array.Items)
        {
            if (!Macro().IsMatch(table.Text(entry, item)))
            {
                throw table.Fault(entry, item, "expected NAME or NAME=VALUE, where NAME is one of C's and does not begin with __PM_");
            }
        }

        return table.Lines(entry);
    }

    [GeneratedRegex(@"\A(?!__PM_)[A-Za-z_][A-Za-z0-9_]{0,199}(?:=|\z)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Macro();

    ImmutableSortedDictionary<string, ManifestEvents> Events(ManifestTable table)
    {
        var events = ImmutableSortedDictionary.CreateBuilder<string, ManifestEvents>(StringComparer.Ordinal);
        foreach (var entry in table.Entries)
        {
            table.Ask(entry.Key);
            events.Add(entry.Key, Closed(table.Table(entry), EventsOfMap));
        }

        return events.ToImmutable();
    }

    ManifestEvents EventsOfMap(ManifestTable table)
    {
        var readings = table.Table("readings") is { } said ? Closed(said, EachLine) : ImmutableSortedDictionary<string, string>.Empty;
        return new ManifestEvents(readings.IsEmpty ? table.RequiredLine("type") : table.Line("type"), readings);
    }

    static ImmutableSortedDictionary<string, string> EachLine(ManifestTable table)
    {
        var lines = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var entry in table.Entries)
        {
            lines.Add(entry.Key, table.RequiredLine(entry.Key));
        }

        return lines.ToImmutable();
    }

    static ImmutableArray<ImmutableArray<string>> Fallbacks(ManifestTable table)
    {
        if (table.Ask("fallbacks") is not { } entry)
        {
            return [];
        }

        if (entry.Value.Kind is not TomlKind.Array)
        {
            throw table.Wrong(entry, entry.Value, "lists of names: [[\"first\", \"second\"]]");
        }

        return [.. entry.Value.Array.Items.ToArray().Select(list => list.Kind is TomlKind.Array
            ? list.Array.Items.ToArray().Select(name => table.Text(entry, name)).ToImmutableArray() is { Length: > 1 } names && names.Distinct(StringComparer.Ordinal).Count() == names.Length
                ? names
                : throw table.Fault(entry, list, "expected at least two functions, none twice")
            : throw table.Wrong(entry, list, "a list of names"))];
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
