namespace Pm.Fuzzing.Gear;

/// <summary>Ends the process when one input takes for ever, and leaves the input in a file.</summary>
sealed class HangWatch : IDisposable
{
    /// <summary>Far beyond what a slow reader on a busy machine takes. Counted in ticks: none comes while the process is stopped.</summary>
    const int Limit = 60;

    static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    [ThreadStatic]
    static HangWatch? _ofThread;

    readonly Timer _timer;
    FuzzTarget? _target;
    byte[]? _input;
    int _ticks;

    HangWatch() => _timer = new Timer(_ => Look(), null, Tick, Tick);

    /// <summary>Until disposed; one at a time on each thread.</summary>
    public static HangWatch Over(FuzzTarget target, byte[] input)
    {
        var watch = _ofThread ??= new HangWatch();
        (watch._target, watch._input, watch._ticks) = (target, input, 0);
        return watch;
    }

    public void Dispose() => (_target, _input) = (null, null);

    void Look()
    {
        if (_target is { } target && _input is { } input && Interlocked.Increment(ref _ticks) > Limit)
        {
            var path = Findings.Save(target, input);
            Console.Error.WriteLine($"{target.Name}: one input takes more than {Limit} s: {path}");
            Environment.Exit(3);
        }
    }
}
