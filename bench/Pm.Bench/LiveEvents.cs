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

    /// <summary>For so long the kernel may go on to take a program from its hook when its process is gone; who attaches to it meanwhile has to wait, whoever it is.</summary>
    internal static readonly TimeSpan Aftermath = TimeSpan.FromMilliseconds(150);

    /// <summary>Time from the start to being attached, in milliseconds.</summary>
    internal static double Attach(params string[] command)
    {
        var begin = Stopwatch.GetTimestamp();
        using var process = Start(command, output: null);
        var isThere = IsAttached(process);
        var time = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        process.Kill();
        process.WaitForExit();
        Thread.Sleep(Aftermath);
        return isThere ? time : throw new InvalidOperationException($"{string.Join(' ', command)}: it did not start");
    }

    /// <summary>Lets a program tell of the calls.</summary>
    /// <returns>Processor time of an event, in nanoseconds, and which share of the calls it told of.</returns>
    internal (double Nanoseconds, double Share) Tell(params string[] command) =>
        Follow(command, output => File.ReadLines(output).Count(line => line.StartsWith("{\"time\"", StringComparison.Ordinal)));

    /// <summary>Lets a program take the events and write none: at the end it says how many.</summary>
    /// <returns>Processor time of an event, in nanoseconds, and which share of the calls it took.</returns>
    internal (double Nanoseconds, double Share) Take(params string[] command) =>
        Follow(command, output => long.Parse(File.ReadLines(output).Last(), CultureInfo.InvariantCulture));

    (double Nanoseconds, double Share) Follow(string[] command, Func<string, long> count)
    {
        var output = Path.Combine(home, "events.json");
        var used = Path.Combine(home, "used");
        double Run(int calls, out long made)
        {
            using var process = Start(["/usr/bin/time", "-o", used, "-f", "%U %S", .. command], output);
            if (!IsAttached(process))
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
        return ((busy - idle) * 1e9 / made, (double)count(output) / made);
    }

    /// <summary>The first that either says; else it ended with an error.</summary>
    static bool IsAttached(Process process) => process.StandardError.ReadLine()?.EndsWith("attached", StringComparison.Ordinal) is true;

    internal static string Duration => $"{Seconds}";

    static Process Start(string[] command, string? output)
    {
        // The shell has the output go to the file, and becomes the program.
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$@\" > {output ?? "/dev/null"}", "sh", .. command]) { RedirectStandardError = true };
        return Process.Start(start)!;
    }
}
