using System.Globalization;
using Pm.Fuzzing.Targets;

namespace Pm.Fuzzing.Gear;

/// <summary>What <c>make fuzz</c> runs: every target, or those named, for a number of inputs or seconds each.</summary>
static class FuzzCommand
{
    const long StandardRounds = 1_000_000;

    /// <returns>0: nothing found; 1: something; 2: no such target.</returns>
    public static int Run(IReadOnlyList<string> names)
    {
        var chosen = names.Count > 0 ? names : [.. (Variable("FUZZ_TARGET") ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)];
        var targets = TargetTable.All.Where(t => chosen.Count == 0 || chosen.Any(n => t.Name == n || t.Name.StartsWith(n + "/", StringComparison.Ordinal))).ToList();
        if (targets.Count == 0)
        {
            Console.Error.WriteLine($"fuzz: no target `{string.Join(' ', chosen)}`; there are\n  {string.Join("\n  ", TargetTable.All.Select(t => t.Name))}");
            return 2;
        }

        var seed = Number("FUZZ_SEED") is { } given ? (ulong)given : (ulong)DateTime.UtcNow.Ticks % 1_000_000_000;
        var rounds = Number("FUZZ_ROUNDS") ?? (Variable("FUZZ_SECONDS") is null ? StandardRounds : long.MaxValue);
        var limit = Number("FUZZ_SECONDS") is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        Console.WriteLine($"seed {seed} (FUZZ_SEED={seed} repeats these inputs)");
        Console.WriteLine($"{"target",-26} {"inputs",9} {"a second",9} {"accepted",9} {"answers",8} {"slowest",9} {"allocated",12} {"of",9} {"process",12} {"of",9} {"findings",9} {"seconds",8}");
        var found = targets.Sum(target => Run(target, seed, rounds, limit));
        Console.WriteLine($"{targets.Count} targets, {found} findings");
        return found == 0 ? 0 : 1;
    }

    static int Run(FuzzTarget target, ulong seed, long rounds, TimeSpan? limit)
    {
        if (RunningInput.Recover(target) is { } path)
        {
            Console.WriteLine($"  {path}\n    an earlier run of {target.Name} ended over it");
        }

        using var running = RunningInput.Of(target);
        return Report(target, new Campaign(target, seed) { Running = running }.Run(rounds, limit));
    }

    static int Report(FuzzTarget target, Campaign campaign)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{target.Name,-26} {campaign.Inputs,9} {campaign.Inputs / campaign.Time.TotalSeconds,9:f0} {campaign.Accepted * 100.0 / campaign.Inputs,8:f1}% {campaign.Answers,8} {campaign.Slowest.TotalMilliseconds,6:f1} ms {campaign.MostAllocated / 1024.0,9:f0} kB {target.MemoryLimit >> 20,5} MiB {campaign.MostResident / 1024.0,9:f0} kB {FuzzTarget.MemoryFactor * target.MemoryLimit >> 20,5} MiB {campaign.Found.Count,9} {campaign.Time.TotalSeconds,8:f0}"));
        foreach (var (what, input) in campaign.Found)
        {
            Console.WriteLine($"  {Findings.Save(target, input)}\n    {Trial.Run(target, input).Finding?.ReplaceLineEndings("\n    ") ?? what}");
        }

        return campaign.Found.Count;
    }

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    static long? Number(string name) => Variable(name) is { } text
        ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{name}: expected a whole number, got `{text}`")
        : null;
}
