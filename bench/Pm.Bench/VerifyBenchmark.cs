using System.Globalization;

namespace Pm.Bench;

/// <summary>
/// <c>pm verify</c> of 12,000 installed files, each hashed anew, against what reading them and <c>openssl speed</c> say it must
/// take on one processor, <c>dpkg --verify</c> (MD5) and <c>ostree fsck</c> of the same tree. All of it is in the page cache.
/// </summary>
static class VerifyBenchmark
{
    internal static bool Run(Report report) => SpineBenchmark.Run(report, Run);

    static bool Run(Report report, string home, TwoVersions place)
    {
        var read = PeerProgram.Compile(home, "readfarm");
        var dpkg = DebianPackage.CanMake ? InstallDebian(home, place) : null;
        var ostree = OstreePlace.TryMake(home, place, TwoVersions.First);
        var series = Rounds.Run(
            Rounds.Least + 4,
            () => place.TimePm("--root", place.Root, "verify", "-q"),
            () => Floor(read, place),
            () => dpkg is null ? double.NaN : PeerProgram.Time(dpkg),
            () => ostree?.Fsck() ?? double.NaN);
        report.Figure($"pm verify ({place.Files} files)", series[0], "ms");
        report.Figure("C: open, read, close; + bytes / openssl speed", series[1], "ms");
        return report.AtMost("pm / floor", series[0].Over(series[1]), 1.1)
            & SpineBenchmark.Judge(report, "dpkg --verify", dpkg is null ? null : series[2], series[0], 1)
            & SpineBenchmark.Judge(report, "ostree fsck", ostree is null ? null : series[3], series[0], 3);
    }

    static double Floor(string program, TwoVersions place)
    {
        var words = PeerProgram.Run(program, place.List, place.Root).Split(' ');
        var bytes = double.Parse(words[1], CultureInfo.InvariantCulture);
        return double.Parse(words[0], CultureInfo.InvariantCulture) + (bytes / OpensslSpeed.Sha256(1, elapsed: true) / 1e6);
    }

    static string[] InstallDebian(string home, TwoVersions place)
    {
        var root = place.NewName("dpkg");
        DebianPackage.Prepare(root);
        SpawnedProcess.Run(DebianPackage.Command(root, "-i", DebianPackage.Make(home, place.Tree(TwoVersions.First), TwoVersions.First)));
        return DebianPackage.Command(root, "--verify", "big");
    }
}
