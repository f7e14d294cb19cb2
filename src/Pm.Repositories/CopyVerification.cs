using Pm.Codecs;
using Pm.Linux;
using Pm.Packages.Index;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>Checks what other files say already: names without a version, available.json, compressed siblings, the index.</summary>
static class CopyVerification
{
    /// <summary>For who publishes to be done; to replace two names takes a moment.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public static void Run(string path, DirectoryHandle served, RepositoryState state, Action<RepositoryFinding> report)
    {
        const string outdated = "it does not hold what the signed metadata says";
        void Outdated(string file) => report(new RepositoryFinding(FindingKind.Outdated, file, outdated));
        foreach (var (name, version, bytes) in MetadataCommit.Copies(served, state).Where(copy => !MetadataCommit.IsCopy(served, copy.Name, copy.Bytes)))
        {
            var kind = KindOf(served, name);
            report(new RepositoryFinding(kind, $"{RepositoryLayout.Served}/{name}", kind is FindingKind.Outdated
                ? outdated
                : $"it is to be the same as {version}.{name}: pm repo refresh --if-needed {path} mends it"));
        }

        if (!MetadataCommit.IsCopy(served, RepositoryLayout.Available, Available(state)))
        {
            Outdated($"{RepositoryLayout.Served}/{RepositoryLayout.Available}");
        }

        foreach (var name in Names(state).Where(name => !IsSibling(served, name) && !IsSiblingAtRest(path, served, name)))
        {
            report(new RepositoryFinding(FindingKind.Damaged, $"{RepositoryLayout.Served}/{name}{RepositoryLayout.SiblingSuffix}", $"it is not {name}, compressed"));
        }

        using var home = DirectoryHandle.Open(path);
        if (!OwnIndex.IsCurrent(home, state))
        {
            Outdated(RepositoryLayout.Index);
        }
    }

    /// <summary>
    /// After a crash a copy can be behind, or not there yet, which hurts nobody for long; while somebody publishes it can be ahead of what was
    /// read before. But people compare root.json, and what is no copy at all who trusts for the first time stumbles over.
    /// </summary>
    static FindingKind KindOf(DirectoryHandle served, string name)
    {
        try
        {
            if (served.TryReadFile(name, MetadataLimits.Any) is not { } there)
            {
                return name == RepositoryLayout.Metadata("root") ? FindingKind.Missing : FindingKind.Outdated;
            }

            var version = SignedDocument.Parse(there, name, MetadataLimits.Any).Body.Number("version", 1);
            return served.TryReadFile($"{version}.{name}", MetadataLimits.Any)?.AsSpan().SequenceEqual(there) == true ? FindingKind.Outdated : FindingKind.Damaged;
        }
        catch (Exception exception) when (exception is TrustException or SystemCallException)
        {
            return FindingKind.Damaged;
        }
    }

    static byte[] Available(RepositoryState state) =>
        AvailableDocument.Of(state.All().Select(published => published.Target.Package)).ToBytes();

    /// <summary>What may have a compressed sibling that changes, or changed.</summary>
    static IEnumerable<string> Names(RepositoryState state) =>
    [
        RepositoryLayout.Available,
        RepositoryLayout.Metadata("snapshot", state.Snapshot.Version),
        RepositoryLayout.Metadata("targets", state.Targets.Version),
        .. Enumerable.Range(0, state.Bins?.Count ?? 0).Select(bin => RepositoryLayout.Metadata(HashBins.NameOf(bin), state.VersionOf(bin))),
    ];

    /// <summary>
    /// Looks again while nobody publishes: no step replaces two names, and who reads between the two sees the list of one state beside the sibling of
    /// another. Where the lock cannot be had, the first look counts.
    /// </summary>
    static bool IsSiblingAtRest(string path, DirectoryHandle served, string name)
    {
        var place = Path.Join(path, RepositoryLayout.Staged, RepositoryLayout.LockName);
        try
        {
            using var held = File.Exists(place) ? FileLock.Shared(place, "pm repo verify", LongestWait, TimeProvider.System) : null;
            return held is not null && IsSibling(served, name);
        }
        catch (Exception exception) when (exception is LockBusyException or SystemCallException)
        {
            return false;
        }
    }

    /// <summary>Whether there is none, or it holds the same bytes.</summary>
    static bool IsSibling(DirectoryHandle served, string name)
    {
        using var compressed = served.TryOpenRead(name + RepositoryLayout.SiblingSuffix);
        using var plain = served.TryOpenRead(name);
        if (compressed is null || plain is null)
        {
            return true;
        }

        try
        {
            using var expected = new FileStream(plain, FileAccess.Read, bufferSize: 0);
            using var actual = Decompressor.Open(new FileStream(compressed, FileAccess.Read), Compression.Zstandard);
            return IsSame(expected, actual);
        }
        catch (CodecException)
        {
            return false;
        }
    }

    static bool IsSame(Stream expected, Stream actual)
    {
        const int size = 64 * 1024;
        var (one, other) = (new byte[size], new byte[size]);
        while (true)
        {
            var count = expected.ReadAtLeast(one, size, throwOnEndOfStream: false);
            if (actual.ReadAtLeast(other, size, throwOnEndOfStream: false) != count || !one.AsSpan(0, count).SequenceEqual(other.AsSpan(0, count)))
            {
                return false;
            }

            if (count < size)
            {
                return true;
            }
        }
    }
}
