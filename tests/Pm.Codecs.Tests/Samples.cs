namespace Pm.Codecs.Tests;

/// <summary>Generated plain data and the two ways through a codec.</summary>
static class Samples
{
    static readonly int[] Edges = [0, 1, 2, 8191, 8192, 65535, 65536, 65537, 131072, 900_000, 1_100_000];

    internal static int Size(Random random) =>
        random.Next(3) == 0 ? Edges[random.Next(Edges.Length)] : random.Next(200_000);

    /// <summary>A mixture of noise, runs and repeats, so that every kind of block occurs.</summary>
    internal static byte[] Make(Random random, int size)
    {
        var bytes = new byte[size];
        for (var done = 0; done < size;)
        {
            var piece = bytes.AsSpan(done, Math.Min(size - done, 1 + random.Next(20_000)));
            switch (random.Next(3))
            {
                case 0:
                    random.NextBytes(piece);
                    break;
                case 1:
                    piece.Fill((byte)random.Next(256));
                    break;
                default:
                    bytes.AsSpan(0, Math.Min(done, piece.Length)).CopyTo(piece);
                    break;
            }

            done += piece.Length;
        }

        return bytes;
    }

    internal static byte[] Compress(ReadOnlySpan<byte> plain, Compression format, Random? cuts = null, int? level = null)
    {
        var packed = new MemoryStream();
        using (var stream = Compressor.Open(packed, format, level, leaveOpen: true))
        {
            while (!plain.IsEmpty)
            {
                var piece = cuts is null ? plain.Length : Math.Min(plain.Length, cuts.Next(100_000));
                stream.Write(plain[..piece]);
                plain = plain[piece..];
            }
        }

        return packed.ToArray();
    }

    internal static byte[] Decompress(byte[] packed, Compression format, Random? cuts = null)
    {
        Stream source = cuts is null ? new MemoryStream(packed) : new DribblingStream(packed, cuts);
        using var stream = Decompressor.Open(source, format);
        var plain = new MemoryStream();
        var buffer = new byte[100_000];
        for (int read; (read = stream.Read(buffer, 0, 1 + (cuts?.Next(buffer.Length) ?? buffer.Length - 1))) > 0;)
        {
            plain.Write(buffer, 0, read);
        }

        Assert(stream.Read(buffer) == 0);
        return plain.ToArray();
    }

    static void Assert(bool holds) => Xunit.Assert.True(holds, "the end must stay the end");

    /// <summary>Yields its bytes in pieces of random size.</summary>
    sealed class DribblingStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) =>
            base.Read(buffer[..Math.Min(buffer.Length, 1 + random.Next(random.Next(2) == 0 ? 3 : 50_000))]);
    }
}
