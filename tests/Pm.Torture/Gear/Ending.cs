using System.Globalization;
using System.Runtime.InteropServices;

namespace Pm.Torture.Gear;

/// <summary>
/// What is cleared away when SIGINT, SIGTERM or SIGHUP ends this process in the middle: places, agents of GnuPG, mounts. All
/// that it has started is ended first.
/// </summary>
static class Ending
{
    const int BaseExit = 128;

    static readonly Lock Gate = new();
    static readonly List<Action> Duties = [];
    static readonly List<PosixSignalRegistration> Registrations = [];
    static volatile bool _isUnderWay;

    /// <summary>Adds what to do; what was added last is done first.</summary>
    /// <returns>Takes it out again.</returns>
    public static IDisposable Duty(Action clear)
    {
        lock (Gate)
        {
            if (Registrations.Count == 0)
            {
                foreach (var (signal, number) in new[] { (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, Signals.Terminate), (PosixSignal.SIGHUP, 1) })
                {
                    Registrations.Add(PosixSignalRegistration.Create(signal, _ => End(number)));
                }
            }

            Duties.Add(clear);
        }

        return new Entry(clear);
    }

    /// <summary>Never returns once the end is under way: nothing more is started then.</summary>
    public static void Pause()
    {
        if (_isUnderWay)
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }

    static void End(int signal)
    {
        _isUnderWay = true;
        lock (Gate)
        {
            EndChildren();
            for (var i = Duties.Count - 1; i >= 0; i--)
            {
                try
                {
                    Duties[i]();
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
                {
                    Console.Error.WriteLine($"torture: {e.Message}");
                }
            }

            Environment.Exit(BaseExit + signal);
        }
    }

    /// <summary>All processes that descend from this one.</summary>
    static void EndChildren()
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0).ToDictionary(id => id, ParentOf);
        var ours = new HashSet<int> { Environment.ProcessId };
        while (parents.Where(p => ours.Contains(p.Value) && !ours.Contains(p.Key)).Select(p => p.Key).ToList() is { Count: > 0 } found)
        {
            ours.UnionWith(found);
        }

        foreach (var id in ours.Where(id => id != Environment.ProcessId))
        {
            Signals.Send(id, Signals.Kill);
        }
    }

    // The fourth field; the second, a name in parentheses, may hold anything. Source: proc_pid_stat(5).
    static int ParentOf(int id)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    sealed class Entry(Action clear) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
            {
                Duties.Remove(clear);
            }
        }
    }
}
