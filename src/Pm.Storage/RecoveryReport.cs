namespace Pm.Storage;

/// <summary>What recovery found and did.</summary>
/// <param name="Outcome">Which side of the interrupted change stands now, whole.</param>
/// <param name="From">The generation before it; 0: none.</param>
/// <param name="To">The generation it was making.</param>
/// <param name="Notes">What was kept aside because somebody had changed it meanwhile.</param>
public sealed record RecoveryReport(RecoveryOutcome Outcome, int From, int To, IReadOnlyList<string> Notes)
{
    public override string ToString() => Outcome switch
    {
        RecoveryOutcome.Finished => $"an interrupted change was already committed: finished, generation {To} stands",
        RecoveryOutcome.TakenOver => $"all packages of generation {From} were removed; what somebody put or edited there: "
            + string.Join("; ", Notes),
        _ => $"an interrupted change to generation {To} was undone: "
            + (From == 0 ? "nothing is installed" : $"generation {From} stands"),
    };
}
