using System.Globalization;
using Pm.Torture.Power;
using Pm.Torture.Scenarios;
using Pm.Torture.Tracing;

namespace Pm.Torture.Gear;

/// <summary>What <c>make torture</c> runs: all of it, or what is named of <c>faults kills order power</c>, for all verbs or those that are named.</summary>
static class TortureCommand
{
    const int StandardKills = 1000;

    static readonly string[] Parts = ["faults", "kills", "order", "power"];
    static readonly Lock Output = new();

    /// <returns>0: nothing found; 1: something; 2: nothing to run.</returns>
    public static int Run(IReadOnlyList<string> words)
    {
        if (Executables.Missing is { } missing)
        {
            Console.Error.WriteLine($"torture: {missing}");
            return 2;
        }

        var parts = Parts.Where(part => words.Contains(part) || !words.Any(Parts.Contains)).ToList();
        var names = words.Except(Parts).ToList();
        var scenarios = Chosen(ScenarioTable.All, names);
        if (scenarios.Count == 0)
        {
            Console.Error.WriteLine($"torture: no verb `{string.Join(' ', names)}`; there are\n  {string.Join("\n  ", ScenarioTable.All.Select(s => s.Verb).Distinct())}");
            return 2;
        }

        return parts.Sum(part => part switch
        {
            "faults" => Faults(scenarios),
            "kills" => Kills(names.Count == 0 ? RandomKills.Scenarios : scenarios),
            "order" => Order(scenarios),
            _ => Cuts(names.Count == 0 ? PowerCuts.Scenarios : scenarios),
        }) == 0 ? 0 : 1;
    }

    static List<Scenario> Chosen(IEnumerable<Scenario> from, List<string> names) =>
        [.. from.Where(s => names.Count == 0 || names.Contains(s.Verb) || names.Contains(s.Line))];

    static int Faults(List<Scenario> scenarios)
    {
        var faults = Variable("TORTURE_FAULT") is { } word ? Fault.All.Where(f => f.ToString() == word).ToList() : [.. Fault.All];
        var only = Number("TORTURE_AT");
        Console.WriteLine($"\nfaults: at each write\n{Tally.Heading}");
        // Fault by fault, so that the longest scenarios are not one processor's alone; those with a server first, they take longest.
        var work = scenarios.OrderBy(scenario => !scenario.DisturbsServer).SelectMany(scenario => faults.Select(fault => (Scenario: scenario, Fault: fault)));
        var tallies = scenarios.ToDictionary(scenario => scenario, scenario => new Tally(scenario, faults.Count));
        Workers.Run(work, (place, one) =>
        {
            var part = Campaign.Run(place, one.Scenario, [one.Fault], (number, _) => only is null || number == only);
            lock (Output)
            {
                var whole = tallies[one.Scenario];
                whole.Add(part);
                return whole.IsWhole ? Told(whole) : whole;
            }
        });
        return Summed("points", [.. tallies.Values]);
    }

    static int Kills(IReadOnlyList<Scenario> scenarios)
    {
        var seed = (int)(Number("TORTURE_SEED") ?? (DateTime.UtcNow.Ticks % 1_000_000_000));
        var each = (int)(((Number("TORTURE_KILLS") ?? StandardKills) + scenarios.Count - 1) / scenarios.Count);
        Console.WriteLine($"\nkills: at uniformly random times; TORTURE_SEED={seed} gives the same times\n{Tally.Heading}");
        return Summed("kills", Workers.Run(scenarios, (place, scenario) => Told(RandomKills.Run(place, scenario, seed, each))));
    }

    static int Order(List<Scenario> scenarios)
    {
        using var place = new Place(Executables.Pm);
        if (Tracer.Missing(place) is { } missing)
        {
            Console.WriteLine($"\norder: skipped: {missing}");
            return 0;
        }

        place.Prepare();
        Console.WriteLine("\norder: what is on disk before success is told, and whether every write went through the door, by strace");
        var (found, passed) = (0, 0L);
        foreach (var scenario in scenarios)
        {
            var breaches = Tracer.Check(place, scenario, out var count);
            foreach (var breach in breaches)
            {
                Console.WriteLine($"  {scenario}: {breach}");
                found++;
            }

            passed += count;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenarios.Count} traces with {passed} calls through the door, {found} findings"));
        return found;
    }

    static int Cuts(IReadOnlyList<Scenario> scenarios)
    {
        using var disk = LoopDisk.TryMake(Path.GetTempPath(), out var obstacle);
        if (disk is null)
        {
            Console.WriteLine($"\npower: skipped: {obstacle}");
            return 0;
        }

        using var place = new Place(Executables.Pm, disk.Mount);
        place.Prepare();
        Console.WriteLine($"\npower: cut after each sync, on ext4\n{Tally.Heading}");
        return Summed("cuts", [.. scenarios.Select(scenario => Told(PowerCuts.Run(disk, place, scenario, _ => true)))]);
    }

    static Tally Told(Tally tally)
    {
        lock (Output)
        {
            Console.WriteLine(tally);
            tally.Findings.ToList().ForEach(finding => Console.WriteLine("  " + finding.ReplaceLineEndings("\n  ")));
        }

        return tally;
    }

    static int Summed(string what, IReadOnlyList<Tally> tallies)
    {
        var found = tallies.Sum(tally => tally.Findings.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tallies.Sum(t => t.Points)} {what} of {tallies.Count} command lines, {found} findings"));
        return found;
    }

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    static long? Number(string name) => Variable(name) is { } text
        ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{name}: expected a whole number, got `{text}`")
        : null;
}
