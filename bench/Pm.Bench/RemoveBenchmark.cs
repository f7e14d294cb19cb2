using System.Globalization;

namespace Pm.Bench;

/// <summary>
/// Taking 12,000 files away: from a prefix root against a C program that unlinks them and syncs once; from an application
/// directory, and back to the generation before, beyond what <c>pm version</c> takes.
/// </summary>
static class RemoveBenchmark
{
    internal static bool Run(Report report) => SpineBenchmark.Run(report, Run);

    static bool Run(Report report, string home, TwoVersions place)
    {
        var link = PeerProgram.Compile(home, "linkfarm");
        var unlink = PeerProgram.Compile(home, "unlinkfarm");
        var root = place.NewName("prefix");
        place.Prepare(root);
        var application = place.NewName("application");
        place.Pm("--root", application, "install", "-q", "--application", "--allow-unsigned", place.Package(TwoVersions.First));
        place.Pm("--root", application, "remove", "-q", "big");
        place.Prepare(application);
        var series = Rounds.Run(
            Rounds.Least + 4,
            () =>
            {
                place.Pm("--root", root, "install", "-q", "--allow-unsigned", $"big@{TwoVersions.First}");
                return place.TimePm("--root", root, "remove", "-q", "big");
            },
            () => Floor(link, unlink, place),
            () =>
            {
                place.Pm("--root", application, "install", "-q", "--allow-unsigned", $"big@{TwoVersions.First}");
                return place.TimePm("--root", application, "remove", "-q", "big");
            },
            () => Back(place, application),
            () => place.TimePm("version"));
        report.Figure($"pm remove ({place.Files} files, prefix root)", series[0], "ms");
        report.Figure("C: unlinkat, syncfs", series[1], "ms");
        report.Figure("pm remove, application directory", series[2], "ms");
        report.Figure("pm rollback, application directory", series[3], "ms");
        report.Figure("pm version", series[4], "ms");
        var beyond = new Series([.. series[2].Figures.Zip(series[4].Figures, (all, start) => (all - start) / 10)]);
        return report.AtMost("pm / C", series[0].Over(series[1]), 1.3)
            & report.AtMost("(application - start-up) / 10 ms", beyond, 1);
    }

    /// <summary>The generation with the files serves again; then it is left as it was found.</summary>
    static double Back(TwoVersions place, string application)
    {
        var spent = place.TimePm("--root", application, "rollback", "-q");
        place.Pm("--root", application, "remove", "-q", "big");
        place.Pm("--root", application, "gc", "-q", "--keep", "1");
        return spent;
    }

    static double Floor(string link, string unlink, TwoVersions place)
    {
        var root = Directory.CreateDirectory(place.NewName("links")).FullName;
        PeerProgram.Run(link, place.List, root);
        PeerProgram.Settle(root);
        return double.Parse(PeerProgram.Run(unlink, place.List, root), CultureInfo.InvariantCulture);
    }
}
