namespace Pm.Bench;

/// <summary>How long a command takes that does nothing, beside a C program that does nothing, and how much memory.</summary>
static class StartupBenchmark
{
    const int Rounds = 15;
    const int RunsInARound = 20;
    const double MostTime = 3.0;
    const double MostMemory = 12 * 1024;

    internal static bool Run(Report report)
    {
        if (Environment.GetEnvironmentVariable("PM_BENCH_PM") is not { Length: > 0 } pm || !File.Exists("/usr/bin/dpkg"))
        {
            report.Skipped("PM_BENCH_PM names no executable, or there is no dpkg");
            return true;
        }

        var series = Bench.Rounds.Run(
            Rounds,
            () => Milliseconds("/usr/bin/dpkg", "--version"),
            () => Milliseconds(pm, "version"),
            () => Milliseconds(pm, "explain", "PM1001"));
        report.Figure("dpkg --version", series[0], "ms");
        report.Figure("pm version", series[1], "ms");
        report.Figure("pm explain PM1001 (parser and manual)", series[2], "ms");
        var isQuick = report.AtMost("pm version / dpkg --version", series[1].Over(series[0]), MostTime);
        return Memory(report, pm) && isQuick;
    }

    static bool Memory(Report report, string pm)
    {
        if (!PeakMemory.IsMeasured)
        {
            report.Skipped("peak memory: there is no /usr/bin/time");
            return true;
        }

        var series = Bench.Rounds.Run(Bench.Rounds.Least, () => PeakMemory.KibibytesOf(pm, "version"), () => PeakMemory.KibibytesOf(pm, "help"));
        report.Figure("pm version, peak memory", series[0], "KiB");
        report.Figure("pm help, peak memory", series[1], "KiB");
        var limit = new Series([.. series[1].Figures.Select(_ => MostMemory)]);
        return report.AtMost("pm help, peak memory / 12 MiB", series[1].Over(limit), 1.0);
    }

    static double Milliseconds(params string[] command)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var i = 0; i < RunsInARound; i++)
        {
            SpawnedProcess.Run(command);
        }

        return System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds / RunsInARound;
    }
}
