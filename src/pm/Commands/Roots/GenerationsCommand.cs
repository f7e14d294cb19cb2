using System.Text.Json;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Stages.Looking;
using Pm.Storage;

namespace Pm.Cli.Commands.Roots;

/// <summary><c>pm generations</c></summary>
static class GenerationsCommand
{
    public const string Summary = "list the states that a root can go back to";

    const int MostChanges = 3;

    public static CommandDeclaration Declare()
    {
        var pin = RootOptions.GenerationOption("--pin", "keep generation N from garbage collection");
        var unpin = RootOptions.GenerationOption("--unpin", "let garbage collection have generation N again");
        return new CommandDeclaration
        {
            Options = [pin, unpin],
            Takes = CommonOptions.Reads | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult((parsed.Given(pin), parsed.Given(unpin)) switch
            {
                (null, null) => Run(context),
                ({ } number, null) => Pin(context, number, isPinned: true),
                (null, { } number) => Pin(context, number, isPinned: false),
                _ => throw CommandException.Usage("PM1103", "--pin and --unpin at once", "`pm generations --pin N`, then `pm generations --unpin M`"),
            }),
        };
    }

    static ExitCode Pin(PmContext context, int number, bool isPinned)
    {
        using var looking = RootAccess.Open(context);
        _ = looking.Root.Require(number);
        var verb = isPinned ? "pinned" : "unpinned";
        if (context.Settings.DryRun || looking.Root.Settings.PinnedGenerations.Contains(number) == isPinned)
        {
            Write(context.Settings.DryRun ? "would be " + verb : $"is {verb} already", changes: context.Settings.DryRun);
            return ExitCode.Ok;
        }

        using var session = RootAccess.OpenForChange(context);
        session.Root.Pin(number, isPinned);
        Write("is " + verb, changes: true);
        return ExitCode.Ok;

        void Write(string state, bool changes) => Outcome.Write(
            context,
            "generation",
            json =>
            {
                json.WriteNumber("number"u8, number);
                json.WriteBoolean("pinned"u8, isPinned);
                json.WriteBoolean("changed"u8, changes);
            },
            () => context.Terminal.Note($"generation {number} {state}"));
    }

    static ExitCode Run(PmContext context)
    {
        using var session = RootAccess.TryOpen(context);
        var rows = session is null ? [] : Rows(session.Root, context.Time.GetUtcNow());
        if (context.Settings.Json)
        {
            WriteJson(context, rows);
            return ExitCode.Ok;
        }

        var table = new Table("NUMBER", "MADE", "STATE", "CHANGES", "COMMAND");
        foreach (var row in rows)
        {
            table.Add($"{row.Generation.Number}", Time(context, row.Generation.Made), row.State, Changes(row), row.Generation.Command);
        }

        table.Write(context.Terminal);
        return ExitCode.Ok;
    }

    static List<Row> Rows(Root root, DateTimeOffset now)
    {
        var rules = new KeepRules { Now = now };
        var current = root.Current?.Number ?? 0;
        var generations = root.Generations().ToList();
        var rows = new List<Row>();
        for (var i = 0; i < generations.Count; i++)
        {
            var generation = generations[i];
            var before = i == 0 ? null : generations[i - 1];
            rows.Add(new Row(
                generation,
                generation.Number == current,
                root.Settings.PinnedGenerations.Contains(generation.Number),
                rules.ReasonToKeep(root, generation, current, generations.Count - i),
                // Without the one before there is nothing to compare with; only the very first started from nothing.
                before is null && generation.Number > 1 ? null : [.. GenerationDifference.OfPackages(before, generation)]));
        }

        return rows;
    }

    static string Changes(Row row)
    {
        if (row.Changes is not { } changes)
        {
            return row.Generation.Packages.Length is 1 ? "1 package" : $"{row.Generation.Packages.Length} packages";
        }

        var shown = changes.Take(MostChanges).Select(ChangeText.Short);
        var more = changes.Count > MostChanges ? $", {changes.Count - MostChanges} more" : "";
        var back = row.Generation.RestoredFrom is { } number ? $"as {number}: " : "";
        return changes.Count == 0 && back.Length == 0 ? "-" : back + string.Join(", ", shown) + more;
    }

    /// <summary>People read their own clock, programs UTC.</summary>
    static string Time(PmContext context, DateTimeOffset time) => context.Terminal.OutputIsTerminal
        ? TimeZoneInfo.ConvertTime(time, context.Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)
        : PackageJson.Time(time);

    static void WriteJson(PmContext context, List<Row> rows) => JsonOutput.Write(context.Terminal, "generation-list", json =>
    {
        json.WriteStartObject();
        json.WriteString("root"u8, context.Settings.Root);
        json.WriteStartArray("generations"u8);
        rows.ForEach(row => Write(json, row));
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static void Write(Utf8JsonWriter json, Row row)
    {
        json.WriteStartObject();
        json.WriteNumber("number"u8, row.Generation.Number);
        json.WriteString("made"u8, PackageJson.Time(row.Generation.Made));
        json.WriteString("command"u8, row.Generation.Command);
        json.WriteBoolean("current"u8, row.IsCurrent);
        json.WriteBoolean("pinned"u8, row.IsPinned);
        json.WriteString("kept_because"u8, row.Reason);
        if (row.Generation.RestoredFrom is { } number)
        {
            json.WriteNumber("restored_from"u8, number);
        }

        json.WriteNumber("packages"u8, row.Generation.Packages.Length);
        json.WriteStartArray("changes"u8);
        foreach (var change in row.Changes ?? [])
        {
            DiffCommand.WriteChange(json, change);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Reason: why garbage collection leaves it, null: it does not. Changes: against the one before, null where that is gone.
    sealed record Row(Generation Generation, bool IsCurrent, bool IsPinned, string? Reason, IReadOnlyList<PackageChange>? Changes)
    {
        public string State => (IsCurrent, IsPinned) switch
        {
            (true, true) => "current, pinned",
            (true, _) => "current",
            (_, true) => "pinned",
            _ => Reason is null ? "may go" : "kept",
        };
    }
}
