using Pm.Packages.Toml;

namespace Pm.Packages.Manifests;

/// <summary>Where a dependency comes from, by the keys of its table.</summary>
static class DependencySource
{
    public static PackageSource Read(ManifestTable table, TomlEntry dependency, bool isPatch)
    {
        string[] keys = ["source", "git", "url", "path", "remote", .. SourceText.Shorthands];
        // A `path` beside a repository is the folder in it.
        var hasRepository = keys.Any(k => (k == "git" || SourceText.Shorthands.Contains(k)) && table.Has(k));
        var key = table.OneOf([.. keys.Where(k => !(hasRepository && k == "path"))]);
        var source = key switch
        {
            null when isPatch => throw table.Fault(dependency, "a patch says where the package comes from instead: `path`, `git`, `url` or `source`"),
            null => new RemoteSource(null),
            "remote" => new RemoteSource(table.Line(key)),
            "source" => Of(table, table.Required(key)),
            "url" => Archive(table, table.Required(key), table.Required("sha256")),
            "path" => Checked(table, table.Required(key), SourceText.Path(table.Line(key)!, out var path), path),
            _ => Git(table, key),
        };
        CheckAlone(table, key, hasRepository);
        return source;
    }

    /// <summary>A source in one text.</summary>
    public static PackageSource Of(ManifestTable table, TomlEntry entry) =>
        Checked(table, entry, SourceText.Read(table.Text(entry, entry.Value), out var source), source);

    /// <summary>Where a module comes from: a URL needs no digest behind it, a path no dot before it.</summary>
    public static PackageSource OfModule(ManifestTable table, TomlEntry entry) =>
        Checked(table, entry, SourceText.ReadLoose(table.Text(entry, entry.Value), out var source), source);

    static PackageSource Archive(ManifestTable table, TomlEntry url, TomlEntry sha256) =>
        Checked(table, url, SourceText.Archive(table.Text(url, url.Value), table.Text(sha256, sha256.Value), out var source), source);

    static PackageSource Git(ManifestTable table, string key)
    {
        var entry = table.Required(key);
        var url = table.Line(key)!;
        if (key != "git" && SourceText.Shorthand(key, url, out url) is { } fault)
        {
            throw table.Fault(entry, fault);
        }

        var (kind, reference) = table.OneOf("branch", "tag", "rev") switch
        {
            "branch" => (GitReferenceKind.Branch, table.Line("branch")!),
            "tag" => (GitReferenceKind.Tag, table.Line("tag")!),
            "rev" => (GitReferenceKind.Commit, table.Line("rev")!),
            _ => (GitReferenceKind.Default, ""),
        };
        return Checked(table, entry, SourceText.Git(url, kind, reference, table.Line("path"), out var source), source);
    }

    /// <summary>What belongs to another source would be read over silently.</summary>
    static void CheckAlone(ManifestTable table, string? key, bool hasRepository)
    {
        foreach (var other in new[] { "branch", "tag", "rev", "sha256" })
        {
            if (table.Ask(other) is { } entry && (other == "sha256" ? key != "url" : !hasRepository))
            {
                throw table.Fault(entry, other == "sha256" ? "it belongs to a `url`" : "it belongs to a git repository");
            }
        }
    }

    static PackageSource Checked(ManifestTable table, TomlEntry entry, string? fault, PackageSource? source) =>
        source ?? throw table.Fault(entry, fault!);
}
