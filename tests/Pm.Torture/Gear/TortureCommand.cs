using System.Globalization;
using Pm.Torture.Scenarios;

namespace Pm.Torture.Gear;

/// <summary>What <c>make torture</c> runs: every fault at every write of every scenario, or of the verbs that are named.</summary>
static class TortureCommand
{
    /// <returns>0: nothing found; 1: something; 2: nothing to run.</returns>
    public static int Run(IReadOnlyList<string> names)
    {
        if (Executables.Missing is { } missing)
        {
            Console.Error.WriteLine($"torture: {missing}");
            return 2;
        }

        var scenarios = ScenarioTable.All.Where(s => names.Count == 0 || names.Contains(s.Verb) || names.Contains(s.Line)).ToList();
        if (scenarios.Count == 0)
        {
            Console.Error.WriteLine($"torture: no verb `{string.Join(' ', names)}`; there are\n  {string.Join("\n  ", ScenarioTable.All.Select(s => s.Verb).Distinct())}");
            return 2;
        }

        var faults = Variable("TORTURE_FAULT") is { } word ? Fault.All.Where(f => f.ToString() == word).ToList() : [.. Fault.All];
        var only = Number("TORTURE_AT");
        Console.WriteLine(Tally.Heading);
        var tallies = Workers.Run(scenarios, (place, scenario) =>
        {
            var tally = Campaign.Run(place, scenario, faults, (number, _) => only is null || number == only);
            lock (faults)
            {
                Console.WriteLine(tally);
                tally.Findings.ToList().ForEach(finding => Console.WriteLine("  " + finding.ReplaceLineEndings("\n  ")));
            }

            return tally;
        });
        var found = tallies.Sum(tally => tally.Findings.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tallies.Sum(t => t.Points)} points in {tallies.Count} scenarios, {found} findings"));
        return found == 0 ? 0 : 1;
    }

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    static long? Number(string name) => Variable(name) is { } text
        ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{name}: expected a whole number, got `{text}`")
        : null;
}
