namespace Pm.Repositories.Serving;

/// <summary>
/// How many files the repositories of a server have open: descriptors are few, and connections need theirs. Half of them may
/// be kept for the next request; the others are of answers on their way.
/// </summary>
public sealed class OpenFileLimit
{
    int _maximum = int.MaxValue;
    int _open;
    int _kept;

    public int Maximum
    {
        get => Volatile.Read(ref _maximum);
        set => Volatile.Write(ref _maximum, value);
    }

    internal bool TryOpen() => TryAdd(ref _open, Maximum);

    internal void Closed() => Interlocked.Decrement(ref _open);

    internal bool TryKeep() => TryAdd(ref _kept, Maximum / 2);

    internal void Dropped() => Interlocked.Decrement(ref _kept);

    static bool TryAdd(ref int count, int maximum)
    {
        if (Interlocked.Increment(ref count) <= maximum)
        {
            return true;
        }

        Interlocked.Decrement(ref count);
        return false;
    }
}
