using System.Text.Json;
using Pm.Cli.Output;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Stages.Changes;

namespace Pm.Cli.Projects;

/// <summary>What became of a lockfile, from old to new, and what was installed by it.</summary>
static class LockOutput
{
    /// <summary>A row: a package that comes, goes or changes.</summary>
    sealed record Row(LockedPackage? Old, LockedPackage? New)
    {
        public LockedPackage Shown => New ?? Old!;

        public string Verb => (Old, New) switch
        {
            (null, _) => "add",
            (_, null) => "drop",
            ({ } old, { } to) => to.Id.Version.CompareTo(old.Id.Version) switch { > 0 => "update", < 0 => "downgrade", _ => "change" },
        };
    }

    /// <param name="context">Whose terminal.</param>
    /// <param name="kind">Of the JSON document.</param>
    /// <param name="directory">Of the project.</param>
    /// <param name="before">Null: there was none.</param>
    /// <param name="after">What is there now, or for a dry run would be.</param>
    /// <param name="installed">What changed in which tree; null: nothing was to be installed.</param>
    /// <param name="idle">What is said when nothing changed.</param>
    public static void Write(
        PmContext context, string kind, string directory, Lockfile? before, Lockfile after, IReadOnlyList<(string Tree, ChangeReport Report)>? installed, string idle)
    {
        var rows = ReferenceEquals(before, after) ? [] : Rows(before ?? Lockfile.Empty, after);
        if (context.Settings.Json)
        {
            WriteJson(context, kind, directory, rows, installed);
            return;
        }

        var table = new Table("DO", "PACKAGE", "VERSION", "FROM", "SOURCE", "FOR");
        foreach (var row in rows)
        {
            table.Add(
                row.Verb, row.Shown.Id.Name.Text, Version(row.Shown), row is { Old: { } old, New: not null } ? Version(old) : "-",
                SourceKeys.Describe(row.Shown.Source), row.Shown.Tree is "" ? "-" : row.Shown.Tree);
        }

        table.Write(context.Terminal);
        var isDry = context.Settings.DryRun;
        var said = rows.Count == 0 ? null : isDry ? "pm.lock would be written (dry run)" : "pm.lock was written";
        if (installed is { Count: > 0 })
        {
            var changes = string.Join(", ", installed.Select(i => $"{i.Report.Plan.Packages.Length} in {Place(i.Tree)}"));
            said = $"{(said is null ? "" : said + "; ")}packages changed: {changes}";
        }

        context.Terminal.Note(Hostile.OneLine(said ?? idle));
    }

    /// <summary>A version, of git with the commit that it is.</summary>
    public static string Version(LockedPackage package) =>
        package.Commit is { Length: > 10 } commit ? $"{package.Id.Version.Text} ({commit[..10]})" : package.Id.Version.Text;

    static string Place(string tree) => Path.GetRelativePath("/", Stages.Projects.Project.RootOf("/", tree));

    static List<Row> Rows(Lockfile before, Lockfile after)
    {
        var rows = after.Packages.Select(p => new Row(before.Find(p.Tree, p.Id.Name), p)).Where(r => r.Old is null || IsOther(r.Old, r.New!)).ToList();
        rows.AddRange(before.Packages.Where(p => after.Find(p.Tree, p.Id.Name) is null).Select(p => new Row(p, null)));
        return [.. rows.OrderBy(r => r.Shown.Tree, StringComparer.Ordinal).ThenBy(r => r.Shown.Id.Name)];
    }

    static bool IsOther(LockedPackage old, LockedPackage now) =>
        old.Id != now.Id || old.Hash != now.Hash || old.Commit != now.Commit || old.SourceTree != now.SourceTree || old.Source != now.Source;

    static void WriteJson(PmContext context, string kind, string directory, List<Row> rows, IReadOnlyList<(string Tree, ChangeReport Report)>? installed) =>
        JsonOutput.Write(context.Terminal, kind, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("dry_run"u8, context.Settings.DryRun);
            json.WriteString("project"u8, directory);
            json.WriteStartArray("changes"u8);
            foreach (var row in rows)
            {
                json.WriteStartObject();
                json.WriteString("do"u8, row.Verb);
                json.WriteString("name"u8, row.Shown.Id.Name.Text);
                json.WriteString("from"u8, row.Old?.Id.Version.Text);
                json.WriteString("to"u8, row.New?.Id.Version.Text);
                json.WriteString("from_commit"u8, row.Old?.Commit);
                json.WriteString("to_commit"u8, row.New?.Commit);
                json.WriteString("source"u8, SourceKeys.Describe(row.Shown.Source));
                json.WriteString("for"u8, row.Shown.Tree.Length == 0 ? null : row.Shown.Tree);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (installed is not null)
            {
                json.WriteStartArray("installed"u8);
                foreach (var (tree, report) in installed)
                {
                    foreach (var change in report.Plan.Packages)
                    {
                        WriteChange(json, tree, change.Old?.Id.ToString(), change.New?.Id.ToString(), change.New?.Hash.ToString());
                    }
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        });

    static void WriteChange(Utf8JsonWriter json, string tree, string? old, string? now, string? hash)
    {
        json.WriteStartObject();
        json.WriteString("for"u8, tree.Length == 0 ? null : tree);
        json.WriteString("from"u8, old);
        json.WriteString("to"u8, now);
        json.WriteString("hash"u8, hash);
        json.WriteEndObject();
    }
}
