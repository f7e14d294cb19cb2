using System.Runtime.InteropServices;

namespace Pm.Torture.Gear;

/// <summary>pmd over the repository of a place.</summary>
sealed class Server : IDisposable
{
    static readonly string Program = Environment.GetEnvironmentVariable("PM_PMD") is { Length: > 0 } given ? given
        : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../pmd/debug/pmd"));

    Server(Running process, string address)
    {
        Process = process;
        Address = address;
    }

    public Running Process { get; }

    /// <summary>The URL of the repository.</summary>
    public string Address { get; }

    public static bool IsThere => File.Exists(Program);

    /// <summary>Returns when it listens; null: it ended before.</summary>
    public static Server? Start(Place place, params (string, string)[] variables)
    {
        var ports = Path.Combine(place.Top, "ports");
        File.Delete(ports);
        using var watcher = new FileSystemWatcher(place.Top, "ports");
        using var listens = new ManualResetEventSlim();
        watcher.Created += (_, _) => listens.Set();
        watcher.Renamed += (_, _) => listens.Set();
        watcher.EnableRaisingEvents = true;
        var process = new Running(
            place, [Program, "--listen", "127.0.0.1:0", "--port-file", ports, "--access-log", "none", place.Repository],
            // The runtime's own sockets for debuggers outlive a kill in TMPDIR; pmd has none of its own there.
            [("DOTNET_EnableDiagnostics", "0"), ("DOTNET_ROOT", Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory())), .. variables]);
        _ = Task.Run(() =>
        {
            process.End();
            listens.Set();
        });
        listens.Wait();
        if (!File.Exists(ports))
        {
            process.Dispose();
            return null;
        }

        return new Server(process, File.ReadLines(ports).First());
    }

    /// <summary>Asks it to end, where nothing has ended it yet.</summary>
    public (int Exit, string Said) End()
    {
        if (!Process.HasEnded)
        {
            Signals.Send(Process.Id, Signals.Terminate);
        }

        var exit = Process.End();
        return (exit, Process.Said);
    }

    public void Dispose() => Process.Dispose();
}
