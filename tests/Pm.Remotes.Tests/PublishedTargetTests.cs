using System.Text;
using System.Text.Json;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Trust;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Remotes.Tests;

public sealed class PublishedTargetTests
{
    const string Hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    const string Full = $$"""
        {"merkle":"{{Hash}}","size":4096,"blobs":{"merkle":"{{Hash}}","size":77},"pkg":{"sha256":"{{Hash}}","size":99},
        "installed_size":1000,"description":"a b","title":"T","namespace":"/linux","deps":["bar","baz@0.9.2"],
        "requires":{"qux":"^1.2"},"provides":["cmd"],"signer":"FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C","yanked":true,"yank_reason":"bad"}
        """;

    [Fact]
    public void What_is_read_is_written_again()
    {
        var target = Parse("acme--foo/1.0", Full);

        Assert.Equal("acme/foo@1.0", target.Package.Id.ToString());
        Assert.Equal(Full.ReplaceLineEndings(""), Write(target));
    }

    [Fact]
    public void Fuchsias_own_custom_is_enough()
    {
        var target = Parse("foo/0", $$"""{"merkle":"{{Hash}}","size":4096}""");

        Assert.Equal((4096L, Hash), (target.MetaSizeInBytes, target.Package.Hash.ToString()));
        Assert.Null(target.PkgDigest);
    }

    [Theory]
    [InlineData("foo", "{}", "expected name/version")]
    [InlineData("../x", "{}", "expected name/version")]
    [InlineData("foo/../1", "{}", "expected name/version")]
    [InlineData("Foo/1", "{}", "expected name/version")]
    [InlineData("foo/1", "[]", "expected an object")]
    [InlineData("foo/1", "{}", "merkle: it is missing")]
    [InlineData("foo/1", """{"merkle":"00"}""", "64 hexadecimal digits")]
    [InlineData("foo/1", """{"pkg":{"size":1} }""", "pkg.sha256")]
    [InlineData("foo/1", $$"""{"pkg":{"sha256":"{{Hash}}"} }""", "pkg.size")]
    [InlineData("foo/1", $$"""{"merkle":"{{Hash}}","size":-1}""", "from 0 to")]
    [InlineData("foo/1", $$"""{"merkle":"{{Hash}}","installed_size":9007199254740991}""", "installed_size: expected a whole number from 0 to")]
    [InlineData("foo/1", $$"""{"merkle":"{{Hash}}","blobs":{"merkle":"{{Hash}}"} }""", "blobs.size")]
    [InlineData("foo/1", $$"""{"merkle":"{{Hash}}","deps":["^1"]}""", "is not a dependency")]
    [InlineData("foo/1", $$"""{"merkle":"{{Hash}}","deps":"bar"}""", "list of texts")]
    [InlineData("foo/1", $$"""{"merkle":"{{Hash}}","signer":"Alice"}""", "fingerprint")]
    public void A_wrong_field_is_named(string path, string custom, string reason)
    {
        var refused = Assert.Throws<PackageFormatException>(() => Parse(path, custom));

        Assert.Equal("PM2017", refused.Code);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_customs_are_read_or_refused()
    {
        for (var round = 0; round < 20_000; round++)
        {
            var random = new Random(round);
            var text = new StringBuilder(Full);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                text[random.Next(text.Length)] = "{}[]\":,0a\\ \u001b-"[random.Next(13)];
            }

            try
            {
                Parse("foo/1.0", text.ToString());
            }
            catch (Exception exception) when (exception is PackageFormatException or TrustException)
            {
                Assert.DoesNotContain('\u001b', exception.Message);
            }
        }
    }

    static PublishedTarget Parse(string path, string custom) =>
        PublishedTarget.Parse(path, StrictJson.Parse(Encoding.UTF8.GetBytes(custom), 100_000, "custom"));

    static string Write(PublishedTarget target)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            target.WriteTo(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
