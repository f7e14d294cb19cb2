using System.Text.Json;
using Pm.Blobs;
using Pm.Cli.Output;
using Pm.Packages;
using Pm.Stages.Looking;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Cli.Roots;

/// <summary>What a garbage collection freed or would free, root by root, and why the rest stays.</summary>
static class Collection
{
    const string Kind = "collection";

    /// <summary>Says why a thing is kept; when nothing needs it, that it may go.</summary>
    public static ExitCode Why(PmContext context, RootSession? session, Store store, KeepRules rules, string what)
    {
        var hashes = Hashes(context, session, what);
        if (hashes.Count == 0)
        {
            throw NothingKnown(what);
        }

        var reasons = hashes.SelectMany(hash => GarbageCollection.Why(store, hash, rules)).Distinct().ToList();
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "collection-reasons", json =>
            {
                json.WriteStartObject();
                json.WriteString("what"u8, PathText.Show(what));
                json.WriteStartArray("reasons"u8);
                reasons.ForEach(r => json.WriteStringValue(PathText.Show(r)));
                json.WriteEndArray();
                json.WriteEndObject();
            });
            return ExitCode.Ok;
        }

        reasons.ForEach(r => context.Terminal.Data(PathText.Show(r)));
        if (reasons.Count == 0)
        {
            context.Terminal.Note($"nothing needs {Hostile.OneLine(what)}: `pm gc` frees it");
        }

        return ExitCode.Ok;
    }

    public static CommandException NothingKnown(string what) => new(
        ExitCode.NotFound, "PM1116", $"`{Hostile.OneLine(what)}` is no hash, no file of an installed package and no package of a kept generation",
        "`pm list` shows packages, `pm files NAME` their files");

    public static void Write(PmContext context, Store store, CollectionPlan plan, bool isDry)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, Kind, json => WriteJson(json, store.Path, plan, isDry));
            return;
        }

        var table = new Table("ROOT", "KEPT", "GOES", "FREES", "NOTE");
        foreach (var root in plan.Roots)
        {
            var goes = plan.Generations.Where(g => g.RootPath == root.Path).Select(g => g.Number).ToList();
            table.Add(
                root.Path, root.IsReachable ? $"{root.KeptGenerations}" : "-", goes.Count == 0 ? "-" : Ranges(goes),
                ByteSize.Text(root.FreedBytes), root.Note ?? "-");
        }

        table.Write(context.Terminal);
        var what = $"{Count(plan.Generations.Length, "generation")}, {Count(plan.Packages.Length, "package")}, "
            + $"{Count(plan.Trees.Length, "tree")}, {Count(plan.Blobs.Length, "blob")}";
        context.Terminal.Note(plan.IsEmpty
            ? $"nothing to free in {store.Path}: {Count(plan.KeptBlobs, "blob")}, each needed"
            : $"{(isDry ? "would free" : "freed")} {ByteSize.Text(plan.FreedBytes)}: {what}; {Count(plan.KeptBlobs, "blob")} kept");
    }

    public static void WriteNothing(PmContext context) => JsonOutput.Write(context.Terminal, Kind, json =>
    {
        json.WriteStartObject();
        json.WriteString("store"u8, context.Settings.Store);
        json.WriteBoolean("dry_run"u8, context.Settings.DryRun);
        json.WriteNumber("freed"u8, 0);
        json.WriteEndObject();
    });

    /// <summary>A hash as it is; the content of an installed file; the package itself, in every kept generation.</summary>
    static List<MerkleRoot> Hashes(PmContext context, RootSession? session, string what)
    {
        if (MerkleRoot.TryParse(Path.GetFileNameWithoutExtension(what), null, out var hash))
        {
            return [hash];
        }

        if (session?.Root.Current is not { } current)
        {
            return [];
        }

        var named = Dependency.TryParse(what, out var wanted)
            ? session.Root.Generations().Select(g => g.Find(wanted.Name)).OfType<InstalledPackage>()
                .Where(p => wanted.Exact is null || p.Id.Version == wanted.Exact).Select(p => p.Hash).Distinct().ToList()
            : [];
        return named.Count > 0 ? named
            : [.. PathOwners.Find(session.Store, current.Packages, RootPaths.Candidates(context, session.Root, what))
                .Where(o => o.Entry is { Kind: EntryKind.File }).Select(o => o.Entry!.Root).Distinct()];
    }

    /// <summary><c>1-3, 5</c></summary>
    static string Ranges(List<int> ascending)
    {
        var parts = new List<string>();
        for (var start = 0; start < ascending.Count;)
        {
            var end = start;
            while (end + 1 < ascending.Count && ascending[end + 1] == ascending[end] + 1)
            {
                end++;
            }

            parts.Add(start == end ? $"{ascending[start]}" : $"{ascending[start]}-{ascending[end]}");
            start = end + 1;
        }

        return string.Join(", ", parts);
    }

    static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    static void WriteJson(Utf8JsonWriter json, string store, CollectionPlan plan, bool isDry)
    {
        json.WriteStartObject();
        json.WriteString("store"u8, store);
        json.WriteBoolean("dry_run"u8, isDry);
        json.WriteNumber("freed"u8, plan.FreedBytes);
        json.WriteStartArray("roots"u8);
        foreach (var root in plan.Roots)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, root.Path);
            json.WriteBoolean("reachable"u8, root.IsReachable);
            json.WriteNumber("kept"u8, root.KeptGenerations);
            json.WriteStartArray("goes"u8);
            foreach (var generation in plan.Generations.Where(g => g.RootPath == root.Path))
            {
                json.WriteNumberValue(generation.Number);
            }

            json.WriteEndArray();
            json.WriteNumber("freed"u8, root.FreedBytes);
            json.WriteString("note"u8, root.Note);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("packages"u8, plan.Packages.Length);
        json.WriteNumber("trees"u8, plan.Trees.Length);
        json.WriteNumber("blobs"u8, plan.Blobs.Length);
        json.WriteNumber("kept_blobs"u8, plan.KeptBlobs);
        json.WriteEndObject();
    }
}
