namespace Pm.Remotes.Http;

/// <summary>Ends the reading of a body that comes too slowly: by its average over a window, and by a deadline.</summary>
sealed class TransferWatch : IDisposable
{
    /// <summary>A stall is found after one window and at most this part of another.</summary>
    const int LooksPerWindow = 6;

    readonly TimeProvider _time;
    readonly TransferLimits _limits;
    readonly TimeSpan _deadline;
    readonly CancellationTokenSource _stop = new();
    readonly Lock _lock = new();
    readonly ITimer _timer;
    readonly WaitedTime _waited;
    TimeSpan _waitedInWindow;
    long _bytesInWindow;
    long? _waitingSince;
    bool _isDisposed;

    /// <param name="time">What is measured with.</param>
    /// <param name="limits">How slowly it may come.</param>
    /// <param name="deadline">How long the file may take in all.</param>
    /// <param name="waited">How long it took before, and goes on being counted; null: it begins.</param>
    public TransferWatch(TimeProvider time, TransferLimits limits, TimeSpan deadline, WaitedTime? waited = null)
    {
        (_time, _limits, _deadline, _waited) = (time, limits, deadline, waited ?? new WaitedTime());
        var period = limits.Window / LooksPerWindow;
        _timer = time.CreateTimer(_ => Look(), null, period, period);
    }

    /// <summary>Cancelled when it was too slow.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>What was expected and what came, once it was too slow.</summary>
    public string? Verdict { get; private set; }

    public void BeginWait()
    {
        lock (_lock)
        {
            _waitingSince = _time.GetTimestamp();
        }
    }

    public void EndWait(int bytes)
    {
        lock (_lock)
        {
            CountWait();
            _waitingSince = null;
            _bytesInWindow += bytes;
        }
    }

    /// <summary>Makes <see cref="Token"/> follow another for as long as the result lives.</summary>
    public CancellationTokenRegistration Follow(CancellationToken other) =>
        other.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _isDisposed = true;
            if (Verdict is not null)
            {
                // Who judged may be about to cancel it: it holds nothing that has to be given back.
                return;
            }
        }

        _stop.Dispose();
    }

    void Look()
    {
        lock (_lock)
        {
            if (_isDisposed || _waitingSince is null || Verdict is not null)
            {
                return;
            }

            CountWait();
            Verdict = Judge();
            if (_waitedInWindow >= _limits.Window)
            {
                (_waitedInWindow, _bytesInWindow) = (TimeSpan.Zero, 0);
            }
        }

        if (Verdict is not null)
        {
            _timer.Dispose();
            _stop.Cancel();
        }
    }

    string? Judge()
    {
        if (_waited.Total > _deadline)
        {
            return $"expected the file within {_deadline.TotalMinutes:0} minutes";
        }

        var expected = (long)(_limits.MinimumRate * _limits.Window.TotalSeconds);
        return _waitedInWindow >= _limits.Window && _bytesInWindow < expected
            ? $"expected at least {expected} bytes in {_waitedInWindow.TotalSeconds:0} seconds, got {_bytesInWindow}"
            : null;
    }

    void CountWait()
    {
        if (_waitingSince is not { } since)
        {
            return;
        }

        var now = _time.GetTimestamp();
        var waited = _time.GetElapsedTime(since, now);
        _waited.Total += waited;
        _waitedInWindow += waited;
        _waitingSince = now;
    }
}
