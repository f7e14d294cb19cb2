using System.Globalization;

namespace Pm.Torture.Gear;

/// <summary>A run of a scenario, disturbed or not, and what came of it.</summary>
sealed class Disturbed : IDisposable
{
    const int KilledExit = 128 + Signals.Kill;

    readonly string _trace;

    Disturbed(string trace, int exit, string said, bool? wasTold = null)
    {
        _trace = trace;
        Exit = exit;
        WasTold = wasTold ?? exit == 0;
        Said = said;
        Calls = File.Exists(trace) ? [.. File.ReadLines(trace).Select(line => line.Split(' ')[1])] : [];
    }

    /// <summary>As a shell has it; of a scenario with a server the client's. -1: no end in time.</summary>
    public int Exit { get; }

    public string Said { get; }

    /// <summary>The names of the writes it came to, the struck one among them.</summary>
    public IReadOnlyList<string> Calls { get; }

    /// <summary>All went well, to the end.</summary>
    public bool IsDone => Exit == 0;

    /// <summary>Whoever asked for it was told that it is done: by a server perhaps that was killed later.</summary>
    public bool WasTold { get; }

    public bool IsKilled => Exit == KilledExit;

    /// <summary>Runs the scenario to its end.</summary>
    /// <param name="place">Where.</param>
    /// <param name="scenario">What.</param>
    /// <param name="fault">As PM_FAULT has it; null: none.</param>
    /// <param name="whenStopped">What is done while it is stopped; it goes on afterwards.</param>
    /// <param name="whileServed">What is done with the URL of a server that still runs when its client has ended.</param>
    public static Disturbed Run(Place place, Scenario scenario, string? fault, Action? whenStopped = null, Action<string>? whileServed = null)
    {
        var trace = Path.Combine(place.Top, "trace");
        File.Delete(trace);
        var variables = new List<(string, string)> { ("PM_TRACE_WRITES", trace) };
        if (fault is not null)
        {
            variables.Add(("PM_FAULT", fault));
        }

        if (scenario.HasOwnGnuPg)
        {
            variables.Add(("GNUPGHOME", Path.Combine(place.Live, "g")));
        }

        if (scenario.DisturbsServer)
        {
            return WithServer(place, scenario, trace, [.. variables], whenStopped, whileServed);
        }

        if (whenStopped is null)
        {
            var result = place.Pm(scenario.Line, [.. variables]);
            return new Disturbed(trace, result.HasTimedOut ? -1 : result.ShellCode, result.OutputText + result.ErrorText);
        }

        using var running = new Running(place, place.Words(scenario.Line), [.. variables]);
        Signals.HoldWhenStopped(running.Id, whenStopped);
        return new Disturbed(trace, running.End(), running.Said);
    }

    public void Dispose() => File.Delete(_trace);

    /// <summary>The fault may strike while the server starts, while it takes the upload, and while it ends.</summary>
    static Disturbed WithServer(Place place, Scenario scenario, string trace, (string, string)[] variables, Action? whenStopped, Action<string>? whileServed)
    {
        using var server = Server.Start(place, whenStopped, variables);
        if (server.Address is null)
        {
            var (early, why) = server.End();
            return new Disturbed(trace, early is 0 ? 1 : early, $"the server ended before it listened: {why}");
        }

        var line = scenario.Line.Replace("SERVER", server.Address, StringComparison.Ordinal);
        using var client = new Running(place, place.Words(line));
        // A server that is gone answers nobody; a client that waits for it to come back only takes time.
        _ = server.Ended.ContinueWith(_ => client.Stop(), TaskScheduler.Default);
        var exit = client.End();
        if (!server.Process.HasEnded)
        {
            whileServed?.Invoke(server.Address);
        }

        var (ended, said) = server.End();
        return new Disturbed(trace, Exits(exit, ended), string.Create(CultureInfo.InvariantCulture, $"{client.Said}\npmd ({ended}): {said}"), wasTold: exit == 0);
    }

    /// <summary>What the client was told counts, but that the server was killed, or failed by itself at its end, is not hidden by it.</summary>
    static int Exits(int client, int server) => server == KilledExit ? KilledExit : client != 0 ? client : server;
}
