using System.Text.Json;
using Pm.Cli.Output;
using Pm.Packages;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Storage;

namespace Pm.Cli.Roots;

/// <summary>What a change did, or for a dry run what it would do: a table for people, one record for programs.</summary>
static class ChangeOutput
{
    const string Kind = "change";

    static readonly HookMoment[] Moments = Enum.GetValues<HookMoment>();

    /// <summary>A change that was carried out or planned path by path.</summary>
    public static void Write(PmContext context, ChangeReport report)
    {
        if (context.Settings.Json)
        {
            WriteJson(context, report);
            return;
        }

        var plan = report.Plan!;
        var table = new Table("DO", "PACKAGE", "VERSION", "FROM", "REMOTE", "SIGNER");
        foreach (var change in plan.Packages)
        {
            var shown = change.New ?? change.Old!;
            table.Add(ChangeText.Verb(change), shown.Id.Name.Text, shown.Id.Version.Text, change is { Old: { } old, New: not null } ? old.Id.Version.Text : "-",
                shown.Remote ?? "-", shown.Signer?.ToString() ?? "unsigned");
        }

        table.Write(context.Terminal);
        WriteRemarks(context, plan);
        context.Terminal.Note(Summary(report));
    }

    /// <summary>A proposal for a root that does not exist yet: packages only.</summary>
    public static void Write(PmContext context, Proposal proposal)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, Kind, json =>
            {
                Begin(json, context, null, null, isDry: true);
                json.WriteStartArray("packages"u8);
                foreach (var change in proposal.Changes)
                {
                    json.WriteStartObject();
                    json.WriteString("do"u8, change.Verb);
                    json.WriteString("name"u8, change.Name.Text);
                    json.WriteString("new"u8, change.New?.Id.Version.Text);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        var table = new Table("DO", "PACKAGE", "VERSION");
        foreach (var change in proposal.Changes)
        {
            table.Add(change.Verb, change.Name.Text, change.New?.Id.Version.Text ?? "-");
        }

        table.Write(context.Terminal);
        context.Terminal.Note("nothing was changed (dry run); the root would be made");
    }

    /// <summary>There was nothing to do.</summary>
    public static void WriteNothing(PmContext context) => JsonOutput.Write(context.Terminal, Kind, json =>
    {
        Begin(json, context, null, null, context.Settings.DryRun);
        json.WriteStartArray("packages"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    static void WriteRemarks(PmContext context, ChangePlan plan)
    {
        foreach (var conflict in plan.Conflicts)
        {
            context.Terminal.Say($"conflict: {Hostile.OneLine(conflict.ToString())}");
        }

        foreach (var decision in plan.Configuration.Where(d => d.Outcome is not ConfigurationOutcome.Replaced))
        {
            context.Terminal.Note(Hostile.OneLine(Describe(decision)));
        }

        foreach (var saved in plan.Saved)
        {
            context.Terminal.Note(Hostile.OneLine($"{saved.Path}: you had changed it; kept as {saved.SavedAs}"));
        }

        if (context.Settings.DryRun)
        {
            WriteHooks(context, plan);
        }
    }

    static string Describe(ConfigurationDecision decision) => decision.Outcome switch
    {
        ConfigurationOutcome.KeptNewBeside => $"{decision.Path}: you had edited it and it stays; the new one is {decision.Beside}",
        ConfigurationOutcome.KeptAtRemoval => $"{decision.Path}: you had edited it and it stays",
        _ => $"{decision.Path}: you had edited it and it stays",
    };

    /// <summary>A dry run shows the scripts of packages, so that nobody runs unread what runs as him.</summary>
    static void WriteHooks(PmContext context, ChangePlan plan)
    {
        foreach (var package in plan.NewPackages)
        {
            foreach (var moment in Moments.Where(m => package.Hook(m) is not null))
            {
                context.Terminal.Say(Hostile.OneLine($"script {HookRunner.NameOf(moment)} of {package.Id}:"));
                foreach (var line in System.Text.Encoding.UTF8.GetString(package.Hook(moment)!.Value.Span).TrimEnd().Split('\n'))
                {
                    context.Terminal.Say("    " + Hostile.OneLine(line));
                }
            }
        }
    }

    static string Summary(ChangeReport report)
    {
        var plan = report.Plan!;
        var files = $"files: {plan.Added.Count()} new, {plan.Replaced.Count()} replaced, {plan.Removed.Count()} removed";
        var all = report.CopiedBytes + report.SharedBytes;
        var bytes = all == 0 ? "" :
            $"; copied {ByteSize.Text(report.CopiedBytes)}, shared {ByteSize.Text(report.SharedBytes)} ({100 * report.SharedBytes / all} %)";
        return report.Generation is { } generation
            ? $"generation {generation.Number}: {files}{bytes}"
            : $"nothing was changed (dry run): {files}{bytes}";
    }

    static void WriteJson(PmContext context, ChangeReport report) => JsonOutput.Write(context.Terminal, Kind, json =>
    {
        var plan = report.Plan!;
        Begin(json, context, plan.From?.Number, report.Generation?.Number, report.Generation is null);
        json.WriteStartArray("packages"u8);
        foreach (var change in plan.Packages)
        {
            json.WriteStartObject();
            json.WriteString("do"u8, ChangeText.Verb(change));
            json.WriteString("name"u8, change.Name.Text);
            json.WriteString("old"u8, change.Old?.Id.Version.Text);
            json.WriteString("new"u8, change.New?.Id.Version.Text);
            json.WriteString("hash"u8, change.New?.Hash.ToString());
            json.WriteString("remote"u8, (change.New ?? change.Old!).Remote);
            json.WriteString("signer"u8, (change.New ?? change.Old!).Signer?.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WritePaths(json, plan);
        json.WriteNumber("copied"u8, report.CopiedBytes);
        json.WriteNumber("shared"u8, report.SharedBytes);
        json.WriteEndObject();
    });

    static void WritePaths(Utf8JsonWriter json, ChangePlan plan)
    {
        json.WriteStartObject("files"u8);
        json.WriteNumber("added"u8, plan.Added.Count());
        json.WriteNumber("replaced"u8, plan.Replaced.Count());
        json.WriteNumber("removed"u8, plan.Removed.Count());
        json.WriteEndObject();
        json.WriteStartArray("configuration"u8);
        foreach (var decision in plan.Configuration)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, decision.Path);
            json.WriteString("outcome"u8, JsonNamingPolicy.KebabCaseLower.ConvertName(decision.Outcome.ToString()));
            json.WriteString("beside"u8, decision.Beside);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("saved"u8);
        foreach (var saved in plan.Saved)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, saved.Path);
            json.WriteString("as"u8, saved.SavedAs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("conflicts"u8);
        foreach (var conflict in plan.Conflicts)
        {
            json.WriteStringValue(conflict.ToString());
        }

        json.WriteEndArray();
    }

    static void Begin(Utf8JsonWriter json, PmContext context, int? from, int? to, bool isDry)
    {
        json.WriteStartObject();
        json.WriteString("root"u8, context.Settings.Root);
        json.WriteBoolean("dry_run"u8, isDry);
        if (from is { } before)
        {
            json.WriteNumber("from"u8, before);
        }

        if (to is { } after)
        {
            json.WriteNumber("generation"u8, after);
        }
    }
}
