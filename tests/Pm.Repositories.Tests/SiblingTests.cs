using System.Text;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Index;
using Xunit;

namespace Pm.Repositories.Tests;

/// <summary>The compressed form of a blob that stands beside it.</summary>
public sealed class SiblingTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_blob_has_a_sibling_exactly_where_the_signed_list_says_so_and_it_holds_the_blob()
    {
        _fixture.Publish(Sample("foo@1.0", "one"));

        var list = Lists().Single();
        Assert.Equal(
            list.Where(b => b.CompressedSize is not null).Select(b => $"{b.Root}.zst").Append(ListRoot() + ".zst").Order(StringComparer.Ordinal),
            Siblings());
        Assert.All(list.Where(b => b.CompressedSize is not null), b =>
        {
            var frame = Read($"{b.Root}.zst");
            Assert.Equal(b.CompressedSize, frame.Length);
            Assert.True(frame.Length <= b.Size - (b.Size / 16));
            Assert.Equal(Read(b.Root.ToString()), Plain(frame, b.Size));
        });
        Assert.NotNull(list.Single(b => b.Path == "share/text").CompressedSize);
        Assert.Null(list.Single(b => b.Path == "share/noise").CompressedSize);
        Assert.Null(list.Single(b => b.Path == "share/nothing").CompressedSize);
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void A_large_blob_has_one_too()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"{i % 1777} ")));
        Assert.True(text.Length > 4 * 1024 * 1024);
        var package = Sample("foo@1.0", "one", ("share/large", text));

        _fixture.Publish(package);

        var large = Lists().Single().Single(b => b.Path == "share/large");
        using var plain = ZstandardFrame.Read(new MemoryStream(Read($"{large.Root}.zst")));
        using var read = new MemoryStream();
        plain.CopyTo(read);
        Assert.Equal(text, read.ToArray());
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void The_same_packages_give_the_same_files()
    {
        using var other = new RepositoryFixture();
        _fixture.Publish(Sample("foo@1.0", "one"), Sample("bar@1.0", "two"));
        other.Publish(Sample("foo@1.0", "one"), Sample("bar@1.0", "two"));

        Assert.Equal(Contents(_fixture), Contents(other));
    }

    [Fact]
    public void One_that_is_there_stays_and_its_length_is_what_later_packages_say()
    {
        _fixture.Publish(Sample("foo@1.0", "one"));
        var text = Lists().Single().Single(b => b.Path == "share/text");

        // As a repository whose first publisher had another version of the library.
        var path = Path.Join(_fixture.Served, "blobs", $"{text.Root}.zst");
        var older = Compressed(Read(text.Root.ToString()), level: 1);
        Assert.NotEqual(older.Length, text.CompressedSize);
        File.WriteAllBytes(path, older);

        _fixture.Publish(Sample("bar@1.0", "two"));

        Assert.Equal(older, File.ReadAllBytes(path));
        Assert.Equal(older.Length, ListOf("bar@1.0").Single(b => b.Path == "share/text").CompressedSize);
    }

    [Fact]
    public void It_goes_with_the_last_package_that_needs_it()
    {
        _fixture.Publish(Sample("foo@1.0", "one"), Sample("bar@1.0", "two"));
        var shared = ListOf("foo@1.0").Single(b => b.Path == "share/text").Root;
        var own = ListOf("foo@1.0").Single(b => b.Path == "share/own").Root;

        _fixture.Repository.Remove([RepositoryFixture.Id("foo@1.0")], _fixture.Access);
        Assert.Contains($"{shared}.zst", Siblings());
        Assert.DoesNotContain($"{own}.zst", Siblings());
        Assert.Empty(_fixture.Findings());

        _fixture.Repository.Remove([RepositoryFixture.Id("bar@1.0")], _fixture.Access);
        Assert.Empty(Siblings());
    }

    [Fact]
    public void One_that_nothing_names_is_unused_and_one_of_other_bytes_is_damaged()
    {
        _fixture.Publish(Sample("foo@1.0", "one"));
        var text = Lists().Single().Single(b => b.Path == "share/text");
        var noise = Lists().Single().Single(b => b.Path == "share/noise");
        File.WriteAllBytes(Path.Join(_fixture.Served, "blobs", $"{noise.Root}.zst"), [1]);

        // A good frame of the right length, of something else.
        var other = Compressed(Encoding.UTF8.GetBytes("not the text"), 3);
        File.WriteAllBytes(Path.Join(_fixture.Served, "blobs", $"{text.Root}.zst"), [.. other, .. new byte[text.CompressedSize!.Value - other.Length]]);

        var findings = _fixture.Repository.Verify(_fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings;

        Assert.Equal(
            [(FindingKind.Unused, $"repository/blobs/{noise.Root}.zst"), (FindingKind.Damaged, $"repository/blobs/{text.Root}.zst")],
            findings.Select(f => (f.Kind, f.Path)).OrderByDescending(f => f.Kind == FindingKind.Unused));
    }

    static SamplePackage Sample(string id, string content, params (string Path, byte[] Content)[] more)
    {
        var noise = new byte[3000];
        new Random(5).NextBytes(noise);
        return new SamplePackage(id, string.Concat(Enumerable.Repeat(content, 100)), more:
        [
            ("share/text", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i * 7919 % 1000}\n")))),
            ("share/noise", noise), ("share/nothing", []), .. more,
        ]);
    }

    static byte[] Compressed(byte[] plain, int level)
    {
        using var target = new MemoryStream();
        using (var packed = Compressor.Open(target, Compression.Zstandard, level, leaveOpen: true))
        {
            packed.Write(plain);
        }

        return target.ToArray();
    }

    static byte[] Plain(byte[] frame, long size)
    {
        var plain = new byte[size];
        Assert.Equal(size, ZstandardFrame.Decompress(frame, plain));
        return plain;
    }

    static Dictionary<string, string> Contents(RepositoryFixture fixture) => Directory
        .EnumerateFiles(Path.Join(fixture.Served, "blobs")).ToDictionary(f => Path.GetFileName(f), f => Sha256Digest.Of(File.ReadAllBytes(f)).ToString());

    string[] Siblings() =>
        [.. Directory.EnumerateFiles(Path.Join(_fixture.Served, "blobs"), "*.zst").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    MerkleRoot ListRoot() => _fixture.Repository.List().Single().BlobList!.Value.Root;

    List<IReadOnlyList<BlobRecord>> Lists() => [.. _fixture.Repository.List().Select(List)];

    IReadOnlyList<BlobRecord> ListOf(string id) => List(_fixture.Repository.List().Single(t => t.Package.Id == PackageId.Parse(id)));

    IReadOnlyList<BlobRecord> List(PublishedTarget target) => BlobsDocument.Parse(Read(target.BlobList!.Value.Root.ToString())).Blobs;

    byte[] Read(string blob) => File.ReadAllBytes(Path.Join(_fixture.Served, "blobs", blob));
}
