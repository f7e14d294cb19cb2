using System.Globalization;

namespace Pm.Bench;

/// <summary>
/// Repositories of 1,000, 10,000 and 100,000 packages: what a pull, a publish and a look cost, and how that grows. All commands are
/// the executable's, the repository comes over loopback.
/// </summary>
static class PackagesBenchmark
{
    const double MostBytes = 150_000;
    const double MostSearch = 20;
    const double MostCompletion = 100;
    const string ManyHits = "search, many hits";

    static readonly int[] Sizes = [1_000, 10_000, 100_000];

    /// <summary>By how much what grows as the logarithm does grows from the smallest to the largest.</summary>
    static readonly double Logarithm = Math.Log(Sizes[^1]) / Math.Log(Sizes[0]);

    internal static bool Run(Report report)
    {
        if (Environment.GetEnvironmentVariable("PM_BENCH_PM") is not { Length: > 0 } pm || !PeakMemory.IsMeasured)
        {
            report.Skipped("PM_BENCH_PM names no executable, or there is no /usr/bin/time");
            return true;
        }

        var home = BenchDirectory.Make();
        try
        {
            var places = Sizes.Select(size => new LargePlace(Path.Combine(home, $"{size}"), pm, size)).ToList();
            var met = Move(report, places);
            met &= Look(report, places);
            places.ForEach(place => place.Dispose());
            return met;
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>Pulls and publishes: they may grow with the packages, but not with what is not asked for.</summary>
    static bool Move(Report report, List<LargePlace> places)
    {
        var met = true;
        foreach (var place in places)
        {
            Pull(report, place, "first pull", place.Forget);
            Pull(report, place, "pull, nothing changed", () => { });
            var publish = Rounds.Run(Rounds.Least, place.PublishOne, () => place.Milliseconds("pull", "-q"));
            report.Figure($"{place.Size,7}: publish of one", publish[0], "ms");
            report.Figure($"{place.Size,7}: pull of one", publish[1], "ms");
            place.PublishOne();
            met &= OneChanged(report, place);
        }

        return met;
    }

    static bool OneChanged(Report report, LargePlace place)
    {
        place.Server.Take();
        var bytes = Moved(report, place, "pull of one");
        return report.AtMost($"{place.Size,7}: pull of one / 150 kB", new Series([bytes / MostBytes]), 1);
    }

    static void Pull(Report report, LargePlace place, string what, Action before)
    {
        report.Figure($"{place.Size,7}: {what}", Rounds.Run(Rounds.Least, () =>
        {
            before();
            return place.Milliseconds("pull", "-q");
        })[0], "ms");
        before();
        place.Server.Take();
        Moved(report, place, what);
    }

    /// <summary>What one more pull moves, and its peak memory.</summary>
    static long Moved(Report report, LargePlace place, string what)
    {
        var peak = place.PeakMebibytes("pull", "-q");
        var (bytes, requests) = place.Server.Take();
        report.Count($"{place.Size,7}: {what}", string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes, {requests} requests, peak {peak:0} MiB"));
        return bytes;
    }

    /// <summary>What only looks: no faster than the logarithm, start-up included.</summary>
    static bool Look(Report report, List<LargePlace> places)
    {
        (string What, string[] Words)[] commands =
        [
            ("search, three hits", ["search", "-q", "bench-tool"]),
            (ManyHits, ["search", "-q", "terminal"]),
            ("info", ["info", "-q", "bench-tool-1"]),
            ("install -n", ["install", "-n", "-q", "--allow-unsigned", "bench-tool-1"]),
            ("completion", ["__complete", "install", "bench-"]),
            ("did you mean", ["info", "-q", "bench-tol-1"]),
        ];
        var met = true;
        foreach (var (what, words) in commands)
        {
            var contenders = places.Select(place => (Func<double>)(() => place.Milliseconds(words)))
                .Prepend(() => places[0].Milliseconds("explain", "PM1001"));
            var series = Rounds.Run(Rounds.Least + 6, [.. contenders]);
            for (var i = 0; i < places.Count; i++)
            {
                report.Figure($"{places[i].Size,7}: {what}", series[i + 1], "ms");
            }

            report.Count($"{places[^1].Size,7}: {what}", string.Create(CultureInfo.InvariantCulture, $"peak {places[^1].PeakMebibytes(words):0} MiB"));
            met &= Growth(report, what, series[^1].Over(series[1]));
            met &= Judge(report, what, series[^1], series[0]);
        }

        return met;
    }

    static bool Growth(Report report, string what, Series ratio)
    {
        if (what == ManyHits)
        {
            report.NotJudged($"{what}: 100,000 / 1,000", ratio, "the hits grow a hundredfold, and are counted");
            return true;
        }

        return report.AtMost($"{what}: 100,000 / 1,000", ratio, Logarithm);
    }

    static bool Judge(Report report, string what, Series largest, Series nothing)
    {
        var beyond = new Series([.. largest.Figures.Zip(nothing.Figures, (all, start) => (all - start) / MostSearch)]);
        return what.StartsWith("search", StringComparison.Ordinal) ? report.AtMost($"{what}: beyond start-up / 20 ms", beyond, 1)
            : what == "completion" ? report.AtMost("completion / 100 ms", new Series([.. largest.Figures.Select(ms => ms / MostCompletion)]), 1)
            : true;
    }
}
