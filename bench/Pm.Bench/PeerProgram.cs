using System.Diagnostics;

namespace Pm.Bench;

/// <summary>The small C programs of <c>bench/peers</c>, and others that print what is wanted of them.</summary>
static class PeerProgram
{
    /// <summary>Compiles <c>bench/peers/NAME.c</c>.</summary>
    /// <returns>The executable, in <paramref name="home"/>.</returns>
    internal static string Compile(string home, string name, params string[] libraries)
    {
        var program = Path.Combine(home, name);
        Run("cc", ["-O2", "-o", program, Path.Combine(AppContext.BaseDirectory, "peers", $"{name}.c"), .. libraries]);
        return program;
    }

    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It did not end with 0.</exception>
    internal static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }

    /// <summary>What is measured next must not wait for what was written before.</summary>
    internal static void Settle(string path) => SpawnedProcess.Run("/usr/bin/sync", "-f", path);

    /// <summary>How long a command takes, in milliseconds.</summary>
    internal static double Time(params string[] command)
    {
        var start = Stopwatch.GetTimestamp();
        SpawnedProcess.Run(command);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Where <paramref name="program"/> is among the programs of the system; null when it is not there.</summary>
    internal static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin").Split(':')
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
