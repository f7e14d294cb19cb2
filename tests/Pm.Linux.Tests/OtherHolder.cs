using System.Globalization;

namespace Pm.Linux.Tests;

/// <summary>Another process that tries a lock, and holds it until it is killed or let go.</summary>
sealed class OtherHolder : IDisposable
{
    readonly Thread _running;
    readonly string _release;
    bool _isOver;

    public OtherHolder(TestDirectory here, bool isExclusive)
    {
        var ready = here["ready"];
        _release = here["release"];
        Puppet.Shell($"mkfifo '{ready}' '{_release}'");
        _running = new Thread(() => Puppet.Run("hold", here["lock"], isExclusive ? "exclusive" : "shared", ready, _release));
        _running.Start();
        // Opening waits for the other side: no sleep, and no look at the clock.
        var words = File.ReadAllText(ready).Split(' ');
        ProcessId = int.Parse(words[0], CultureInfo.InvariantCulture);
        State = words[1];
    }

    public int ProcessId { get; }

    public string State { get; }

    /// <summary>It does nothing any more, and holds what it holds, until it goes on by <see cref="GoOn"/>.</summary>
    public void Stop() => Puppet.Shell($"kill -STOP {ProcessId}; until grep -q '^State:.T' /proc/{ProcessId}/status; do :; done");

    public void GoOn() => Puppet.Shell($"kill -CONT {ProcessId}");

    public void Kill()
    {
        Puppet.Shell($"kill -9 {ProcessId}");
        _running.Join();
        _isOver = true;
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            File.WriteAllText(_release, "");
            _running.Join();
        }
    }
}
