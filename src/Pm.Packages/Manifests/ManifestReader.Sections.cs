using System.Collections.Immutable;
using Pm.Packages.Toml;

namespace Pm.Packages.Manifests;

/// <content>Remotes, build, constraints, features and workspace.</content>
sealed partial class ManifestReader
{
    static readonly string[] Presets = ["cargo", "cmake", "dotnet", "go", "make", "meson", "npm"];

    List<ManifestRemote> Remotes(ManifestTable table)
    {
        var remotes = new List<ManifestRemote>();
        foreach (var entry in table.Entries)
        {
            table.Ask(entry.Key);
            if (!PackageName.TryParse(entry.Key, out var name) || name.Owner is not null)
            {
                throw table.Fault(entry, $"{Shown.Quote(entry.Key)} is no name of a remote: expected a-z, 0-9 and . _ + -");
            }

            remotes.Add(entry.Value.Kind is TomlKind.Table
                ? Closed(table.Table(entry), t => new ManifestRemote(entry.Key, RemoteUrl(t, t.Required("url")), Root(t)))
                : new ManifestRemote(entry.Key, RemoteUrl(table, entry), null));
        }

        return remotes;
    }

    /// <summary>A URL, or a path. What of it can be spoken to is for the room that does; here it is no option and has no password.</summary>
    static string RemoteUrl(ManifestTable table, TomlEntry entry)
    {
        var url = table.Text(entry, entry.Value);
        var bare = url.StartsWith("git+", StringComparison.Ordinal) ? url["git+".Length..] : url;
        var fault = bare.Contains("://", StringComparison.Ordinal) ? SourceText.Url(bare, "https", "http", "ssh", "file", "oci")
            : url.Length == 0 || url[0] == '-' ? $"{Shown.Quote(url)} is neither a URL nor a path"
            : null;
        return fault is null ? url : throw table.Fault(entry, fault);
    }

    static string? Root(ManifestTable table) => table.Ask("root") is not { } entry ? null
        : table.Text(entry, entry.Value) is var text && SourceText.IsDigest(text) ? text.ToLowerInvariant()
        : throw table.Fault(entry, "expected the fingerprint of its root: 64 hexadecimal digits");

    static ManifestBuild Build(ManifestTable table)
    {
        var how = table.OneOf("command", "preset");
        var entry = how is null ? null : table.Ask(how);
        var environment = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        if (table.Table("env") is { } variables)
        {
            foreach (var variable in variables.Entries)
            {
                environment.Add(variable.Key.Length == 0 || variable.Key.Contains('=') || variable.Key.Any(char.IsControl)
                    ? throw variables.Fault(variable, "it is no name of a variable")
                    : KeyValuePair.Create(variable.Key, variables.Text(variable, variable.Value, mayHaveLines: true)));
            }
        }

        var isScript = how == "command" && entry!.Value.Value.Kind is TomlKind.Text;
        return new ManifestBuild
        {
            Command = how == "command" && !isScript ? Command(table, entry!.Value) : [],
            Script = isScript ? table.Text(entry!.Value, entry.Value.Value, mayHaveLines: true) : null,
            Preset = how == "preset" ? Preset(table, entry!.Value) : null,
            Environment = environment.DrainToImmutable(),
        };
    }

    static ImmutableArray<string> Command(ManifestTable table, TomlEntry entry)
    {
        if (entry.Value.Kind is not TomlKind.Array)
        {
            throw table.Wrong(entry, entry.Value, "a script, or an array of a program and its arguments");
        }

        return table.Lines(entry) is { Length: > 0 } command && command[0].Length > 0 ? command : throw table.Fault(entry, "there is no program in it");
    }

    static string Preset(ManifestTable table, TomlEntry entry)
    {
        var preset = table.Text(entry, entry.Value);
        return Presets.Contains(preset) ? preset : throw table.Fault(entry, $"there is no preset {Shown.Quote(preset)}; there are {string.Join(", ", Presets)}");
    }

    static List<ManifestConstraint> Constraints(ManifestTable table)
    {
        var constraints = new List<ManifestConstraint>();
        foreach (var entry in table.Entries)
        {
            if (table.Ask(entry.Key) is not null && entry.Key != "arch")
            {
                constraints.Add(new ManifestConstraint(entry.Key, table.Requirement(entry)));
            }
        }

        return constraints;
    }

    static List<ManifestFeature> Features(ManifestTable table, ImmutableArray<ManifestDependency> dependencies)
    {
        var known = new HashSet<string>(dependencies.Where(d => d.IsOptional).Select(d => d.Name.Text), StringComparer.Ordinal);
        var features = new List<ManifestFeature>();
        foreach (var entry in table.Entries)
        {
            known.Add(entry.Key);
        }

        foreach (var entry in table.Entries)
        {
            table.Ask(entry.Key);
            var brings = table.Lines(entry);
            var unknown = brings.FirstOrDefault(b => !known.Contains(b));
            features.Add(unknown is null
                ? new ManifestFeature { Name = entry.Key, Brings = brings }
                : throw table.Fault(entry, $"{Shown.Quote(unknown)} is neither a feature nor an optional dependency"));
        }

        return features;
    }

    static ManifestWorkspace Workspace(ManifestTable table) => new() { Members = Patterns(table, "members"), Excluded = Patterns(table, "exclude") };
}
