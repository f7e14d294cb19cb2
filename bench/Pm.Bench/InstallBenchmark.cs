using System.Diagnostics;
using System.Globalization;
using Pm.Packages;
using Pm.Storage;

namespace Pm.Bench;

/// <summary>
/// Installing a tree like a large <c>node_modules</c>, whose blobs are in the store, against a C program that makes the same
/// links and syncs once. Both start from nothing each round, on the same file system.
/// </summary>
static class InstallBenchmark
{
    const int Directories = 2000;
    const int FilesInEach = 6;

    internal static bool Run(Report report)
    {
        var home = BenchDirectory.Make();
        try
        {
            return Run(report, home);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    static bool Run(Report report, string home)
    {
        var peer = PeerProgram.Compile(home, "linkfarm");
        using var store = Store.OpenOrCreate(Path.Combine(home, "store"));
        var package = Fill(store);
        var list = WriteList(home, store, package);
        var series = Rounds.Run(
            Rounds.Least + 4,
            () => Peer(peer, list, home),
            () => Install(store, package, home, TakeAway));
        var (links, install) = (series[0], series[1]);
        report.Figure($"C: mkdir, linkat, syncfs ({package.Entries.Count} files)", links, "ms");
        report.Figure("pm: plan, journal, link, sync, commit", install, "ms");
        var nothing = Nothing(store, package, home);
        report.Figure("pm: nothing to do", nothing, "ms");
        return report.AtMost("install / C", install.Over(links), 1.5)
            & Command(report, home)
            & report.AtMost("nothing to do / 10 ms", new Series([.. nothing.Figures.Select(f => f / 10)]), 1);
    }

    static Package Fill(Store store)
    {
        var builder = new PackageBuilder(PackageId.Parse("big@1.0.0"));
        var content = new byte[1024];
        var random = new Random(1);
        for (var directory = 0; directory < Directories; directory++)
        {
            for (var file = 0; file < FilesInEach; file++)
            {
                random.NextBytes(content);
                using var writer = store.Create(executable: false);
                writer.Append(content);
                var path = string.Create(
                    CultureInfo.InvariantCulture, $"lib/modules/m{directory % 400:000}/dist/d{directory / 400}/file-{file}.js");
                builder.AddFile(path, writer.Commit());
            }
        }
        var package = builder.Build();
        store.Save(package);
        store.Sync();
        return package;
    }

    static string WriteList(string home, Store store, Package package)
    {
        var list = Path.Combine(home, "list");
        using var writer = new StreamWriter(list);
        var made = new HashSet<string>();
        foreach (var entry in package.Entries)
        {
            for (var slash = entry.Path.IndexOf('/'); slash >= 0; slash = entry.Path.IndexOf('/', slash + 1))
            {
                if (made.Add(entry.Path[..slash]))
                {
                    writer.WriteLine($"d {entry.Path[..slash]}");
                }
            }
            writer.WriteLine($"l {store.BlobPath(new BlobName(entry.Root, false))}\t{entry.Path}");
        }
        return list;
    }

    static double Peer(string program, string list, string home)
    {
        var root = Directory.CreateDirectory(Path.Combine(home, "peer")).FullName;
        var milliseconds = double.Parse(PeerProgram.Run(program, list, root), CultureInfo.InvariantCulture);
        TakeAway(root);
        return milliseconds;
    }

    static double Install(Store store, Package package, string home, Action<string> then)
    {
        var path = Path.Combine(home, "root");
        var start = Stopwatch.GetTimestamp();
        using (var root = Open(path, store))
        {
            Apply(root, store, package);
        }
        var spent = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        then(path);
        return spent;
    }

    static Series Nothing(Store store, Package package, string home)
    {
        Install(store, package, home, _ => { });
        return Rounds.Run(Rounds.Least, () =>
        {
            var start = Stopwatch.GetTimestamp();
            using var root = Open(Path.Combine(home, "root"), store);
            Apply(root, store, package);
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        })[0];
    }

    /// <summary>The executable that finds the same: <c>pm install</c> of what is there, start-up included.</summary>
    static bool Command(Report report, string home)
    {
        const double mostMemory = 12 * 1000;
        if (Environment.GetEnvironmentVariable("PM_BENCH_PM") is not { Length: > 0 } pm || !PeakMemory.IsMeasured)
        {
            report.Skipped("the executable's: PM_BENCH_PM names none, or there is no /usr/bin/time");
            return true;
        }

        string[] command = [pm, "--root", Path.Combine(home, "root"), "install", "big"];
        var series = Rounds.Run(
            Rounds.Least,
            () => PeerProgram.Time(command),
            () => PeakMemory.KibibytesOf(command) * 1.024);
        report.Figure("pm install, nothing to do", series[0], "ms");
        report.Figure("pm install, nothing to do, peak memory", series[1], "kB");
        return report.AtMost("its peak memory / 12 MB", new Series([.. series[1].Figures.Select(kB => kB / mostMemory)]), 1)
            & report.AtMost("its time / 10 ms", new Series([.. series[0].Figures.Select(ms => ms / 10)]), 1);
    }

    static Root Open(string path, Store store) =>
        Root.OpenOrCreate(path, new RootSettings { Kind = RootKind.Prefix, StorePath = store.Path, Scope = "user" });

    static void Apply(Root root, Store store, Package package)
    {
        using var writer = RootWriter.Open(root, store, new WriterOptions { Holder = "bench" });
        var plan = Planner.Plan(root, store, [new InstalledPackage { Id = package.Id, Hash = package.Hash }]);
        Transaction.Apply(writer, plan, new TransactionOptions { Command = "bench", Now = DateTimeOffset.UnixEpoch });
    }

    /// <summary>What a round leaves must not be written while the next is measured.</summary>
    static void TakeAway(string path)
    {
        Directory.Delete(path, recursive: true);
        PeerProgram.Settle(Path.GetDirectoryName(path)!);
    }
}
