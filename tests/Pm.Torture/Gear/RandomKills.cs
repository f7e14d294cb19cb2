using System.Diagnostics;
using Pm.Torture.Scenarios;

namespace Pm.Torture.Gear;

/// <summary>Kills at times that nobody chose: uniform over 1.1 times what the run takes, so that some come after its end.</summary>
static class RandomKills
{
    const double Reach = 1.1;
    const int Measurements = 5;

    static readonly string[] Lines =
    [
        "install tool@2.0.0", "install --root ../app ./tool-2.0.0.pkg", "update", "remove app", "rollback 1", "gc --keep 1 --older-than 0",
        "pull", "repo publish --repo repo sent-1.0.0.pkg more-1.0.0.pkg", "token create --repo repo --expires never publish:x",
    ];

    public static IReadOnlyList<Scenario> Scenarios { get; } = [.. Lines.Select(line => ScenarioTable.All.Single(s => s.Line == line))];

    /// <param name="place">A prepared place.</param>
    /// <param name="scenario">Which.</param>
    /// <param name="seed">Gives the same times again.</param>
    /// <param name="count">How many kills.</param>
    public static Tally Run(Place place, Scenario scenario, int seed, int count)
    {
        var tally = new Tally(scenario);
        var kill = Fault.All.Single(f => f.Word == "kill");
        var random = new Random(seed);
        try
        {
            var rehearsal = Rehearsal.Of(place, scenario);
            var cycle = CycleOf(place, scenario);
            for (var i = 0; i < count; i++)
            {
                var trial = new Trial(place, scenario, rehearsal);
                trial.KillAfter(random.NextDouble() * Reach * cycle);
                tally.Add(kill, trial.Finding);
            }
        }
        catch (InvalidOperationException e)
        {
            tally.Add(e.Message);
        }

        return tally;
    }

    static TimeSpan CycleOf(Place place, Scenario scenario)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Measurements; i++)
        {
            Situation.Make(place, scenario);
            using var running = new Running(place, place.Words(scenario.Line));
            var start = Stopwatch.GetTimestamp();
            running.End();
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        return times.Order().ElementAt(Measurements / 2);
    }
}
