using System.Text.Json;
using Pm.Blobs;
using Pm.Fuzzing.Gear;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Fuzzing.Targets;

/// <summary>What a repository says of its packages.</summary>
static class IndexTargets
{
    static readonly MerkleRoot Root = MerkleRoot.Of("a\n"u8);

    static readonly byte[][] Members =
    [
        .. Words.Json, .. Words.Of(
            "\"name\":", "\"version\":", "\"remote\":", "\"deps\":", "\"size\":", "\"merkle\":", "\"requires\":{", "\"yanked\":", "\"provides\":", "\"Scheme\":", "\"blobs\":", "\"pkg\":"),
    ];

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("available", ReadAvailable)
        {
            Seeds = Texts(
                """{"foo":{"1.0.0":{"name":"foo","remote":{"Scheme":"https","Host":"a","Path":"/b"},"deps":["a","b@1"],"size":12,"requires":{"a":"^1"},"yanked":true}}}""",
                """{"o/bar":{"2.10":{"merkle":"%R","description":"d","title":"T","remote":"file:///r","provides":["x"]},"2.9":{}},"foo":{}}"""),
            Allowed = [typeof(PackageFormatException)],
            Words = Members,
        },
        new("index", ReadIndex)
        {
            Seeds = () => [Index("foo@1.0.0", "foo@1.1.0", "foo-bar@2.0.0"), Index("o/foo@1.0.0-rc.1", "bar@3"), Index()],
            Allowed = [typeof(PackageFormatException)],
            Repair = IndexRepair.Head,
        },
        new("blobs", b => Assert.Equal(BlobsDocument.Parse(b), BlobsDocument.Parse(BlobsDocument.Parse(b).ToBytes())))
        {
            Seeds = () => [new BlobsDocument([new("meta/", Root, 4096, 9, "x"), new("a", Root, 0)]).ToBytes(), "[]"u8.ToArray()],
            Allowed = [typeof(PackageFormatException)],
            Words = [.. Members, .. Words.Of("\"path\":", "\"source_path\":", "\"compressed\":")],
        },
        new("published-target", ReadTarget)
        {
            Seeds = Texts(
                """{"merkle":"%R","size":4096,"blobs":{"merkle":"%R","size":100},"pkg":{"sha256":"%R","size":9},"installed_size":7,"description":"d","title":"t","deps":["a","b@1"],"requires":{"q":"^1"},"provides":["x"],"signer":"FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C","yanked":true}""",
                """{"pkg":{"sha256":"%R","size":9},"description":""}"""),
            Allowed = [typeof(PackageFormatException), typeof(MetadataException)],
            Words = [.. Members, .. Words.Of("\"sha256\":", "\"installed_size\":", "\"signer\":", "\"yank_reason\":")],
        },
    ];

    static Func<IEnumerable<byte[]>> Texts(params string[] texts) => Reading.Seeds([.. texts.Select(t => t.Replace("%R", Root.ToString()))]);

    static void ReadAvailable(byte[] bytes)
    {
        var document = AvailableDocument.Parse(bytes);
        Assert.Equal(document.Packages, AvailableDocument.Parse(document.ToBytes()).Packages);
        _ = new PackageIndex([(null, RepositoryIndex.Of(document.Packages))]).Search(["foo", "d"]);
    }

    static byte[] Index(params string[] ids)
    {
        var builder = new IndexBuilder();
        foreach (var id in ids)
        {
            builder.Add(new IndexedPackage(new PublishedTarget(new AvailablePackage(PackageId.Parse(id))
            {
                Hash = Root,
                Description = "what foo is",
                Dependencies = [Dependency.Parse("bar@3")],
                Provides = ["d", "foo"],
            })
            {
                BlobList = (Root, 7),
            })
            {
                File = new FileIdentity(9, Root.ToString(), null),
            });
        }

        using var stream = new MemoryStream();
        builder.Write(stream, IndexHead.OfNobody);
        return stream.ToArray();
    }

    /// <summary>As pm does: some questions are asked, and it is the old one of the next pull.</summary>
    static void ReadIndex(byte[] bytes)
    {
        var repository = RepositoryIndex.Open(bytes);
        var index = new PackageIndex([("r", repository)]);
        _ = index.Search(["foo"], 3);
        _ = index.Search(["o"], 3);
        _ = index.Suggest("fooo");
        _ = index.Providers("d");
        foreach (var name in index.Names.Take(20))
        {
            _ = index.Versions(name);
        }

        new IndexBuilder().Write(Stream.Null, IndexHead.OfNobody, repository, source => source);
    }

    static void ReadTarget(byte[] bytes)
    {
        var target = PublishedTarget.Parse("foo/1.0.0", StrictJson.Parse(bytes, 1 << 20, "x"));
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            target.WriteTo(json);
        }

        Assert.Equal(target, PublishedTarget.Parse("foo/1.0.0", StrictJson.Parse(stream.ToArray(), 1 << 20, "written")));
    }
}
