using System.Diagnostics;
using System.Globalization;

namespace Pm.Bench;

/// <summary>
/// pmd against nginx with sendfile (by wrk, all on one machine), its first response against that of the least Kestrel program
/// there can be, and its memory while a thousand clients read nothing.
/// </summary>
static class ServeBenchmark
{
    /// <summary>One pair scatters by a tenth, and the goal is parity.</summary>
    const int Pairs = 21;

    const int Seconds = 2;
    const int Clients = 1000;
    const double LargeGoal = 1.0;
    const double SmallGoal = 0.75;
    const double StartGoal = 1.5;
    const double MostPlain = 64;
    const double MostTls = 256;

    internal static bool Run(Report report)
    {
        if (Environment.GetEnvironmentVariable("PM_BENCH_PM") is not { Length: > 0 } pm
            || Environment.GetEnvironmentVariable("PM_BENCH_PMD") is not { Length: > 0 } pmd)
        {
            report.Skipped("PM_BENCH_PM and PM_BENCH_PMD name no executables");
            return true;
        }

        var home = BenchDirectory.Make();
        try
        {
            var place = new ServedPlace(home, pm, pmd);
            return Throughput(report, place) & First(report, place)
                & Memory(report, place, "plain", [], MostPlain) & Memory(report, place, "TLS", place.Certificate(), MostTls);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    static bool Throughput(Report report, ServedPlace place)
    {
        if (!File.Exists("/usr/sbin/nginx") || !File.Exists("/usr/bin/wrk"))
        {
            report.Skipped("throughput: there is no nginx or no wrk");
            return true;
        }

        using var pmd = place.Pmd();
        using var nginx = place.Nginx();
        pmd.MillisecondsToAnswer(ServedPlace.Metadata);
        nginx.MillisecondsToAnswer(ServedPlace.Metadata);
        return Beside(report, "10 MB blobs", pmd, nginx, place.Blob, 8, LargeGoal)
            & Beside(report, "1 KB metadata", pmd, nginx, ServedPlace.Metadata, 32, SmallGoal);
    }

    static bool Beside(Report report, string what, BackgroundServer pmd, BackgroundServer nginx, string path, int connections, double goal)
    {
        var series = Rounds.Run(
            Pairs,
            () => RequestsASecond(pmd.Port, path, connections),
            () => RequestsASecond(nginx.Port, path, connections));
        report.Figure($"{what}: pmd", series[0], "requests/s");
        report.Figure($"{what}: nginx", series[1], "requests/s");
        return report.AtLeast($"{what}: pmd / nginx", series[0].Over(series[1]), goal);
    }

    /// <summary>By wrk, one thread: the other processors are the server's.</summary>
    static double RequestsASecond(int port, string path, int connections)
    {
        var start = new ProcessStartInfo("/usr/bin/wrk", string.Create(
            CultureInfo.InvariantCulture, $"-t1 -c{connections} -d{Seconds}s http://127.0.0.1:{port}{path}"))
        { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n');
        process.WaitForExit();
        if (lines.Any(l => l.Contains("Non-2xx", StringComparison.Ordinal) || l.Contains("Socket errors", StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"wrk: {string.Join(' ', lines)}");
        }

        const string rate = "Requests/sec:";
        return double.Parse(lines.Single(l => l.StartsWith(rate, StringComparison.Ordinal)).AsSpan(rate.Length), CultureInfo.InvariantCulture);
    }

    static bool First(Report report, ServedPlace place)
    {
        var bare = Path.Combine(AppContext.BaseDirectory, "kestrel", "BareKestrel");
        if (!File.Exists(bare))
        {
            report.Skipped($"first response: {bare} is not there");
            return true;
        }

        var series = Rounds.Run(
            Rounds.Least + 4,
            () => Answer(() => place.Pmd()),
            () => Answer(() => BackgroundServer.Start(port => [bare, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")])));
        report.Figure("first response: pmd", series[0], "ms");
        report.Figure("first response: a bare Kestrel program", series[1], "ms");
        return report.AtMost("first response: pmd / bare Kestrel", series[0].Over(series[1]), StartGoal);
    }

    static double Answer(Func<BackgroundServer> start)
    {
        using var server = start();
        return server.MillisecondsToAnswer(ServedPlace.Metadata);
    }

    /// <summary>What each of a thousand clients costs that read nothing, once a few have warmed the server up.</summary>
    static bool Memory(Report report, ServedPlace place, string what, string[] settings, double most)
    {
        using var pmd = place.Pmd(settings);
        var isTls = settings.Length > 0;
        pmd.MillisecondsToAnswer(ServedPlace.Metadata, isTls);
        using var clients = new SlowClients();
        clients.Add(20, pmd.Port, place.Blob, isTls);
        var before = pmd.ResidentKibibytes();
        clients.Add(Clients, pmd.Port, place.Blob, isTls);
        var after = pmd.ResidentKibibytes();
        report.Count($"{what}: {Clients} slow clients", string.Create(
            CultureInfo.InvariantCulture, $"{before / 1024:0} MiB before, {after / 1024:0} MiB with them"));
        return report.AtMost(
            string.Create(CultureInfo.InvariantCulture, $"{what}: KiB a slow client / {most}"), new Series([(after - before) / Clients / most]), 1);
    }
}
