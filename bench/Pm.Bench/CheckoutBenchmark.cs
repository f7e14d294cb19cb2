namespace Pm.Bench;

/// <summary>
/// <c>pm install NAME</c> of 12,000 files whose blobs are in the store into a new root, synced, against <c>ostree checkout -H</c>
/// (which syncs nothing) and <c>pnpm install --offline</c> from its warm store, by hard links.
/// </summary>
static class CheckoutBenchmark
{
    internal static bool Run(Report report) => SpineBenchmark.Run(report, Run);

    static bool Run(Report report, string home, TwoVersions place)
    {
        var ostree = OstreePlace.TryMake(home, place, TwoVersions.First);
        var pnpm = PnpmPlace.TryMake(home, place);
        var series = Rounds.Run(
            Rounds.Least + 4,
            () =>
            {
                var root = place.NewName("new");
                place.Prepare(root);
                return place.TimePm("--root", root, "install", "-q", "--allow-unsigned", $"big@{TwoVersions.First}");
            },
            () => ostree?.Checkout(TwoVersions.First, place.NewName("checkout")) ?? double.NaN,
            () => pnpm?.Install(place.NewName("pnpm")) ?? double.NaN);
        report.Figure($"pm install NAME ({place.Files} files, synced)", series[0], "ms");
        return SpineBenchmark.Judge(report, "ostree checkout -H", ostree is null ? null : series[1], series[0], 1)
            & SpineBenchmark.Judge(report, "pnpm install --offline", pnpm is null ? null : series[2], series[0], 4);
    }
}
