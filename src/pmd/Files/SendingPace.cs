namespace Pm.Daemon.Files;

/// <summary>
/// How much of a file is read and sent at once: little at first, more while the client keeps up, little again when it
/// does not. What a client does not take is held in memory, and there may be a thousand that take nothing.
/// </summary>
sealed class SendingPace(TimeProvider time) : IDisposable
{
    const int SmallStep = 16 * 1024;

    /// <summary>Larger steps are no faster.</summary>
    const int LargeStep = 256 * 1024;

    /// <summary>Clients that may have more than a small step in memory at one time.</summary>
    const int LargestCrowd = 32;

    /// <summary>A client that takes longer for a step does not keep up.</summary>
    static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(50);

    static int _crowd;

    int _step = SmallStep;
    bool _isInCrowd;
    long _began;

    /// <summary>How many bytes to read now.</summary>
    public int Begin(long left)
    {
        _began = time.GetTimestamp();
        return (int)Math.Min(_step, left);
    }

    /// <summary>They have been taken.</summary>
    public void End()
    {
        var isQuick = time.GetElapsedTime(_began) <= Quick;
        if (isQuick && TryJoin())
        {
            _step = Math.Min(_step * 2, LargeStep);
        }
        else if (!isQuick)
        {
            _step = SmallStep;
            Dispose();
        }
    }

    public void Dispose()
    {
        if (_isInCrowd)
        {
            _isInCrowd = false;
            Interlocked.Decrement(ref _crowd);
        }
    }

    bool TryJoin()
    {
        if (!_isInCrowd)
        {
            _isInCrowd = Interlocked.Increment(ref _crowd) <= LargestCrowd;
            if (!_isInCrowd)
            {
                Interlocked.Decrement(ref _crowd);
            }
        }

        return _isInCrowd;
    }
}
