using Pm.Packages.Index;
using Xunit;

namespace Pm.Packages.Tests.Index;

public class BlobsDocumentTests
{
    static readonly BlobsDocument Golden = new(
    [
        new("meta/", Sample.Root, 4096, SourcePath: "out/meta.far"),
        new("bin/a=b é", Sample.Root, 2, CompressedSize: 9),
    ]);

    [Fact]
    public void A_written_document_is_one_golden_text()
    {
        var text = $$"""
            [
                {
                    "source_path": "out/meta.far",
                    "path": "meta/",
                    "merkle": "{{Sample.Root}}",
                    "size": 4096
                },
                {
                    "source_path": "",
                    "path": "bin/a=b é",
                    "merkle": "{{Sample.Root}}",
                    "size": 2,
                    "compressed": 9
                }
            ]
            """;

        Assert.Equal(text, Sample.Text(Golden.ToBytes()));
        Assert.Equal(Golden, BlobsDocument.Parse(Sample.Bytes(text)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("[{}")]
    [InlineData("""[{"path":"a","merkle":"b","size":1}]""")]
    [InlineData("""[{"path":"../a","merkle":"15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b","size":1}]""")]
    [InlineData("""[{"path":"a","merkle":"15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b","size":-1}]""")]
    [InlineData("""[{"path":"a","merkle":"15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b","size":9223372036854775807}]""")]
    [InlineData("""[{"path":"a","merkle":"15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b"}]""")]
    [InlineData("""[] []""")]
    public void Another_document_is_refused(string json) =>
        Assert.Equal("PM2016", Assert.Throws<PackageFormatException>(() => BlobsDocument.Parse(Sample.Bytes(json))).Code);
}
