using System.Text;
using Pm.Blobs;
using Pm.Packages;
using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Storage.Tests;

public sealed class GenerationDocumentTests
{
    const string Golden = """
        {
          "format": 1,
          "generation": 3,
          "made": "2026-11-20T12:00:00Z",
          "command": "pm install foo --root '/é'",
          "restored": 1,
          "packages": [
            {
              "name": "bar",
              "version": "2.10",
              "hash": "15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b",
              "asked": false
            },
            {
              "name": "me/foo",
              "version": "1.0.0",
              "hash": "15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b",
              "signer": "C634976B06C0149E302B7EF177934113A0C70A87",
              "remote": "home",
              "asked": true,
              "pinned": true
            }
          ],
          "found": [
            "bin",
            "lib"
          ]
        }

        """;

    [Fact]
    public void A_generation_is_written_in_one_way_whatever_the_order_it_was_made_in()
    {
        var text = Encoding.UTF8.GetString(GenerationDocument.ToBytes(Sample()));

        Assert.Equal(Golden.ReplaceLineEndings("\n"), text);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var bytes = GenerationDocument.ToBytes(Sample());

        Assert.Equal(bytes, GenerationDocument.ToBytes(GenerationDocument.Parse(bytes, "x.json")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"format":1,"generation":1,"made":"2026-11-20T12:00:00Z","command":null,"packages":[],"found":[]}""")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":1,"generation":"x","made":"2026-11-20T12:00:00Z","command":"c","packages":[],"found":[]}""")]
    [InlineData("""{"format":1,"generation":1,"made":"yesterday","command":"c","packages":[],"found":[]}""")]
    [InlineData("""{"format":1,"generation":1,"made":"2026-11-20T12:00:00Z","command":"c","packages":[{}],"found":[]}""")]
    [InlineData("""{"format":1,"generation":1,"made":"2026-11-20T12:00:00Z","command":"c","packages":[{"name":"../x","version":"1","hash":"00","asked":true}],"found":[]}""")]
    [InlineData("""{"format":1,"generation":1,"made":"2026-11-20T12:00:00Z","command":"c","packages":7,"found":[]}""")]
    public void A_damaged_document_is_named(string text)
    {
        var e = Assert.Throws<StoreException>(() => GenerationDocument.Parse(Encoding.UTF8.GetBytes(text), "generations/1.json"));

        Assert.Equal("PM4002", e.Code);
        Assert.StartsWith("generations/1.json: damaged", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_of_a_newer_pm_says_so()
    {
        var e = Assert.Throws<StoreException>(() => GenerationDocument.Parse("""{"format":2}"""u8.ToArray(), "1.json"));

        Assert.Equal("PM4001", e.Code);
    }

    [Fact]
    public void Every_cut_of_a_document_is_refused()
    {
        var bytes = GenerationDocument.ToBytes(Sample());

        for (var length = 0; length < bytes.Length - 2; length++)
        {
            Assert.Throws<StoreException>(() => GenerationDocument.Parse(bytes.AsMemory(0, length), "1.json"));
        }
    }

    static Generation Sample() => new()
    {
        Number = 3,
        Made = World.Start,
        Command = "pm install foo --root '/é'",
        RestoredFrom = 1,
        FoundDirectories = ["lib", "bin"],
        Packages =
        [
            new InstalledPackage
            {
                Id = PackageId.Parse("me/foo@1.0.0"),
                Hash = MerkleRoot.Empty,
                Signer = Fingerprint.Parse("C634976B06C0149E302B7EF177934113A0C70A87"),
                Remote = "home",
                IsPinned = true,
            },
            new InstalledPackage { Id = PackageId.Parse("bar@2.10"), Hash = MerkleRoot.Empty, IsAsked = false },
        ],
    };
}
