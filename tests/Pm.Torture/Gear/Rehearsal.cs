namespace Pm.Torture.Gear;

/// <summary>What a scenario does when nothing disturbs it.</summary>
/// <param name="Old">The state before.</param>
/// <param name="New">The state after.</param>
/// <param name="OldSeen">What readers saw before.</param>
/// <param name="SettledSeen">What readers saw when what was left to the next change had been ended.</param>
/// <param name="NewSeen">What readers saw after.</param>
/// <param name="OldServed">What a client saw of the repository before.</param>
/// <param name="NewServed">What a client saw of the repository after.</param>
/// <param name="Untouched">What it has no business with.</param>
/// <param name="Listing">All paths that there are afterwards.</param>
/// <param name="Calls">The names of its writes, in order.</param>
sealed record Rehearsal(
    string Old, string New, string OldSeen, string SettledSeen, string NewSeen, string OldServed, string NewServed, string Untouched, string Listing, IReadOnlyList<string> Calls)
{
    public static Rehearsal Of(Place place, Scenario scenario)
    {
        Situation.Make(place, scenario);
        var (seen, untouched) = (Looks.Readers(place, scenario), Looks.Untouched(place, scenario));
        Situation.Settle(place, scenario);
        var (old, settled) = (Looks.State(place, scenario), Looks.Readers(place, scenario));
        var served = Served();
        Situation.Make(place, scenario);
        using var run = Disturbed.Run(place, scenario, null);
        Require(run.IsDone, $"undisturbed: {run.Said}");
        var newSeen = Looks.Readers(place, scenario);
        Situation.Settle(place, scenario);
        var @new = Looks.State(place, scenario);
        Require(untouched == Looks.Untouched(place, scenario), "it changes more than its areas:\n" + Difference.Of(untouched, Looks.Untouched(place, scenario)));
        var newServed = Served();
        Situation.Collect(place, scenario);
        return new Rehearsal(old, @new, seen, settled, newSeen, served, newServed, untouched, Looks.Listing(place), run.Calls);

        string Served() => scenario.Touches(Area.Repository) ? Looks.Client(place, place.Repository) : "";

        void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new InvalidOperationException($"{scenario}: {what}");
            }
        }
    }
}
