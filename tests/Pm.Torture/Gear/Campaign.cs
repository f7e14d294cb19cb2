namespace Pm.Torture.Gear;

/// <summary>Every fault at the writes of a scenario.</summary>
static class Campaign
{
    /// <summary>So many findings of one scenario say enough.</summary>
    const int MostFindings = 20;

    /// <param name="place">A prepared place.</param>
    /// <param name="scenario">Which.</param>
    /// <param name="faults">Which.</param>
    /// <param name="takes">Which of the writes, from their number and the fault.</param>
    public static Tally Run(Place place, Scenario scenario, IEnumerable<Fault> faults, Func<long, Fault, bool> takes)
    {
        var tally = new Tally(scenario);
        try
        {
            var rehearsal = Rehearsal.Of(place, scenario);
            foreach (var fault in faults)
            {
                Run(place, scenario, rehearsal, fault, takes, tally);
            }
        }
        catch (InvalidOperationException e)
        {
            tally.Add(e.Message);
        }

        return tally;
    }

    static void Run(Place place, Scenario scenario, Rehearsal rehearsal, Fault fault, Func<long, Fault, bool> takes, Tally tally)
    {
        // The number of writes may differ a little from run to run, with the threads.
        for (var number = 1; tally.Findings.Count < MostFindings; number++)
        {
            var isKnown = number <= rehearsal.Calls.Count;
            if (isKnown && !(fault.Suits(rehearsal.Calls[number - 1]) && takes(number, fault)))
            {
                continue;
            }

            var trial = new Trial(place, scenario, rehearsal);
            if (!trial.Run(fault, number))
            {
                return;
            }

            tally.Add(fault, trial.Finding);
        }
    }
}
