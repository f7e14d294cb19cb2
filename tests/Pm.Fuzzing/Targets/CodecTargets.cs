using System.Text;
using Pm.Archives.Tests.Pkg;
using Pm.Codecs;
using Pm.Fuzzing.Gear;

namespace Pm.Fuzzing.Targets;

/// <summary>Compressed data.</summary>
static class CodecTargets
{
    const long MostOutput = 4 << 20;

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        .. Enum.GetValues<Compression>().Select(Of),
        new("zstd-frame", ReadFrame)
        {
            Seeds = () => Seeds(Compression.Zstandard),
            Allowed = [typeof(CodecException)],
            Words = [.. Words.Binary, [0x28, 0xb5, 0x2f, 0xfd], [0x50, 0x2a, 0x4d, 0x18]],
            MaximumLength = 16 << 10,
        },
    ];

    static FuzzTarget Of(Compression compression) => new($"decompress/{compression.ToString().ToLowerInvariant()}", b => Read(b, compression))
    {
        Seeds = () => Seeds(compression),
        Allowed = [typeof(CodecException)],
        Words = [.. Words.Binary, [0x1f, 0x8b, 8], [0x28, 0xb5, 0x2f, 0xfd], [0x50, 0x2a, 0x4d, 0x18], .. Words.Of("BZh9", "1AY&SY", "\u00fd7zXZ\0", "YZ")],
        MaximumLength = 16 << 10,
    };

    static IEnumerable<byte[]> Seeds(Compression compression)
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"line {i} of {i * i}\n")));
        foreach (var plain in new[] { text, text[..10], [], new byte[100_000] })
        {
            var packed = HandMade.Pack(plain, compression);
            yield return packed;
            if (plain.Length < 100_000)
            {
                yield return [.. packed, .. packed];
            }
        }
    }

    /// <summary>At once and as it arrives: who takes it at once takes what the other does.</summary>
    static void ReadFrame(byte[] bytes)
    {
        var target = new byte[200_000];
        var length = ZstandardFrame.Decompress(bytes, target);
        using var plain = ZstandardFrame.Read(new MemoryStream(bytes));
        using var read = new MemoryStream();
        plain.CopyTo(read);
        Assert.Equal(target[..length], read.ToArray());
    }

    static void Read(byte[] bytes, Compression compression)
    {
        using var plain = Decompressor.Open(new MemoryStream(bytes), compression);
        Reading.Drain(plain, MostOutput);
    }
}
