using Xunit;

namespace Pm.Linux.Tests;

public class FileNameTests
{
    [Fact]
    public void Every_sequence_of_bytes_survives_the_way_to_a_string_and_back()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(1, 12)];
            for (var j = 0; j < bytes.Length; j++)
            {
                // Lead bytes, continuation bytes and the parts of encoded surrogates, more often than chance has them.
                bytes[j] = random.Next(4) switch
                {
                    0 => (byte)random.Next(1, 128),
                    1 => (byte)random.Next(0x80, 0xC0),
                    2 => (byte)random.Next(0xC0, 0x100),
                    _ => (byte)(0xED - random.Next(2) * 0x2D),
                };
            }

            var text = FileName.Decode(bytes);

            Assert.Equal([.. bytes, 0], FileName.Terminated(text));
        }
    }

    [Fact]
    public void Different_bytes_never_become_the_same_string()
    {
        var seen = new Dictionary<string, byte[]>();
        for (var a = 1; a < 256; a++)
        {
            for (var b = 1; b < 256; b++)
            {
                Assert.True(seen.TryAdd(FileName.Decode([(byte)a, (byte)b]), [(byte)a, (byte)b]));
            }
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("Grüße-日本-😀")]
    public void Valid_text_is_its_own_utf8(string name) =>
        Assert.Equal([.. System.Text.Encoding.UTF8.GetBytes(name), 0], FileName.Terminated(name));

    [Fact]
    public void What_no_name_on_disk_can_be_is_refused()
    {
        // Not InlineData: attributes do not keep lone surrogates.
        foreach (var name in new[] { "\uD800", "a\uDC7F", "\uDD00", "\uD83Dx", "nul\0inside" })
        {
            Assert.Throws<ArgumentException>(() => FileName.Terminated(name));
        }
    }

    [Fact]
    public void A_name_that_is_not_utf8_is_listed_opened_and_removed()
    {
        using var here = new TestDirectory();
        here.Handle.MakeDirectory([0xFF, (byte)'x', 0xC3, 0], Octal.Mode("755"));

        var name = Assert.Single(here.Handle.Entries()).Name;
        here.Handle.OpenBeneath(name).Dispose();
        here.Handle.RemoveDirectory(name);

        Assert.Equal("\uDCFFx\uDCC3", name);
        Assert.Empty(here.Handle.Entries());
    }
}
