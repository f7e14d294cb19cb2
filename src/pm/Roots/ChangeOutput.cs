using Pm.Cli.Output;
using Pm.Stages.Changes;
using Pm.Storage;

namespace Pm.Cli.Roots;

/// <summary>What a change did, or for a dry run what it would do: a table for people, one record for programs.</summary>
static class ChangeOutput
{
    /// <summary>A change that was carried out or planned path by path.</summary>
    public static void Write(PmContext context, ChangeReport report)
    {
        if (context.Settings.Json)
        {
            ChangeJson.Write(context, report);
            return;
        }

        var plan = report.Plan;
        var table = new Table("DO", "PACKAGE", "VERSION", "FROM", "REMOTE", "SIGNER");
        foreach (var change in plan.Packages)
        {
            var shown = change.New ?? change.Old!;
            table.Add(ChangeText.Verb(change), shown.Id.Name.Text, shown.Id.Version.Text, change is { Old: { } old, New: not null } ? old.Id.Version.Text : "-",
                shown.Remote ?? "-", shown.Signer?.ToString() ?? "unsigned");
        }

        table.Write(context.Terminal);
        WriteRemarks(context, report);
        context.Terminal.Note(Summary(report));
    }

    /// <summary>A proposal for a root that does not exist yet: packages only.</summary>
    public static void Write(PmContext context, Proposal proposal)
    {
        if (context.Settings.Json)
        {
            ChangeJson.Write(context, proposal);
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

    static void WriteRemarks(PmContext context, ChangeReport report)
    {
        var plan = report.Plan;
        foreach (var conflict in plan.Conflicts)
        {
            context.Terminal.Say($"conflict: {Hostile.OneLine(conflict.ToString())}");
        }

        foreach (var decision in plan.Configuration.Where(d => d.Outcome is not ConfigurationOutcome.Replaced))
        {
            context.Terminal.Note(Hostile.OneLine(Describe(decision)));
        }

        if (plan.IsDetached)
        {
            context.Terminal.Note("what you put or edited among its files comes back with the next change of this root, or with `pm recover`");
        }

        foreach (var saved in plan.Saved)
        {
            context.Terminal.Note(Hostile.OneLine($"{saved.Path}: you had changed it; kept as {saved.SavedAs}"));
        }

        if (context.Settings.DryRun)
        {
            ScriptText.Write(context, report.Scripts);
        }
    }

    static string Describe(ConfigurationDecision decision) => decision.Outcome switch
    {
        ConfigurationOutcome.KeptNewBeside => $"{decision.Path}: you had edited it and it stays; the new one is {decision.Beside}",
        ConfigurationOutcome.KeptAtRemoval => $"{decision.Path}: you had edited it and it stays",
        _ => $"{decision.Path}: you had edited it and it stays",
    };

    static string Summary(ChangeReport report)
    {
        var plan = report.Plan;
        var files = plan.IsDetached ? "its files went as a whole"
            : $"files: {plan.Added.Count()} new, {plan.Replaced.Count()} replaced, {plan.Removed.Count()} removed";
        var (copied, shared, all) = (ByteSize.Text(report.CopiedBytes), ByteSize.Text(report.SharedBytes), report.CopiedBytes + report.SharedBytes);
        var percent = all == 0 ? 0 : 100 * report.SharedBytes / all;
        return report.Generation is { } generation
            ? $"generation {generation.Number}: {files}{(all == 0 ? "" : $"; copied {copied}, shared {shared} ({percent} %)")}"
            : $"nothing was changed (dry run): {files}{(all == 0 ? "" : $"; would copy {copied}, share {shared} ({percent} %)")}";
    }
}
