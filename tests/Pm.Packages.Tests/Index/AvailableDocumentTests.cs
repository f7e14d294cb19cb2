using Pm.Packages.Index;
using Xunit;

namespace Pm.Packages.Tests.Index;

public class AvailableDocumentTests
{
    static readonly AvailablePackage[] Golden =
    [
        new(PackageId.Parse("acme/foo@1.10.0"))
        {
            Description = "Foo \"quoted\" <é>",
            Title = "Foo",
            Namespace = "/darwin/amd64",
            Hash = Sample.Root,
            SizeInBytes = 12345678901,
            DownloadSize = 0,
            Dependencies = [Dependency.Parse("baz"), Dependency.Parse("bar@0.9.2")],
            Requires = new Dictionary<PackageName, string> { [PackageName.Parse("qux")] = "^1.2" }.ToSorted(),
            Provides = ["frobnicator"],
            IsYanked = true,
            YankReason = "eats disks",
            Signer = "0123456789ABCDEF0123456789ABCDEF01234567",
        },
        new(PackageId.Parse("acme/foo@1.9.0")) { Description = "Foo" },
        new(PackageId.Parse("bar@2.10")) { Remote = "https://example.org/r" },
    ];

    [Fact]
    public void The_published_sample_is_read()
    {
        var package = Assert.Single(AvailableDocument.Parse(Vectors.Read("mcquay/available.json.sample")).Packages);

        Assert.Equal("foo@0.1.2", package.Id.ToString());
        Assert.Equal("Foo is the world's simplest frobnicator", package.Description);
        Assert.EndsWith("/darwin/amd64/stable", package.Remote, StringComparison.Ordinal);
        Assert.StartsWith("https://", package.Remote, StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_document_is_one_golden_text() =>
        Assert.Equal(
            """{"acme/foo":{"1.9.0":{"name":"acme/foo","version":"1.9.0","description":"Foo"},"1.10.0":{"name":"acme/foo","version":"1.10.0","description":"Foo \"quoted\" <é>","namespace":"/darwin/amd64","title":"Foo","deps":["baz","bar@0.9.2"],"requires":{"qux":"^1.2"},"provides":["frobnicator"],"hash":""" +
            $"\"{Sample.Root}\"" +
            ""","size":12345678901,"download_size":0,"yanked":true,"yank_reason":"eats disks","signer":"0123456789ABCDEF0123456789ABCDEF01234567"}},"bar":{"2.10":{"name":"bar","version":"2.10","description":"","remote":"https://example.org/r"}}}""",
            Sample.Text(AvailableDocument.Of(Golden).ToBytes()));

    [Fact]
    public void What_is_written_is_read_as_the_same()
    {
        var document = AvailableDocument.Of(Golden);

        Assert.Equal(document.Packages, AvailableDocument.Read(new MemoryStream(document.ToBytes())).Packages);
    }

    [Theory]
    [InlineData("""{"a":{"1":{"remote":"x","unknown":{"y":[1,2,{"z":null}]},"deps":null,"yanked":false}}}""")]
    [InlineData("\uFEFF {\"a\":{\"1\":{\"name\":\"\",\"version\":\"1\",\"remote\":{\"Scheme\":\"\",\"Host\":\"\",\"Path\":\"x\"}}}}\n")]
    public void What_other_writers_write_is_read(string json) =>
        Assert.Equal("x", Assert.Single(AvailableDocument.Parse(Sample.Bytes(json)).Packages).Remote);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"A":{"1":{}}}""")]
    [InlineData("""{"a":{"1/2":{}}}""")]
    [InlineData("""{"a":{"1":[]}}""")]
    [InlineData("""{"a":{"1":{},"1":{}}}""")]
    [InlineData("""{"a":{"1":{}},"a":{"2":{}}}""")]
    [InlineData("""{"a":{"1":{"size":1,"size":2}}}""")]
    [InlineData("""{"a":{"1":{"name":"b"}}}""")]
    [InlineData("""{"a":{"1":{"version":"2"}}}""")]
    [InlineData("""{"a":{"1":{"size":-1}}}""")]
    [InlineData("""{"a":{"1":{"size":1e400}}}""")]
    [InlineData("""{"a":{"1":{"size":9223372036854775808}}}""")]
    [InlineData("""{"a":{"1":{"download_size":1125899906842625}}}""")]
    [InlineData("""{"a":{"1":{"hash":"abc"}}}""")]
    [InlineData("""{"a":{"1":{"signer":"abc"}}}""")]
    [InlineData("""{"a":{"1":{"deps":["b@^1"]}}}""")]
    [InlineData("""{"a":{"1":{"deps":[1]}}}""")]
    [InlineData("""{"a":{"1":{"yanked":"yes"}}}""")]
    [InlineData("""{"a":{"1":{"remote":[]}}}""")]
    [InlineData("""{"a":{"1":{"description":"\ud800"}}}""")]
    [InlineData("""{"a":{"1":{"requires":["b"]}}}""")]
    [InlineData("""{"a":{"1":{"x":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}}}""")]
    public void Another_document_is_refused(string json) =>
        Assert.Equal("PM2015", Assert.Throws<PackageFormatException>(() => AvailableDocument.Parse(Sample.Bytes(json))).Code);

    [Theory]
    [InlineData("""{"a":{"1.0":{"deps":["b@^1"]}}}""", "available.json: `a.1.0.deps`: `b@^1` is not a dependency")]
    [InlineData("""{"a":{"1.0":[]}}""", "available.json: `a.1.0`: expected an object, got a list")]
    [InlineData("""{"a":{"1.0":{}},"b":3}""", "available.json: `b`: expected an object, got a number")]
    public void A_fault_names_its_member(string json, string message) =>
        Assert.Equal(message, Assert.Throws<PackageFormatException>(() => AvailableDocument.Parse(Sample.Bytes(json))).Message);

    [Fact]
    public void Text_that_would_steer_a_terminal_is_made_harmless() =>
        Assert.Equal("a\uFFFD[2J b", Assert.Single(AvailableDocument.Parse("""{"a":{"1":{"description":"a\u001b[2J\nb"}}}"""u8).Packages).Description);

    [Fact]
    public void A_stream_is_read_to_its_limit() =>
        Assert.Equal("PM2015", Assert.Throws<PackageFormatException>(() => LimitedRead.ToEnd(new MemoryStream(new byte[200_000]), 199_999, "PM2015", "x")).Code);
}
