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
        _ = new PackageIndex([(null, document)]).Search(["foo", "d"]);
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
