namespace Pm.Fuzzing.Gear;

/// <summary>Ends the process when one input takes for ever, and leaves the input in a file.</summary>
sealed class HangWatch : IDisposable
{
    /// <summary>Far beyond what a slow reader on a busy machine takes.</summary>
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ThreadStatic]
    static HangWatch? _ofThread;

    readonly Timer _timer;
    FuzzTarget? _target;
    byte[]? _input;

    HangWatch() => _timer = new Timer(_ => Bark());

    /// <summary>Until disposed; one at a time on each thread.</summary>
    public static HangWatch Over(FuzzTarget target, byte[] input)
    {
        var watch = _ofThread ??= new HangWatch();
        (watch._target, watch._input) = (target, input);
        watch._timer.Change(Limit, Timeout.InfiniteTimeSpan);
        return watch;
    }

    public void Dispose()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        (_target, _input) = (null, null);
    }

    void Bark()
    {
        if (_target is { } target && _input is { } input)
        {
            var path = Findings.Save(target, input);
            Console.Error.WriteLine($"{target.Name}: one input takes more than {Limit.TotalSeconds} s: {path}");
            Environment.Exit(3);
        }
    }
}
