using Pm.Linux;

namespace Pm.Stages.Sources;

/// <summary>
/// Ends a git that neither hears anything nor works for a whole window: over ssh a server that says nothing would keep it until its time is over.
/// Over HTTP git itself sees to a least rate.
/// </summary>
sealed class GitWatch : IDisposable
{
    /// <summary>What a program that only waits may take of a processor in a window, in ticks of 10 ms.</summary>
    const int IdleTicks = 5;

    readonly CancellationTokenSource _over;
    readonly ITimer _timer;
    readonly Lock _lock = new();
    int _group;
    ProcessActivity _last;

    /// <param name="time">By which it looks.</param>
    /// <param name="window">From one look to the next.</param>
    /// <param name="cancellation">Ends it, too.</param>
    public GitWatch(TimeProvider time, TimeSpan window, CancellationToken cancellation)
    {
        _over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _timer = time.CreateTimer(_ => Look(), null, window, window);
    }

    /// <summary>Raised when git is to end.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Whether it was ended for its silence.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>Tells it which processes it is about.</summary>
    public void Follow(int group)
    {
        lock (_lock)
        {
            _group = group;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            // Another process may have the number from now on.
            _group = 0;
            _over.Dispose();
        }
    }

    void Look()
    {
        lock (_lock)
        {
            if (_group == 0)
            {
                return;
            }

            var now = ProcessActivity.OfGroup(_group);
            if (now.ReadBytes == _last.ReadBytes && now.Ticks - _last.Ticks <= IdleTicks)
            {
                IsSilent = true;
                _over.Cancel();
            }

            _last = now;
        }
    }
}
