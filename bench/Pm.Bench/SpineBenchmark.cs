namespace Pm.Bench;

/// <summary>What the benchmarks of installed trees share: a place with two versions, and how a peer is judged.</summary>
static class SpineBenchmark
{
    internal static bool Run(Report report, Func<Report, string, TwoVersions, bool> run)
    {
        if (Environment.GetEnvironmentVariable("PM_BENCH_PM") is not { Length: > 0 } pm)
        {
            report.Skipped("PM_BENCH_PM names no executable");
            return true;
        }

        var home = BenchDirectory.Make();
        try
        {
            return run(report, home, new TwoVersions(home, pm));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>Peer ÷ pm; a peer that is not installed is not judged.</summary>
    internal static bool Judge(Report report, string name, Series? peer, Series pm, double goal)
    {
        if (peer is not { } series)
        {
            report.Skipped($"{name}: not installed");
            return true;
        }

        report.Figure(name, series, "ms");
        return report.AtLeast($"{name} / pm", series.Over(pm), goal);
    }
}
