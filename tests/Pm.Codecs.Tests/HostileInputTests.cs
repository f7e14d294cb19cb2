using System.Buffers.Binary;
using Xunit;

namespace Pm.Codecs.Tests;

/// <summary>Bad compressed data ends in a <see cref="CodecException"/>: never in silence, a crash or a hang.</summary>
public class HostileInputTests
{
    public static TheoryData<Compression> Formats =>
        [Compression.Gzip, Compression.Bzip2, Compression.Xz, Compression.Zstandard];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Data_cut_off_anywhere_is_truncated(Compression format)
    {
        var packed = Samples.Compress(Samples.Make(new Random(1), 700), format);

        for (var length = 0; length < packed.Length; length++)
        {
            var error = Assert.Throws<CodecException>(() => Samples.Decompress(packed[..length], format));
            Assert.Equal("PM8002", error.Code);
            Assert.Contains($"ends at byte {length},", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_second_member_cut_off_anywhere_is_refused(Compression format)
    {
        var member = Samples.Compress(Samples.Make(new Random(2), 100), format);

        for (var length = 1; length < member.Length; length++)
        {
            byte[] packed = [.. member, .. member[..length]];
            Assert.Throws<CodecException>(() => Samples.Decompress(packed, format));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Any_changed_byte_is_noticed_or_changes_nothing(Compression format)
    {
        var random = new Random(3);
        var plain = Samples.Make(random, 900);
        var packed = Samples.Compress(plain, format);

        for (var position = 0; position < packed.Length; position++)
        {
            var bad = packed.ToArray();
            bad[position] ^= (byte)(1 << random.Next(8));
            Assert.True(NoticedOr(plain, bad, format), $"byte {position} of {format}");
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Noise_after_a_valid_beginning_never_crashes_or_hangs(Compression format)
    {
        var random = new Random(4);
        var packed = Samples.Compress(Samples.Make(random, 3000), format);
        for (var round = 0; round < 300; round++)
        {
            var bad = packed.ToArray();
            random.NextBytes(bad.AsSpan(random.Next(bad.Length)));
            Assert.True(NoticedOr(null, bad, format), $"round {round}");
        }
    }

    [Theory]
    [InlineData(Compression.Gzip, "PM8003")]
    [InlineData(Compression.Bzip2, "PM8003")]
    [InlineData(Compression.Zstandard, "PM8003")]
    [InlineData(Compression.Xz, "PM8001")]
    public void Other_bytes_after_the_end_are_refused(Compression format, string code)
    {
        var packed = Samples.Compress("plain"u8, format);

        var error = Assert.Throws<CodecException>(
            () => Samples.Decompress([.. packed, .. "something else entirely"u8], format));

        Assert.Equal(code, error.Code);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_stream_that_failed_goes_on_failing(Compression format)
    {
        var packed = Samples.Compress("plain"u8, format);
        using var stream = Decompressor.Open(new MemoryStream(packed[..^1]), format);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Throws<CodecException>(() => stream.CopyTo(Stream.Null));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_bomb_takes_time_but_no_memory(Compression format)
    {
        const long Size = 64 << 20;
        var packed = new MemoryStream();
        using (var stream = Compressor.Open(packed, format, level: 1, leaveOpen: true))
        {
            var zeroes = new byte[1 << 20];
            for (long written = 0; written < Size; written += zeroes.Length)
            {
                stream.Write(zeroes);
            }
        }

        packed.Position = 0;
        using var source = Decompressor.Open(packed, format);
        var buffer = new byte[64 * 1024];
        var before = GC.GetAllocatedBytesForCurrentThread();
        long total = 0;
        for (int read; (read = source.Read(buffer)) > 0; total += read)
        {
        }

        Assert.Equal(Size, total);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_zstd_window_above_the_limit_is_refused()
    {
        // RFC 8878, 3.1.1.1.2: exponent 18 makes a window of 2^28 bytes; exponent 17, 2^27, is granted.
        Assert.Equal("PM8004", Refusal(18));
        Assert.Equal("PM8002", Refusal(17));

        static string Refusal(int exponent) => Assert.Throws<CodecException>(() => Samples.Decompress(
            [0x28, 0xb5, 0x2f, 0xfd, 0x00, (byte)(exponent << 3)], Compression.Zstandard)).Code;
    }

    /// <summary>libzstd may know formats older than RFC 8878, which nothing checks as well as the one of today.</summary>
    [Theory]
    [InlineData("22b52ffd")]
    [InlineData("23b52ffd")]
    [InlineData("24b52ffd")]
    [InlineData("25b52ffd")]
    [InlineData("26b52ffd")]
    [InlineData("27b52ffd")]
    public void An_older_zstd_format_is_refused(string magic)
    {
        byte[] old = [.. Convert.FromHexString(magic), .. new byte[100]];
        var frame = Samples.Compress("plain"u8, Compression.Zstandard);

        Assert.Equal("PM8001", Refusal(old));
        Assert.Equal("PM8003", Refusal([.. frame, .. old]));

        static string Refusal(byte[] packed) => Assert.Throws<CodecException>(
            () => Samples.Decompress(packed, Compression.Zstandard, new Random(6))).Code;
    }

    [Fact]
    public void An_xz_dictionary_above_the_limit_is_refused()
    {
        var packed = Samples.Compress(new byte[100], Compression.Xz);

        // Block header: size, flags, LZMA2 filter id 0x21, one property byte: the dictionary size. 40 is 4 GiB - 1.
        Assert.Equal(0x21, packed[14]);
        packed[16] = 40;
        BinaryPrimitives.WriteUInt32LittleEndian(
            packed.AsSpan(20), Crc32(packed.AsSpan(12, 8)));

        var error = Assert.Throws<CodecException>(() => Samples.Decompress(packed, Compression.Xz));

        Assert.Equal("PM8004", error.Code);
    }

    [Fact]
    public void The_source_is_closed_unless_it_is_to_stay_open()
    {
        var (kept, closed) = (new MemoryStream(), new MemoryStream());

        Decompressor.Open(kept, Compression.Xz, leaveOpen: true).Dispose();
        var stream = Decompressor.Open(closed, Compression.Xz);
        stream.Dispose();

        Assert.True(kept.CanRead);
        Assert.False(closed.CanRead);
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
    }

    [Fact]
    public void A_write_that_fails_is_not_finished_as_if_it_had_not()
    {
        var target = new FullDisk(capacity: 1000);
        var stream = Compressor.Open(target, Compression.Gzip);
        var noise = new byte[400_000];
        new Random(5).NextBytes(noise);

        Assert.Throws<IOException>(() => stream.Write(noise));
        stream.Dispose();

        Assert.Equal(1, target.Refusals);
    }

    /// <summary>Whether decoding fails as it should or yields <paramref name="plain"/> (anything, when null).</summary>
    static bool NoticedOr(byte[]? plain, byte[] bad, Compression format)
    {
        try
        {
            var got = Samples.Decompress(bad, format);
            return plain is null || got.AsSpan().SequenceEqual(plain);
        }
        catch (CodecException)
        {
            return true;
        }
    }

    static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xedb88320);
            }
        }

        return ~crc;
    }

    sealed class FullDisk(int capacity) : MemoryStream
    {
        internal int Refusals { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > capacity)
            {
                Refusals++;
                throw new IOException("no space left on device");
            }

            base.Write(buffer);
        }
    }
}
