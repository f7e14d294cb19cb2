using System.Diagnostics;
using System.Globalization;

namespace Pm.Bench;

/// <summary>Programs that tell of the same calls of another program, one after the other: how long they take to be there, and what an event costs them.</summary>
/// <param name="home">Where files are.</param>
/// <param name="caller">What makes the calls.</param>
/// <param name="rate">Calls a second.</param>
sealed class LiveEvents(string home, string caller, int rate)
{
    /// <summary>Of which the calls are made in the middle.</summary>
    const int Seconds = 3;

    const int CallingSeconds = 2;

    /// <summary>Time from the start to being attached, in milliseconds.</summary>
    internal static double Attach(params string[] command)
    {
        var begin = Stopwatch.GetTimestamp();
        using var process = Start(command, output: null);
        var isThere = process.StandardError.ReadLine() is not null;
        var time = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        process.Kill();
        process.WaitForExit();
        return isThere ? time : throw new InvalidOperationException($"{string.Join(' ', command)}: it did not start");
    }

    /// <summary>Lets a program tell of the calls.</summary>
    /// <returns>Processor time of an event, in nanoseconds, and which share of the calls it told of.</returns>
    internal (double Nanoseconds, double Share) Tell(params string[] command)
    {
        var output = Path.Combine(home, "events.json");
        var used = Path.Combine(home, "used");
        double Run(int calls, out long made)
        {
            using var process = Start(["/usr/bin/time", "-o", used, "-f", "%U %S", .. command], output);
            if (process.StandardError.ReadLine() is null)
            {
                throw new InvalidOperationException($"{string.Join(' ', command)}: it did not start");
            }

            made = calls == 0 ? 0 : long.Parse(PeerProgram.Run(caller, $"{calls}", $"{CallingSeconds}"), CultureInfo.InvariantCulture);
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return File.ReadAllText(used).Split(' ').Sum(s => double.Parse(s, CultureInfo.InvariantCulture));
        }

        // What it takes to start is another figure.
        var idle = Run(0, out _);
        var busy = Run(rate, out var made);
        var told = File.ReadLines(output).Count(line => line.StartsWith("{\"time\"", StringComparison.Ordinal));
        return ((busy - idle) * 1e9 / made, (double)told / made);
    }

    internal static string Duration => $"{Seconds}";

    static Process Start(string[] command, string? output)
    {
        // The shell has the output go to the file, and becomes the program.
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$@\" > {output ?? "/dev/null"}", "sh", .. command]) { RedirectStandardError = true };
        return Process.Start(start)!;
    }
}
