using System.Collections.Immutable;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Packages.Index;
using Pm.Stages.Changes;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Cli.Roots;

/// <summary>What a change did, or for a dry run what it would do, as one record for programs.</summary>
static class ChangeJson
{
    const string Kind = "change";

    /// <summary>A proposal for a root that does not exist yet: packages only.</summary>
    public static void Write(PmContext context, Proposal proposal) => JsonOutput.Write(context.Terminal, Kind, json =>
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

    /// <summary>There was nothing to do.</summary>
    public static void WriteNothing(PmContext context, ImmutableArray<ExpiredList> expired) => JsonOutput.Write(context.Terminal, Kind, json =>
    {
        Begin(json, context, null, null, context.Settings.DryRun);
        json.WriteStartArray("packages"u8);
        json.WriteEndArray();
        OfferRemarks.WriteJson(json, expired);
        json.WriteEndObject();
    });

    /// <summary>A change that was carried out or planned path by path.</summary>
    public static void Write(PmContext context, ChangeReport report) => JsonOutput.Write(context.Terminal, Kind, json =>
    {
        var plan = report.Plan;
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
            WriteYanked(json, change.New is { } to ? report.Offers.FirstOrDefault(o => o.Id == to.Id) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        OfferRemarks.WriteJson(json, report.Expired);
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

    static void WriteYanked(Utf8JsonWriter json, AvailablePackage? offer)
    {
        json.WriteBoolean("yanked"u8, offer is { IsYanked: true });
        if (offer is { IsYanked: true })
        {
            json.WriteString("yank_reason"u8, offer.YankReason);
        }
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
