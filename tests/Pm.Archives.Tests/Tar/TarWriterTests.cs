using System.Text;
using Pm.Packages.Tar;

namespace Pm.Archives.Tests.Tar;

public class TarWriterTests
{
    static byte[] Write(Action<TarWriter> write)
    {
        var target = new MemoryStream();
        var writer = new TarWriter(target);
        write(writer);
        writer.Finish();
        return target.ToArray();
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        var archive = Write(w =>
        {
            w.WriteDirectory("d");
            w.WriteFile("d/f", 0x1ed, "content"u8);
            w.WriteSymlink("d/l", "f");
        });

        Assert.Equal(["Directory d", "File d/f [content]", "Symlink d/l -> f"], TarText.Read(archive));
    }

    [Fact]
    public void The_bytes_are_the_same_every_time_and_as_fixed_by_posix()
    {
        var archive = Write(w => w.WriteFile("f", 0x1a4, "x"u8));

        Assert.Equal(2048, archive.Length);
        Assert.Equal("f", Field(0, 100));
        Assert.Equal("0000644", Field(100, 8));
        Assert.Equal("0000000", Field(108, 8));
        Assert.Equal("00000000001", Field(124, 12));
        Assert.Equal("00000000001", Field(136, 12));
        Assert.Equal("ustar", Field(257, 6));
        Assert.Equal("00", Encoding.ASCII.GetString(archive, 263, 2));
        Assert.Equal("root", Field(265, 32));
        Assert.Equal("root", Field(297, 32));

        string Field(int at, int length) => Encoding.ASCII.GetString(archive, at, length).Split('\0')[0];
    }

    [Fact]
    public void Names_of_every_length_round_trip_and_only_what_needs_it_gets_a_pax_header()
    {
        var random = new Random(7);
        for (var length = 1; length < 700; length += random.Next(1, 4))
        {
            var name = string.Concat(Enumerable.Range(0, length)
                .Select(i => i > 0 && i < length - 1 && i % 2 == 1 && random.Next(8) == 0 ? "/" : i % 50 == 9 ? "å" : "n"));
            var archive = Write(w =>
            {
                w.WriteFile(name, 0x1a4, "x"u8);
                w.WriteSymlink("l", name);
                w.WriteDirectory(name + "d");
            });

            Assert.Equal([$"File {name} [x]", $"Symlink l -> {name}", $"Directory {name}d"], TarText.Read(archive));
            Assert.Equal(length >= 300, archive[156] == (byte)'x' && length >= 300);
            Assert.True(Encoding.UTF8.GetByteCount(name) > 100 || archive[156] == (byte)'0');
        }
    }

    [Fact]
    public void A_file_of_8_GiB_gets_its_size_from_a_pax_record()
    {
        var target = new MemoryStream();
        new TarWriter(target).BeginFile("big", 0x1a4, 8L << 30);
        target.Position = 0;

        Assert.Equal(8L << 30, new TarReader(target, TarLimits.Default, "t").Next()!.Size);
    }

    [Fact]
    public void Content_shorter_or_longer_than_announced_is_an_error()
    {
        Assert.Throws<InvalidOperationException>(
            () => Write(w => w.WriteFile("x", 0x1a4, 5, new MemoryStream([1, 2, 3]))));
        Assert.Throws<InvalidOperationException>(
            () => Write(w => w.WriteFile("x", 0x1a4, 2, new MemoryStream([1, 2, 3]))));
    }
}
