using System.Diagnostics;
using System.Globalization;

namespace Pm.Bench;

/// <summary>
/// Installing a package of 12,000 files into an empty root with an empty store, from a local file and from a server on loopback,
/// against <c>pacman -U</c> and <c>dpkg -i</c> of the same tree from a local file: decode, hash, write, link. Only the ratios say anything: see docs/benchmarks.md.
/// </summary>
static class ColdInstallBenchmark
{
    const double OverPacman = 1.5;
    const double OverDpkg = 2.5;

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
            return Run(report, home, pm);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    static bool Run(Report report, string home, string pm)
    {
        var files = ModulesTree.Write(Path.Combine(home, "tree/root"));
        var rivals = new ColdInstalls(home, pm);
        List<Func<double>> contenders = [Timed(home, "pm", rivals.Pm())];
        using var server = rivals.Serve();
        contenders.Add(Timed(home, "loopback", rivals.Remote(server.Url)));
        var pacman = Add(contenders, File.Exists("/usr/bin/pacman"), () => Timed(home, "pacman", rivals.Pacman()));
        var dpkg = Add(contenders, DebianPackage.CanMake, () => Timed(home, "dpkg", rivals.Dpkg()));
        var series = Rounds.Run(Rounds.Least + 2, [.. contenders]);
        report.Figure($"pm install FILE.pkg ({files} files, synced)", series[0], "ms");
        report.Figure("pm install NAME, over loopback", series[1], "ms");
        return Judge(report, "pacman -U (not synced)", pacman < 0 ? null : series[pacman], series, OverPacman)
            & Judge(report, "dpkg -i", dpkg < 0 ? null : series[dpkg], series, OverDpkg);
    }

    /// <returns>Its place; -1 where the program is not installed.</returns>
    static int Add(List<Func<double>> contenders, bool isThere, Func<Func<double>> make)
    {
        if (!isThere)
        {
            return -1;
        }

        contenders.Add(make());
        return contenders.Count - 1;
    }

    /// <remarks>Against pm from the file, and over loopback.</remarks>
    static bool Judge(Report report, string name, Series? peer, ReadOnlySpan<Series> pm, double goal)
    {
        if (peer is not { } series)
        {
            report.Skipped($"{name}: not installed");
            return true;
        }

        report.Figure(name, series, "ms");
        var program = name.Split(' ')[0];
        return report.AtLeast($"{program} / pm", series.Over(pm[0]), goal)
            & report.AtLeast($"{program} / pm over loopback", series.Over(pm[1]), goal);
    }

    /// <summary>Each run has a directory of its own, and all are removed at the end: see <see cref="BenchDirectory"/>.</summary>
    static Func<double> Timed(string home, string name, Func<string, string[]> command)
    {
        var round = 0;
        return () =>
        {
            var directory = Directory.CreateDirectory(Path.Combine(
                home, string.Create(CultureInfo.InvariantCulture, $"{name}-{round++}"))).FullName;
            var line = command(directory);
            SpawnedProcess.Run("/usr/bin/sync", "-f", home);
            var start = Stopwatch.GetTimestamp();
            SpawnedProcess.Run(line);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        };
    }
}
