using Pm.Bench;

// One line a benchmark; each is one file.
(string Name, string About, Func<Report, bool> Run)[] benchmarks =
[
    ("startup", "`pm version` against `dpkg --version`, and peak memory", StartupBenchmark.Run),
    ("merkle", "Merkle hashing against `openssl speed -evp sha256 -bytes 8192`", MerkleBenchmark.Run),
    ("install", "installing 12,000 files whose blobs are in the store, against a C loop of linkat and one syncfs", InstallBenchmark.Run),
    ("checkout", "`pm install` of 12,000 files whose blobs are in the store, against `ostree checkout -H` and pnpm", CheckoutBenchmark.Run),
    ("update", "`pm update` of 12,000 files of which 600 differ, against `dpkg -i` and OSTree's pull and checkout", UpdateBenchmark.Run),
    ("remove", "`pm remove` of 12,000 files, against a C loop of unlink; from an application directory", RemoveBenchmark.Run),
    ("verify", "`pm verify` of 12,000 files, against reading and hashing them, `dpkg --verify` and `ostree fsck`", VerifyBenchmark.Run),
    ("packages", "pulling, publishing and looking among 1,000, 10,000 and 100,000 packages", PackagesBenchmark.Run),
    ("resolve", "choosing versions out of 20,000 × 30, and where they conflict, each beside its twin without a solution", ResolveBenchmark.Run),
    ("closure", "`pm lock` of 1,500 packages that one leads to among 100,000, against `apt-get -s install`; a lockfile of 1,000 that fits", ClosureBenchmark.Run),
    ("cold", "installing a .pkg of 12,000 files into an empty store and root, against `pacman -U` and `dpkg -i`", ColdInstallBenchmark.Run),
    ("toml", "reading a lockfile of 10 MB", TomlBenchmark.Run),
    ("events", "events of eBPF programs as JSON, out of memory and out of the kernel, against C programs that were written for them; start to attached", EventsBenchmark.Run),
    ("serve", "pmd against nginx with sendfile, a bare Kestrel program, and a thousand clients that do not read", ServeBenchmark.Run),
];

if (args is ["--list"])
{
    foreach (var (name, about, _) in benchmarks)
    {
        Console.Out.WriteLine($"{name}\t{about}");
    }

    return 0;
}

if (args is ["--make-repository", var directory, var count])
{
    // The repository of the benchmarks `packages` and `closure`, to be looked at or served.
    LargeRepository.Make(Path.GetFullPath(directory), int.Parse(count, System.Globalization.CultureInfo.InvariantCulture), GeneratedClosure.Packages);
    return 0;
}

if (args is [EventTaking.Word, var taken, var seconds])
{
    return EventTaking.Run(taken, seconds);
}

var unknown = args.Except(benchmarks.Select(b => b.Name)).ToArray();
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"no such benchmark: {string.Join(", ", unknown)}; there are: {string.Join(", ", benchmarks.Select(b => b.Name))}");
    return 2;
}

var report = new Report(Console.Out);
var met = true;
foreach (var benchmark in benchmarks.Where(b => args.Length == 0 || args.Contains(b.Name)))
{
    report.Title(benchmark.Name, benchmark.About);
    met &= benchmark.Run(report);
}

return met ? 0 : 1;
