using System.Text;
using Pm.Blobs;
using Pm.Storage.Journals;
using Pm.Storage.Planning;
using Xunit;

namespace Pm.Storage.Tests;

/// <summary>Thousands of damaged documents of each kind: refused with a code and a place, or read; never anything else.</summary>
public sealed class DamagedDocumentTests
{
    const int Rounds = 20_000;

    static readonly TreeEntry File = new() { Path = "a/b c", Root = MerkleRoot.Of("x"u8) };

    static readonly Journal Sample = new()
    {
        Kind = RootKind.Prefix,
        From = 1,
        To = 2,
        Packages = [MerkleRoot.Empty],
        Operations =
        [
            new Operation.MoveAway("old dir", 0, null, ["x/y", "x/"]),
            new Operation.MakeDirectory("a", 0b111_101_101),
            new Operation.Add(File, 1),
            new Operation.Add(new TreeEntry { Path = "l", Root = TreeEntry.RootOfTarget("b"), Target = "b" }, 2),
            new Operation.Replace(new TreeEntry { Path = "é", Root = File.Root, IsExecutable = true }, 3, 12345, "é.pm-save"),
            new Operation.SetMode("d", 0b111_101_101, 0b111_000_000),
            new Operation.MoveAway("gone", 4, "gone.pm-save", []),
            new Operation.RemoveDirectory("d/e"),
        ],
    };

    [Fact]
    public void A_journal_is_read_back_as_it_was_written()
    {
        var bytes = JournalDocument.ToBytes(Sample);

        var read = JournalDocument.Parse(bytes.Span, "journal");

        Assert.Equal(Encoding.UTF8.GetString(bytes.Span), Encoding.UTF8.GetString(JournalDocument.ToBytes(read).Span));
        Assert.Equal(Sample.Operations.Select(o => (o.GetType(), o.Path, o.Sequence)), read.Operations.Select(o => (o.GetType(), o.Path, o.Sequence)));
    }

    [Theory]
    [InlineData("+ 1 f 15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b ../x")]
    [InlineData("+ 1 f 15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b /etc/passwd")]
    [InlineData("> 1 a/../../b")]
    [InlineData("r .")]
    [InlineData("d 0755 ")]
    [InlineData("? x")]
    [InlineData("m 9 9 x")]
    [InlineData("+ 99999999999 f 15ec7bf0b50732b49f8228e07d24365338f9e3ab994b00af08e5a3bffe55fd8b x")]
    public void No_step_leads_out_of_the_root_or_is_guessed_at(string line)
    {
        var text = $"pm journal 1\nkind prefix\nfrom 0\nto 1\n{line}\nend 1\n";

        Assert.Equal("PM4009", Assert.Throws<StoreException>(() => JournalDocument.Parse(Encoding.UTF8.GetBytes(text), "j")).Code);
    }

    [Fact]
    public void A_cut_journal_is_refused_at_every_length()
    {
        var bytes = JournalDocument.ToBytes(Sample);

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<StoreException>(() => JournalDocument.Parse(bytes.Span[..length], "j"));
        }
    }

    [Fact]
    public void Damaged_journals() => Damage(JournalDocument.ToBytes(Sample).ToArray(), b => JournalDocument.Parse(b.Span, "j"));

    [Fact]
    public void Damaged_generations() => Damage(
        GenerationDocument.ToBytes(new Generation
        {
            Number = 1,
            Made = World.Start,
            Command = "pm",
            FoundDirectories = ["bin"],
            Packages = [new InstalledPackage { Id = Packages.PackageId.Parse("me/foo@1.2.3-rc.1"), Hash = MerkleRoot.Empty, Remote = "home" }],
        }),
        b => GenerationDocument.Parse(b, "g"));

    [Fact]
    public void Damaged_settings() => Damage(
        new RootSettings { Kind = RootKind.Application, StorePath = "/s", Scope = "user", PinnedGenerations = [1] }.ToBytes(),
        b => RootSettings.Parse(b, "r"));

    static void Damage(byte[] sample, Func<ReadOnlyMemory<byte>, object> parse)
    {
        var random = new Random(7);
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            try
            {
                parse(Mutate(sample, random));
            }
            catch (StoreException e)
            {
                Assert.StartsWith("PM40", e.Code, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.InRange(refused, Rounds / 10, Rounds);
    }

    static byte[] Mutate(byte[] sample, Random random)
    {
        var bytes = sample.ToList();
        for (var i = random.Next(4); i >= 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count)).Take(random.Next(1, 30)).ToList());
                    break;
                default:
                    bytes.Insert(at, (byte)"{}[]\":,0 \n/."[random.Next(12)]);
                    break;
            }
        }
        return [.. bytes];
    }
}
