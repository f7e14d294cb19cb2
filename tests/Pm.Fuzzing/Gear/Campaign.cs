using System.Diagnostics;

namespace Pm.Fuzzing.Gear;

/// <summary>Mutated inputs for one target, one after the other; the same seed gives the same inputs.</summary>
sealed class Campaign(FuzzTarget target, ulong seed)
{
    const int LargestPool = 400;
    const int MostFindings = 5;

    readonly Dictionary<string, byte[]> _findings = new(StringComparer.Ordinal);
    readonly MemoryGuard _guard = new(target);

    /// <summary>What went wrong → an input that shows it; one for each place in the source.</summary>
    public IReadOnlyDictionary<string, byte[]> Found => _findings;

    /// <summary>Is told of each input before it is read; null where nobody is.</summary>
    public RunningInput? Running { get; init; }

    public long Inputs { get; private set; }

    public long Accepted { get; private set; }

    /// <summary>How many different answers the reader gave.</summary>
    public int Answers { get; private set; }

    public TimeSpan Slowest { get; private set; }

    public byte[] SlowestInput { get; private set; } = [];

    public long MostAllocated { get; private set; }

    /// <summary>How far the memory of the whole process rose.</summary>
    public long MostResident => _guard.Rise;

    public TimeSpan Time { get; private set; }

    public Campaign Run(long rounds, TimeSpan? limit = null)
    {
        var start = Stopwatch.GetTimestamp();
        var dice = Dice.Of(seed, target.Name);
        var mutator = new Mutator(target, dice);
        List<byte[]> pool = [.. target.Seeds()];
        var seeds = pool.Count;
        pool.AddRange(Corpus.Of(target).Select(File.ReadAllBytes));
        var answers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in pool)
        {
            answers.Add(Take(input).Answer);
        }

        for (var round = 0L; round < rounds && _findings.Count < MostFindings && !(Stopwatch.GetElapsedTime(start) > limit); round++)
        {
            var input = mutator.Mutate(seeds, pool);
            if (answers.Add(Take(input).Answer) && pool.Count < LargestPool)
            {
                pool.Add(input);
            }
        }

        Note(_guard.Look());
        (Answers, Time) = (answers.Count, Stopwatch.GetElapsedTime(start));
        return this;
    }

    Outcome Take(byte[] input)
    {
        Running?.Set(input);
        var outcome = Trial.Run(target, input);
        Inputs++;
        Accepted += outcome.Answer == "accepted" ? 1 : 0;
        MostAllocated = Math.Max(MostAllocated, outcome.Allocated);
        if (outcome.Time > Slowest)
        {
            (Slowest, SlowestInput) = (outcome.Time, input);
        }

        if (outcome.Finding is { } finding)
        {
            _findings.TryAdd(Place(finding), input);
        }

        Note(_guard.After(input));
        return outcome;
    }

    void Note((byte[] Input, string What)? greedy)
    {
        if (greedy is var (input, what))
        {
            _findings.TryAdd(Place(what), input);
        }
    }

    // The first two lines of a trace from pm: other inputs that fail there are the same finding.
    static string Place(string finding)
    {
        var lines = finding.Split('\n');
        return string.Join('\n', lines.Take(1).Select(l => l[..Math.Min(l.Length, 300)]).Select(l => l.Split(':')[0])
            .Concat(lines.Where(l => l.TrimStart().StartsWith("at Pm.", StringComparison.Ordinal)).Take(2)));
    }
}
