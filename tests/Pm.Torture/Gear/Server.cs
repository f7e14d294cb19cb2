using System.Globalization;
using System.Runtime.InteropServices;

namespace Pm.Torture.Gear;

/// <summary>pmd over the repository of a place.</summary>
sealed class Server : IDisposable
{
    static readonly string Program = Environment.GetEnvironmentVariable("PM_PMD") is { Length: > 0 } given ? given
        : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../pmd/debug/pmd"));

    readonly bool _isTraced;
    readonly Task? _watch;

    Server(Running process, bool isTraced, string? address, Task? watch)
    {
        Process = process;
        _isTraced = isTraced;
        Address = address;
        _watch = watch;
    }

    public Running Process { get; }

    /// <summary>The URL of the repository; null: it ended before it listened.</summary>
    public string? Address { get; }

    /// <summary>Done when it has ended, however.</summary>
    public required Task Ended { get; init; }

    /// <summary>Returns when it listens, or has ended before it did.</summary>
    /// <param name="place">Where.</param>
    /// <param name="whenStopped">What is done while a fault has stopped it, be it before it listens; it goes on afterwards.</param>
    /// <param name="variables">What its environment has besides.</param>
    public static Server Start(Place place, Action? whenStopped, params (string, string)[] variables) => Start(place, [], whenStopped, variables);

    /// <param name="place">Where.</param>
    /// <param name="tracer">A program, with its options, of which it is the only child; empty: none.</param>
    /// <param name="whenStopped">As in the other.</param>
    /// <param name="variables">As in the other.</param>
    public static Server Start(Place place, IReadOnlyList<string> tracer, Action? whenStopped, params (string, string)[] variables)
    {
        var ports = Path.Combine(place.Ports, "ports");
        Directory.CreateDirectory(place.Ports);
        File.Delete(ports);
        using var watcher = new FileSystemWatcher(place.Ports, "ports");
        using var listens = new ManualResetEventSlim();
        watcher.Created += (_, _) => listens.Set();
        watcher.Renamed += (_, _) => listens.Set();
        watcher.EnableRaisingEvents = true;
        var process = new Running(
            place, [.. tracer, Program, "--listen", "127.0.0.1:0", "--port-file", ports, "--access-log", "none", place.Repository],
            // The runtime's own sockets for debuggers outlive a kill in TMPDIR; pmd has none of its own there.
            [("DOTNET_EnableDiagnostics", "0"), ("DOTNET_ROOT", Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory())), .. variables]);
        var watch = whenStopped is null ? null : Task.Run(() => Signals.HoldWhenStopped(process.Id, whenStopped));
        var ended = Task.Run(() =>
        {
            process.End();
            listens.Set();
        });
        listens.Wait();
        return new Server(process, tracer.Count > 0, File.Exists(ports) ? File.ReadLines(ports).First() : null, watch) { Ended = ended };
    }

    /// <summary>Asks it to end, where nothing has ended it yet.</summary>
    public (int Exit, string Said) End()
    {
        if (!Process.HasEnded)
        {
            Signals.Send(_isTraced ? OnlyChild(Process.Id) : Process.Id, Signals.Terminate);
        }

        var exit = Process.End();
        _watch?.Wait();
        return (exit, Process.Said);
    }

    public void Dispose() => Process.Dispose();

    static int OnlyChild(int id) => int.Parse(
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/task/{id}/children")).Trim(), CultureInfo.InvariantCulture);
}
