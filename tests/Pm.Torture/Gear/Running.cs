using System.Diagnostics;

namespace Pm.Torture.Gear;

/// <summary>A process that a trial stops, signals and hears of.</summary>
sealed class Running : IDisposable
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly Task<string> _output;
    readonly Task<string> _error;
    bool _isDisposed;

    public Running(Place place, IReadOnlyList<string> words, params (string Name, string Value)[] variables)
    {
        Ending.Pause();
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            WorkingDirectory = place.Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in place.Environment.Select(v => (v.Key, v.Value)).Concat(variables))
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Asks it to end, where it has not.</summary>
    public void Stop()
    {
        lock (_process)
        {
            if (!_isDisposed && !_process.HasExited)
            {
                Signals.Send(_process.Id, Signals.Terminate);
            }
        }
    }

    /// <summary>What it said on both streams, once it has ended.</summary>
    public string Said => _output.GetAwaiter().GetResult() + _error.GetAwaiter().GetResult();

    /// <summary>Waits for its end; 128 and the signal where one ended it.</summary>
    public int End()
    {
        if (!_process.WaitForExit(Longest))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            return -1;
        }

        Task.WaitAll(_output, _error);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        lock (_process)
        {
            _isDisposed = true;
            _process.Dispose();
        }
    }
}
