using Pm.Codecs;
using Pm.Linux;
using Pm.Packages.Index;

namespace Pm.Repositories;

/// <summary>Checks what other files say already: names without a version, available.json, compressed siblings, the index.</summary>
static class CopyVerification
{
    public static void Run(string path, DirectoryHandle served, RepositoryState state, Action<RepositoryFinding> report)
    {
        const string outdated = "it does not hold what the signed metadata says";
        void Outdated(string file) => report(new RepositoryFinding(FindingKind.Outdated, file, outdated));
        foreach (var (name, bytes) in MetadataCommit.Copies(served, state).Append((RepositoryLayout.Available, Available(state))))
        {
            if (served.TryReadFile(name, int.MaxValue - 1)?.AsSpan().SequenceEqual(bytes) != true)
            {
                Outdated($"{RepositoryLayout.Served}/{name}");
            }
        }

        foreach (var name in Names(state).Where(name => !IsSibling(served, name)))
        {
            report(new RepositoryFinding(FindingKind.Damaged, $"{RepositoryLayout.Served}/{name}{RepositoryLayout.SiblingSuffix}", $"it is not {name}, compressed"));
        }

        using var home = DirectoryHandle.Open(path);
        if (!OwnIndex.IsCurrent(home, state))
        {
            Outdated(RepositoryLayout.Index);
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
