namespace Pm.Bench;

/// <summary>
/// From one version of 12,000 files to the next, in which 600 differ: <c>pm update</c> from a repository in a directory, against
/// <c>dpkg -i</c> of a local file and <c>ostree pull-local</c> + <c>checkout -H</c>. Then what both versions take on the disk.
/// </summary>
static class UpdateBenchmark
{
    internal static bool Run(Report report) => SpineBenchmark.Run(report, Run);

    static bool Run(Report report, string home, TwoVersions place)
    {
        var dpkg = DebianPackage.CanMake ? Debian(home, place) : null;
        var ostree = OstreePlace.TryMake(home, place, TwoVersions.First, TwoVersions.Second);
        var series = Rounds.Run(
            Rounds.Least + 2,
            () =>
            {
                var spent = place.TimePm("--root", place.Root, "update", "-q", "--allow-unsigned");
                place.Pm("--root", place.Root, "rollback", "-q");
                place.Pm("--root", place.Root, "gc", "-q", "--keep", "1");
                return spent;
            },
            () => dpkg?.Invoke() ?? double.NaN,
            () => ostree?.Update(TwoVersions.Second, place.NewName("checkout")) ?? double.NaN);
        report.Figure($"pm update ({place.Changed} of {place.Files} files)", series[0], "ms");
        return SpineBenchmark.Judge(report, "dpkg -i", dpkg is null ? null : series[1], series[0], 3)
            & SpineBenchmark.Judge(report, "ostree pull-local, checkout -H", ostree is null ? null : series[2], series[0], 1)
            & OnDisk(report, place);
    }

    static Func<double> Debian(string home, TwoVersions place)
    {
        var root = place.NewName("dpkg");
        DebianPackage.Prepare(root);
        string[] install = DebianPackage.Command(root, "-i", DebianPackage.Make(home, place.Tree(TwoVersions.First), TwoVersions.First));
        string[] update = DebianPackage.Command(root, "-i", DebianPackage.Make(home, place.Tree(TwoVersions.Second), TwoVersions.Second));
        return () =>
        {
            SpawnedProcess.Run(install);
            PeerProgram.Settle(root);
            return PeerProgram.Time(update);
        };
    }

    /// <summary>
    /// The blocks of all files of the store and of two roots, one a version, however many names they have, against one file a
    /// distinct content. Directories are left out: whoever has the two trees has these.
    /// </summary>
    static bool OnDisk(Report report, TwoVersions place)
    {
        var second = place.NewName("second");
        place.Prepare(second);
        place.Pm("--root", second, "install", "-q", "--allow-unsigned", $"big@{TwoVersions.Second}");
        var union = DiskUsage.OfDistinct([place.Tree(TwoVersions.First), place.Tree(TwoVersions.Second)]);
        var used = DiskUsage.Of([place.Store, Path.Combine(place.Root, "lib"), Path.Combine(second, "lib")]);
        report.Count("two versions installed", $"{used / 1e6:0.0} MB; their distinct contents {union / 1e6:0.0} MB");
        return report.AtMost("on disk / distinct contents", new Series([(double)used / union]), 1.02);
    }
}
