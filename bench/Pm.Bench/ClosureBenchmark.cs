namespace Pm.Bench;

/// <summary>
/// `pm lock` of a closure of 1,500 among 100,000 packages, start-up included, against `apt-get -s install` of the same; and a lockfile of 1,000 packages that fits.
/// </summary>
static class ClosureBenchmark
{
    const int Packages = 100_000;
    const int Checked = 1_000;
    const double MostToChoose = 50;
    const double MostToCheck = 10;
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
            var met = Check(report, place, new BenchProject(Path.Combine(home, "checked"), GeneratedClosure.Name(GeneratedClosure.Size - Checked)));
            var project = new BenchProject(Path.Combine(home, "chosen"), GeneratedClosure.Name(0));
            return Choose(report, place, project, AptPlace.TryMake(Path.Combine(home, "apt"), LargeRepository.Described(Packages).Concat(GeneratedClosure.Packages))) && met;
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    static bool Check(Report report, LargePlace place, BenchProject project)
    {
        place.Milliseconds(project.Lock());
        var series = Rounds.Run(Rounds.Least + 6, () => place.Milliseconds(project.Lock("--offline")), () => place.Milliseconds("explain", "PM1001"));
        report.Figure($"a lockfile of {Checked} fits", series[0], "ms");
        report.Figure("of that start-up", series[1], "ms");
        return report.AtMost($"a lockfile of {Checked} fits / {MostToCheck:0} ms", Over(series[0], MostToCheck), 1);
    }

    static bool Choose(Report report, LargePlace place, BenchProject project, AptPlace? apt)
    {
        place.Milliseconds(project.Lock());
        var ours = () =>
        {
            project.Forget();
            return place.Milliseconds(project.Lock("--offline"));
        };
        var alone = Rounds.Run(Rounds.Least + 6, ours)[0];
        report.Figure($"{GeneratedClosure.Size} of {Packages}: pm lock", alone, "ms");
        var met = report.AtMost($"pm lock / {MostToChoose:0} ms", Over(alone, MostToChoose), 1);
        if (apt is null)
        {
            report.Skipped("there is no apt-get to compare with");
            return met;
        }

        var series = Rounds.Run(Rounds.Least, ours, () => apt.Simulate(GeneratedClosure.Name(0)));
        report.Figure("apt-get -s install", series[1], "ms");
        return report.AtLeast("apt-get -s install / pm lock", series[1].Over(series[0]), LeastOverApt) && met;
    }

    static Series Over(Series figures, double goal) => new([.. figures.Figures.Select(ms => ms / goal)]);
}
