using Pm.Cli.Commands;
using Pm.Torture.Gear;
using Pm.Torture.Power;
using Pm.Torture.Scenarios;
using Pm.Torture.Tracing;

namespace Pm.Torture;

/// <summary>A sample of what <c>make torture</c> does at every write: whatever happens, old or new, whole, and the next run succeeds.</summary>
public sealed class TortureTests
{
    /// <summary>Points of each scenario and fault, spread over its writes.</summary>
    const int Sample = 1;

    [Fact]
    public void Every_verb_is_tortured_or_only_looks()
    {
        var hidden = CommandTable.Entries.Where(entry => entry.Task is CommandTask.Hidden).Select(entry => entry.Words);
        var known = ScenarioTable.All.Select(s => s.Verb).Concat(ScenarioTable.Looking.Select(l => l.Verb)).Distinct();

        Assert.Equal(CommandTable.Entries.Select(entry => entry.Words).Except(hidden).Order(), known.Order());
    }

    [Fact]
    public void What_only_looks_writes_nothing()
    {
        Assert.SkipWhen(Executables.Missing is not null, Executables.Missing ?? "");
        using var place = new Place(Executables.Pm);
        place.Prepare();
        var before = Trees.Content(place.Live);
        var trace = Path.Combine(place.Top, "trace");

        foreach (var (_, line) in ScenarioTable.Looking)
        {
            var result = place.Pm(line, ("PM_TRACE_WRITES", trace));

            Assert.True(result.ShellCode < 128, $"{line}: {result.ErrorText}");
            Assert.DoesNotContain(File.ReadLines(trace), call => call.Contains(place.Root, StringComparison.Ordinal));
        }

        Assert.Equal(before, Trees.Content(place.Live));
    }

    [Fact]
    public void At_a_sample_of_writes_every_verb_leaves_old_or_new()
    {
        Assert.SkipWhen(Executables.Missing is not null, Executables.Missing ?? "");
        var tallies = Workers.Run(ScenarioTable.All.OrderBy(s => !s.DisturbsServer), (place, scenario) => Campaign.Run(place, scenario, Fault.All, Spread(scenario)));

        Require(tallies);
        Assert.True(tallies.Sum(t => t.Points) >= 300, $"only {tallies.Sum(t => t.Points)} points");
    }

    [Fact]
    public void Killed_at_any_time_old_or_new()
    {
        Assert.SkipWhen(Executables.Missing is not null, Executables.Missing ?? "");

        Require(Workers.Run(RandomKills.Scenarios, (place, scenario) => RandomKills.Run(place, scenario, seed: 1, count: 3)));
    }

    [Fact]
    public void Before_success_is_told_everything_is_on_disk_and_no_write_bypasses_the_door()
    {
        Assert.SkipWhen(Executables.Missing is not null, Executables.Missing ?? "");
        using var place = new Place(Executables.Pm);
        Assert.SkipWhen(Tracer.Missing(place) is not null, Tracer.Missing(place) ?? "");
        place.Prepare();

        var breaches = ScenarioTable.All.SelectMany(s => Tracer.Check(place, s, out _).Select(breach => $"{s}: {breach}")).ToList();

        Assert.True(breaches.Count == 0, string.Join('\n', breaches));
    }

    [Fact]
    public void What_was_told_to_be_done_survives_a_power_cut()
    {
        Assert.SkipWhen(Executables.Missing is not null, Executables.Missing ?? "");
        using var disk = LoopDisk.TryMake(Path.GetTempPath(), out var obstacle);
        Assert.SkipWhen(disk is null, obstacle ?? "");
        using var place = new Place(Executables.Pm, disk!.Mount);
        place.Prepare();

        Require([.. PowerCuts.Scenarios.Where((_, i) => i % 3 == 0).Select(scenario => PowerCuts.Run(disk, place, scenario, number => number % 5 == 0))]);
    }

    /// <summary>Other writes for each fault; the same at every run.</summary>
    static Func<long, Fault, bool> Spread(Scenario scenario)
    {
        // A server is started twice for each point.
        var step = scenario.DisturbsServer ? 149 : 37;
        var start = scenario.Line.Sum(c => c);
        return (number, fault) => (number + start + (Fault.All.ToList().IndexOf(fault) * 11)) % step < Sample;
    }

    static void Require(IReadOnlyList<Tally> tallies)
    {
        var findings = tallies.SelectMany(t => t.Findings).ToList();
        Assert.True(findings.Count == 0, string.Join("\n\n", findings));
    }
}
