namespace Pm.Bench;

/// <summary>`pm install -n` of a closure of 1,500 among 100,000 packages, start-up included, against `apt-get -s install` of the same.</summary>
static class ClosureBenchmark
{
    const int Packages = 100_000;
    const double MostMilliseconds = 50;
    const double LeastOverApt = 200;

    internal static bool Run(Report report)
    {
        if (Environment.GetEnvironmentVariable("PM_BENCH_PM") is not { Length: > 0 } pm)
        {
            report.Skipped("PM_BENCH_PM names no executable");
            return true;
        }

        var home = BenchDirectory.Make();
        try
        {
            using var place = new LargePlace(Path.Combine(home, "pm"), pm, Packages, GeneratedClosure.Packages);
            place.Forget();
            place.Milliseconds("pull", "-q");
            return Compare(report, place, AptPlace.TryMake(Path.Combine(home, "apt"), LargeRepository.Described(Packages).Concat(GeneratedClosure.Packages)));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    static bool Compare(Report report, LargePlace place, AptPlace? apt)
    {
        var ours = () => place.Milliseconds("install", "-n", "-q", "--allow-unsigned", GeneratedClosure.First);
        var met = Judge(report, Rounds.Run(Rounds.Least + 6, ours)[0]);
        if (apt is null)
        {
            report.Skipped("there is no apt-get to compare with");
            return met;
        }

        var series = Rounds.Run(Rounds.Least, ours, () => apt.Simulate(GeneratedClosure.First));
        report.Figure("apt-get -s install", series[1], "ms");
        return report.AtLeast("apt-get -s install / pm install -n", series[1].Over(series[0]), LeastOverApt) && met;
    }

    static bool Judge(Report report, Series ours)
    {
        report.Figure($"{GeneratedClosure.Size} of {Packages}: pm install -n", ours, "ms");
        return report.AtMost("pm install -n / 50 ms", new Series([.. ours.Figures.Select(ms => ms / MostMilliseconds)]), 1);
    }
}
