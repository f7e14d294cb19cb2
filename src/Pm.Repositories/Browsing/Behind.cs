namespace Pm.Repositories.Browsing;

/// <summary>
/// What takes a walk over all packages to make. It is made when it is first asked for; where there is one of the state
/// before, that is given out meanwhile, so that nobody waits twice.
/// </summary>
/// <param name="make">Makes it of the present state.</param>
/// <param name="before">That of the state before; null: whoever asks waits.</param>
sealed class Behind<T>(Func<T> make, T? before) where T : class
{
    readonly Lock _gate = new();
    volatile T? _before = before;
    volatile T? _now;
    int _isBegun;

    public T Value => _now ?? Meanwhile() ?? Made();

    /// <summary>The newest that was made; null: none.</summary>
    public T? Known => _now ?? _before;

    T? Meanwhile()
    {
        if (_before is { } known && Interlocked.Exchange(ref _isBegun, 1) == 0)
        {
            _ = Task.Run(Made);
            return known;
        }

        return _before;
    }

    T Made()
    {
        lock (_gate)
        {
            _now ??= make();
            _before = null;
            return _now;
        }
    }
}
