using System.Text.Json;
using Pm.Cli.Output;
using Pm.Repositories;
using Pm.Trust.Tuf.Changes;

namespace Pm.Cli.Commands.Repositories;

/// <summary>Says what a change of a repository's root or targets changes, whose signatures it has, and what became of it.</summary>
static class ChangeReport
{
    /// <param name="context">The run.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="file">Where it waits; null: nowhere.</param>
    public static void Write(PmContext context, ChangeOutcome outcome, string? file) => Outcome.Write(
        context,
        "repository-change",
        json =>
        {
            json.WriteBoolean("published"u8, outcome.IsTaken);
            json.WriteString("fingerprint"u8, outcome.Fingerprint?.ToString());
            json.WriteString("file"u8, outcome.IsTaken ? null : file);
            WriteChange(json, outcome.Change, Lines(context, outcome));
        },
        () =>
        {
            WriteLines(context, Lines(context, outcome));
            Say(context, outcome, file);
        });

    /// <summary>The table for a person who is about to sign, and whose signatures are there.</summary>
    public static void Show(PmContext context, RepositoryChange change)
    {
        WriteLines(context, ChangeSummary.Of(change));
        SayNeeds(context, change);
    }

    /// <summary>Whose signatures there are, and whose could follow.</summary>
    public static void SayNeeds(PmContext context, RepositoryChange change)
    {
        foreach (var need in change.Needs)
        {
            var which = change.Root is null ? "" : $", by the keys of root version {need.RootVersion}";
            context.Terminal.Note($"{need.Role}: {need.Count} of {need.Keys.Threshold} signatures{which}"
                + (need.IsMet ? "" : $"; can sign: {string.Join(' ', need.Missing.Select(Hostile.OneLine))}"));
        }
    }

    static IReadOnlyList<ChangeLine> Lines(PmContext context, ChangeOutcome outcome) =>
        [.. ChangeSummary.Of(outcome.Change).Select(line => context.Settings.DryRun && outcome.Fresh.Contains(line.Detail) ? line with { Detail = "a new key" } : line)];

    static void WriteLines(PmContext context, IEnumerable<ChangeLine> lines)
    {
        var table = new Table("WHAT", "ROLE", "DETAIL");
        foreach (var line in lines)
        {
            table.Add(line.What, line.Role, line.Detail);
        }

        table.Write(context.Terminal);
    }

    static void Say(PmContext context, ChangeOutcome outcome, string? file)
    {
        if (outcome.IsTaken)
        {
            context.Terminal.Note($"published; the fingerprint is {outcome.Fingerprint}; who trusts the repository already follows by itself");
            return;
        }

        if (outcome.Change.IsComplete)
        {
            context.Terminal.Note("would be published: every signature that it needs would be there");
            return;
        }

        SayNeeds(context, outcome.Change);
        if (context.Settings.DryRun)
        {
            context.Terminal.Note("would wait for signatures");
        }
        else if (file is not null)
        {
            context.Terminal.Note($"it waits in {Hostile.OneLine(file)}: take a copy to who can sign, `pm repo sign COPY --key KEY` there, and `pm repo sign COPY --repo DIR` here");
        }
    }

    /// <summary>The members that tell of a change.</summary>
    public static void WriteChange(Utf8JsonWriter json, RepositoryChange change, IEnumerable<ChangeLine> lines)
    {
        json.WriteStartArray("changes"u8);
        foreach (var line in lines)
        {
            json.WriteStartObject();
            json.WriteString("what"u8, line.What);
            json.WriteString("role"u8, line.Role);
            json.WriteString("detail"u8, line.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("signatures"u8);
        foreach (var need in change.Needs)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, need.Role);
            json.WriteNumber("root_version"u8, need.RootVersion);
            json.WriteNumber("threshold"u8, need.Keys.Threshold);
            json.WriteNumber("count"u8, need.Count);
            Outcome.WriteTexts(json, "by", need.By);
            Outcome.WriteTexts(json, "missing", need.Missing);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
