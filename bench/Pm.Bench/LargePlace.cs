using System.Diagnostics;
using System.Globalization;
using Pm.Packages.Index;
using Pm.Repositories;

namespace Pm.Bench;

/// <summary>A large repository, a server for it, and a root that pulls from it.</summary>
sealed class LargePlace : IDisposable
{
    const int NotFound = 4;
    const string Search = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";

    readonly string _home;
    readonly string _pm;
    int _published;

    internal LargePlace(string home, string pm, int size, IEnumerable<AvailablePackage>? more = null)
    {
        (_home, _pm, Size) = (Directory.CreateDirectory(home).FullName, pm, size);
        var repository = LargeRepository.Make(Path.Combine(home, "repository"), size, more);
        string[] packages = ["bench-tool-1@1.0.0", "bench-tool-2@1.0.0", "bench-tool-3@1.0.0"];
        repository.Publish(
            [.. packages.Select((id, i) => LargeRepository.Package(home, id, i == 0 ? "bench-tool-2" : ""))], LargeRepository.Unsigned,
            new RepositoryAccess("bench", TimeProvider.System));
        Server = new CountingServer(repository.Path);
    }

    internal int Size { get; }

    internal CountingServer Server { get; }

    /// <summary>Runs pm and says how long it took.</summary>
    internal double Milliseconds(params string[] words)
    {
        var start = Stopwatch.GetTimestamp();
        TryRun(words);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Makes a root that knows the remote and never pulled from it.</summary>
    internal void Forget()
    {
        var root = Path.Combine(_home, "root");
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        TryRun("remote", "add", "-q", "-y", "--trust-first-use", Server.Url);
    }

    /// <summary>Publishes one package more; what it takes to make it is not counted.</summary>
    internal double PublishOne()
    {
        var package = LargeRepository.Package(_home, string.Create(CultureInfo.InvariantCulture, $"bench-more-{_published++}@1.0.0"));
        return Milliseconds("repo", "publish", "-q", "--allow-unsigned", "--repo", Path.Combine(_home, "repository"), package);
    }

    /// <summary>Peak memory of pm by time(1).</summary>
    internal double PeakMebibytes(params string[] words)
    {
        var file = Path.Combine(_home, "peak");
        TryRun(PeakMemory.Measure(file), words);
        return PeakMemory.Kibibytes(file) / 1024;
    }

    public void Dispose() => Server.Dispose();

    void TryRun(params string[] words) => TryRun([], words);

    /// <summary>A command may say by its status that nothing was found.</summary>
    void TryRun(string[] before, string[] words)
    {
        string[] command =
        [
            Search, $"HOME={_home}", $"PM_ROOT={_home}/root", $"PM_STORE={_home}/store", $"PM_CACHE={_home}/cache", .. before, _pm, .. words,
        ];
        if (SpawnedProcess.RunToEnd(command) is var status and not (0 or NotFound))
        {
            throw new InvalidOperationException($"pm {string.Join(' ', words)}: ended with {status}");
        }
    }
}
