using System.Collections.Immutable;
using Pm.Cli.Output;
using Pm.Stages.Changes;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;

namespace Pm.Cli.Roots;

/// <summary>The way that every change of packages goes: propose, show, ask, carry out, report. A dry run stops after showing.</summary>
/// <param name="context">The run.</param>
/// <param name="propose">Makes the proposal.</param>
sealed class ChangeFlow(PmContext context, Func<Proposer, ProposalResult> propose)
{
    /// <summary>Whether scripts of packages run.</summary>
    public HookRules Hooks { get; init; } = HookRules.None;

    /// <summary>Whether packages that nobody signed may come in.</summary>
    public bool AllowsUnsigned { get; init; }

    /// <summary>Packages that were named to go: nobody is asked about them again.</summary>
    public IReadOnlyCollection<Packages.PackageName> Named { get; init; } = [];

    /// <summary>What is said when there is nothing to do.</summary>
    public string Idle { get; init; } = "nothing to do";

    /// <summary>The kind of a root that has to be made.</summary>
    public Storage.RootKind Kind { get; init; } = Storage.RootKind.Prefix;

    public async ValueTask<ExitCode> RunAsync()
    {
        if (context.Settings.DryRun)
        {
            return await PreviewAsync();
        }

        RootAccess.NameScope(context);
        using var session = RootAccess.OpenForChange(context, Kind);
        var proposal = Conflicts.Require(context, propose(Proposer.Of(session, context.MinimumAge)), session);
        var expired = OfferRemarks.Write(context, session, proposal);
        if (proposal.IsEmpty)
        {
            return Nothing(expired);
        }

        Confirm(proposal);
        using var progress = new Progress(context, "fetching");
        var observer = RootAccess.Observer(context, progress);
        var changes = new RootChanges(session, RootAccess.Changes(context, session, Hooks, AllowsUnsigned, observer));
        var report = await changes.CarryOutAsync(proposal, context.Cancellation);
        progress.Dispose();
        ChangeOutput.Write(context, report);
        return ExitCode.Ok;
    }

    async ValueTask<ExitCode> PreviewAsync()
    {
        RootAccess.NameScope(context);
        using var session = RootAccess.TryOpen(context);
        var proposer = session is null ? Proposer.OfNothing(context.Settings.Root) : Proposer.Of(session, context.MinimumAge);
        var proposal = Conflicts.Require(context, propose(proposer), session);
        var expired = session is null ? [] : OfferRemarks.Write(context, session, proposal);
        if (proposal.IsEmpty)
        {
            return Nothing(expired);
        }

        if (session is null)
        {
            ChangeOutput.Write(context, proposal);
            return ExitCode.Ok;
        }

        ShowSurprises(proposal);
        using var progress = new Progress(context, "looking");
        var observer = RootAccess.Observer(context, progress);
        var changes = new RootChanges(session, RootAccess.Changes(context, session, Hooks, AllowsUnsigned, observer));
        var report = await changes.PreviewAsync(proposal, context.Cancellation);
        progress.Dispose();
        ChangeOutput.Write(context, report);
        return report.Plan.Conflicts.IsEmpty ? ExitCode.Ok : ExitCode.Conflict;
    }

    ExitCode Nothing(ImmutableArray<ExpiredList> expired)
    {
        if (context.Settings.Json)
        {
            ChangeJson.WriteNothing(context, expired);
        }
        else
        {
            context.Terminal.Note(Idle);
        }

        return ExitCode.Ok;
    }

    /// <summary>Asks only when more happens than was named: what was asked for by name is not asked twice.</summary>
    void Confirm(Proposal proposal)
    {
        if (ShowSurprises(proposal) && !Prompt.Confirm(context, "this was not named: go on?"))
        {
            throw new CommandException(ExitCode.Failed, "PM1102", "not confirmed: nothing was changed");
        }
    }

    /// <returns>Whether there is anything that was not named.</returns>
    bool ShowSurprises(Proposal proposal)
    {
        var surprising = proposal.Changes.Where(IsSurprising).ToList();
        foreach (var change in surprising)
        {
            var move = Moves(change) ? $": it came from remote `{change.Old!.Remote}`, the other comes from `{change.New!.Remote}`" : "";
            context.Terminal.Say(Hostile.OneLine($"{change.Verb} {change.Old!.Id}{move}"));
        }

        return surprising.Count > 0;
    }

    bool IsSurprising(ProposedChange change) => change switch
    {
        { New: null, Old.IsAsked: true } => !Named.Contains(change.Name),
        { Verb: "downgrade", New.IsAsked: false } => true,
        _ => Moves(change),
    };

    /// <summary>Whether its remote is configured no more and another one has the name: it need not be the same software.</summary>
    static bool Moves(ProposedChange change) => change is { Old.Remote: { } from, New.Available.Remote: { } to } && from != to;
}
