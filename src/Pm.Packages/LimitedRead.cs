namespace Pm.Packages;

/// <summary>Reads a stream into memory up to a limit.</summary>
static class LimitedRead
{
    const int FirstSize = 64 * 1024;

    /// <exception cref="PackageFormatException"><paramref name="code"/>: the stream is longer than <paramref name="limit"/> bytes.</exception>
    public static ReadOnlyMemory<byte> ToEnd(Stream stream, int limit, string code, string where)
    {
        var buffer = new byte[FirstSize];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = stream.Read(buffer, length, buffer.Length - length);
            length += read;
            if (length > limit)
            {
                throw new PackageFormatException(code, $"it has more than the {limit} bytes that are read", where);
            }

            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }
        }
    }
}
