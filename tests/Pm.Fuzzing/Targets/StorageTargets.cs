using Pm.Blobs;
using Pm.Fuzzing.Gear;
using Pm.Packages;
using Pm.Repositories;
using Pm.Storage;
using Pm.Storage.Journals;
using Pm.Storage.Keys;
using Pm.Storage.Planning;
using Pm.Trust.OpenPgp;

namespace Pm.Fuzzing.Targets;

/// <summary>pm's own files, as a disk, a person or another program may have left them.</summary>
static class StorageTargets
{
    static readonly MerkleRoot Blob = MerkleRoot.Of("a\n"u8);
    static readonly Fingerprint Key = Fingerprint.Parse("FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C");
    static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        Of("journal", ReadJournal, () => [JournalDocument.ToBytes(Sample()).ToArray()],
            [.. Words.Hex, .. Words.Of("+ 1 f ", "= 2 x ", "> 3 ", "d 755 ", "m 755 700 ", "r ", "s ", "- ", "end 8", "kind application", "package ", "-1", "4294967296")]),
        Of("generation", b => Assert.Equal(GenerationDocument.ToBytes(GenerationDocument.Parse(b, "x")), GenerationDocument.ToBytes(GenerationDocument.Parse(GenerationDocument.ToBytes(GenerationDocument.Parse(b, "x")), "y"))),
            () => [GenerationDocument.ToBytes(Generation())], Members("generation", "made", "command", "packages", "found", "restored", "hash", "signer", "pinned")),
        Of("root-settings", b => Assert.Equal(RootSettings.Parse(b, "x").ToBytes(), RootSettings.Parse(RootSettings.Parse(b, "x").ToBytes(), "y").ToBytes()),
            () => [new RootSettings { Kind = RootKind.Prefix, StorePath = "/s", Scope = "user", PinnedGenerations = [1, 2] }.ToBytes()], Members("kind", "store", "scope", "pinned")),
        Of("store-root", b => StoreRoots.Parse(b, "x"),
            () => [StoreRoots.ToBytes(new StoreRoot("/usr/local", [Blob]))], Members("path", "packages")),
        Of("key-record", b => Assert.Equal(KeyRecord.Parse(b, Key, "x").ToBytes(), KeyRecord.Parse(KeyRecord.Parse(b, Key, "x").ToBytes(), Key, "y").ToBytes()),
            () => [Record().ToBytes()], Members("fingerprint", "state", "since", "users", "source", "created", "expires")),
        Of("repository-settings", b => Assert.Equal(RepositorySettings.Parse(b, "x"), RepositorySettings.Parse(RepositorySettings.Parse(b, "x").ToBytes(), "y")),
            () => [new RepositorySettings { BinsAbove = 7, AllowsUnsigned = true }.ToBytes()], Members("expires_days", "root", "targets", "bins", "bins_above", "allows_unsigned")) with { Allowed = [typeof(RepositoryException)] },
    ];

    static FuzzTarget Of(string name, Action<byte[]> read, Func<IEnumerable<byte[]>> seeds, byte[][] words) => new(name, read)
    {
        Seeds = seeds,
        Allowed = [typeof(StoreException)],
        Words = words,
    };

    static byte[][] Members(params string[] names) =>
        [.. Words.Json, .. Words.Of("\"2026-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"format\":1,"), .. Words.Of([.. names.Select(n => $"\"{n}\":")])];

    static void ReadJournal(byte[] bytes)
    {
        var written = JournalDocument.ToBytes(JournalDocument.Parse(bytes, "x"));
        Assert.Equal(written.ToArray(), JournalDocument.ToBytes(JournalDocument.Parse(written.Span, "y")).ToArray());
    }

    static Journal Sample() => new()
    {
        Kind = RootKind.Prefix,
        From = 3,
        To = 4,
        Packages = [Blob],
        Operations =
        [
            new Operation.MakeDirectory("usr", 0x1ed),
            new Operation.Add(Entry("usr/a b", null), 1),
            new Operation.Add(Entry("usr/l", ""), 2),
            new Operation.Replace(Entry("etc/c", null), 3, 12345678901, "etc/c.pm-old"),
            new Operation.MoveAway("opt/x", 4, null, ["d/", "d/f"]),
            new Operation.SetMode("var", 0x1ed, 0x1c0),
            new Operation.RemoveDirectory("opt"),
        ],
    };

    static TreeEntry Entry(string path, string? target) => new() { Path = path, Root = Blob, Target = target, IsExecutable = target is null };

    static Generation Generation() => new()
    {
        Number = 4,
        Made = Time,
        Command = "pm install foo",
        RestoredFrom = 2,
        FoundDirectories = ["bin", "share/man"],
        Packages =
        [
            new InstalledPackage { Id = PackageId.Parse("foo@1.0.0"), Hash = Blob, Signer = Key, Remote = "main", IsPinned = true },
            new InstalledPackage { Id = PackageId.Parse("o/bar@2.10"), Hash = Blob, IsAsked = false },
        ],
    };

    static KeyRecord Record() => new()
    {
        Fingerprint = Key,
        State = TrustState.Trusted,
        Since = Time,
        UserIds = ["Alice <a@example.org>"],
        Source = "import a.asc",
        Created = Time,
        Expires = Time,
    };
}
