namespace Pm.Fuzzing.Gear;

/// <summary>
/// Sees what <see cref="Outcome.Allocated"/> does not: memory of libraries and of other threads. What the process has in memory
/// is looked at every so many inputs; where that grew, the inputs since are given again one by one.
/// </summary>
/// <param name="target">Whose limit it is.</param>
sealed class MemoryGuard(FuzzTarget target)
{
    const int InputsPerLook = 250;

    readonly List<byte[]> _since = [];
    readonly bool _isAble = Settle() && PeakMemory.Reset();
    readonly long _first = PeakMemory.Now();
    long _start = PeakMemory.Now();

    static MemoryGuard() => PeakMemory.KeepNothing();

    /// <summary>How far the memory of the process rose within so many inputs; garbage that is not collected yet is part of it.</summary>
    public long Rise { get; private set; }

    /// <summary>What one input may take, in every form together.</summary>
    long Limit => FuzzTarget.MemoryFactor * target.MemoryLimit;

    /// <summary>Tells of an input that was just read.</summary>
    /// <returns>An input that takes too much; null where none is known.</returns>
    public (byte[] Input, string What)? After(byte[] input)
    {
        _since.Add(input);
        return _since.Count < InputsPerLook ? null : Look();
    }

    /// <summary>Looks at those since the last time.</summary>
    public (byte[] Input, string What)? Look()
    {
        if (!_isAble)
        {
            return null;
        }

        var rise = PeakMemory.Highest() - _start;
        Rise = Math.Max(Rise, rise);
        var found = rise > Limit ? Search() : null;
        _since.Clear();
        Begin();
        return found;
    }

    /// <summary>Gives back what was collected before: were that given back in between, or taken again, it would hide as much that is taken.</summary>
    static bool Settle()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return true;
    }

    (byte[] Input, string What)? Search()
    {
        foreach (var input in _since)
        {
            Settle();
            Begin();
            Trial.Run(target, input);
            var taken = PeakMemory.Highest() - _start;
            if (taken > Limit)
            {
                return (input, $"process memory: it grew by {taken} bytes over an input of {input.Length}, at most {Limit}");
            }
        }

        Settle();
        var stays = PeakMemory.Now() - _first;
        return stays > Limit ? (_since[^1], $"process memory: {stays} bytes stay, at most {Limit}") : null;
    }

    void Begin()
    {
        PeakMemory.Reset();
        _start = PeakMemory.Now();
    }
}
