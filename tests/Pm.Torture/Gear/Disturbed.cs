using System.Globalization;

namespace Pm.Torture.Gear;

/// <summary>A run of a scenario, disturbed or not, and what came of it.</summary>
sealed class Disturbed : IDisposable
{
    const int KilledExit = 128 + Signals.Kill;

    readonly string _trace;

    Disturbed(string trace, int exit, string said)
    {
        _trace = trace;
        Exit = exit;
        Said = said;
        Calls = File.Exists(trace) ? [.. File.ReadLines(trace).Select(line => line.Split(' ')[1])] : [];
    }

    /// <summary>As a shell has it; of a scenario with a server the client's. -1: no end in time.</summary>
    public int Exit { get; }

    public string Said { get; }

    /// <summary>The names of the writes it came to, the struck one among them.</summary>
    public IReadOnlyList<string> Calls { get; }

    public bool IsDone => Exit == 0;

    public bool IsKilled => Exit == KilledExit;

    /// <summary>Runs the scenario to its end.</summary>
    /// <param name="place">Where.</param>
    /// <param name="scenario">What.</param>
    /// <param name="fault">As PM_FAULT has it; null: none.</param>
    /// <param name="whenStopped">What is done while it is stopped; it goes on afterwards.</param>
    public static Disturbed Run(Place place, Scenario scenario, string? fault, Action? whenStopped = null)
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
            return WithServer(place, scenario, trace, [.. variables], whenStopped);
        }

        if (whenStopped is null)
        {
            var result = place.Pm(scenario.Line, [.. variables]);
            return new Disturbed(trace, result.HasTimedOut ? -1 : result.ShellCode, result.OutputText + result.ErrorText);
        }

        using var running = new Running(place, place.Words(scenario.Line), [.. variables]);
        Hold(running, whenStopped);
        return new Disturbed(trace, running.End(), running.Said);
    }

    public void Dispose() => File.Delete(_trace);

    static Disturbed WithServer(Place place, Scenario scenario, string trace, (string, string)[] variables, Action? whenStopped)
    {
        using var server = Server.Start(place, variables);
        if (server is null)
        {
            return new Disturbed(trace, KilledExit, "the server ended before it listened");
        }

        var line = scenario.Line.Replace("SERVER", server.Address, StringComparison.Ordinal);
        using var client = new Running(place, place.Words(line));
        if (whenStopped is not null)
        {
            Hold(server.Process, whenStopped);
        }

        var exit = client.End();
        var (ended, said) = server.End();
        return new Disturbed(trace, ended == KilledExit && exit != 0 ? KilledExit : exit, string.Create(CultureInfo.InvariantCulture, $"{client.Said}\npmd ({ended}): {said}"));
    }

    static void Hold(Running running, Action whenStopped)
    {
        if (Signals.WaitUntilStopped(running.Id))
        {
            try
            {
                whenStopped();
            }
            finally
            {
                Signals.Send(running.Id, Signals.Continue);
            }
        }
    }
}
