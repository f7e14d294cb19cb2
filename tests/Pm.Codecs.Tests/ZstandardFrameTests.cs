using Xunit;

namespace Pm.Codecs.Tests;

/// <summary>Single frames, whole in memory.</summary>
public class ZstandardFrameTests
{
    [Fact]
    public void What_fits_comes_back_and_reads_the_same_in_one_go_as_it_arrives_and_by_the_program()
    {
        var random = new Random(1);
        for (var round = 0; round < 60; round++)
        {
            var plain = Samples.Make(random, Samples.Size(random));
            var frame = Compress(plain, plain.Length + 1000)!;
            var back = new byte[plain.Length];

            Assert.Equal(plain.Length, ZstandardFrame.Decompress(frame, back));
            Assert.Equal(plain, back);
            Assert.Equal(plain, Samples.Decompress(frame, Compression.Zstandard));
            Assert.Equal(frame, Compress(plain, plain.Length + 1000));
        }
    }

    [Fact]
    public void What_does_not_fit_is_not_compressed_and_hinders_nothing_after_it()
    {
        var random = new Random(2);
        var noise = new byte[5000];
        random.NextBytes(noise);
        var text = new byte[5000];

        for (var round = 0; round < 10; round++)
        {
            Assert.Null(Compress(noise, 4000));
            Assert.True(Compress(text, 4000)!.Length < 100);
        }
    }

    [Fact]
    public void A_frame_that_is_cut_off_continued_altered_or_too_long_is_refused()
    {
        var plain = Samples.Make(new Random(3), 3000);
        var frame = Compress(plain, 4000)!;
        var target = new byte[plain.Length];

        for (var length = 0; length < frame.Length; length++)
        {
            Assert.Throws<CodecException>(() => ZstandardFrame.Decompress(frame.AsSpan(0, length), target));
        }

        Assert.Throws<CodecException>(() => ZstandardFrame.Decompress([.. frame, .. frame], new byte[2 * plain.Length]));
        Assert.Throws<CodecException>(() => ZstandardFrame.Decompress([.. frame, 0], target));
        Assert.Throws<CodecException>(() => ZstandardFrame.Decompress(frame, target.AsSpan(1)));
        Assert.Equal(plain.Length, ZstandardFrame.Decompress(frame, target));
    }

    [Fact]
    public void A_window_beyond_the_limit_is_not_granted()
    {
        // A frame header of its own making: a window of 16 MiB, then an empty last block. Source: RFC 8878, 3.1.1.1.2.
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (24 - 10) << 3, 1, 0, 0];
        using var allowed = Decompressor.Open(new MemoryStream(frame), Compression.Zstandard);
        Assert.Equal(-1, allowed.ReadByte());

        using var refused = ZstandardFrame.Read(new MemoryStream(frame));
        Assert.Equal("PM8004", Assert.Throws<CodecException>(() => refused.ReadByte()).Code);
    }

    static byte[]? Compress(byte[] plain, int room)
    {
        var target = new byte[room];
        return ZstandardFrame.TryCompress(plain, target) is { } length ? target[..length] : null;
    }
}
